package conv

import (
	"math/rand/v2"
	"testing"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/tensor"
	"github.com/stretchr/testify/require"
)

// TestOutRowStride has gaps between the rows of the output: the same bits as without them, nothing in the gaps, nothing beyond the end.
func TestOutRowStride(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 52))
	ran := map[string]int{}
	for range many(300) {
		p := randomParams(rng)
		p.OutLayout, p.Residual, p.ResidualStride, p.Accuracy = tensor.NHWC, false, 0, Relaxed
		switch rng.IntN(5) {
		case 0:
			p.Activation = SiLU
		case 4: // data along H, whose axes are exchanged where there are no gaps
			k := 1 + rng.IntN(3)
			p.In.W, p.Window = 1, tensor.Window{KernelH: k, KernelW: 1, PadTop: k - 1, PadBottom: k - 1}
		case 1:
			p.Groups, p.OutC = 1, 1+rng.IntN(3) // narrow, where the input is NHWC
		case 2:
			p.Window = tensor.Square(3, 1, 1)
		}
		p.OutStride = rng.IntN(2) * (p.OutC + rng.IntN(9))
		out := ref.Out(p.In, p.OutC, p.Window)
		o := newOperands(p, out, func(x []float32) { check.FillRandom(x, rng.Uint64()) })
		row := (out.W-1)*p.outStride() + p.OutC + rng.IntN(3*p.OutC)
		p.OutRowStride = row
		each(t, p, o, func(pl *Plan) {
			ran[pl.Algorithm()]++
			q := p
			q.OutRowStride, q.OutStride, q.Kernels, q.Algorithm = 0, 0, pl.p.Kernels, pl.Algorithm()
			if q.turns() || flat(&q) || out.W == 1 { // which may sum in another order
				q.OutRowStride = out.W * p.OutC
			}
			dense, err := New(q, o.w, o.b)
			require.NoError(t, err)
			want := o.run(t, dense, 1, false)
			a := check.New(t, pl.Algorithm(), pl.String(), 0)
			defer a.Close()
			_, x, _ := o.wide(pl)
			y := a.Floats("dst", pl.span(), check.Side(rng.IntN(2)))
			check.FillNaN(y)
			spread := nans(len(y))
			for i := range out.N * out.H * out.W {
				copy(spread[i/out.W*row+i%out.W*pl.p.outStride():], want[i*p.OutC:(i+1)*p.OutC])
			}
			ws := NewWorkspace(3, pl)
			a.Run(func() { pl.Run(ws, y, x, nil) })
			check.Exact(t, pl.String(), y, spread)
			require.PanicsWithValue(t, shortDst, func() { pl.Run(ws, y[:len(y)-1], x, nil) })
		})
	}
	for _, name := range []string{"winograd", "winograd2", "narrow", "pointwise", "direct"} {
		require.NotZero(t, ran[name], name)
	}
	for _, name := range []string{"depthwise", "grouped", "planar"} {
		require.Zero(t, ran[name], name)
	}
}
