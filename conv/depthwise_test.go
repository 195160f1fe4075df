package conv

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
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
				d, err := planDepthwise(p.in, p.in.C*p.mult, p.in.C, p.win, set, -inf, 0.5)
				require.NoError(t, err)
				d.weights = d.pack(w, bias)
				require.Equal(t, out, d.out)
				y := make([]float32, out.Elems())
				check.FillNaN(y)
				worker := new(dwWorker)
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
	d, err := planDepthwise(in, 48, 24, dwWindow(3, 1, 1, 1), asm.MustKernels(), 0, 6)
	require.NoError(t, err)
	d.weights = d.pack(make([]float32, 48*9), nil)
	worker := new(dwWorker)
	x, y := make([]float32, in.Elems()), make([]float32, d.out.Elems())
	check.NoAllocs(t, func() {
		for task := range d.tasks() {
			lo, _ := d.span(task)
			d.do(worker, task, y[lo*d.out.C:], x)
		}
	})
}

// TestDepthwiseStream: a few rows at a time, as large inputs are read, are the same as a whole band.
func TestDepthwiseStream(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	for range many(100) {
		p := randomParams(rng)
		p.OutC, p.Groups, p.InLayout, p.OutLayout = p.In.C, p.In.C, tensor.NHWC, tensor.NHWC
		p.InStride, p.OutStride, p.ResidualStride = 0, rng.IntN(2)*(p.OutC+rng.IntN(9)), 0
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
			d, ok := pl.runner.(*depthwiseRunner)
			if !ok {
				continue // few channels, or zeros beside the rows
			}
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
// some that are not quite for these kernels; each plane has one output, or three.
func TestDepthwiseInPlace(t *testing.T) {
	odd := dwWindow(3, 1, 1, 1)
	odd.StrideW = 2
	planes := func(set *asm.Set, win tensor.Window) bool { // a set has assembly for the window
		return slices.ContainsFunc(set.DwPlane, func(r *asm.DwPlaneRow) bool {
			return r.ISA != asm.Generic && r.KH == win.KernelH && r.KW == win.KernelW && r.Stride == win.StrideH
		})
	}
	for _, c := range []struct {
		in   tensor.Shape
		win  tensor.Window
		want bool
	}{
		{tensor.Shape{N: 2, C: 21, H: 19, W: 33}, dwWindow(3, 1, 1, 1), true},
		{tensor.Shape{N: 2, C: 21, H: 33, W: 19}, dwWindow(3, 2, 1, 1), true},
		{tensor.Shape{N: 1, C: 2, H: 211, W: 260}, dwWindow(3, 1, 1, 1), true}, // bands of rows
		{tensor.Shape{N: 1, C: 2, H: 400, W: 301}, dwWindow(3, 2, 1, 0), true},
		{tensor.Shape{N: 2, C: 21, H: 34, W: 59}, dwWindow(3, 3, 1, 1), true},
		{tensor.Shape{N: 1, C: 2, H: 700, W: 400}, dwWindow(3, 3, 1, 1), true},
		{tensor.Shape{N: 1, C: 3, H: 140, W: 40}, dwWindow(3, 1, 1, 140), true}, // windows that see only padding
		{tensor.Shape{N: 2, C: 21, H: 19, W: 33}, tensor.Window{KernelH: 1, KernelW: 3, PadLeft: 1, PadRight: 1, PadTop: 2}.Normal(), true},
		{tensor.Shape{N: 2, C: 21, H: 33, W: 21}, tensor.Window{KernelH: 3, KernelW: 1, PadTop: 1, PadBottom: 1, PadRight: 2}.Normal(), true},
		{tensor.Shape{N: 2, C: 21, H: 33, W: 21}, tensor.Window{KernelH: 2, KernelW: 2, PadTop: 1, PadRight: 1}.Normal(), true},
		{tensor.Shape{N: 2, C: 21, H: 33, W: 41}, dwWindow(5, 2, 1, 2), true},
		{tensor.Shape{N: 2, C: 21, H: 1, W: 203}, tensor.Window{KernelH: 1, KernelW: 3}.Normal(), true}, // single rows
		{tensor.Shape{N: 2, C: 21, H: 190, W: 1}, tensor.Window{KernelH: 3, KernelW: 1, PadTop: 1, PadBottom: 2}.Normal(), true},
		{tensor.Shape{N: 1, C: 9, H: 1, W: 40}, tensor.Window{KernelH: 1, KernelW: 3, PadLeft: 70, PadRight: 9}.Normal(), true},
		{tensor.Shape{N: 1, C: 2, H: 400, W: 301}, dwWindow(5, 2, 1, 1), true},
		{tensor.Shape{N: 1, C: 3, H: 140, W: 40}, dwWindow(5, 2, 1, 140), true},
		{tensor.Shape{N: 1, C: 5, H: 20, W: 20}, dwWindow(3, 1, 2, 1), false},
		{tensor.Shape{N: 1, C: 5, H: 20, W: 20}, dwWindow(5, 1, 1, 1), false},
		{tensor.Shape{N: 1, C: 5, H: 20, W: 20}, dwWindow(3, 4, 1, 1), false},
		{tensor.Shape{N: 1, C: 5, H: 20, W: 20}, odd, false},
	} {
		for mult := 1; mult <= 3; mult += 2 {
			p := Params{In: c.in, OutC: mult * c.in.C, Groups: c.in.C, Window: c.win, Activation: Activation{Kind: asm.ReLU}}
			o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 3, 3) })
			same := integers(t, p, o)
			each(t, p, o, func(pl *Plan) {
				if pl.Algorithm() == "depthwise" {
					_, got := pl.runner.(*depthwiseInPlace)
					require.Equal(t, c.want && planes(pl.p.Kernels, c.win), got, "%v", pl)
				}
				same(pl, o.run(t, pl, 3, false))
			})
		}
	}
}

// TestDepthwisePadded has kernels so wide that zeros are put beside the rows, unless a weight is not finite.
func TestDepthwisePadded(t *testing.T) {
	wide := dwWindow(11, 1, 1, 5)
	wide.KernelH, wide.PadTop, wide.PadBottom = 3, 1, 2
	odd := dwWindow(11, 2, 1, 3)
	odd.DilationW, odd.PadRight = 2, 11
	for _, c := range []struct {
		in  tensor.Shape
		win tensor.Window
	}{
		{tensor.Shape{N: 2, C: 21, H: 12, W: 13}, dwWindow(31, 1, 1, 15)},
		{tensor.Shape{N: 1, C: 16, H: 40, W: 20}, wide},
		{tensor.Shape{N: 1, C: 35, H: 17, W: 19}, odd},
		{tensor.Shape{N: 1, C: 21, H: 12, W: 13}, dwWindow(5, 1, 1, 2)}, // of NCHW only
		{tensor.Shape{N: 1, C: 21, H: 9, W: 9}, dwWindow(9, 1, 1, 0)},   // none
		{tensor.Shape{N: 1, C: 260, H: 9, W: 10}, dwWindow(7, 1, 1, 0)}, // copied all the same
	} {
		for layouts := range 4 {
			for mult := 1; mult <= 2; mult++ {
				p := Params{In: c.in, OutC: mult * c.in.C, Groups: c.in.C, Window: c.win, Activation: Activation{Kind: asm.ReLU}}
				p.InLayout, p.OutLayout = tensor.Layout(layouts&1), tensor.Layout(layouts>>1)
				if testing.Short() && p.InLayout != p.OutLayout && (mult > 1 || c.win.KernelH > 9) {
					continue
				}
				if p.InLayout == tensor.NHWC {
					p.InStride = p.In.C + 3
				}
				if p.OutLayout == tensor.NHWC {
					p.OutStride = p.OutC + 5
				}
				o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 3, 3) })
				padded := func(pl *Plan) bool { r, ok := pl.runner.(*depthwisePlanes); return ok && r.padded }
				same := integers(t, p, o)
				each(t, p, o, func(pl *Plan) {
					if pl.Algorithm() == "depthwise" {
						require.Equal(t, c.win.PadLeft > 0 && (c.win.KernelW > 5 || p.OutLayout == tensor.NCHW), padded(pl), "%v", pl)
					}
					same(pl, o.run(t, pl, 3, false))
					if !pl.reads.changes() && !pl.writes.changes() {
						y, x, res := o.wide(pl)
						pl.Run(NewWorkspace(1, pl), y, x, res)
						check.Exact(t, pl.String(), alone(t, pl, o), y)
					}
				})
				if c.win.PadLeft == 0 {
					continue
				}
				o.w[0] = float32(math.Inf(1))
				p.Algorithm = "depthwise"
				pl, err := New(p, o.w, o.b)
				require.NoError(t, err)
				require.False(t, padded(pl), "%v", pl)
			}
		}
	}
}

// TestDepthwiseFold has few channels, whose pixels fill the lanes: channels that divide a vector and others, rows that are copied with zeros
// beside them and rows as they stand, single ones, and long ones in several tasks.
func TestDepthwiseFold(t *testing.T) {
	far := dwWindow(3, 1, 1, 7) // windows that see only padding
	for _, c := range []struct {
		in     tensor.Shape
		win    tensor.Window
		copies bool
	}{
		{tensor.Shape{N: 1, C: 1, H: 43, W: 43}, dwWindow(11, 1, 1, 2), true},
		{tensor.Shape{N: 3, C: 1, H: 21, W: 20}, dwWindow(5, 1, 1, 0), false},
		{tensor.Shape{N: 2, C: 2, H: 19, W: 23}, dwWindow(3, 1, 1, 1), false},
		{tensor.Shape{N: 2, C: 2, H: 19, W: 23}, far, false},
		{tensor.Shape{N: 1, C: 3, H: 30, W: 41}, dwWindow(5, 1, 1, 1), false},
		{tensor.Shape{N: 2, C: 5, H: 17, W: 19}, dwWindow(7, 1, 1, 3), true},
		{tensor.Shape{N: 1, C: 7, H: 12, W: 70}, tensor.Window{KernelH: 3, KernelW: 4, StrideH: 2, DilationH: 2, DilationW: 3, PadTop: 1, PadRight: 2}.Normal(), false},
		{tensor.Shape{N: 1, C: 8, H: 41, W: 41}, dwWindow(15, 1, 1, 7), true},
		{tensor.Shape{N: 2, C: 2, H: 1, W: 700}, tensor.Window{KernelH: 1, KernelW: 9, PadLeft: 4, PadRight: 4}.Normal(), false},
		{tensor.Shape{N: 1, C: 2, H: 100, W: 601}, dwWindow(5, 1, 1, 2), false},
		{tensor.Shape{N: 1, C: 2, H: 40, W: 601}, dwWindow(13, 1, 1, 6), true},
	} {
		for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
			p := Params{In: c.in, OutC: c.in.C, Groups: c.in.C, Window: c.win, InLayout: layout, OutLayout: layout, Activation: Activation{Kind: asm.ReLU}}
			o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 3, 3) })
			same := integers(t, p, o)
			each(t, p, o, func(pl *Plan) {
				same(pl, o.run(t, pl, 3, false))
				if pl.Algorithm() != "depthwise" {
					return
				}
				f, ok := pl.runner.(*depthwiseFold)
				if layout == tensor.NHWC && pl.p.Kernels.ISA == asm.AVX512 {
					require.True(t, ok && f.padded == c.copies, "%v", pl)
				}
				if ok {
					check.Exact(t, pl.String(), alone(t, pl, o), o.run(t, pl, 1, false))
				}
			})
			if !c.copies {
				continue
			}
			o.w[0] = float32(math.Inf(1))
			p.Algorithm = "depthwise"
			pl, err := New(p, o.w, o.b)
			require.NoError(t, err)
			f, ok := pl.runner.(*depthwiseFold)
			require.False(t, ok && f.padded, "%v", pl)
		}
	}
}
