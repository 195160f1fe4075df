package conv

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/tensor"
)

func dwWindow(kernel, stride, dilation, pad int) tensor.Window {
	return tensor.Window{
		KernelH: kernel, KernelW: kernel, StrideH: stride, StrideW: stride, DilationH: dilation, DilationW: dilation,
		PadTop: pad, PadLeft: pad, PadBottom: pad, PadRight: pad,
	}
}

func TestDepthwise(t *testing.T) {
	problems := []struct {
		in   tensor.Shape
		mult int
		win  tensor.Window
	}{
		{tensor.Shape{N: 1, C: 1, H: 1, W: 1}, 1, dwWindow(1, 1, 1, 0)},
		{tensor.Shape{N: 1, C: 32, H: 24, W: 26}, 1, dwWindow(3, 1, 1, 1)},
		{tensor.Shape{N: 2, C: 24, H: 17, W: 19}, 1, dwWindow(3, 2, 1, 1)},
		{tensor.Shape{N: 1, C: 300, H: 7, W: 7}, 1, dwWindow(3, 1, 1, 1)},
		{tensor.Shape{N: 1, C: 128, H: 9, W: 11}, 1, dwWindow(3, 1, 1, 1)}, // pixels that fall into few sets of L1
		{tensor.Shape{N: 1, C: 128, H: 9, W: 13}, 1, dwWindow(3, 2, 1, 1)},
		{tensor.Shape{N: 1, C: 256, H: 9, W: 14}, 1, dwWindow(3, 2, 1, 1)},
		{tensor.Shape{N: 1, C: 20, H: 10, W: 12}, 1, tensor.Window{KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2, PadBottom: 1, PadRight: 1}},
		{tensor.Shape{N: 1, C: 20, H: 2, W: 5}, 1, dwWindow(3, 1, 1, 1)},
		{tensor.Shape{N: 1, C: 20, H: 1, W: 5}, 1, dwWindow(3, 1, 1, 1)},
		{tensor.Shape{N: 1, C: 17, H: 13, W: 40}, 1, dwWindow(5, 1, 1, 2)},
		{tensor.Shape{N: 1, C: 40, H: 30, W: 31}, 1, dwWindow(5, 2, 1, 2)},
		{tensor.Shape{N: 1, C: 9, H: 16, W: 30}, 1, dwWindow(3, 1, 2, 2)},
		{tensor.Shape{N: 1, C: 3, H: 9, W: 9}, 1, dwWindow(7, 1, 1, 3)},
		{tensor.Shape{N: 2, C: 5, H: 20, W: 22}, 3, dwWindow(3, 1, 1, 1)},
		{tensor.Shape{N: 1, C: 130, H: 30, W: 30}, 2, dwWindow(3, 2, 1, 0)},
		{tensor.Shape{N: 1, C: 1, H: 60, W: 60}, 8, dwWindow(5, 3, 2, 4)},
		{tensor.Shape{N: 1, C: 6, H: 4, W: 4}, 2, dwWindow(2, 1, 1, 3)}, // windows that see only padding
		{tensor.Shape{N: 1, C: 16, H: 11, W: 12}, 1, tensor.Window{KernelH: 4, KernelW: 3, StrideH: 3, StrideW: 1, DilationH: 2, DilationW: 1, PadTop: 3, PadRight: 2}},
		{tensor.Shape{N: 1, C: 2, H: 130, W: 130}, 1, dwWindow(64, 1, 1, 0)},
		{tensor.Shape{N: 1, C: 1, H: 5, W: 4}, 2, tensor.Window{KernelH: 2, KernelW: 2, PadTop: 9, PadLeft: 9, PadBottom: 9, PadRight: 9, StrideH: 4, StrideW: 4}},
	}
	inf := float32(math.Inf(1))
	for _, isa := range asm.Supported() {
		set, err := asm.For(isa)
		require.NoError(t, err)
		for i, p := range problems {
			what := fmt.Sprintf("%v %v mult %d %+v", isa, p.in, p.mult, p.win)
			out := ref.Out(p.in, p.in.C*p.mult, p.win)
			x := make([]float32, p.in.Elems())
			w := make([]float32, out.C*p.win.KernelH*p.win.KernelW)
			bias := make([]float32, out.C)
			if i%2 == 1 {
				bias = nil
			}
			for _, special := range []bool{false, true} {
				check.FillRandom(x, uint64(i))
				if special {
					check.FillSpecial(x, uint64(i))
				}
				check.FillRandom(w, uint64(i+1))
				check.FillRandom(bias, uint64(i+2))
				d, err := planDepthwise(p.in, p.mult, p.win, set, w, bias, -inf, 0.5)
				require.NoError(t, err)
				require.Equal(t, out, d.out)
				y := make([]float32, out.Elems())
				check.FillNaN(y)
				worker := &dwWorker{scratch: make([]float32, d.scratchLen())}
				last := 0
				for task := range d.tasks() {
					lo, hi := d.span(task)
					d.do(worker, task, y[lo*out.C:], x)
					if _, c1 := d.channels(task); c1 == out.C {
						require.Equal(t, last, lo, what)
						last = hi
					}
				}
				require.Equal(t, len(y), last*out.C, what)
				want, cond, depth := ref.Conv2D(tensor.NHWC, p.in, out.C, p.win, p.in.C, x, w, bias)
				for i := range want {
					if want[i] > 0.5 {
						want[i] = 0.5
					}
				}
				check.Bound(t, what, y, want, cond, depth)
			}
		}
	}
}

func TestDepthwiseAllocs(t *testing.T) {
	in := tensor.Shape{N: 1, C: 24, H: 20, W: 20}
	d, err := planDepthwise(in, 2, dwWindow(3, 1, 1, 1), asm.MustKernels(), make([]float32, 48*9), nil, 0, 6)
	require.NoError(t, err)
	worker := &dwWorker{scratch: make([]float32, d.scratchLen())}
	x, y := make([]float32, in.Elems()), make([]float32, d.out.Elems())
	require.Zero(t, testing.AllocsPerRun(5, func() {
		for task := range d.tasks() {
			lo, _ := d.span(task)
			d.do(worker, task, y[lo*d.out.C:], x)
		}
	}))
}

// TestDepthwiseStream: a few rows at a time, as large inputs are read, are the same as a whole band.
func TestDepthwiseStream(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	for range many(100) {
		p := randomParams(rng)
		p.OutC, p.Groups, p.Layout, p.InNCHW = p.In.C, p.In.C, tensor.NHWC, false
		p.InStride, p.OutStride, p.ResidualStride = 0, 0, 0
		p.In.H += 40
		if !Applies("depthwise", p) {
			continue
		}
		o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillRandom(x, rng.Uint64()) })
		p.Algorithm = "depthwise"
		for _, isa := range asm.Supported() {
			set, err := asm.For(isa)
			require.NoError(t, err)
			p.Kernels = set
			pl, err := New(p, o.w, o.b)
			require.NoError(t, err)
			d := pl.runner.(*depthwiseRunner)
			require.False(t, d.stream)
			d.bands = 1 + rng.IntN(d.out.H)
			d.band = (d.out.H + d.bands - 1) / d.bands * d.out.W * d.out.C
			want := o.run(t, pl, 1, false)
			d.stream = true
			check.Exact(t, pl.String(), o.run(t, pl, 2, false), want)
		}
	}
}

// TestDepthwiseInPlace has NCHW tensors that are convolved as they stand, in tasks of several planes or of some rows of one, and
// some that are not quite for these kernels.
func TestDepthwiseInPlace(t *testing.T) {
	odd := dwWindow(3, 1, 1, 1)
	odd.StrideW = 2
	for _, c := range []struct {
		in   tensor.Shape
		win  tensor.Window
		want bool
	}{
		{tensor.Shape{N: 2, C: 21, H: 19, W: 33}, dwWindow(3, 1, 1, 1), true},
		{tensor.Shape{N: 2, C: 21, H: 33, W: 19}, dwWindow(3, 2, 1, 1), true},
		{tensor.Shape{N: 1, C: 2, H: 211, W: 260}, dwWindow(3, 1, 1, 1), true}, // bands of rows
		{tensor.Shape{N: 1, C: 2, H: 400, W: 301}, dwWindow(3, 2, 1, 0), true},
		{tensor.Shape{N: 1, C: 3, H: 140, W: 40}, dwWindow(3, 1, 1, 140), true}, // windows that see only padding
		{tensor.Shape{N: 1, C: 5, H: 20, W: 20}, dwWindow(3, 1, 2, 1), false},
		{tensor.Shape{N: 1, C: 5, H: 20, W: 20}, dwWindow(5, 1, 1, 1), false},
		{tensor.Shape{N: 1, C: 5, H: 20, W: 20}, dwWindow(3, 3, 1, 1), false},
		{tensor.Shape{N: 1, C: 5, H: 20, W: 20}, odd, false},
	} {
		p := Params{In: c.in, OutC: c.in.C, Groups: c.in.C, Window: c.win, Layout: tensor.NCHW, Activation: Activation{Kind: asm.ReLU}}
		o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 3, 3) })
		same := integers(t, p, o)
		each(t, p, o, func(pl *Plan) {
			if pl.Algorithm() == "depthwise" {
				_, got := pl.runner.(*depthwiseInPlace)
				require.Equal(t, c.want && pl.p.Kernels.DwPlane[0].ISA != asm.Generic, got, "%v", pl)
			}
			same(pl, o.run(t, pl, 3, false))
		})
	}
}
