package pool

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/tensor"
)

// window is a square window.
func window(kernel, stride, dilation, pad int) tensor.Window {
	return tensor.Window{
		KernelH: kernel, KernelW: kernel, StrideH: stride, StrideW: stride, DilationH: dilation, DilationW: dilation,
		PadTop: pad, PadLeft: pad, PadBottom: pad, PadRight: pad,
	}
}

func ceil(w tensor.Window) tensor.Window { w.CeilMode = true; return w }

var problems = []Params{
	{In: tensor.Shape{N: 1, C: 1, H: 1, W: 1}, Window: window(1, 1, 1, 0)},
	{In: tensor.Shape{N: 2, C: 3, H: 7, W: 9}, Window: window(2, 2, 1, 0)},
	{In: tensor.Shape{N: 1, C: 5, H: 7, W: 9}, Window: ceil(window(2, 2, 1, 0))},
	{In: tensor.Shape{N: 2, C: 17, H: 12, W: 13}, Window: window(3, 2, 1, 1)},
	{In: tensor.Shape{N: 1, C: 33, H: 11, W: 10}, Window: ceil(window(3, 2, 1, 1))},
	{In: tensor.Shape{N: 1, C: 65, H: 9, W: 8}, Window: window(3, 1, 1, 1)},
	{In: tensor.Shape{N: 1, C: 130, H: 9, W: 20}, Window: window(3, 3, 1, 0)},
	{In: tensor.Shape{N: 1, C: 7, H: 15, W: 17}, Window: window(3, 2, 2, 2)},
	{In: tensor.Shape{N: 1, C: 4, H: 16, W: 16}, Window: tensor.Window{KernelH: 2, KernelW: 5, StrideH: 3, StrideW: 4, DilationH: 3, DilationW: 2, PadTop: 1, PadLeft: 4, PadBottom: 2, PadRight: 3}},
	{In: tensor.Shape{N: 1, C: 16, H: 5, W: 5}, Window: window(5, 1, 1, 0)},
	{In: tensor.Shape{N: 3, C: 70, H: 7, W: 7}, Window: window(7, 1, 1, 0)},
	{In: tensor.Shape{N: 1, C: 3, H: 20, W: 31}, Window: tensor.Window{KernelH: 20, KernelW: 31}},
	{In: tensor.Shape{N: 1, C: 2, H: 3, W: 3}, Window: window(2, 1, 2, 2)},                                                                                    // windows that see only padding
	{In: tensor.Shape{N: 1, C: 2, H: 2, W: 2}, Window: window(2, 1, 1, 3)},                                                                                    // the same
	{In: tensor.Shape{N: 1, C: 6, H: 90, W: 200}, Window: window(3, 2, 1, 1)},                                                                                 // several bands
	{In: tensor.Shape{N: 2, C: 40, H: 60, W: 61}, Window: window(3, 2, 1, 1)},                                                                                 // several tasks
	{In: tensor.Shape{N: 1, C: 5, H: 10, W: 10}, Window: window(3, 5, 1, 1)},                                                                                  // a stride above the kernel
	{In: tensor.Shape{N: 1, C: 300, H: 16, W: 16}, Window: window(16, 1, 1, 0)},                                                                               // chunks of channels
	{In: tensor.Shape{N: 1, C: 1, H: 1100, W: 1000}, Window: window(1, 1, 1, 0)},                                                                              // more than MaxWork
	{In: tensor.Shape{N: 1, C: 1, H: 300, W: 300}, Window: window(299, 1, 1, 0)},                                                                              // windows in parts
	{In: tensor.Shape{N: 1, C: 70, H: 129, W: 129}, Window: window(128, 1, 1, 0)},                                                                             // the same, with channels
	{In: tensor.Shape{N: 2, C: 19, H: 2, W: 2}, Window: ceil(window(3, 3, 1, 1))},                                                                             // the whole map, and padding
	{In: tensor.Shape{N: 2, C: 20, H: 9, W: 101}, Window: window(3, 2, 1, 1)},                                                                                 // long rows
	{In: tensor.Shape{N: 2, C: 3, H: 9, W: 101}, Window: window(5, 1, 1, 2)},                                                                                  // the same, as long as those of the output
	{In: tensor.Shape{N: 2, C: 3, H: 12, W: 130}, Window: window(4, 2, 2, 3)},                                                                                 // the same, at stride 2
	{In: tensor.Shape{N: 2, C: 64, H: 9, W: 8}, Window: window(3, 1, 1, 1)},                                                                                   // wide blocks
	{In: tensor.Shape{N: 2, C: 70, H: 13, W: 13}, Window: window(13, 1, 1, 6)},                                                                                // maxima by doubling
	{In: tensor.Shape{N: 1, C: 9, H: 7, W: 8}, Window: window(7, 1, 1, 8)},                                                                                    // the same, with windows that see only padding
	{In: tensor.Shape{N: 1, C: 19, H: 40, W: 300}, Window: window(9, 2, 1, 3)},                                                                                // the same, in bands
	{In: tensor.Shape{N: 1, C: 8, H: 11, W: 14}, Window: tensor.Window{KernelH: 9, KernelW: 7, StrideW: 2, PadLeft: 6, PadTop: 8, PadRight: 6, PadBottom: 8}}, // the same, uneven
	{In: tensor.Shape{N: 1, C: 2, H: 4, W: 4}, Window: ceil(tensor.Window{KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2, PadBottom: 1, PadRight: 1})},
}

// sets are the kernels of every level of this machine.
func sets(t testing.TB) []*asm.Set {
	var s []*asm.Set
	for _, isa := range asm.Supported() {
		k, err := asm.For(isa)
		require.NoError(t, err)
		s = append(s, k)
	}
	return s
}

// forms calls f with every kind, count and layout of a problem.
func forms(p Params, f func(p Params)) {
	for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
		p.Layout = layout
		p.Kind, p.CountIncludePad = Max, false
		f(p)
		p.Kind = Avg
		f(p)
		p.CountIncludePad = true
		f(p)
	}
}

// verify runs a plan and compares it with the reference.
func verify(t testing.TB, p Params, x []float32, threads int) {
	t.Helper()
	plan, err := New(p)
	require.NoError(t, err)
	require.Equal(t, ref.Out(p.In, p.In.C, p.Window), plan.Out())
	y := make([]float32, plan.Out().Elems())
	check.FillNaN(y)
	plan.Run(NewWorkspace(threads, plan), y, x)
	what := fmt.Sprintf("%v include %v", plan, p.CountIncludePad)
	if p.Kind == Max {
		check.Exact(t, what, y, ref.MaxPool2D(p.Layout, p.In, p.Window, x))
		return
	}
	want, cond, depth := ref.AvgPool2D(p.Layout, p.In, p.Window, p.CountIncludePad, x)
	check.Bound(t, what, y, want, cond, depth+1) // and the rounding of the scale
}

func TestRun(t *testing.T) {
	for _, set := range sets(t) {
		t.Run(set.ISA.String(), func(t *testing.T) {
			for i, p := range problems {
				p.Kernels = set
				x := make([]float32, p.In.Elems())
				forms(p, func(p Params) {
					if testing.Short() && p.In.Elems()*p.Window.KernelH*p.Window.KernelW > 1<<22 {
						return
					}
					check.FillRandom(x, uint64(i))
					verify(t, p, x, 1)
					if p.In.Elems() < 1<<17 {
						check.FillSpecial(x, uint64(i))
						verify(t, p, x, 2)
					}
				})
			}
		})
	}
}

func TestGlobal(t *testing.T) {
	for _, set := range sets(t) {
		for _, in := range []tensor.Shape{{N: 1, C: 1, H: 1, W: 1}, {N: 2, C: 130, H: 7, W: 7}, {N: 1, C: 3, H: 33, W: 20}, {N: 1, C: 520, H: 14, W: 14}} {
			for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
				x := make([]float32, in.Elems())
				check.FillRandom(x, 1)
				for _, kind := range []Kind{Max, Avg} {
					plan, err := Global(kind, in, layout, set)
					require.NoError(t, err)
					y := make([]float32, in.N*in.C)
					check.FillNaN(y)
					plan.Run(NewWorkspace(2, plan), y, x)
					if kind == Avg {
						want, cond, depth := ref.GlobalAvgPool2D(layout, in, x)
						check.Bound(t, plan.String(), y, want, cond, depth+1)
						continue
					}
					check.Exact(t, plan.String(), y, ref.MaxPool2D(layout, in, tensor.Window{KernelH: in.H, KernelW: in.W}, x))
				}
			}
		}
	}
}

// TestRanges: large windows of maxima take the method that is made for them, and only they.
func TestRanges(t *testing.T) {
	for _, p := range []Params{
		{In: tensor.Shape{N: 1, C: 512, H: 13, W: 13}, Window: window(13, 1, 1, 6)},
		{In: tensor.Shape{N: 1, C: 9, H: 7, W: 8}, Window: window(7, 1, 1, 8)},
		{In: tensor.Shape{N: 1, C: 19, H: 40, W: 300}, Window: window(9, 2, 1, 3)},
	} {
		p.Layout = tensor.NHWC
		plan, err := New(p)
		require.NoError(t, err)
		require.NotNil(t, plan.ranges, plan)
		p.Kind = Avg
		plan, err = New(p)
		require.NoError(t, err)
		require.Nil(t, plan.ranges, plan)
		p.Kind, p.Window = Max, window(3, 1, 1, 1)
		plan, err = New(p)
		require.NoError(t, err)
		require.Nil(t, plan.ranges, plan)
	}
}

// TestThreads holds any number of threads to the same bits, and one workspace to many plans.
func TestThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	var plans []*Plan
	for _, p := range problems {
		if p.In.Elems() > 1<<18 || p.Window.KernelH > 20 {
			continue
		}
		forms(p, func(p Params) {
			plan, err := New(p)
			require.NoError(t, err)
			plans = append(plans, plan)
		})
	}
	one := NewWorkspace(1, plans...)
	several := []*Workspace{NewWorkspace(2, plans...), NewWorkspace(3, plans...), NewWorkspace(8, plans...)}
	for _, plan := range plans {
		x := make([]float32, plan.In().Elems())
		check.FillRandom(x, 3)
		want, got := make([]float32, plan.Out().Elems()), make([]float32, plan.Out().Elems())
		plan.Run(one, want, x)
		for _, ws := range several {
			plan.Run(ws, got, x)
			require.Equal(t, want, got, plan)
		}
	}
}

func TestAllocs(t *testing.T) {
	forms(Params{In: tensor.Shape{N: 1, C: 40, H: 60, W: 61}, Window: window(3, 2, 1, 1)}, func(p Params) {
		plan, err := New(p)
		require.NoError(t, err)
		for _, threads := range []int{1, 2} {
			ws := NewWorkspace(threads, plan)
			x, y := make([]float32, plan.In().Elems()), make([]float32, plan.Out().Elems())
			plan.Run(ws, y, x)
			require.Zero(t, testing.AllocsPerRun(5, func() { plan.Run(ws, y, x) }), plan)
		}
	})
}

func TestErrors(t *testing.T) {
	good := Params{In: tensor.Shape{N: 1, C: 2, H: 8, W: 8}, Window: window(2, 2, 1, 0)}
	for _, c := range []struct {
		change func(p *Params)
		want   string
	}{
		{func(p *Params) { p.Kind = 7 }, "Kind is 7"},
		{func(p *Params) { p.Layout = 9 }, "Layout is 9"},
		{func(p *Params) { p.In.C = 0 }, "C is 0"},
		{func(p *Params) { p.Window.KernelH = 0 }, "KernelH is 0"},
		{func(p *Params) { p.Window.KernelW = 9 }, "input W is 8"},
		{func(p *Params) { p.Window.PadTop = -1 }, "PadTop is -1"},
		{func(p *Params) { p.In.C, p.In.N = math.MaxInt/1000, 1000 }, "overflows"},
	} {
		p := good
		c.change(&p)
		_, err := New(p)
		require.ErrorContains(t, err, c.want)
	}
	plan, err := New(good)
	require.NoError(t, err)
	ws := NewWorkspace(1, plan)
	x, y := make([]float32, 128), make([]float32, 32)
	require.PanicsWithValue(t, "pool: len(src) is too short", func() { plan.Run(ws, y, x[1:]) })
	require.PanicsWithValue(t, "pool: len(dst) is too short", func() { plan.Run(ws, y[1:], x) })
	require.PanicsWithValue(t, "pool: the workspace was made for other plans", func() { plan.Run(NewWorkspace(1), y, x) })
}

func FuzzRun(f *testing.F) {
	f.Add(uint64(1), []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14})
	f.Fuzz(func(t *testing.T, seed uint64, b []byte) {
		if len(b) < 14 {
			return
		}
		n := func(i, lo, hi int) int { return lo + int(b[i])%(hi-lo+1) }
		p := Params{
			Kind: Kind(n(0, 0, 1)), Layout: tensor.Layout(n(1, 0, 1)), CountIncludePad: b[2]&1 != 0,
			In: tensor.Shape{N: n(2, 1, 2), C: n(3, 1, 70), H: n(4, 1, 20), W: n(5, 1, 40)},
			Window: tensor.Window{
				KernelH: n(6, 1, 5), KernelW: n(7, 1, 5), StrideH: n(8, 1, 4), StrideW: n(9, 1, 4),
				DilationH: n(10, 1, 3), DilationW: n(11, 1, 3), PadTop: n(12, 0, 3), PadLeft: n(13, 0, 3),
				PadBottom: n(12, 0, 4), PadRight: n(13, 0, 4), CeilMode: b[3]&1 != 0,
			},
		}
		if _, err := New(p); err != nil {
			return
		}
		x := make([]float32, p.In.Elems())
		check.FillSpecial(x, seed)
		for _, p.Kernels = range sets(t) {
			verify(t, p, x, 1)
		}
	})
}

// TestOutStride: the output among the channels of a wider tensor is that of a tensor of its own, and the others
// stay as they were.
func TestOutStride(t *testing.T) {
	for _, k := range sets(t) {
		for i, p := range problems[:12] {
			forms(p, func(p Params) {
				if p.Layout != tensor.NHWC {
					return
				}
				p.Kernels = k
				dense, err := New(p)
				require.NoError(t, err)
				p.OutStride = p.In.C + 5
				plan, err := New(p)
				require.NoError(t, err)
				x := make([]float32, p.In.Elems())
				check.FillRandom(x, uint64(i))
				want := make([]float32, dense.Out().Elems())
				ws := NewWorkspace(2, dense, plan)
				dense.Run(ws, want, x)
				pixels := len(want) / p.In.C
				wide := make([]float32, pixels*p.OutStride)
				for i := range wide {
					wide[i] = -42
				}
				plan.Run(ws, wide[3:][:(pixels-1)*p.OutStride+p.In.C], x)
				for i, v := range wide {
					if c := i%p.OutStride - 3; c >= 0 && c < p.In.C {
						require.Equal(t, want[i/p.OutStride*p.In.C+c], v, "%v at %d", plan, i)
					} else {
						require.Equal(t, float32(-42), v, "%v at %d", plan, i)
					}
				}
				require.Panics(t, func() { plan.Run(ws, wide[:(pixels-1)*p.OutStride+p.In.C-1], x) })
			})
		}
	}
	p := problems[3]
	p.Layout, p.OutStride = tensor.NHWC, 16
	_, err := New(p)
	require.EqualError(t, err, "pool: OutStride is 16, want 0 or at least In.C = 17")
	p.Layout, p.OutStride = tensor.NCHW, 17
	_, err = New(p)
	require.EqualError(t, err, "pool: OutStride is 17, want 0 with Layout NCHW")
	p.Layout, p.OutStride = tensor.NHWC, math.MaxInt
	_, err = New(p)
	require.ErrorContains(t, err, "overflows the address space")
}
