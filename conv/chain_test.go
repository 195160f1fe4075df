package conv

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
)

// chainParams are a depthwise convolution over c channels with a 1x1 convolution after it and, with expand, before it.
func chainParams(in tensor.Shape, expand bool, c, outC int, win tensor.Window) (ps []Params) {
	add := func(p Params) {
		p.Layout, p.In = tensor.NHWC, in
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

// TestChain compares chains with their plans one after the other, bit by bit.
func TestChain(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range many(150) {
		in := tensor.Shape{N: 1 + rng.IntN(2), C: 1 + rng.IntN(20), H: 3 + rng.IntN(20), W: 3 + rng.IntN(30)}
		c := 2 + rng.IntN(60)
		if i%20 == 0 { // expanded in parts
			in.H, in.W, c = 30, 60, 200
		}
		win := tensor.Window{
			KernelH: 3, KernelW: 3, StrideH: 1 + rng.IntN(2), PadTop: rng.IntN(3), PadLeft: rng.IntN(3), PadBottom: rng.IntN(3), PadRight: rng.IntN(3),
		}
		win.StrideW = win.StrideH
		if rng.IntN(3) == 0 {
			win.KernelH, win.KernelW, win.DilationH, win.DilationW, win.PadTop, win.PadBottom = 1+rng.IntN(4), 1+rng.IntN(3), 1+rng.IntN(2), 1, 2, 3
		}
		expand := rng.IntN(3) > 0
		if !expand {
			in.C = c
		}
		var ps []Params
		if expand && rng.IntN(2) == 0 {
			in.C++
			p := Params{Layout: tensor.NHWC, In: in, OutC: in.C, Groups: in.C, Window: tensor.Window{
				KernelH: 3, KernelW: 3, StrideH: 1 + rng.IntN(2), StrideW: 1, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1,
			}}
			h, w, err := p.Window.Out(in.H, in.W)
			require.NoError(t, err)
			ps = append(ps, p)
			ps = append(ps, chainParams(tensor.Shape{N: in.N, C: in.C, H: h, W: w}, expand, c, 1+rng.IntN(40), win)...)
		} else {
			ps = chainParams(in, expand, c, 1+rng.IntN(40), win)
		}
		first, last := &ps[0], &ps[len(ps)-1]
		first.InStride = rng.IntN(2) * (first.In.C + rng.IntN(9))
		last.OutStride = rng.IntN(2) * (last.OutC + rng.IntN(9))
		last.Residual = rng.IntN(2) == 0
		last.Activation.Kind = []asm.Unary{asm.Identity, asm.ReLU, asm.SiLU}[rng.IntN(3)]
		inner := ps[len(ps)-2].In
		if h, w, err := win.Out(inner.H, inner.W); err != nil || h < 1 || w < 1 {
			continue
		}
		for _, isa := range asm.Supported() {
			set, err := asm.For(isa)
			require.NoError(t, err)
			for i := range ps {
				ps[i].Kernels = set
			}
			plans := chainPlans(t, ps, rng)
			_, pl := newChain(plans)
			require.NotNil(t, pl, "%v", plans)
			out := pl.Out()
			require.Equal(t, plans[len(plans)-1].Out(), out)

			src := make([]float32, (in.N*in.H*in.W-1)*first.inStride()+first.In.C)
			check.FillRandom(src, rng.Uint64())
			var res []float32
			if last.Residual {
				res = make([]float32, out.Elems())
				check.FillRandom(res, rng.Uint64())
			}
			x := src
			for i, p := range plans {
				y, r := nans((p.Out().N*p.Out().H*p.Out().W-1)*p.p.outStride()+p.p.OutC), res
				if i < len(plans)-1 {
					r = nil
				}
				p.Run(NewWorkspace(1, p), y, x, r)
				x = y
			}
			for _, threads := range []int{1, 3} {
				y := nans(len(x))
				pl.Run(NewWorkspace(threads, pl), y, src, res)
				check.Exact(t, pl.String(), y, x)
			}
		}
	}
}

// TestChainPays has what a chain is for, and what none is made of.
func TestChainPays(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	win := tensor.Window{KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1}
	in := tensor.Shape{N: 1, C: 16, H: 112, W: 112}
	plans := chainPlans(t, chainParams(in, true, 48, 24, win), rng)
	pl := Chain(plans...)
	require.NotNil(t, pl)
	require.Equal(t, plans[0].MACs()+plans[1].MACs()+plans[2].MACs(), pl.MACs())
	require.Contains(t, pl.String(), " + ")
	require.Equal(t, 4*(plans[0].Out().Elems()+plans[1].Out().Elems())-twiceExpanded(pl), pl.Gain())
	require.Zero(t, plans[0].Gain())
	ws, y, x := NewWorkspace(2, pl), make([]float32, pl.Out().Elems()), make([]float32, in.Elems())
	require.Zero(t, testing.AllocsPerRun(2, func() { pl.Run(ws, y, x, nil) }))

	// A depthwise convolution before them all.
	front := Params{Layout: tensor.NHWC, In: in, OutC: in.C, Groups: in.C, Window: tensor.Window{
		KernelH: 3, KernelW: 3, StrideH: 1, StrideW: 1, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1,
	}}
	four := append(chainPlans(t, []Params{front}, rng), plans...)
	longer := Chain(four...)
	require.NotNil(t, longer)
	require.Greater(t, longer.Gain(), pl.Gain())
	require.Equal(t, four[0].MACs()+pl.MACs(), longer.MACs())

	require.Nil(t, Chain(append(four[:1:1], four...)...), "five plans")
	require.Nil(t, Chain(plans[1], plans[2]), "the output of the depthwise convolution stays in L2 as it is")
	require.Nil(t, Chain(plans[0], plans[1]))
	require.Nil(t, Chain(plans[2]))
	require.Nil(t, Chain(plans[0], plans[1], plans[1]))
	for _, change := range []func(ps []Params){
		func(ps []Params) { ps[0].Layout, ps[1].Layout, ps[2].Layout = tensor.NCHW, tensor.NCHW, tensor.NCHW },
		func(ps []Params) { ps[0].InNCHW = true },
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
