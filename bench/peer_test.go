package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/internal/shapes"
	"github.com/simdnn/simdnn/tensor"
)

// The peers' processes are this test program again.
func TestMain(m *testing.M) {
	if name := os.Getenv(peerEnv); name != "" {
		if err := child(name, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestAbsentPeer(t *testing.T) {
	for _, name := range peerNames {
		_, err := findPeer(name, "/nonexistent/lib.so", 1, true)
		require.Error(t, err)
		require.NotContains(t, err.Error(), "the process ended", "a missing library is no crash")
	}
	_, err := startPeer(&peerSpec{name: "nobody"}, 1)
	require.ErrorContains(t, err, `nobody`)
}

func TestPeerEnvironment(t *testing.T) {
	env := peerEnvironment(
		[]string{"HOME=/h", "OPENBLAS_CORETYPE=Haswell", "OMP_NUM_THREADS=7", "SIMDNN_ISA=avx2", "BLIS_ARCH_TYPE=3"},
		&peerSpec{name: "blis", paths: []string{"a", "b"}, env: []string{"BLIS_ARCH_TYPE=0"}}, 2)
	all := strings.Join(env, "\n") + "\n"
	require.Contains(t, all, "HOME=/h\n")
	require.Contains(t, all, "OMP_NUM_THREADS=2\n")
	require.Contains(t, all, "BLIS_ARCH_TYPE=0\n")
	for _, gone := range []string{"Haswell", "OMP_NUM_THREADS=7", "SIMDNN_ISA", "BLIS_ARCH_TYPE=3"} {
		require.NotContains(t, all, gone)
	}
}

// smallCases are convolutions with everything that can go wrong in a layout: channels that fill no
// block, strides, padding, groups, a batch.
func smallCases(t *testing.T) []*Case {
	cases := []*Case{
		{N: 1, C: 3, H: 9, W: 7, OutC: 16, KH: 3, KW: 3, Stride: 2, Pad: 1, Groups: 1},
		{N: 2, C: 16, H: 6, W: 5, OutC: 24, KH: 1, KW: 1, Stride: 1, Groups: 1},
		{N: 1, C: 24, H: 5, W: 6, OutC: 40, KH: 3, KW: 3, Stride: 1, Pad: 1, Groups: 1},
		{N: 2, C: 24, H: 8, W: 8, OutC: 24, KH: 3, KW: 3, Stride: 2, Pad: 1, Groups: 24},
		{GemmM: 5, GemmN: 18, GemmK: 33},
		{GemmM: 1, GemmN: 1, GemmK: 1},
		{GemmM: 7, GemmN: 9, GemmK: 12, TransA: true},
		{GemmM: 17, GemmN: 16, GemmK: 5, TransB: true},
		{GemmM: 6, GemmN: 33, GemmK: 8, TransA: true, TransB: true},
		{GemmM: 9, GemmN: 20, GemmK: 31, LdPad: 3},
		{GemmM: 9, GemmN: 20, GemmK: 31, TransA: true, TransB: true, LdPad: 5},
	}
	for _, s := range []string{"n1c5h9w7 r3s3 s2 p1", "n2c24h8w8 r2s2 s2", "n1c17h6w6 r3s3 p1", "n1c20h7w7 r7s7", "n1c16h8w8 r3s3 s2 ceil"} {
		for _, kind := range []string{"max", "avg"} {
			p, err := shapes.ParsePool("pool max " + s)
			require.NoError(t, err)
			if p.Window.CeilMode && kind == "avg" {
				continue
			}
			w := p.Window
			cases = append(cases, &Case{
				N: p.In.N, C: p.In.C, H: p.In.H, W: p.In.W, OutC: p.In.C, KH: w.KernelH, KW: w.KernelW,
				Stride: max(w.StrideH, 1), Pad: w.PadTop, Pool: kind, Ceil: w.CeilMode,
			})
		}
	}
	cases = append(cases, &Case{Model: "mobilenetv2", N: 2, C: 3, H: 32, W: 32, OutC: 1000}, &Case{Model: "squeezenet11", N: 1, C: 3, H: 48, W: 48, OutC: 1000})
	for i, c := range cases {
		c.Net, c.Layer, c.Count = "small", fmt.Sprint(i), 1
		require.NoError(t, c.check())
	}
	return cases
}

func testLibrary(t *testing.T, lib library, kind, mode string) {
	for _, c := range smallCases(t) {
		if c.kind() != kind || kind == kindConv && c.Groups > 1 && lib.Info().Name == "gonum" || c.LdPad > 0 && lib.Info().Name == "onnxruntime" {
			continue
		}
		if _, ours := lib.(*simdnnLib); ours && c.Model == "mobilenetv2" {
			continue // for the tests of layers
		}
		j, err := lib.Prepare(c, mode)
		require.NoError(t, err, "%s %s %s", lib.Info().Name, mode, c)
		s, err := measureJob(j, time.Millisecond)
		require.NoError(t, err)
		require.NotEmpty(t, s)
		require.Positive(t, s[0])
		var other []float32
		if kind == kindNet { // our portable kernels are the reference
			generic, err := asm.For(asm.Generic)
			require.NoError(t, err)
			r, err := (&simdnnLib{set: generic, threads: 1}).Prepare(c, mode)
			require.NoError(t, err)
			require.NoError(t, r.Run(1))
			other = r.Output()
			wrong := slices.Clone(other)
			wrong[len(wrong)/2] += 0.01
			require.Error(t, newVerifier(c).check(wrong, other, "portable"))
		}
		require.NoError(t, newVerifier(c).check(j.Output(), other, "portable"), "%s %s", lib.Info().Name, mode)
		j.Close()
	}
}

func TestPeers(t *testing.T) {
	modes := map[string][][2]string{
		"openblas":    {{kindGemm, "sgemm"}},
		"blis":        {{kindGemm, "sgemm"}},
		"onednn":      {{kindGemm, "sgemm"}, {kindGemm, "packed"}, {kindConv, "blocked"}, {kindConv, "nhwc"}, {kindConv, "nchw"}, {kindConv, "im2col"}, {kindPool, "blocked"}, {kindPool, "nhwc"}, {kindPool, "nchw"}},
		"onnxruntime": {{kindGemm, "packed"}, {kindConv, "nchwc"}, {kindConv, "nchw"}, {kindPool, "nchwc"}, {kindPool, "nchw"}, {kindNet, "nchw"}},
	}
	for _, name := range peerNames {
		t.Run(name, func(t *testing.T) {
			q, err := startPeer(&peerSpec{name: name, paths: libraryPaths(name, "")}, 1)
			if err != nil {
				t.Skipf("%s is not on this machine: %v (%s)", name, err, peerHints[name])
			}
			defer q.Close()
			require.NotEmpty(t, q.Info().Version)
			require.NotEmpty(t, q.Info().Kernel)
			for _, m := range modes[name] {
				testLibrary(t, q, m[0], m[1])
			}
			_, err = q.Prepare(smallCases(t)[0], "no such mode")
			require.Error(t, err)
			_, err = q.Prepare(smallCases(t)[4], modes[name][0][1]) // and it goes on
			require.NoError(t, err)
			require.NoError(t, q.cmd.Process.Kill()) // what a crash looks like
			_, err = q.Prepare(smallCases(t)[0], "nhwc")
			require.ErrorContains(t, err, "the process ended")
			_, err = q.Prepare(smallCases(t)[0], "nhwc")
			require.Error(t, err)
		})
	}
}

func TestOursAndGonum(t *testing.T) {
	o, err := parseFlags([]string{"-peers=all"}, os.Stderr)
	require.NoError(t, err)
	n := 0
	o.addOurs(func(lib library, name, kind, mode string, own bool) *contender {
		n++
		testLibrary(t, lib, kind, mode)
		return &contender{}
	})
	require.GreaterOrEqual(t, n, 4)
	testLibrary(t, gonumLib{}, kindGemm, "sgemm")
	testLibrary(t, gonumLib{}, kindConv, "nchw")
}

// The verifier's own sums agree with the reference of the library's tests.
func TestVerifier(t *testing.T) {
	for _, c := range smallCases(t) {
		if c.kind() != kindConv {
			continue
		}
		x, w, b := make([]float32, c.inElems()), make([]float32, c.weights()), make([]float32, c.OutC)
		fill(x, seedX)
		fill(w, seedW)
		fill(b, seedBias)
		y, _, _ := ref.Conv2D(tensor.NCHW, tensor.Shape{N: c.N, C: c.C, H: c.H, W: c.W}, c.OutC, c.window(), c.Groups, x, w, b)
		got := make([]float32, len(y))
		for i, v := range y {
			got[i] = float32(max(v, 0))
		}
		v := newVerifier(c)
		require.NoError(t, v.check(got, got, "itself"))
		require.Error(t, v.check(got[1:], nil, ""))
		wrong := append([]float32(nil), got...)
		wrong[v.at[3]] += 0.01
		require.Error(t, v.check(wrong, nil, ""))
		elsewhere := append([]float32(nil), got...)
		elsewhere[len(got)/2] += 1
		require.Error(t, v.check(elsewhere, got, "another"), "a wrong result anywhere shows in the comparison")
		nan := append([]float32(nil), got...)
		nan[len(got)/2] = float32(nanValue())
		require.Error(t, v.check(nan, got, "another"))
	}
}

func nanValue() float64 { z := 0.0; return z / z }
