package main

import (
	"fmt"
	"slices"

	"github.com/simdnn/simdnn/internal/cpu"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/ort"
)

type ortLib struct {
	info    libInfo
	lib     *ort.Library
	threads int
}

func openORT(paths []string, threads int) (library, error) {
	lib, err := ort.Open(paths...)
	if err != nil {
		return nil, err
	}
	o := &ortLib{lib: lib, threads: threads, info: libInfo{Name: "onnxruntime", Version: lib.Version, Path: lib.Path, Kernel: "avx2"}}
	if cpu.HasAVX512() {
		o.info.Kernel = "avx512"
	}
	return o, nil
}

func (o *ortLib) Info() libInfo { return o.info }

// Prepare makes a session. Modes of convolutions: nchwc (the library's own layout, nothing converted)
// and nchw (as a model has it, what the library converts is in the time). Of products: packed.
func (o *ortLib) Prepare(c *Case, mode string) (job, error) {
	j := &ortJob{c: c}
	level := ort.All
	var model []byte
	var x []float32
	var in, out []int
	switch {
	case c.isGemm() && mode == "packed":
		if c.LdPad > 0 {
			return nil, fmt.Errorf("onnxruntime's tensors have no gaps between their rows: %s", c)
		}
		a, b := c.aMatrix(), c.bMatrix()
		model = ortGemm(c, a, b)
		in, out = []int{a.rows, a.cols}, []int{c.GemmM, c.GemmN}
		x = a.data
	case c.kind() == kindNet && mode == "nchw":
		m, err := c.model()
		if err != nil {
			return nil, err
		}
		in, out = m.InShape, []int{c.N, c.OutC}
		if model, err = onnxNetwork(m, in, out); err != nil {
			return nil, err
		}
		x = m.Samples[0].Input
	case c.kind() == kindPool && (mode == "nchw" || mode == "nchwc"):
		x = mem.Floats(c.inElems())
		fill(x, seedX)
		channels, domain := c.C, ""
		if mode == "nchwc" {
			j.block, domain, level = ortBlock(), nchwcDomain, ort.Basic
			channels = (c.C + j.block - 1) / j.block * j.block
			blocked := blockChannels(x, c.N, c.C, c.H*c.W, j.block)
			x = mem.Floats(len(blocked))
			copy(x, blocked)
		}
		model = ortPool(c, domain, channels)
		in, out = []int{c.N, channels, c.H, c.W}, []int{c.N, channels, c.outH, c.outW}
	case c.kind() == kindConv && (mode == "nchw" || mode == "nchwc"):
		w, b := mem.Floats(c.weights()), mem.Floats(c.OutC)
		fill(w, seedW)
		fill(b, seedBias)
		x = mem.Floats(c.inElems())
		fill(x, seedX)
		if mode == "nchw" {
			model = ortConv(c, w, b)
			in, out = []int{c.N, c.C, c.H, c.W}, []int{c.N, c.OutC, c.outH, c.outW}
			break
		}
		block := ortBlock()
		p, ok := planNCHWc(c, block)
		if !ok {
			return nil, fmt.Errorf("onnxruntime's own layout has no groups like those of %s", c)
		}
		if !p.inputIsPlain {
			blocked := blockChannels(x, c.N, c.C, c.H*c.W, block)
			x = mem.Floats(len(blocked))
			copy(x, blocked)
		}
		level, j.block = ort.Basic, block
		model = ortConvNCHWc(c, p, w, b)
		in, out = []int{c.N, p.inC, c.H, c.W}, []int{c.N, p.outC, c.outH, c.outW}
	default:
		return nil, fmt.Errorf("onnxruntime has no mode %q for %s", mode, c)
	}
	s, err := o.lib.Session(model, ort.Options{Threads: o.threads, Level: level})
	if err != nil {
		return nil, err
	}
	j.session = s
	if j.call, err = s.Bind(ort.Of(x, in...)); err == nil && !slices.Equal(j.call.Outputs[0].Shape, out) {
		err = fmt.Errorf("onnxruntime's output is %v, want %v", j.call.Outputs[0].Shape, out)
	}
	if err != nil {
		j.Close()
		return nil, err
	}
	return j, nil
}

// ortBlock is how many channels come together in onnxruntime's own layout: as many as a vector has.
func ortBlock() int {
	if cpu.HasAVX512() {
		return 16
	}
	return 8
}

type ortJob struct {
	c       *Case
	block   int // of channels in the output; 0 for plain layouts
	session *ort.Session
	call    *ort.Call
}

func (j *ortJob) Run(calls int) error { return j.call.Run(calls) }

func (j *ortJob) Output() []float32 {
	y := ort.Values[float32](j.call.Outputs[0])
	if j.block == 0 {
		return y
	}
	return unblockChannels(y, j.c.N, j.c.OutC, j.c.outH*j.c.outW, j.block)
}

func (j *ortJob) Impl() string { return "mlas" }

func (j *ortJob) Close() {
	if j.call != nil {
		j.call.Close()
	}
	j.session.Close()
}
