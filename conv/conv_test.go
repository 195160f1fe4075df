package conv

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/internal/shapes"
	"github.com/simdnn/simdnn/tensor"
)

// randomParams draws a convolution that is small, but has every feature: groups, stride, dilation,
// asymmetric padding beyond the kernel, channels around the kernels' tiles, channels of wider tensors.
func randomParams(rng *rand.Rand) Params {
	for {
		g := 1
		if rng.IntN(3) == 0 {
			g = 1 + rng.IntN(3)
		}
		p := Params{
			In:     tensor.Shape{N: 1 + rng.IntN(2), C: g * (1 + rng.IntN(9)), H: 1 + rng.IntN(12), W: 1 + rng.IntN(33)},
			OutC:   g * (1 + rng.IntN(40)),
			Groups: g,
			Window: tensor.Window{
				KernelH: 1 + rng.IntN(5), KernelW: 1 + rng.IntN(5),
				StrideH: 1 + rng.IntN(3), StrideW: 1 + rng.IntN(3),
				DilationH: 1 + rng.IntN(2), DilationW: 1 + rng.IntN(3),
				PadTop: rng.IntN(4), PadLeft: rng.IntN(7), PadBottom: rng.IntN(4), PadRight: rng.IntN(7),
			},
			InLayout: tensor.Layout(rng.IntN(2)),
			Residual: rng.IntN(2) == 0,
		}
		if rng.IntN(4) == 0 { // rows of several vectors
			p.In.W += 60
		}
		switch rng.IntN(7) {
		case 0, 1: // pointwise, with a stride at times
			p.Window = tensor.Window{KernelH: 1, KernelW: 1, StrideH: p.Window.StrideH, StrideW: p.Window.StrideW}
			p.OutC *= 1 + 7*rng.IntN(2)
		case 3: // what Winograd computes
			p.Window.KernelH, p.Window.KernelW, p.Window.StrideH, p.Window.StrideW, p.Window.DilationH, p.Window.DilationW = 3, 3, 1, 1, 1, 1
		case 2: // depthwise, with a channel multiplier at times
			p.In.C = 1 + rng.IntN(40)
			p.Groups = p.In.C
			p.OutC = p.In.C * (1 + rng.IntN(4)/2)
		}
		switch rng.IntN(4) {
		case 0:
			p.Activation.Kind = asm.ReLU
		case 1:
			p.Activation = Activation{Kind: asm.Clamp, A: -3, B: 5}
		}
		p.OutLayout = p.InLayout
		if rng.IntN(4) == 0 {
			p.OutLayout ^= tensor.NCHW ^ tensor.NHWC
		}
		if p.InLayout == tensor.NHWC && rng.IntN(2) == 0 {
			p.InStride = max(0, rng.IntN(9)-4+p.In.C) / p.In.C * (p.In.C + rng.IntN(9))
		}
		if p.OutLayout == tensor.NHWC && rng.IntN(2) == 0 {
			p.OutStride = rng.IntN(2) * (p.OutC + rng.IntN(9))
			if p.Residual {
				p.ResidualStride = p.OutStride
				if rng.IntN(2) == 0 {
					p.ResidualStride = p.OutC + rng.IntN(9)
				}
			}
		}
		if rng.IntN(4) == 0 {
			p.In.W = min(p.In.W, 33)
			p.Window = shapes.Wild(rng, p.In.H, p.In.W, 3000)
		}
		if _, _, err := p.Window.Out(p.In.H, p.In.W); err == nil {
			return p
		}
	}
}

// operands are a convolution's tensors.
type operands struct{ x, w, b, res []float32 }

func newOperands(p Params, out tensor.Shape, fill func([]float32)) operands {
	o := operands{
		x: make([]float32, p.In.Elems()),
		w: make([]float32, p.OutC*p.In.C/max(p.Groups, 1)*p.Window.KernelH*p.Window.KernelW),
		b: make([]float32, p.OutC),
	}
	if p.Residual {
		o.res = make([]float32, out.Elems())
	}
	for _, s := range [][]float32{o.x, o.w, o.b, o.res} {
		fill(s)
	}
	return o
}

// spread lays out pixels of c channels stride floats apart, with NaN between them.
func spread(x []float32, c, stride int) []float32 {
	if stride <= c {
		return slices.Clone(x)
	}
	y := nans((len(x)/c-1)*stride + c)
	for p := range len(x) / c {
		copy(y[p*stride:], x[p*c:(p+1)*c])
	}
	return y
}

// wide spreads the operands of a plan, and makes room for its output.
func (o operands) wide(pl *Plan) (dst, src, residual []float32) {
	p := pl.Params()
	if o.res != nil {
		residual = spread(o.res, p.OutC, p.ResidualStride)
	}
	return spread(nans(pl.Out().Elems()), p.OutC, p.OutStride), spread(o.x, p.In.C, p.InStride), residual
}

// run returns the output of a plan, after a run with the residual in a tensor of its own or in dst.
// What lies between the channels is to stay as it was.
func (o operands) run(t *testing.T, pl *Plan, threads int, inPlace bool) []float32 {
	y, x, res := o.wide(pl)
	p := pl.Params()
	if inPlace && p.ResidualStride == p.OutStride {
		y = res
	}
	pl.Run(NewWorkspace(threads, pl), y, x, res)
	if p.OutStride <= p.OutC {
		return y
	}
	dense := make([]float32, 0, pl.Out().Elems())
	for q := range len(y)/p.OutStride + 1 {
		row := y[q*p.OutStride:]
		dense = append(dense, row[:p.OutC]...)
		if len(row) > p.OutC {
			gap := row[p.OutC:p.OutStride]
			check.Exact(t, "between the channels of "+pl.String(), gap, nans(len(gap)))
		}
	}
	return dense
}

// reference is the answer, with the sum of the absolute values of its terms.
func reference(p Params, o operands) (y, cond []float64, depth int) {
	x := ref.Convert(p.InLayout, p.OutLayout, p.In, o.x)
	y, cond, depth = ref.Conv2D(p.OutLayout, p.In, p.OutC, p.Window, max(p.Groups, 1), x, o.w, o.b)
	if o.res != nil {
		depth++
	}
	for i, v := range o.res {
		y[i] += float64(v)
		cond[i] += math.Abs(float64(v))
	}
	for i := range y {
		switch p.Activation.Kind {
		case asm.ReLU:
			y[i] = max(y[i], 0)
		case asm.Clamp:
			y[i] = min(max(y[i], float64(p.Activation.A)), float64(p.Activation.B))
		}
	}
	return y, cond, depth
}

// each runs f for every algorithm that applies to p on every instruction set.
func each(t *testing.T, p Params, o operands, f func(pl *Plan)) {
	for _, isa := range asm.Supported() {
		set, err := asm.For(isa)
		require.NoError(t, err)
		for _, name := range Algorithms() {
			p.Kernels, p.Algorithm = set, name
			if !Applies(name, p) {
				continue
			}
			pl, err := New(p, o.w, o.b)
			require.NoError(t, err)
			f(pl)
		}
	}
}

// alone runs the tasks of a plan that takes the tensors as they are, the last one first, each as if no other had run before and with NaN in scratch.
func alone(t *testing.T, pl *Plan, o operands) []float32 {
	require.False(t, pl.reads.changes() || pl.writes.changes(), "%v", pl)
	y, x, res := o.wide(pl)
	for task := pl.runner.tasks() - 1; task >= 0; task-- {
		w := NewWorkspace(1, pl).workers[0]
		check.FillNaN(w.scratch)
		pl.runner.do(w, task, y, x, res)
	}
	return y
}

// many is n, or less for a short test: under emulation or the race detector.
func many(n int) int {
	if testing.Short() {
		return n / 5
	}
	return n
}

func nans(n int) []float32 {
	y := make([]float32, n)
	check.FillNaN(y)
	return y
}

// integers returns a comparison with the reference, whose sums are integers: exact, but for F(4x4,3x3), whose
// weights are thirds and fifteenths.
func integers(t *testing.T, p Params, o operands) func(pl *Plan, y []float32) {
	want, _, _ := reference(p, o)
	conds := winogradConds(p, o)
	return func(pl *Plan, y []float32) {
		t.Helper()
		if wino, ok := winogradOf(pl); ok && wino == asm.Wino4 {
			cond, depth := conds(wino)
			check.Bound(t, pl.String(), y, want, cond, depth)
			return
		}
		for i := range y {
			if float64(y[i]) != want[i] {
				require.Equal(t, want[i], float64(y[i]), "%v element %d", pl, i)
			}
		}
	}
}

// exact compares all algorithms on a random convolution of small integers with the reference.
func exact(t *testing.T, rng *rand.Rand) {
	p := randomParams(rng)
	o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, rng.Uint64(), 4) })
	same := integers(t, p, o)
	each(t, p, o, func(pl *Plan) {
		for _, inPlace := range []bool{false, p.Residual} {
			same(pl, o.run(t, pl, 2, inPlace))
		}
	})
}

func TestExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range many(600) {
		exact(t, rng)
	}
}

func FuzzConv(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, a, b uint64) { exact(t, rand.New(rand.NewPCG(a, b))) })
}

// wildParams draws a convolution whose tasks may see nothing but padding, with work for several of them.
func wildParams(rng *rand.Rand) Params {
	for {
		p := randomParams(rng)
		p.In.H, p.In.W = 1+rng.IntN(12), 1+rng.IntN(26)
		if rng.IntN(3) == 0 { // depthwise, with enough channels for pieces
			p.In.C = 2 + rng.IntN(70)
			p.Groups, p.OutC = p.In.C, p.In.C*(1+rng.IntN(5)/4)
		}
		p.InStride, p.OutStride, p.ResidualStride = 0, 0, 0
		p.Window = shapes.Wild(rng, p.In.H, p.In.W, 6000)
		out := ref.Out(p.In, p.OutC, p.Window)
		if out.Elems()*p.In.C/max(p.Groups, 1)*p.Window.KernelH*p.Window.KernelW < 3<<20 {
			return p
		}
	}
}

// padded compares all algorithms on a convolution with the reference, with its operands between guard pages and 1 to 4 workers.
func padded(t *testing.T, rng *rand.Rand, p Params) {
	o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, rng.Uint64(), 4) })
	same := integers(t, p, o)
	each(t, p, o, func(pl *Plan) {
		if rng.IntN(2) == 0 { // as if the tensors were large
			switch r := pl.runner.(type) {
			case *depthwiseRunner:
				r.stream = r.pieces == 1 && r.ldin == r.in.C
			case *direct:
				r.stream = !r.weightsOuter && !r.planes && !pl.reads.changes() && r.ldin == r.in.C
			}
		}
		a := check.New(t, pl.Algorithm(), pl.String(), 0)
		defer a.Close()
		side := check.Side(rng.IntN(2))
		x := a.Floats("src", len(o.x), side)
		copy(x, o.x)
		var res []float32
		if o.res != nil {
			res = a.Floats("residual", len(o.res), side)
			copy(res, o.res)
		}
		a.Freeze()
		y := a.Floats("dst", pl.Out().Elems(), side)
		check.FillNaN(y)
		ws := NewWorkspace(1+rng.IntN(4), pl)
		a.Run(func() { pl.Run(ws, y, x, res) })
		same(pl, y)
	})
}

// TestPadding has rows, columns, tiles and whole tasks that see nothing but padding.
func TestPadding(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	for _, s := range []string{
		"conv n1c64h8w24 k64r3s3 p24,1,24,1 g64 NHWC", // bands above the input and below it
		"conv n1c64h8w24 k64r3s3 s2 p1,24,1,24 g64 NHWC", "conv n2c40h3w5 k40r3s3 p1,33,40,1 g40",
		"conv n1c24h2w3 k40r3s3 p30,1,30,9 NHWC", "conv n1c24h2w3 k40r3s3 p30,1,30,9", "conv n1c9h1w1 k70r1s1 s7x1 p60 NHWC",
	} {
		c, err := shapes.ParseConv(s)
		require.NoError(t, err)
		for i := range uint64(4) {
			padded(t, rand.New(rand.NewPCG(i, 14)), Params{In: c.In, OutC: c.OutC, Window: c.Window, Groups: c.Groups, InLayout: c.Layout, OutLayout: c.Layout, Residual: i%2 == 1})
		}
	}
	for i := range many(300) {
		rng := rand.New(rand.NewPCG(uint64(i), 15))
		padded(t, rng, wildParams(rng))
	}
}

// TestSweep has the kinds of windows, groups and sizes around the tiles of the kernels one by one.
func TestSweep(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	fam := newFamilies(asm.MustKernels())
	for i, c := range shapes.Convs(fam.mr(), fam.nr[0]) {
		if testing.Short() && i%5 != 0 {
			continue
		}
		padded(t, rand.New(rand.NewPCG(uint64(i), 16)), Params{In: c.In, OutC: c.OutC, Window: c.Window, Groups: c.Groups, InLayout: c.Layout, OutLayout: c.Layout})
	}
}

func FuzzPadding(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, a, b uint64) {
		rng := rand.New(rand.NewPCG(a, b))
		padded(t, rng, wildParams(rng))
	})
}

// TestSpacedPixels has channels that are spaced where the layout of the input is changed.
func TestSpacedPixels(t *testing.T) {
	p := Params{
		In: tensor.Shape{N: 1, C: 256, H: 6, W: 9}, OutC: 17,
		Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1},
	}
	o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 5, 4) })
	want, _, _ := reference(p, o)
	each(t, p, o, func(pl *Plan) {
		for i, y := range o.run(t, pl, 1, false) {
			require.InDelta(t, want[i], float64(y), 0.1, "%v element %d", pl, i)
		}
	})
}

// TestPlanes has first layers, which read the planes of an image where they lie, and layers that do not quite.
func TestPlanes(t *testing.T) {
	square := func(k, stride, pad int) tensor.Window {
		return tensor.Window{KernelH: k, KernelW: k, StrideH: stride, StrideW: stride, PadTop: pad, PadLeft: pad, PadBottom: pad, PadRight: pad}
	}
	wide, tall := square(3, 1, 2), square(3, 2, 2)
	wide.DilationW, tall.DilationH = 2, 2
	for _, c := range []struct {
		channels int
		win      tensor.Window
		want     bool
	}{
		{3, square(3, 2, 1), true}, {3, square(7, 2, 3), true}, {4, square(2, 1, 0), true}, {2, square(5, 3, 9), true}, {3, tall, true},
		{5, square(3, 1, 1), false}, {3, wide, false}, {3, square(28, 1, 14), false}, {3, square(1, 1, 0), false}, {1, square(3, 1, 1), false},
	} {
		p := Params{
			In: tensor.Shape{N: 2, C: c.channels, H: 19, W: 33}, OutC: 21, Window: c.win, OutLayout: tensor.NHWC,
			OutStride: 24, Residual: true, Algorithm: "direct", Activation: Activation{Kind: asm.ReLU},
		}
		o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 3, 3) })
		same := integers(t, p, o)
		each(t, p, o, func(pl *Plan) {
			if pl.Algorithm() == "direct" {
				require.Equal(t, c.want, pl.runner.(*direct).planes, "%v", pl)
			}
			same(pl, o.run(t, pl, 3, false))
		})
	}
}

// TestLongSums has sums that no algorithm computes in one call.
func TestLongSums(t *testing.T) {
	for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
		p := Params{
			In: tensor.Shape{N: 1, C: 830, H: 3, W: 5}, OutC: 17, InLayout: layout, OutLayout: layout, Residual: true,
			Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1},
		}
		o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 5, 4) })
		same := integers(t, p, o)
		each(t, p, o, func(pl *Plan) { same(pl, o.run(t, pl, 1, false)) })
	}
}

func TestRandom(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	floats := func(x []float32) { check.FillRandom(x, rng.Uint64()) }
	for range many(150) {
		p := randomParams(rng)
		o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), floats)
		want, cond, depth := reference(p, o)
		wconds := winogradConds(p, o)
		each(t, p, o, func(pl *Plan) {
			y := o.run(t, pl, 1, false)
			cond, depth := cond, depth
			if wino, ok := winogradOf(pl); ok {
				cond, depth = wconds(wino)
			}
			check.Bound(t, pl.String(), y, want, cond, depth)
			if p.Residual {
				check.Exact(t, "in place "+pl.String(), o.run(t, pl, 1, true), y)
			}
		})
	}
}

// TestGuards places each operand against a guard page.
func TestGuards(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range many(60) {
		p := randomParams(rng)
		o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, rng.Uint64(), 4) })
		each(t, p, o, func(pl *Plan) {
			for _, side := range []check.Side{check.Head, check.Tail} {
				a := check.New(t, pl.Algorithm(), pl.String(), uint64(i))
				wy, wx, wres := o.wide(pl)
				x, y := a.Floats("src", len(wx), side), a.Floats("dst", len(wy), side)
				copy(x, wx)
				var res []float32
				if wres != nil {
					res = a.Floats("residual", len(wres), side)
					copy(res, wres)
				}
				ws := NewWorkspace(1, pl)
				a.Run(func() { pl.Run(ws, y, x, res) })
			}
		})
	}
}

// TestSpecial has no rounding to hide behind: a NaN or an infinity goes exactly where it belongs.
func TestSpecial(t *testing.T) {
	p := Params{
		In: tensor.Shape{N: 1, C: 5, H: 9, W: 17}, OutC: 37, InLayout: tensor.NHWC, OutLayout: tensor.NHWC,
		Window:     tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1},
		Activation: Activation{Kind: asm.ReLU},
	}
	o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 7, 3) })
	for i := range o.w {
		if o.w[i] == 0 {
			o.w[i] = 1
		}
	}
	for _, v := range []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), math.SmallestNonzeroFloat32} {
		for _, at := range []int{0, 5*17*4 + 5*8 + 2, len(o.x) - 1} {
			was := o.x[at]
			o.x[at] = v
			want, _, _ := reference(p, o)
			each(t, p, o, func(pl *Plan) {
				if _, ok := winogradOf(pl); ok {
					return // TestWinogradSpecial
				}
				y := nans(pl.Out().Elems())
				pl.Run(NewWorkspace(1, pl), y, o.x, o.res)
				for i := range y {
					if w := float32(want[i]); y[i] != w && !(math.IsNaN(want[i]) && math.IsNaN(float64(y[i]))) {
						require.Equal(t, w, y[i], "%v of %v at %d: element %d", pl, v, at, i)
					}
				}
			})
			o.x[at] = was
		}
	}
}

// TestNonFiniteWeights has a weight that is infinite or NaN at every position of a kernel. Where it lies in the padding it has
// no effect, whatever algorithm is taken; one that would not leave it out is refused.
func TestNonFiniteWeights(t *testing.T) {
	square := func(k, stride, dilation, pad int) tensor.Window {
		return tensor.Window{
			KernelH: k, KernelW: k, StrideH: stride, StrideW: stride, DilationH: dilation, DilationW: dilation,
			PadTop: pad, PadLeft: pad, PadBottom: pad, PadRight: pad,
		}
	}
	chosen, refused := map[string]bool{}, map[string]bool{}
	for _, c := range []struct {
		c, outC, groups int
		win             tensor.Window
	}{
		{3, 37, 1, square(3, 1, 1, 1)}, {3, 32, 1, square(3, 2, 1, 1)}, {5, 2, 1, square(3, 1, 1, 1)}, {9, 1, 1, square(3, 1, 2, 2)}, {40, 16, 1, square(3, 1, 1, 1)},
		{6, 1, 1, square(1, 1, 1, 0)}, {6, 3, 1, square(1, 1, 1, 1)}, {20, 20, 20, square(3, 1, 1, 1)}, {20, 20, 20, square(3, 2, 1, 1)}, {5, 10, 5, square(3, 1, 1, 2)},
		{8, 24, 2, square(3, 1, 1, 1)}, {4, 3, 1, tensor.Window{KernelH: 2, KernelW: 4, PadTop: 5, PadLeft: 7, PadBottom: 4, PadRight: 9}},
		{3, 37, 1, tensor.Window{KernelH: 5, KernelW: 1, PadTop: 2, PadBottom: 2}},
		{5, 9, 1, tensor.Window{KernelH: 2, KernelW: 2, PadTop: 1}}, {5, 9, 1, tensor.Window{KernelH: 2, KernelW: 2, PadBottom: 1}}, // on one side only
		{5, 9, 1, tensor.Window{KernelH: 2, KernelW: 2, PadLeft: 1}}, {5, 9, 1, tensor.Window{KernelH: 2, KernelW: 2, PadRight: 1}},
	} {
		for _, p := range []Params{{}, {InLayout: tensor.NHWC, OutLayout: tensor.NHWC}, {OutLayout: tensor.NHWC}, {InLayout: tensor.NHWC}} {
			p.In, p.OutC, p.Groups, p.Window, p.Accuracy = tensor.Shape{N: 1, C: c.c, H: 7, W: 37}, c.outC, c.groups, c.win, Relaxed
			if c.win.KernelW == 1 && c.win.KernelH > 1 {
				p.In.H, p.In.W = 60, 1
			}
			o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 7, 3) })
			taps := p.Window.KernelH * p.Window.KernelW
			for tap := range taps {
				at := (len(o.w)/taps/2)*taps + tap // of a channel in the middle
				was := o.w[at]
				for i, v := range []float32{float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())} {
					if i != tap%3 && testing.Short() {
						continue
					}
					o.w[at] = v
					want, _, _ := reference(p, o)
					for _, isa := range asm.Supported() {
						var err error
						p.Kernels, err = asm.For(isa)
						require.NoError(t, err)
						for _, name := range append(Algorithms(), "") {
							if name != "" && !Applies(name, p) {
								continue
							}
							p.Algorithm = name
							pl, err := New(p, o.w, o.b)
							if err != nil {
								require.ErrorContains(t, err, "conv: the largest weight is +Inf or NaN, want at most")
								refused[name] = true
								continue
							}
							if name == "" {
								chosen[pl.Algorithm()] = true
							}
							for i, y := range o.run(t, pl, 1, false) {
								if w := float32(want[i]); y != w && !(math.IsNaN(want[i]) && math.IsNaN(float64(y))) {
									require.Equal(t, w, y, "%v, tap %d is %v: element %d", pl, tap, v, i)
								}
							}
						}
					}
				}
				o.w[at] = was
			}
		}
	}
	require.True(t, chosen["depthwise"] && chosen["direct"], chosen)
	require.Equal(t, map[string]bool{"winograd": true, "winograd2": true, "planar": true, "narrow": true}, refused)
}

// TestLargeWeights: weights that overflow when they are transformed leave Winograd's algorithms out.
func TestLargeWeights(t *testing.T) {
	p := Params{In: tensor.Shape{N: 1, C: 64, H: 20, W: 20}, OutC: 64, Window: tensor.Window{KernelH: 3, KernelW: 3}, InLayout: tensor.NHWC, OutLayout: tensor.NHWC, Accuracy: Relaxed}
	w := make([]float32, 64*64*9)
	for _, c := range []struct {
		w    float32
		want string
	}{{winogradLimit(nil), "winograd"}, {-math.MaxFloat32 / 3, "direct"}, {math.MaxFloat32, "direct"}} {
		for i := range 9 {
			w[9*70+i] = c.w
		}
		pl, err := New(p, w, nil)
		require.NoError(t, err)
		require.Equal(t, c.want, pl.Algorithm())
		x, y := make([]float32, p.In.Elems()), nans(pl.Out().Elems())
		for i := range x {
			x[i] = 0.01
		}
		pl.Run(NewWorkspace(1, pl), y, x, nil)
		for i, v := range y {
			require.False(t, math.IsNaN(float64(v)) || math.IsInf(float64(v), 0), "%v element %d is %v", pl, i, v)
		}
	}
}

func TestSameBitsForAnyThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	rng := rand.New(rand.NewPCG(7, 8))
	shapes := []Params{
		{In: tensor.Shape{N: 2, C: 40, H: 28, W: 28}, OutC: 96, Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1}},
		{In: tensor.Shape{N: 1, C: 512, H: 7, W: 7}, OutC: 256, Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1}},
		{In: tensor.Shape{N: 1, C: 256, H: 28, W: 28}, OutC: 512, Window: tensor.Window{KernelH: 1, KernelW: 1, StrideH: 2, StrideW: 2}},
		{In: tensor.Shape{N: 1, C: 64, H: 56, W: 56}, OutC: 64, Groups: 64, Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1}},
	}
	for _, p := range shapes {
		for _, p.InLayout = range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
			p.OutLayout = p.InLayout
			o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillRandom(x, rng.Uint64()) })
			for _, name := range Algorithms() {
				if !Applies(name, p) {
					continue
				}
				p.Algorithm = name
				pl, err := New(p, o.w, o.b)
				require.NoError(t, err)
				var first []float32
				for _, threads := range []int{1, 2, 3, 8} {
					ws := NewWorkspace(threads, pl)
					y := nans(pl.Out().Elems())
					pl.Run(ws, y, o.x, nil)
					if first == nil {
						first = y
					}
					check.Exact(t, fmt.Sprintf("%v with %d threads", pl, threads), y, first)
				}
			}
		}
	}
}

func TestConcurrentRuns(t *testing.T) {
	p := Params{In: tensor.Shape{N: 1, C: 16, H: 20, W: 20}, OutC: 48, Window: tensor.Window{KernelH: 3, KernelW: 3}}
	o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 9, 4) })
	pl, err := New(p, o.w, o.b)
	require.NoError(t, err)
	want := nans(pl.Out().Elems())
	pl.Run(NewWorkspace(1, pl), want, o.x, nil)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			ws := NewWorkspace(2, pl)
			y := nans(len(want))
			for range 20 {
				pl.Run(ws, y, o.x, nil)
				check.Exact(t, "concurrent run", y, want)
			}
		})
	}
	wg.Wait()
}

func TestNoAllocations(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for range 20 {
		p := randomParams(rng)
		if rng.IntN(2) == 0 {
			p.Activation.Kind = asm.SiLU
		}
		o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillRandom(x, 1) })
		each(t, p, o, func(pl *Plan) {
			ws := NewWorkspace(2, pl)
			y, x, res := o.wide(pl)
			check.NoAllocs(t, func() { pl.Run(ws, y, x, res) }, pl.String())
		})
	}
}

// TestActivations has every activation, after a convolution of each kind, with a residual and without.
func TestActivations(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for kind := asm.Identity; kind.Valid(); kind++ {
		for range many(10) {
			p := randomParams(rng)
			p.Activation = Activation{Kind: kind, A: 0.25, B: 0.5}
			o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillRandom(x, 3) })
			each(t, p, o, func(pl *Plan) {
				q := pl.Params()
				q.Activation = Activation{}
				bare, err := New(q, o.w, o.b)
				require.NoError(t, err)
				plain := o.run(t, bare, 1, false)
				NewWorkspace(1, bare).workers[0].elem.Unary(q.Kernels, kind, 0.25, 0.5, plain, plain)
				check.Exact(t, fmt.Sprintf("%v %v", kind, pl), o.run(t, pl, 2, p.Residual), plain)
			})
		}
	}
}

// TestInPlaceChunks has so many input channels that a sum takes several passes over the output, which is the
// residual too, and rows whose borders take several calls.
func TestInPlaceChunks(t *testing.T) {
	for _, p := range []Params{
		{In: tensor.Shape{N: 1, C: 5000, H: 2, W: 3}, OutC: 37, Window: tensor.Window{KernelH: 1, KernelW: 1}},
		{In: tensor.Shape{N: 2, C: 700, H: 4, W: 5}, OutC: 20, Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 3, PadLeft: 3, PadBottom: 1, PadRight: 4}},
	} {
		for _, p.InLayout = range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
			p.OutLayout = p.InLayout
			p.Residual, p.Activation.Kind = true, asm.ReLU
			o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, uint64(len(x)), 4) })
			same := integers(t, p, o)
			each(t, p, o, func(pl *Plan) {
				for _, inPlace := range []bool{false, true} {
					same(pl, o.run(t, pl, 2, inPlace))
				}
			})
		}
	}
}

// TestPieces has NCHW layers of several tasks, in the pieces of which a strip of the input is followed by the next, by one
// that overlaps it, by that of another image, or by the same for other channels.
func TestPieces(t *testing.T) {
	for _, c := range []struct {
		p       Params
		in, out bool
	}{
		{Params{In: tensor.Shape{N: 2, C: 32, H: 40, W: 41}, OutC: 40, Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1}}, true, true},
		{Params{In: tensor.Shape{N: 3, C: 24, H: 30, W: 17}, OutC: 70, Window: tensor.Window{KernelH: 3, KernelW: 2, StrideH: 2, StrideW: 3, DilationH: 2, PadTop: 3}, Residual: true}, true, true},
		{Params{In: tensor.Shape{N: 1, C: 200, H: 23, W: 24}, OutC: 80, Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1}}, false, true},
		{Params{In: tensor.Shape{N: 2, C: 90, H: 31, W: 33}, OutC: 48, Window: tensor.Window{KernelH: 1, KernelW: 1}, Algorithm: "pointwise", Activation: Activation{Kind: asm.ReLU}}, true, true},
		{Params{In: tensor.Shape{N: 2, C: 32, H: 40, W: 41}, OutC: 40, Window: tensor.Window{KernelH: 3, KernelW: 3}, OutLayout: tensor.NHWC}, true, false},
	} {
		if c.p.Algorithm == "" {
			c.p.Algorithm = "direct"
		}
		o := newOperands(c.p, ref.Out(c.p.In, c.p.OutC, c.p.Window), func(x []float32) { check.FillInts(x, 1, 4) })
		pl, err := New(c.p, o.w, o.b)
		require.NoError(t, err)
		require.Equal(t, c.in, pl.reads&inTasks != 0, pl)
		require.Equal(t, c.out, pl.writes&inTasks != 0, pl)
		require.Greater(t, pl.runner.tasks(), 2, pl)
		same := integers(t, c.p, o)
		for _, threads := range []int{1, 3} {
			same(pl, o.run(t, pl, threads, c.p.Residual))
		}
	}
}

// TestWideTensor writes two convolutions side by side into one tensor, and reads one half of it.
func TestWideTensor(t *testing.T) {
	in := tensor.Shape{N: 1, C: 6, H: 4, W: 5}
	p := Params{In: in, OutC: 3, Window: tensor.Window{KernelH: 1, KernelW: 1}, InLayout: tensor.NHWC, OutLayout: tensor.NHWC, OutStride: 8}
	x, w := make([]float32, in.Elems()), make([]float32, 18)
	check.FillInts(x, 1, 4)
	check.FillInts(w, 2, 4)
	wide, dense := nans(20*8), nans(20*3)
	left, err := New(p, w, nil)
	require.NoError(t, err)
	require.Contains(t, left.String(), "strides 0,8,0")
	p.OutStride = 0
	plain, err := New(p, w, nil)
	require.NoError(t, err)
	ws := NewWorkspace(1, left, plain)
	left.Run(ws, wide, x, nil)
	left.Run(ws, wide[4:], x, nil)
	plain.Run(ws, dense, x, nil)
	for i := range 20 {
		nan := nans(1)
		check.Exact(t, "row", wide[8*i:8*i+8], slices.Concat(dense[3*i:3*i+3], nan, dense[3*i:3*i+3], nan))
	}
	p.In.C, p.InStride = 3, 8
	half, err := New(p, w[:9], nil)
	require.NoError(t, err)
	p.InStride = 0
	plain, err = New(p, w[:9], nil)
	require.NoError(t, err)
	want := nans(20 * 3)
	ws = NewWorkspace(1, left, half, plain)
	plain.Run(ws, want, dense, nil)
	got := nans(20 * 3)
	half.Run(ws, got, wide[4:], nil)
	check.Exact(t, "half of the input", got, want)
	require.PanicsWithValue(t, shortSrc, func() { half.Run(ws, got, wide[6:], nil) })
	require.PanicsWithValue(t, shortDst, func() { left.Run(ws, wide[6:], x, nil) })
}

func TestErrors(t *testing.T) {
	good := Params{In: tensor.Shape{N: 1, C: 4, H: 5, W: 5}, OutC: 6, Window: tensor.Window{KernelH: 3, KernelW: 3}}
	w := make([]float32, 6*4*9)
	for _, c := range []struct {
		say    string
		change func(*Params)
	}{
		{"In: tensor: C is 0, want at least 1", func(p *Params) { p.In.C = 0 }},
		{"overflows", func(p *Params) { p.In = tensor.Shape{N: math.MaxInt / 4, C: 4, H: 4, W: 4} }},
		{"InLayout is Layout(9), want NCHW or NHWC", func(p *Params) { p.InLayout = 9 }},
		{"OutLayout is Layout(9), want NCHW or NHWC", func(p *Params) { p.OutLayout = 9 }},
		{"OutC is -1, want at least 1", func(p *Params) { p.OutC = -1 }},
		{"Groups is 3, want a divisor of In.C = 4 and OutC = 6", func(p *Params) { p.Groups = 3 }},
		{"Groups is -1", func(p *Params) { p.Groups = -1 }},
		{"Window: tensor: KernelH is 0", func(p *Params) { p.Window.KernelH = 0 }},
		{"Window: tensor: StrideW is -2", func(p *Params) { p.Window.StrideW = -2 }},
		{"Window: tensor: input W is 5, with padding 5, want at least the kernel's reach 7", func(p *Params) { p.Window.KernelW = 7 }},
		{"InStride is 3, want 0 or at least In.C = 4", func(p *Params) { p.InStride, p.InLayout = 3, tensor.NHWC }},
		{"OutStride is -1, want 0 or at least OutC = 6", func(p *Params) { p.OutStride, p.OutLayout = -1, tensor.NHWC }},
		{"OutStride is 8, want 0 in NCHW", func(p *Params) { p.OutStride = 8 }},
		{"InStride is 8, want 0 in NCHW", func(p *Params) { p.InStride, p.OutLayout = 8, tensor.NHWC }},
		{"OutStride is 9223372036854775807, which overflows the address space", func(p *Params) { p.OutStride, p.OutLayout = math.MaxInt, tensor.NHWC }},
		{"OutRowStride is 600, want 0 in NCHW", func(p *Params) { p.OutRowStride = 600 }},
		{"OutRowStride is 600, want 0 with Residual", func(p *Params) { p.OutRowStride, p.OutLayout, p.Residual = 600, tensor.NHWC, true }},
		{"OutRowStride is -1, want 0 or at least a row's ", func(p *Params) { p.OutRowStride, p.OutLayout = -1, tensor.NHWC }},
		{"OutRowStride is 9223372036854775807, which overflows the address space", func(p *Params) { p.OutRowStride, p.OutLayout = math.MaxInt, tensor.NHWC }},
		{"ResidualStride is 8, want 0 without Residual", func(p *Params) { p.ResidualStride, p.OutLayout = 8, tensor.NHWC }},
		{"Window.CeilMode is true", func(p *Params) { p.Window.CeilMode = true }},
		{"len(weights) is 216, want OutC*In.C/Groups*KernelH*KernelW = 288", func(p *Params) { p.OutC = 8 }},
		{`unknown Algorithm "fft", want one of depthwise grouped winograd winograd2 planar narrow pointwise direct`, func(p *Params) { p.Algorithm = "fft" }},
		{`Algorithm "pointwise" does not apply to conv n1c4h5w5 k6r3s3`, func(p *Params) { p.Algorithm = "pointwise" }},
	} {
		p := good
		c.change(&p)
		_, err := New(p, w, nil)
		require.ErrorContains(t, err, c.say)
	}
	_, err := New(good, w, make([]float32, 5))
	require.ErrorContains(t, err, "len(bias) is 5, want OutC = 6 or nil")

	pl, err := New(good, w, nil)
	require.NoError(t, err)
	ws := NewWorkspace(1, pl)
	y, x := make([]float32, pl.Out().Elems()), make([]float32, good.In.Elems())
	require.PanicsWithValue(t, shortDst, func() { pl.Run(ws, y[1:], x, nil) })
	require.PanicsWithValue(t, shortSrc, func() { pl.Run(ws, y, x[1:], nil) })
	require.PanicsWithValue(t, notResidual, func() { pl.Run(ws, y, x, y) })
	require.PanicsWithValue(t, noWorkspace, func() { pl.Run(nil, y, x, nil) })
	good.Residual, good.InLayout, good.OutLayout, good.In.H = true, tensor.NCHW, tensor.NCHW, 50
	big, err := New(good, w, nil)
	require.NoError(t, err)
	require.PanicsWithValue(t, shortRes, func() {
		big.Run(ws, make([]float32, big.Out().Elems()), make([]float32, good.In.Elems()), nil)
	})
	require.PanicsWithValue(t, noWorkspace, func() {
		big.Run(ws, make([]float32, big.Out().Elems()), make([]float32, good.In.Elems()), make([]float32, big.Out().Elems()))
	})
}

// TestWideTiles: maps of 7x7 pixels have too few rows for the tall tiles of AVX2, and 48 channels leave a narrow block
// beside 32.
func TestWideTiles(t *testing.T) {
	for _, c := range []struct {
		isa  string
		p    Params
		tile string
	}{
		{"avx2", Params{In: tensor.Shape{N: 1, C: 8, H: 7, W: 7}, OutC: 56, Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1}}, "tiles 4x24"},
		{"avx2", Params{In: tensor.Shape{N: 1, C: 8, H: 56, W: 56}, OutC: 64, Window: tensor.Window{KernelH: 3, KernelW: 3}}, "tiles 6x16"},
		{"avx512", Params{In: tensor.Shape{N: 1, C: 128, H: 13, W: 13}, OutC: 48, Window: tensor.Window{KernelH: 1, KernelW: 1}}, "tiles 8x48"},
		{"avx512", Params{In: tensor.Shape{N: 1, C: 128, H: 14, W: 14}, OutC: 64, Window: tensor.Window{KernelH: 1, KernelW: 1}}, "tiles 14x32"},
	} {
		isa, err := asm.Parse(c.isa)
		require.NoError(t, err)
		if c.p.Kernels, err = asm.For(isa); err != nil {
			t.Log(err)
			continue
		}
		c.p.InLayout, c.p.OutLayout = tensor.NHWC, tensor.NHWC
		o := newOperands(c.p, ref.Out(c.p.In, c.p.OutC, c.p.Window), func(x []float32) { check.FillInts(x, 1, 4) })
		pl, err := New(c.p, o.w, o.b)
		require.NoError(t, err)
		require.Contains(t, pl.String(), c.tile)
		want, _, _ := reference(c.p, o)
		for i, y := range o.run(t, pl, 1, false) {
			require.Equal(t, want[i], float64(y), "%v element %d", pl, i)
		}
	}
}

func TestString(t *testing.T) {
	p := Params{
		In: tensor.Shape{N: 1, C: 64, H: 56, W: 56}, OutC: 64, InLayout: tensor.NHWC, OutLayout: tensor.NHWC,
		Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1},
	}
	p.Kernels, _ = asm.For(asm.Generic)
	pl, err := New(p, make([]float32, 64*64*9), nil)
	require.NoError(t, err)
	for _, say := range []string{"conv n1c64h56w56 k64r3s3 p1 NHWC: direct, brgF32_4x4_generic", "strips", "workspace"} {
		require.True(t, strings.Contains(pl.String(), say), "%q in %q", say, pl)
	}
}

// TestStream has an input that is read in order first, and others that are not.
func TestStream(t *testing.T) {
	plan := func(p Params) (*Plan, operands) {
		o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 9, 4) })
		p.InLayout, p.OutLayout, p.Algorithm = tensor.NHWC, tensor.NHWC, "direct"
		pl, err := New(p, o.w, o.b)
		require.NoError(t, err)
		return pl, o
	}
	square := func(k, stride, pad int) tensor.Window {
		return tensor.Window{KernelH: k, KernelW: k, StrideH: stride, StrideW: stride, PadTop: pad, PadLeft: pad, PadBottom: pad, PadRight: pad}
	}
	for _, c := range []struct {
		side int
		win  tensor.Window
		want bool
	}{{536, square(2, 2, 0), true}, {268, square(2, 2, 0), false}, {536, square(3, 2, 1), false}, {536, square(1, 1, 0), false}} {
		pl, _ := plan(Params{In: tensor.Shape{N: 1, C: 16, H: c.side, W: c.side}, OutC: 32, Window: c.win})
		require.Equal(t, c.want, pl.runner.(*direct).stream, "%v", pl)
	}
	for _, win := range []tensor.Window{square(2, 2, 0), square(2, 3, 4), square(4, 4, 3)} {
		pl, o := plan(Params{In: tensor.Shape{N: 3, C: 5, H: 21, W: 18}, OutC: 7, Window: win})
		want := o.run(t, pl, 1, false)
		pl.runner.(*direct).stream = true
		check.Exact(t, pl.String(), o.run(t, pl, 2, false), want)
	}
}

// TestShortSums has layers for which tiles of fewer rows were measured to be quicker, and others.
func TestShortSums(t *testing.T) {
	for _, c := range []struct {
		channels, outC, kernel int
		isa                    string
		short                  bool
	}{
		{16, 64, 1, "avx512", true}, {16, 96, 1, "avx512", true}, {32, 64, 1, "avx512", true}, {3, 64, 3, "avx512", true},
		{256, 64, 1, "avx512", false}, {32, 16, 1, "avx512", false}, {64, 64, 3, "avx512", false}, {16, 64, 1, "avx2", false},
	} {
		for _, isa := range asm.Supported() {
			if isa.String() != c.isa {
				continue
			}
			set, err := asm.For(isa)
			require.NoError(t, err)
			pl, err := New(Params{
				In: tensor.Shape{N: 1, C: c.channels, H: 56, W: 56}, OutC: c.outC, InLayout: tensor.NHWC, OutLayout: tensor.NHWC, Kernels: set,
				Window: tensor.Window{KernelH: c.kernel, KernelW: c.kernel},
			}, make([]float32, c.outC*c.channels*c.kernel*c.kernel), nil)
			require.NoError(t, err)
			d := pl.runner.(*direct)
			require.Equal(t, c.short, d.mr < min(d.fam.mr(), 8), "%v", pl)
		}
	}
}

// TestOverlap: the output may lie beside input and residual, between their channels too, or be the residual, and nothing else.
func TestOverlap(t *testing.T) {
	in := tensor.Shape{N: 1, C: 8, H: 5, W: 5}
	window := tensor.Window{KernelH: 1, KernelW: 1}
	x := make([]float32, 4000)
	w := make([]float32, 8*8)
	plan := func(p Params) *Plan {
		p.In, p.OutC, p.Window = in, 8, window
		pl, err := New(p, w, nil)
		require.NoError(t, err)
		return pl
	}
	for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
		pl := plan(Params{InLayout: layout, OutLayout: layout})
		ws := NewWorkspace(1, pl)
		for _, at := range []int{0, 1, 199} {
			require.PanicsWithValue(t, overlap, func() { pl.Run(ws, x[at:at+200], x[:200], nil) })
			require.PanicsWithValue(t, overlap, func() { pl.Run(ws, x[:200], x[at:at+200], nil) })
		}
		pl.Run(ws, x[200:400], x[:200], nil)
		sum := plan(Params{InLayout: layout, OutLayout: layout, Residual: true})
		ws = NewWorkspace(1, sum)
		sum.Run(ws, x[200:400], x[:200], x[200:400])
		sum.Run(ws, x[200:400], x[:200], x[:200])
		require.PanicsWithValue(t, overlapRes, func() { sum.Run(ws, x[200:400], x[:200], x[201:401]) })
	}
	wide := plan(Params{InLayout: tensor.NHWC, OutLayout: tensor.NHWC, InStride: 20, OutStride: 20, ResidualStride: 20, Residual: true})
	ws := NewWorkspace(1, wide)
	wide.Run(ws, x[8:], x, x[12:][8:])
	wide.Run(ws, x[12:], x, x[12:])
	require.PanicsWithValue(t, overlap, func() { wide.Run(ws, x[7:], x, x[2000:]) })
	require.PanicsWithValue(t, overlap, func() { wide.Run(ws, x[13:], x, x[2000:]) })
	require.PanicsWithValue(t, overlap, func() { wide.Run(ws, x, x[13:], x[2000:]) })
	require.PanicsWithValue(t, overlapRes, func() { wide.Run(ws, x[12:], x, x[11:]) })
	mixed := plan(Params{InLayout: tensor.NHWC, OutLayout: tensor.NHWC, OutStride: 20, ResidualStride: 21, Residual: true})
	require.PanicsWithValue(t, overlap, func() { mixed.Run(NewWorkspace(1, mixed), x, x[100:300], x[2000:]) })
	mixed.Run(NewWorkspace(1, mixed), x, x[488:688], x[2000:]) // behind the last pixel
}

// panics is a runner that does not come to an end.
type panics struct{ runner }

func (panics) do(*worker, int, []float32, []float32, []float32) { panic("task") }

// TestOneCallAtATime: a workspace that is in use is not touched, and one that a panic has left serves again.
func TestOneCallAtATime(t *testing.T) {
	p := Params{In: tensor.Shape{N: 1, C: 16, H: 20, W: 20}, OutC: 48, Window: tensor.Window{KernelH: 3, KernelW: 3}}
	o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 9, 4) })
	pl, err := New(p, o.w, o.b)
	require.NoError(t, err)
	ws := NewWorkspace(2, pl)
	want, y := nans(pl.Out().Elems()), nans(pl.Out().Elems())
	pl.Run(ws, want, o.x, nil)
	ws.busy.Enter("")
	require.PanicsWithValue(t, busyWorkspace, func() { pl.Run(ws, y, o.x, nil) })
	check.Exact(t, "refused", y, nans(len(y)))
	ws.busy.Leave()
	broken := *pl
	broken.runner = panics{pl.runner}
	require.Panics(t, func() { broken.Run(ws, y, o.x, nil) })
	require.Nil(t, ws.dst)
	pl.Run(ws, y, o.x, nil)
	check.Exact(t, "after a panic", y, want)
	check.Shared(t, busyWorkspace, func() (call, verify func()) {
		y := make([]float32, len(want))
		return func() { pl.Run(ws, y, o.x, nil) }, func() { check.Exact(t, "shared", y, want) }
	})
}

// TestHostile gives constructors arguments that they should not have: an error says which, and what is accepted runs.
func TestHostile(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	refused, ran := 0, 0
	var plans []*Plan
	for range many(5000) {
		var c struct {
			Params
			Weights, Bias []float32
		}
		c.Params = randomParams(rng)
		o := newOperands(c.Params, ref.Out(c.In, c.OutC, c.Window), func(x []float32) { check.FillInts(x, 1, 3) })
		c.Weights, c.Bias = o.w, o.b
		check.Hostile(rng, &c, 1+rng.IntN(3))
		what := c.Params
		for _, name := range append(Algorithms(), c.Algorithm) {
			Applies(name, c.Params)
		}
		pl, err := New(c.Params, c.Weights, c.Bias)
		check.Refusal(t, "conv", err, what)
		if t.Failed() {
			return
		}
		if err != nil {
			refused++
			continue
		}
		require.True(t, Applies(pl.Algorithm(), c.Params), what)
		if len(pl.String()) == 0 || pl.MACs() > 1<<22 || pl.Out().Elems() > 1<<20 {
			continue
		}
		ran++
		p := pl.Params()
		floats := func(s tensor.Shape, stride int) []float32 {
			return make([]float32, (s.N*s.H*s.W-1)*max(stride, s.C)+s.C)
		}
		if p.InBF16 || p.OutBF16 || max(p.InStride, p.OutStride, p.ResidualStride) > 1<<12 || p.OutRowStride > 1<<15 {
			continue
		}
		dst := floats(pl.Out(), p.OutStride)
		if p.OutRowStride != 0 {
			dst = make([]float32, pl.span())
		}
		var res []float32
		if p.Residual {
			res = floats(pl.Out(), p.ResidualStride)
		}
		pl.Run(NewWorkspace(1, pl), dst, floats(p.In, p.InStride), res)
		plans = append(plans, pl)
		if n := len(plans); n > 3 {
			Chain(plans[n-2:]...)
			Chain(plans[n-4:]...)
		}
	}
	require.Greater(t, refused, many(2000))
	require.Greater(t, ran, many(400))
}

// TestNotMade: zero values and nil where something made by a constructor is due.
func TestNotMade(t *testing.T) {
	p := Params{In: tensor.Shape{N: 1, C: 4, H: 5, W: 5}, OutC: 6, Window: tensor.Window{KernelH: 3, KernelW: 3}}
	pl, err := New(p, make([]float32, 6*4*9), nil)
	require.NoError(t, err)
	x, y := make([]float32, 100), make([]float32, 54)
	for _, none := range []*Workspace{nil, {}} {
		require.PanicsWithValue(t, noWorkspace, func() { pl.Run(none, y, x, nil) })
	}
	for _, none := range []*Plan{nil, {}} {
		require.PanicsWithValue(t, noPlan, func() { none.Run(NewWorkspace(1), y, x, nil) })
		require.PanicsWithValue(t, noPlan, func() { NewWorkspace(1, pl, none) })
		require.PanicsWithValue(t, noPlan, func() { Chain(none, none) })
		require.PanicsWithValue(t, noPlan, func() { Chain(none) })
	}
	zero := new(Plan)
	require.Equal(t, []any{0, "", tensor.Shape{}}, []any{zero.MACs(), zero.Algorithm(), zero.Out()})
	require.NotEmpty(t, zero.String())
	require.Empty(t, Chain())
	for _, name := range append(Algorithms(), "", "fft") {
		require.False(t, Applies(name, Params{}), name)
		bad := p
		bad.Kernels = &asm.Set{}
		require.False(t, Applies(name, bad), name)
		bad.Algorithm = name
		_, err := New(bad, make([]float32, 6*4*9), nil)
		require.EqualError(t, err, "conv: asm: Kernels is a Set of the caller's making, want nil or one from asm.Kernels or asm.For")
	}
	require.Panics(t, func() { NewWorkspace(-1, pl) })
}

func TestActivationCheck(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		a    Activation
		want string
	}{
		{Activation{}, ""}, {Activation{Kind: asm.ReLU, A: nan}, ""}, {Activation{Kind: asm.Clamp, A: -inf, B: 6}, ""}, {Activation{Kind: asm.Clamp, A: 2, B: 2}, ""},
		{Activation{Kind: asm.LeakyReLU}, ""}, {Activation{Kind: asm.HardSigmoid, A: 0.2}, ""},
		{Activation{Kind: asm.NumUnary}, "Kind is"},
		{Activation{Kind: asm.Clamp}, "A is 0 and B 0"}, {Activation{Kind: asm.Clamp, A: 3, B: 2}, "A is 3 and B 2"}, {Activation{Kind: asm.Clamp, A: nan, B: 2}, "A is NaN"},
		{Activation{Kind: asm.Clamp, A: 1, B: nan}, "B NaN"}, {Activation{Kind: asm.HardSigmoid, B: 0.5}, "A is 0"}, {Activation{Kind: asm.HardSigmoid, A: 1, B: nan}, "B NaN"},
		{Activation{Kind: asm.ELU, A: nan}, "A is NaN"}, {Activation{Kind: asm.LeakyReLU, A: nan}, "A is NaN"},
	} {
		err := c.a.Check()
		if c.want == "" {
			require.NoError(t, err, "%+v", c.a)
		} else {
			require.ErrorContains(t, err, c.want)
		}
		_, err = New(Params{In: tensor.Shape{N: 1, C: 1, H: 1, W: 1}, OutC: 1, Window: tensor.Window{KernelH: 1, KernelW: 1}, Activation: c.a}, []float32{1}, nil)
		require.Equal(t, c.want == "", err == nil)
	}
}

// TestLargeShapes plans convolutions of tensors that nobody has: no time and no memory may grow with the batch, the rows or the columns.
func TestLargeShapes(t *testing.T) {
	const far = math.MaxInt / 512
	square := func(k, stride, pad int) tensor.Window {
		return tensor.Window{KernelH: k, KernelW: k, StrideH: stride, StrideW: stride, PadTop: pad, PadLeft: pad, PadBottom: pad, PadRight: pad}
	}
	plan := func(p Params) {
		w := make([]float32, p.OutC*p.In.C/max(1, p.Groups)*p.Window.KernelH*p.Window.KernelW)
		for _, name := range append(Algorithms(), "") {
			if p.Algorithm = name; name != "" && !Applies(name, p) {
				continue
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			pl, err := New(p, w, nil)
			runtime.ReadMemStats(&after)
			if err != nil {
				require.ErrorContains(t, err, "overflow", "%v %q", p, name)
				require.Regexp(t, "In is |output: ", err.Error(), "%v %q", p, name)
			} else {
				require.NotEmpty(t, pl.String())
			}
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20), "%v %q", p, name)
		}
	}
	began := time.Now()
	for _, in := range []tensor.Shape{
		{N: 1, C: 1, H: far, W: 1}, {N: 1, C: 1, H: 1, W: far}, {N: far, C: 1, H: 1, W: 1}, {N: 1, C: 1, H: 1 << (bits.UintSize/2 - 6), W: 1 << (bits.UintSize/2 - 6)},
		{N: 1, C: 16, H: far / 16, W: 1}, {N: 3, C: 16, H: 3, W: far / 256}, {N: far / 256, C: 16, H: 3, W: 3}, {N: 1, C: 4, H: 64000000 / 16, W: 4},
	} {
		for _, win := range []tensor.Window{square(1, 1, 0), square(1, 2, 0), square(3, 1, 1), square(3, 2, 1), square(3, 5, 1<<14), square(2, 1<<14, 1)} {
			if _, _, err := win.Out(in.H, in.W); err != nil {
				continue
			}
			for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
				for _, groups := range []int{1, in.C} {
					for _, outC := range []int{1, 5, 48} {
						if outC%groups == 0 || groups > 1 && outC == 48 {
							plan(Params{In: in, OutC: outC, Groups: groups, Window: win, InLayout: layout, OutLayout: layout})
						}
					}
					plan(Params{In: in, OutC: in.C, Groups: groups, Window: win, InLayout: layout, OutLayout: layout, Residual: true})
				}
			}
		}
	}
	require.Less(t, time.Since(began), time.Minute)
	for _, p := range []Params{
		{In: tensor.Shape{N: math.MaxInt / 4, C: 1, H: 1, W: 1}, OutC: 1, Window: square(1, 1, 0)},
		{In: tensor.Shape{N: far, C: 1, H: 1, W: 1}, OutC: 200, Window: square(1, 1, 0)},
		{In: tensor.Shape{N: 1 << (bits.UintSize - 3), C: 1, H: 1, W: 1}, OutC: 1, Window: square(1, 1, 0)},
		{In: tensor.Shape{N: 1, C: 1, H: 1 << (bits.UintSize / 2), W: 1 << (bits.UintSize/2 - 3)}, OutC: 1, Window: square(1, 1, 0)},
	} {
		_, err := New(p, make([]float32, p.OutC), nil)
		require.ErrorContains(t, err, "overflow")
	}
}

// TestLargeKernels: one call of a kernel stays below asm.MaxWork whatever the window, and the plan does not grow with its square.
func TestLargeKernels(t *testing.T) {
	for _, win := range []tensor.Window{
		{KernelH: 1, KernelW: 2500, PadLeft: 200, PadRight: 199}, {KernelH: 1, KernelW: 2500, DilationW: 2, PadLeft: 3000, PadRight: 100, StrideW: 17},
		{KernelH: 70, KernelW: 70, PadLeft: 3, PadTop: 30},
	} {
		for _, c := range []int{1, 2} {
			p := Params{In: tensor.Shape{N: 1, C: c, H: 1, W: 2500}, OutC: 3, Window: win}
			if win.KernelH > 1 {
				p.In.H, p.In.W = 80, 80
			}
			o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 5, 3) })
			for _, p.InLayout = range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
				p.OutLayout = p.InLayout
				same := integers(t, p, o)
				each(t, p, o, func(pl *Plan) {
					if d, ok := pl.runner.(*direct); ok {
						taps := map[*asm.Tap]bool{}
						for _, r := range d.runs {
							for _, c := range r.calls {
								for v, k := range c.k {
									require.LessOrEqual(t, c.most[v]*k*d.mr*d.fam.nr[0], asm.MaxWork)
									for _, l := range c.taps[v] {
										for i := range l {
											taps[&l[i]] = true
										}
									}
								}
							}
						}
						require.Less(t, len(taps), 200_000, "%v", pl)
					}
					same(pl, o.run(t, pl, 2, false))
				})
			}
		}
	}
}
