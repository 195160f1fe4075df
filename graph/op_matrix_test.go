package graph

import (
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

func TestDet(t *testing.T) {
	holds(t, evalOp(t, Det{}, floats32(tensor.D(3, 2, 2), 1, 2, 3, 4, 0, 2, 5, 1, 2, 4, 1, 2))[0], -2, -10, 0)
	holds(t, evalOp(t, Det{}, floats32(tensor.D(3, 3), 0, 2, 0, 1, 0, 0, 0, 0, 3))[0], -6) // by exchanging rows
	// The determinant of a product is the product of the determinants.
	r := rand.New(rand.NewSource(5))
	a, b := random(r, 4, 5, 5), random(r, 4, 5, 5)
	c, p, q := evalOp(t, Det{}, evalOp(t, MatMul{}, a, b)[0])[0], evalOp(t, Det{}, a)[0], evalOp(t, Det{}, b)[0]
	for i := range 4 {
		require.InDelta(t, p.Float(i)*q.Float(i), c.Float(i), 1e-4)
	}
	wrong(t, "square", Det{}, random(r, 2, 3))
}

func TestEyeLike(t *testing.T) {
	x := random(rand.New(rand.NewSource(6)), 2, 3)
	holds(t, evalOp(t, EyeLike{}, x)[0], 1, 0, 0, 0, 1, 0)
	holds(t, evalOp(t, EyeLike{K: 1, DType: tensor.Int8}, x)[0], 0, 1, 0, 0, 0, 1)
	holds(t, evalOp(t, EyeLike{K: -1}, x)[0], 0, 0, 0, 1, 0, 0)
	holds(t, evalOp(t, EyeLike{K: 9}, x)[0], 0, 0, 0, 0, 0, 0)
	wrong(t, "want 2 axes", EyeLike{}, random(rand.New(rand.NewSource(6)), 2, 3, 1))
}

func TestReverseSequence(t *testing.T) {
	x := floats32(tensor.D(2, 3, 1), 1, 2, 3, 4, 5, 6)
	holds(t, evalOp(t, ReverseSequence{Batch: 0, Time: 1}, x, longs(2, 3))[0], 2, 1, 3, 6, 5, 4)
	holds(t, evalOp(t, ReverseSequence{Batch: 1, Time: 0}, x, longs(1, 2, 0))[0], 1, 5, 3, 4, 2, 6)
	wrong(t, "either order", ReverseSequence{}, x, longs(1, 2))
	wrong(t, "int64 [2]", ReverseSequence{Time: 1}, x, longs(1, 2, 3))
	require.ErrorContains(t, ReverseSequence{Time: 1}.Eval([]tensor.Array{x.Clone()}, []tensor.Array{x, longs(4, 1)}), "length 4")
}
