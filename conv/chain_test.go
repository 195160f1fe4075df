package conv

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/internal/shapes"
	"github.com/simdnn/simdnn/tensor"
)

// chainParams are a depthwise convolution over c channels with a 1x1 convolution after it and, with expand, before it.
func chainParams(in tensor.Shape, expand bool, c, outC int, win tensor.Window) (ps []Params) {
	add := func(p Params) {
		p.InLayout, p.OutLayout, p.In = tensor.NHWC, tensor.NHWC, in
		ps = append(ps, p)
		h, w, _ := p.Window.Out(in.H, in.W)
		in = tensor.Shape{N: in.N, C: p.OutC, H: h, W: w}
	}
	point := tensor.Window{KernelH: 1, KernelW: 1}
	relu6 := Activation{Kind: asm.Clamp, B: 6}
	if expand {
		add(Params{OutC: c, Window: point, Activation: relu6, Algorithm: "pointwise"})
	}
	add(Params{OutC: c, Groups: c, Window: win, Activation: relu6})
	add(Params{OutC: outC, Window: point, Algorithm: "pointwise"})
	return ps
}

// chainPlans plans convolutions with random weights.
func chainPlans(t *testing.T, ps []Params, rng *rand.Rand) (plans []*Plan) {
	for _, p := range ps {
		w := make([]float32, p.OutC*p.In.C/max(1, p.Groups)*p.Window.KernelH*p.Window.KernelW)
		b := make([]float32, p.OutC)
		check.FillRandom(w, rng.Uint64())
		check.FillRandom(b, rng.Uint64())
		pl, err := New(p, w, b)
		require.NoError(t, err)
		plans = append(plans, pl)
	}
	return plans
}

// chained compares a chain with its plans one after the other, bit by bit. A wild one has tasks that see nothing but padding, a large one is
// expanded in parts.
func chained(t *testing.T, rng *rand.Rand, wild, large bool) {
	in := tensor.Shape{N: 1 + rng.IntN(2), C: 1 + rng.IntN(20), H: 3 + rng.IntN(20), W: 3 + rng.IntN(30)}
	c := 2 + rng.IntN(60)
	if large {
		in.H, in.W, c = 30, 60, 200
	}
	if wild {
		in.H, in.W = 1+rng.IntN(9), 1+rng.IntN(20)
	}
	window := func(in tensor.Shape) tensor.Window {
		if wild {
			return shapes.Wild(rng, in.H, in.W, 3000)
		}
		win := tensor.Window{
			KernelH: 3, KernelW: 3, StrideH: 1 + rng.IntN(2), PadTop: rng.IntN(3), PadLeft: rng.IntN(3), PadBottom: rng.IntN(3), PadRight: rng.IntN(3),
		}
		win.StrideW = win.StrideH
		if rng.IntN(3) == 0 {
			win.KernelH, win.KernelW, win.DilationH, win.DilationW, win.PadTop, win.PadBottom = 1+rng.IntN(4), 1+rng.IntN(3), 1+rng.IntN(2), 1, 2, 3
		}
		return win
	}
	expand := rng.IntN(3) > 0
	if !expand {
		in.C = c
	}
	var ps []Params
	inner := in
	if expand && rng.IntN(2) == 0 {
		in.C++
		p := Params{InLayout: tensor.NHWC, OutLayout: tensor.NHWC, In: in, OutC: in.C, Groups: in.C, Window: tensor.Window{
			KernelH: 3, KernelW: 3, StrideH: 1 + rng.IntN(2), StrideW: 1, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1,
		}}
		if wild {
			p.Window = window(in)
		}
		inner = ref.Out(in, in.C, p.Window)
		ps = append(ps, p)
	}
	win := window(inner)
	if _, _, err := win.Out(inner.H, inner.W); err != nil {
		return
	}
	ps = append(ps, chainParams(inner, expand, c, 1+rng.IntN(40), win)...)
	first, last := &ps[0], &ps[len(ps)-1]
	first.InStride = rng.IntN(2) * (first.In.C + rng.IntN(9))
	last.OutStride = rng.IntN(2) * (last.OutC + rng.IntN(9))
	last.Residual = rng.IntN(2) == 0
	last.Activation.Kind = []asm.Unary{asm.Identity, asm.ReLU, asm.SiLU}[rng.IntN(3)]
	watch := check.Watch{T: t}
	for _, isa := range asm.Supported() {
		set, err := asm.For(isa)
		require.NoError(t, err)
		set = set.Watched(watch.Look)
		for i := range ps {
			ps[i].Kernels = set
		}
		plans := chainPlans(t, ps, rng)
		_, pl := newChain(plans)
		if slices.ContainsFunc(plans, func(p *Plan) bool { return p.turned != plans[0].turned }) {
			require.Nil(t, pl, "%v", plans)
			return
		}
		if slices.ContainsFunc(plans, func(p *Plan) bool { return p.Algorithm() == "depthwise" && p.slides() == nil }) {
			require.Nil(t, pl, "%v", plans)
			continue
		}
		require.NotNil(t, pl, "%v", plans)
		out := pl.Out()
		require.Equal(t, plans[len(plans)-1].Out(), out)

		side := check.Side(rng.IntN(2))
		a := check.New(t, "chain", pl.String(), 0)
		src := a.Floats("src", (in.N*in.H*in.W-1)*first.inStride()+first.In.C, side)
		check.FillRandom(src, rng.Uint64())
		var res []float32
		if last.Residual {
			res = a.Floats("residual", (out.N*out.H*out.W-1)*last.residualStride()+last.OutC, side)
			check.FillRandom(res, rng.Uint64())
		}
		a.Freeze()
		x := src
		for i, p := range plans {
			y, r := nans((p.Out().N*p.Out().H*p.Out().W-1)*p.p.outStride()+p.p.OutC), res
			if i < len(plans)-1 {
				r = nil
			}
			p.Run(NewWorkspace(1, p), y, x, r)
			x = y
		}
		for _, threads := range []int{1, 2 + rng.IntN(3)} {
			y := a.Floats("dst", len(x), side)
			check.FillNaN(y)
			ws := NewWorkspace(threads, pl)
			run := func() { pl.Run(ws, y, src, res) }
			if threads == 1 {
				watch.Run(pl.String(), func() { a.Run(run) }, pl, ws, y, src, res)
			} else {
				a.Run(run)
			}
			check.Exact(t, pl.String(), y, x)
		}
		a.Close()
	}
}

func TestChain(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range many(150) {
		chained(t, rng, i%3 == 0, i%20 == 5)
	}
}

func FuzzChain(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, a, b uint64) { chained(t, rand.New(rand.NewPCG(a, b)), b%2 == 0, false) })
}

// TestChainPays has what a chain is for, and what none is made of.
func TestChainPays(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	win := tensor.Window{KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1}
	in := tensor.Shape{N: 1, C: 16, H: 112, W: 112}
	plans := chainPlans(t, chainParams(in, true, 48, 24, win), rng)
	pl := join(plans)
	require.NotNil(t, pl)
	require.Equal(t, plans[0].MACs()+plans[1].MACs()+plans[2].MACs(), pl.MACs())
	require.Contains(t, pl.String(), " + ")
	require.Equal(t, 4*(plans[0].Out().Elems()+plans[1].Out().Elems())-twiceExpanded(pl), pl.gain())
	require.Zero(t, plans[0].gain())
	ws, y, x := NewWorkspace(2, pl), make([]float32, pl.Out().Elems()), make([]float32, in.Elems())
	check.NoAllocs(t, func() { pl.Run(ws, y, x, nil) })

	// A depthwise convolution before them all.
	front := Params{InLayout: tensor.NHWC, OutLayout: tensor.NHWC, In: in, OutC: in.C, Groups: in.C, Window: tensor.Window{
		KernelH: 3, KernelW: 3, StrideH: 1, StrideW: 1, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1,
	}}
	four := append(chainPlans(t, []Params{front}, rng), plans...)
	longer := join(four)
	require.NotNil(t, longer)
	require.Greater(t, longer.gain(), pl.gain())
	require.Equal(t, four[0].MACs()+pl.MACs(), longer.MACs())

	// Three of them where the first belongs to none, four where they are more than two and two, and what cannot be joined stays.
	run := Chain(plans[2], plans[0], plans[1], plans[2])
	require.Equal(t, plans[2], run[0])
	require.Equal(t, []*Plan{nil, nil}, run[1:3])
	require.Equal(t, pl.String(), run[3].String())
	run = Chain(four...)
	require.Equal(t, []*Plan{nil, nil, nil}, run[:3])
	require.Equal(t, longer.String(), run[3].String())
	require.Equal(t, plans[:2], Chain(plans[:2]...))

	require.Nil(t, join(append(four[:1:1], four...)), "five plans")
	require.Nil(t, join(plans[1:]), "the output of the depthwise convolution stays in L2 as it is")
	require.Nil(t, join(plans[:2]))
	require.Nil(t, join(plans[2:]))
	require.Nil(t, join([]*Plan{plans[0], plans[1], plans[1]}))
	for _, change := range []func(ps []Params){
		func(ps []Params) {
			for i := range ps {
				ps[i].InLayout, ps[i].OutLayout = tensor.NCHW, tensor.NCHW
			}
		},
		func(ps []Params) { ps[2].OutLayout = tensor.NCHW },
		func(ps []Params) { ps[0].InLayout = tensor.NCHW },
		func(ps []Params) { ps[0].Activation.Kind = asm.SiLU },
		func(ps []Params) { ps[1].Activation.Kind = asm.Tanh },
		func(ps []Params) { ps[1].Residual = true },
		func(ps []Params) { ps[0].OutStride = 100 },
		func(ps []Params) { ps[2].InStride = 100 },
		func(ps []Params) { ps[2].Groups = 2 },
		func(ps []Params) { ps[2].In.H, ps[2].In.W = 28, 112 },
		func(ps []Params) { ps[1].Groups = 1 },
		func(ps []Params) { ps[2].Window.StrideH, ps[2].Window.StrideW = 2, 2 },
	} {
		ps := chainParams(in, true, 48, 24, win)
		change(ps)
		_, pl := newChain(chainPlans(t, ps, rng))
		require.Nil(t, pl)
	}
}

// twiceExpanded is what Gain counts against a chain without a depthwise convolution at its beginning.
func twiceExpanded(pl *Plan) int {
	c := pl.runner.(*chain)
	rows := (c.dw.out.H + c.bands - 1) / c.bands
	n := c.bands*c.reach(rows) - c.dw.in.H
	return n * c.dw.in.W * c.expand.in.C * c.dw.in.C / 2
}
