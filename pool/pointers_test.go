package pool

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
)

// pointersProblem draws a pooling: one of the list, one with windows that see nothing but padding, or one most of whose windows do.
func pointersProblem(rng *rand.Rand) Params {
	far := 20 + rng.IntN(180)
	p := Params{
		In:     tensor.Shape{N: 1, C: 8, H: 3, W: 3},
		Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: far, PadBottom: far, PadLeft: 1, PadRight: 1},
	}
	switch rng.IntN(3) {
	case 0:
		return wildParams(rng)
	case 1:
		for p = problems[rng.IntN(len(problems))]; p.In.Elems()*p.Window.KernelH*p.Window.KernelW > 1<<21; {
			p = problems[rng.IntN(len(problems))]
		}
	}
	p.Kind, p.Layout, p.CountIncludePad = Kind(rng.IntN(2)), tensor.Layout(rng.IntN(2)), rng.IntN(2) == 0
	return p
}

// TestPointers: what the arguments of kernels point to is theirs.
func TestPointers(t *testing.T) {
	watch := check.Watch{T: t}
	for _, set := range sets(t) {
		rng := rand.New(rand.NewPCG(3, 4))
		for range 300 {
			p := pointersProblem(rng)
			p.Kernels = set.Watched(watch.Look)
			plan, err := New(p)
			require.NoError(t, err)
			x, y := make([]float32, p.In.Elems()), make([]float32, plan.outLen())
			ws := NewWorkspace(1, plan)
			watch.Run(plan.String(), func() { plan.Run(ws, y, x) }, plan, ws, y, x)
			require.Empty(t, check.Kept(ws, y, x), "%v", plan)
			if t.Failed() {
				return
			}
		}
	}
}

// TestCollector runs poolings beside the garbage collector.
func TestCollector(t *testing.T) {
	rng, all := rand.New(rand.NewPCG(1, 2)), sets(t)
	check.Collect(t, func() {
		p := pointersProblem(rng)
		p.Kernels = all[rng.IntN(len(all))]
		plan, err := New(p)
		require.NoError(t, err)
		x, y := make([]float32, p.In.Elems()), make([]float32, plan.outLen())
		ws := NewWorkspace(2, plan)
		for range 5 {
			plan.Run(ws, y, x)
		}
	})
}
