package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/simdnn/simdnn/internal/ort"
)

// Where the peers are, and which of their kernels is the best one here.

// peerNames in the order they are shown.
var peerNames = []string{"openblas", "blis", "onednn", "onnxruntime"}

// how to install each of them.
var peerHints = map[string]string{
	"openblas":    "Debian: apt-get install libopenblas0-pthread",
	"blis":        "Debian: apt-get install libblis4-pthread",
	"onednn":      "Debian: apt-get install libdnnl2",
	"onnxruntime": "npm install --ignore-scripts onnxruntime-node, or -ort=PATH, or ORT_LIB",
}

// libraryPaths lists where a peer's shared library may be, the most likely first. given wins over all.
func libraryPaths(name, given string) []string {
	if given != "" {
		return []string{given}
	}
	arch := map[string]string{"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}[runtime.GOARCH]
	debian := "/usr/lib/" + arch + "/"
	switch name {
	case "openblas":
		return []string{debian + "openblas-pthread/libopenblas.so.0", "libopenblas.so.0", "libopenblas.so", "libopenblas.dylib"}
	case "blis":
		return []string{debian + "blis-pthread/libblis.so.4", "libblis.so.4", "libblis.so.3", "libblis.so", "libblis.dylib"}
	case "onednn":
		return []string{"libdnnl.so.2", "libdnnl.2.dylib", "libdnnl.so.3", "libdnnl.so"}
	case "onnxruntime":
		return ort.Paths()
	}
	return nil
}

// kernelChoices lists the settings of a library's environment that choose its kernels, to be tried:
// old versions do not know new processors and fall back to slow code. wide says that AVX-512 is wanted.
func kernelChoices(name string, wide bool) [][]string {
	switch {
	case name == "openblas" && wide:
		return [][]string{nil, {"OPENBLAS_CORETYPE=SkylakeX"}, {"OPENBLAS_CORETYPE=Haswell"}}
	case name == "openblas":
		return [][]string{{"OPENBLAS_CORETYPE=Haswell"}, {"OPENBLAS_CORETYPE=Zen"}}
	case name == "blis" && wide: // BLIS 0.9 knows its kernels by number: 0 skx, 3 haswell, 6 zen3
		return [][]string{nil, {"BLIS_ARCH_TYPE=0"}, {"BLIS_ARCH_TYPE=6"}, {"BLIS_ARCH_TYPE=3"}}
	case name == "blis":
		return [][]string{{"BLIS_ARCH_TYPE=6"}, {"BLIS_ARCH_TYPE=3"}}
	case name == "onednn" && !wide:
		return [][]string{{"DNNL_MAX_CPU_ISA=AVX2"}}
	}
	return [][]string{nil}
}

// findPeer starts a library with the kernels that multiply fastest here.
func findPeer(name, given string, threads int, wide bool) (*peerProcess, error) {
	spec := &peerSpec{name: name, paths: libraryPaths(name, given)}
	choices := kernelChoices(name, wide)
	if len(choices) == 1 {
		spec.env = choices[0]
		q, err := startPeer(spec, threads)
		if err == nil && len(spec.env) > 0 {
			q.info.Note = strings.Join(spec.env, " ")
		}
		if err == nil && !wide && name == "onnxruntime" && q.info.Kernel == "avx512" {
			q.info.Note = "cannot be held to AVX2, and so is not counted as a rival"
		}
		return q, err
	}
	// All of them at once and in turns: a burst of other work on the machine then slows all alike.
	trial := &Case{Net: "trial", Layer: "trial", GemmM: 384, GemmN: 384, GemmK: 384}
	type candidate struct {
		setting string
		q       *peerProcess
		j       job
		best    float64 // seconds per call, 0 for none
		err     error
	}
	var all []*candidate
	for _, env := range choices {
		spec.env = env
		c := &candidate{setting: strings.Join(env, " ")}
		if c.setting == "" {
			c.setting = "its own choice"
		}
		if c.q, c.err = startPeer(spec, threads); c.err == nil {
			c.j, c.err = c.q.Prepare(trial, "sgemm")
		}
		all = append(all, c)
	}
	for range 5 {
		for _, c := range all {
			if c.err != nil {
				continue
			}
			var s []float64
			if s, c.err = measureJob(c.j, 3*time.Millisecond); c.err == nil {
				if t := summarize(s).Min; c.best == 0 || t < c.best {
					c.best = t
				}
			}
		}
	}
	var best *candidate
	var tried []string
	for _, c := range all {
		if c.err != nil {
			tried = append(tried, c.setting+": failed")
			continue
		}
		tried = append(tried, fmt.Sprintf("%s: %s %.0f GFLOP/s", c.setting, c.q.info.Kernel, trial.flops()/c.best/1e9))
		if best == nil || c.best < 0.97*best.best { // the library's own choice, unless the gain is real
			best = c
		}
	}
	for _, c := range all {
		if c.q != nil && c != best {
			c.q.Close()
		}
	}
	if best == nil {
		return nil, all[0].err
	}
	best.j.Close()
	best.q.info.Note = fmt.Sprintf("the quickest of: %s", strings.Join(tried, "; "))
	return best.q, nil
}
