package pool

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/internal/shapes"
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
					if testing.Short() && ref.Out(p.In, p.In.C, p.Window).Elems()*p.Window.KernelH*p.Window.KernelW > 1<<22 {
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
					plan, err := New(Params{Kind: kind, In: in, Layout: layout, Global: true, Kernels: set})
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

// TestWays: every way of reducing is taken where it is made for, in both layouts where the memory is the same, and computes what the
// reference does.
func TestWays(t *testing.T) {
	wide := func(k, s int) tensor.Window { return tensor.Window{KernelH: 1, KernelW: k, StrideH: 1, StrideW: s} }
	for _, c := range []struct {
		way string
		p   Params
	}{
		{"tiles", Params{In: tensor.Shape{N: 1, C: 64, H: 14, W: 14}, Layout: tensor.NHWC, Window: window(3, 1, 1, 1)}},
		{"tiles", Params{In: tensor.Shape{N: 1, C: 64, H: 30, W: 30}, Layout: tensor.NHWC, Window: window(2, 2, 1, 0)}},
		{"lines", Params{In: tensor.Shape{N: 1, C: 1, H: 56, W: 56}, Layout: tensor.NHWC, Window: window(3, 1, 1, 1)}},
		{"lines", Params{In: tensor.Shape{N: 1, C: 1, H: 56, W: 57}, Layout: tensor.NHWC, Window: window(3, 2, 1, 1)}},
		{"lines", Params{In: tensor.Shape{N: 1, C: 1, H: 56, W: 57}, Layout: tensor.NHWC, Window: window(5, 3, 2, 4)}},
		{"lines", Params{In: tensor.Shape{N: 1, C: 3, H: 56, W: 56}, Layout: tensor.NHWC, Window: window(3, 1, 1, 1)}},
		{"lines", Params{In: tensor.Shape{N: 1, C: 3, H: 57, W: 57}, Layout: tensor.NHWC, Window: window(5, 2, 2, 2)}},
		{"lines", Params{Kind: Avg, In: tensor.Shape{N: 1, C: 2, H: 3, W: 40001}, Layout: tensor.NHWC, Window: window(3, 2, 1, 1)}},                                                // cut in columns
		{"lines", Params{Kind: Avg, In: tensor.Shape{N: 1, C: 2, H: 1, W: 5000}, Layout: tensor.NHWC, Window: wide(30, 1)}},                                                        // rows as they lie
		{"lines", Params{Kind: Avg, In: tensor.Shape{N: 1, C: 20, H: 30, W: 40}, Layout: tensor.NHWC, Window: window(20, 1, 1, 0)}},                                                // many taps
		{"lines", Params{Kind: Avg, In: tensor.Shape{N: 1, C: 1, H: 2, W: 70000}, Layout: tensor.NCHW, Window: tensor.Window{KernelH: 1, KernelW: 3, PadLeft: 1, PadRight: 1}}},    // rows as long as those of the output, but cut
		{"lines", Params{Kind: Avg, In: tensor.Shape{N: 1, C: 1, H: 1, W: 20000}, Layout: tensor.NHWC, Window: tensor.Window{KernelH: 1, KernelW: 300, StrideW: 2, DilationW: 2}}}, // parts of rows that are added to
		{"ranges", Params{In: tensor.Shape{N: 1, C: 1, H: 1, W: 5000}, Layout: tensor.NCHW, Window: wide(300, 1)}},
		{"ranges", Params{In: tensor.Shape{N: 1, C: 1, H: 1, W: 140000}, Layout: tensor.NHWC, Window: wide(40, 1)}}, // cut in columns
		{"ranges", Params{In: tensor.Shape{N: 1, C: 9, H: 7, W: 8}, Layout: tensor.NHWC, Window: window(7, 1, 1, 8)}},
		{"ranges", Params{In: tensor.Shape{N: 1, C: 64, H: 13, W: 13}, Layout: tensor.NHWC, Window: window(13, 1, 1, 6)}},
		{"ranges", Params{In: tensor.Shape{N: 1, C: 19, H: 40, W: 80}, Layout: tensor.NHWC, Window: window(31, 1, 1, 15)}},
		{"ranges", Params{Kind: Avg, In: tensor.Shape{N: 1, C: 1, H: 1, W: 5000}, Layout: tensor.NCHW, Window: wide(301, 1)}},
		{"ranges", Params{Kind: Avg, In: tensor.Shape{N: 1, C: 1, H: 1, W: 140000}, Layout: tensor.NHWC, Window: wide(300, 1)}}, // cut in columns
		{"ranges", Params{Kind: Avg, In: tensor.Shape{N: 2, C: 2, H: 50, W: 61}, Layout: tensor.NHWC, Window: window(45, 1, 1, 22)}},
		{"ranges", Params{Kind: Avg, CountIncludePad: true, In: tensor.Shape{N: 1, C: 19, H: 70, W: 80}, Layout: tensor.NHWC, Window: window(32, 1, 1, 31)}},
		{"whole", Params{In: tensor.Shape{N: 2, C: 3, H: 60, W: 61}, Layout: tensor.NHWC, Window: tensor.Window{KernelH: 60, KernelW: 61}}},
		{"whole", Params{Kind: Avg, In: tensor.Shape{N: 2, C: 7, H: 60, W: 61}, Layout: tensor.NHWC, Window: tensor.Window{KernelH: 60, KernelW: 61}}},
		{"whole", Params{Kind: Avg, In: tensor.Shape{N: 20, C: 1, H: 8, W: 9}, Layout: tensor.NHWC, Window: tensor.Window{KernelH: 8, KernelW: 9}}},
		{"blocks of lines", Params{In: tensor.Shape{N: 2, C: 20, H: 14, W: 14}, Layout: tensor.NCHW, Window: window(3, 1, 1, 1)}},
		{"blocks of tiles", Params{In: tensor.Shape{N: 64, C: 1, H: 14, W: 14}, Layout: tensor.NHWC, Window: window(3, 1, 1, 1)}},
		{"blocks of ranges", Params{In: tensor.Shape{N: 2, C: 20, H: 13, W: 13}, Layout: tensor.NCHW, Window: window(13, 1, 1, 6)}},
		{"blocks of whole", Params{In: tensor.Shape{N: 2, C: 20, H: 7, W: 7}, Layout: tensor.NCHW, Window: window(7, 1, 1, 0)}},
	} {
		plan, err := New(c.p)
		require.NoError(t, err)
		if asm.MustKernels().ISA != asm.Generic { // whose lanes are few
			require.Contains(t, plan.String(), ": "+c.way+", ")
		}
		if testing.Short() && plan.Out().Elems()*c.p.Window.KernelH*c.p.Window.KernelW > 1<<23 {
			continue
		}
		x := make([]float32, c.p.In.Elems())
		for _, set := range sets(t) {
			c.p.Kernels = set
			check.FillSpecial(x, 1) // of wide windows all results are NaN then
			verify(t, c.p, x, 1)
			check.FillRandom(x, 3)
			verify(t, c.p, x, 3)
			if c.p.Layout == tensor.NHWC {
				same(t, c.p, x)
			}
		}
	}
}

// TestPart deals out rows that take several calls.
func TestPart(t *testing.T) {
	for _, set := range sets(t) {
		for phases := 2; phases <= 3; phases++ {
			l, err := New(Params{In: tensor.Shape{N: 1, C: 1, H: 1, W: 3000}, Window: tensor.Window{KernelH: 1, KernelW: 3, StrideW: phases}, Kernels: set})
			require.NoError(t, err)
			size := asm.MaxWork/2 + 37
			src, got := make([]float32, phases*size), make([]float32, phases*size)
			check.FillRandom(src, 1)
			n := lines{phases: phases, phase: size}
			n.part(l, new(worker), got, src)
			for i, v := range src {
				if at := i%phases*size + i/phases; got[at] != v {
					t.Fatalf("%v: element %d of %d phases is %v, want %v", set.ISA, i, phases, got[at], v)
				}
			}
		}
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
			check.NoAllocs(t, func() { plan.Run(ws, y, x) }, plan)
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
	require.PanicsWithValue(t, wrongSrc, func() { plan.Run(ws, y, x[1:]) })
	require.PanicsWithValue(t, wrongDst, func() { plan.Run(ws, y[1:], x) })
	require.PanicsWithValue(t, wrongSrc, func() { plan.Run(ws, y, append(x, 1)) })
	require.PanicsWithValue(t, wrongDst, func() { plan.Run(ws, append(y, 1), x) })
	require.PanicsWithValue(t, overlap, func() { plan.Run(ws, x[96:], x) })
	require.PanicsWithValue(t, overlap, func() { plan.Run(ws, x[:32], x) })
	both := make([]float32, 160)
	plan.Run(ws, both[128:], both[:128])
	for _, none := range []*Workspace{nil, {}} {
		require.PanicsWithValue(t, noWorkspace, func() { plan.Run(none, y, x) })
	}
	for _, none := range []*Plan{nil, {}} {
		require.PanicsWithValue(t, noPlan, func() { none.Run(ws, y, x) })
		require.PanicsWithValue(t, noPlan, func() { NewWorkspace(1, none) })
	}
	good.Layout, good.Window, good.In.H = tensor.NCHW, window(3, 3, 1, 1), 200
	large, err := New(good)
	require.NoError(t, err)
	require.NotZero(t, large.scratch)
	require.PanicsWithValue(t, noWorkspace, func() { large.Run(ws, make([]float32, large.Out().Elems()), make([]float32, good.In.Elems())) })
}

// wildParams draws a pooling with windows that see nothing but padding.
func wildParams(rng *rand.Rand) Params {
	p := Params{
		Kind: Kind(rng.IntN(2)), Layout: tensor.Layout(rng.IntN(2)), CountIncludePad: rng.IntN(2) == 0,
		In: tensor.Shape{N: 1 + rng.IntN(2), C: 1 + rng.IntN(70), H: 1 + rng.IntN(12), W: 1 + rng.IntN(26)},
	}
	if rng.IntN(4) == 0 { // long rows
		p.In.H, p.In.W = 1+rng.IntN(4), 80+rng.IntN(60)
	}
	for {
		p.Window = shapes.Wild(rng, p.In.H, p.In.W, 6000)
		p.Window.CeilMode = rng.IntN(2) == 0
		if out := ref.Out(p.In, p.In.C, p.Window); out.H*out.W > 10000 || out.Elems()*p.Window.KernelH*p.Window.KernelW > 4<<20 {
			p.In.C, p.In.N = 1+p.In.C/2, 1
			continue
		}
		if p.Layout == tensor.NHWC && rng.IntN(3) == 0 {
			p.OutStride = p.In.C + rng.IntN(9)
		}
		return p
	}
}

// padded compares a pooling on all instruction sets with the reference, with its operands between guard pages and 1 to 4 workers.
func padded(t *testing.T, rng *rand.Rand, p Params) {
	x := make([]float32, p.In.Elems())
	check.FillSpecial(x, rng.Uint64())
	var most []float32
	var want, cond []float64
	depth := 0
	if p.Kind == Max {
		most = ref.MaxPool2D(p.Layout, p.In, p.Window, x)
	} else {
		want, cond, depth = ref.AvgPool2D(p.Layout, p.In, p.Window, p.CountIncludePad, x)
	}
	for _, p.Kernels = range sets(t) {
		plan, err := New(p)
		require.NoError(t, err)
		side := check.Side(rng.IntN(2))
		a := check.New(t, "pool", plan.String(), 0)
		src := a.Floats("src", len(x), side)
		copy(src, x)
		a.Freeze()
		dst := a.Floats("dst", plan.outLen(), side)
		check.FillNaN(dst)
		ws := NewWorkspace(1+rng.IntN(4), plan)
		plan.work = serialWork // worth a second thread
		a.Run(func() { plan.Run(ws, dst, src) })
		y := make([]float32, 0, plan.Out().Elems())
		for i := 0; i < len(dst); i += plan.ldout {
			y = append(y, dst[i:min(len(dst), i+p.In.C)]...)
		}
		if p.Kind == Max {
			check.Exact(t, plan.String(), y, most)
		} else {
			check.Bound(t, plan.String(), y, want, cond, depth+1)
		}
		a.Close()
	}
}

func params(q shapes.Pool) Params {
	p := Params{In: q.In, Window: q.Window, CountIncludePad: q.CountIncludePad, Layout: q.Layout}
	if q.Avg {
		p.Kind = Avg
	}
	return p
}

// TestSweep has the kinds of windows and channels around a vector one by one.
func TestSweep(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	for i, q := range shapes.Pools(16) {
		if testing.Short() && i%7 != 0 {
			continue
		}
		padded(t, rand.New(rand.NewPCG(uint64(i), 16)), params(q))
	}
}

// TestPadding has rows, columns, tiles and whole tasks that see nothing but padding.
func TestPadding(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	for _, s := range []string{
		"pool max n1c16h8w2 r8s8 s1x5 p4,40,4,6", "pool max n1c16h8w2 r8s8 s1x5 p4,40,4,6 NHWC", // by doubling, many columns to the left of the input
		"pool max n1c16h2w8 r8s8 s5x1 p40,4,6,4 NHWC", "pool avg n1c64h3w3 r3s3 p200,1,200,1 NHWC", "pool avg n1c3h3w100 r3s3 p20,1,20,300",
		"pool max n1c3h3w100 r3s3 s2 p20,300,20,1",
	} {
		q, err := shapes.ParsePool(s)
		require.NoError(t, err)
		padded(t, rand.New(rand.NewPCG(1, 14)), params(q))
	}
	n := 600
	if testing.Short() {
		n = 120
	}
	for i := range n {
		rng := rand.New(rand.NewPCG(uint64(i), 15))
		padded(t, rng, wildParams(rng))
	}
}

func FuzzPadding(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, a, b uint64) {
		rng := rand.New(rand.NewPCG(a, b))
		padded(t, rng, wildParams(rng))
	})
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
				x := make([]float32, p.In.Elems())
				check.FillRandom(x, uint64(i))
				same(t, p, x)
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
	_, err = New(Params{In: p.In, Window: window(3, 1, 1, 0), Global: true})
	require.ErrorContains(t, err, "want the zero Window with Global")
}

// TestOneCallAtATime: a workspace that is in use is not touched, and one that a panic has left serves again.
func TestOneCallAtATime(t *testing.T) {
	plan, err := New(Params{In: tensor.Shape{N: 1, C: 16, H: 90, W: 90}, Layout: tensor.NHWC, Window: window(3, 3, 1, 1)})
	require.NoError(t, err)
	x := make([]float32, plan.In().Elems())
	want, y := make([]float32, plan.Out().Elems()), make([]float32, plan.Out().Elems())
	check.FillRandom(x, 1)
	check.FillNaN(y)
	ws := NewWorkspace(2, plan)
	plan.Run(ws, want, x)
	ws.busy.Enter("")
	require.PanicsWithValue(t, busyWorkspace, func() { plan.Run(ws, y, x) })
	require.True(t, y[0] != y[0])
	ws.busy.Leave()
	broken := *plan
	broken.tasks++
	broken.units += broken.group
	require.Panics(t, func() { broken.Run(ws, y, x) })
	require.Nil(t, ws.dst)
	plan.Run(ws, y, x)
	check.Exact(t, "after a panic", y, want)
	check.Shared(t, busyWorkspace, func() (call, verify func()) {
		y := make([]float32, len(want))
		return func() { plan.Run(ws, y, x) }, func() { check.Exact(t, "shared", y, want) }
	})
}

// TestWideOutput: an output between whose channels the input lies is no overlap.
func TestWideOutput(t *testing.T) {
	p := Params{In: tensor.Shape{N: 1, C: 4, H: 1, W: 2}, Layout: tensor.NHWC, Window: window(1, 1, 1, 0), OutStride: 12}
	plan, err := New(p)
	require.NoError(t, err)
	x := make([]float32, 24)
	ws := NewWorkspace(1, plan)
	plan.Run(ws, x, x[4:12])
	require.PanicsWithValue(t, overlap, func() { plan.Run(ws, x, x[3:11]) })
	require.PanicsWithValue(t, overlap, func() { plan.Run(ws, x, x[5:13]) })
	require.PanicsWithValue(t, wrongDst, func() { plan.Run(ws, x[9:], x[:8]) })
}

// TestHostile gives constructors arguments that they should not have: an error says which, and what is accepted runs.
func TestHostile(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	refused, ran := 0, 0
	for range 5000 {
		p := Params{
			Kind: Kind(rng.IntN(2)), Layout: tensor.Layout(rng.IntN(2)), CountIncludePad: rng.IntN(2) == 0,
			In:     tensor.Shape{N: 1 + rng.IntN(2), C: 1 + rng.IntN(20), H: 1 + rng.IntN(20), W: 1 + rng.IntN(20)},
			Window: window(1+rng.IntN(3), 1+rng.IntN(3), 1+rng.IntN(3), rng.IntN(2)),
		}
		check.Hostile(rng, &p, 1+rng.IntN(3))
		if n, ok := tensor.MulOK(max(p.In.N, 1), max(p.In.H, 1), max(p.In.W, 1)); ok && n > 1<<20 {
			p.Kind = 9 // an absurd size is not to be planned
		}
		if rng.IntN(4) == 0 {
			if p.Global = true; rng.IntN(4) > 0 {
				p.Window = tensor.Window{}
			}
		}
		plan, err := New(p)
		check.Refusal(t, "pool", err, p)
		if t.Failed() {
			return
		}
		if err != nil {
			refused++
			continue
		}
		if len(plan.String()) == 0 || plan.Out().Elems() > 1<<20 || p.OutStride > 1<<10 || plan.work > 1<<24 {
			continue
		}
		ran++
		plan.Run(NewWorkspace(1, plan), make([]float32, plan.outLen()), make([]float32, p.In.Elems()))
	}
	require.Greater(t, refused, 2000)
	require.Greater(t, ran, 500)
	require.Panics(t, func() { NewWorkspace(-1) })
	_, err := New(Params{In: tensor.Shape{N: 1, C: 1, H: 1, W: 1}, Window: window(1, 1, 1, 0), Kernels: &asm.Set{}})
	require.EqualError(t, err, "pool: asm: Kernels is a Set of the caller's making, want nil or one from asm.Kernels or asm.For")
	require.NotEmpty(t, new(Plan).String())
}

// same runs a problem with the output among the channels of a wider tensor, and compares it with that of a tensor of its own.
func same(t *testing.T, p Params, x []float32) {
	t.Helper()
	dense, err := New(p)
	require.NoError(t, err)
	p.OutStride = p.In.C + 5
	plan, err := New(p)
	require.NoError(t, err)
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
		c := i%p.OutStride - 3
		if c < 0 || c >= p.In.C {
			if v != -42 {
				require.Fail(t, "touched", "%v at %d", plan, i)
			}
		} else if u := want[i/p.OutStride*p.In.C+c]; u != v && (u == u || v == v) {
			require.Equal(t, u, v, "%v at %d", plan, i)
		}
	}
	require.Panics(t, func() { plan.Run(ws, wide[:(pixels-1)*p.OutStride+p.In.C-1], x) })
}

// TestLargeShapes plans poolings of tensors that nobody has: no time and no memory may grow with the batch, the rows or the columns.
func TestLargeShapes(t *testing.T) {
	const far = math.MaxInt / 512
	began := time.Now()
	for _, in := range []tensor.Shape{
		{N: 1, C: 1, H: far, W: 1}, {N: 1, C: 1, H: 1, W: far}, {N: far, C: 1, H: 1, W: 1}, {N: 1, C: 1, H: 1 << (bits.UintSize/2 - 6), W: 1 << (bits.UintSize/2 - 6)},
		{N: 1, C: 16, H: far / 16, W: 1}, {N: 3, C: 64, H: 3, W: far / 256}, {N: far / 256, C: 16, H: 3, W: 3}, {N: 1, C: 1, H: 64000000 / 4, W: 1},
	} {
		for _, win := range []tensor.Window{
			window(1, 1, 1, 0), window(3, 1, 1, 1), ceil(window(3, 2, 1, 1)), ceil(window(3, 5, 1, 1<<14)), window(2, 1<<14, 1, 1), window(9, 1, 1, 9),
			{KernelH: in.H, KernelW: in.W}, {KernelH: in.H, KernelW: in.W, PadTop: 100, PadRight: 9},
		} {
			if _, _, err := win.Out(in.H, in.W); err != nil {
				continue
			}
			forms(Params{In: in, Window: win}, func(p Params) {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				plan, err := New(p)
				runtime.ReadMemStats(&after)
				if err != nil {
					require.ErrorContains(t, err, "overflow", "%v", p)
				} else {
					require.NotEmpty(t, plan.String())
				}
				require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(5<<20), "%v", p)
			})
		}
	}
	require.Less(t, time.Since(began), time.Minute)
	for _, in := range []tensor.Shape{{N: math.MaxInt / 4, C: 1, H: 1, W: 1}, {N: 1 << (bits.UintSize - 3), C: 1, H: 1, W: 1}} {
		_, err := New(Params{In: in, Window: window(1, 1, 1, 0)})
		require.ErrorContains(t, err, "overflow")
	}
}

// TestLongGlobal reduces some seconds of sound, a map wider than any window that somebody would write.
func TestLongGlobal(t *testing.T) {
	for _, in := range []tensor.Shape{{N: 1, C: 8, H: 1, W: 144000}, {N: 2, C: 3, H: 144000, W: 1}} {
		x := make([]float32, in.Elems())
		check.FillRandom(x, 1)
		for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
			want, cond, depth := ref.GlobalAvgPool2D(layout, in, x)
			for _, set := range sets(t) {
				plan, err := New(Params{Kind: Avg, In: in, Layout: layout, Global: true, Kernels: set})
				require.NoError(t, err)
				y := make([]float32, in.N*in.C)
				plan.Run(NewWorkspace(2, plan), y, x)
				check.Bound(t, plan.String(), y, want, cond, depth)
				plan, err = New(Params{Kind: Max, In: in, Layout: layout, Global: true, Kernels: set})
				require.NoError(t, err)
				plan.Run(NewWorkspace(2, plan), y, x)
				check.Exact(t, plan.String(), y, ref.MaxPool2D(layout, in, tensor.Window{KernelH: in.H, KernelW: in.W}, x))
			}
		}
	}
}
