package conv

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/tensor"
)

// farParams is a depthwise convolution most of whose windows lie in the padding alone.
func farParams(rng *rand.Rand) Params {
	far := 20 + rng.IntN(180)
	return Params{
		In: tensor.Shape{N: 1, C: 64, H: 3, W: 3}, OutC: 64, Groups: 64, InLayout: tensor.NHWC, OutLayout: tensor.NHWC,
		Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: far, PadBottom: far, PadLeft: 1, PadRight: 1},
	}
}

// TestPointers: what the arguments of kernels point to is theirs.
func TestPointers(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	watch := check.Watch{T: t}
	for i := range many(100) {
		p := randomParams(rng)
		if i%8 == 0 {
			p = farParams(rng)
		}
		o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, rng.Uint64(), 4) })
		each(t, p, o, func(pl *Plan) {
			p.Algorithm, p.Kernels = pl.Algorithm(), pl.Params().Kernels.Watched(watch.Look)
			pl, err := New(p, o.w, o.b)
			require.NoError(t, err)
			ws := NewWorkspace(1, pl)
			y, x, res := o.wide(pl)
			watch.Run(pl.String(), func() { pl.Run(ws, y, x, res) }, pl, ws, y, x, res)
			require.Empty(t, check.Kept(ws, y, x, res), "%v", pl)
		})
		if t.Failed() {
			return
		}
	}
}

// TestCollector runs convolutions beside the garbage collector.
func TestCollector(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	check.Collect(t, func() {
		for _, p := range []Params{randomParams(rng), farParams(rng)} {
			o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, rng.Uint64(), 4) })
			each(t, p, o, func(pl *Plan) {
				y, x, res := o.wide(pl)
				ws := NewWorkspace(2, pl)
				for range 5 {
					pl.Run(ws, y, x, res)
				}
			})
		}
	})
}
