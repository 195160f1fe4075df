package graph

import (
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

func TestEinsum(t *testing.T) {
	m := floats32(tensor.D(2, 3), 1, 2, 3, 4, 5, 6)
	holds(t, evalOp(t, Einsum{"ij->ji"}, m)[0], 1, 4, 2, 5, 3, 6)
	holds(t, evalOp(t, Einsum{"ji"}, m)[0], 1, 4, 2, 5, 3, 6) // the alphabet's order
	holds(t, evalOp(t, Einsum{"ij->"}, m)[0], 21)
	holds(t, evalOp(t, Einsum{" i j -> i "}, m)[0], 6, 15)
	holds(t, evalOp(t, Einsum{"ii->i"}, floats32(tensor.D(2, 2), 1, 2, 3, 4))[0], 1, 4)
	holds(t, evalOp(t, Einsum{"ii"}, longs(1, 2, 3, 4).Reshape(tensor.D(2, 2)))[0], 5)
	holds(t, evalOp(t, Einsum{"i,j->ij"}, longs(1, 2), longs(3, 4, 5))[0], 3, 4, 5, 6, 8, 10)
	holds(t, evalOp(t, Einsum{"i,i,i->"}, longs(1, 2), longs(3, 4), longs(5, 6))[0], 63)
	holds(t, evalOp(t, Einsum{"...j->..."}, m)[0], 6, 15)
	r := rand.New(rand.NewSource(9))
	a, b := random(r, 2, 3, 4, 5), random(r, 3, 5, 2) // the ellipsis broadcasts
	want, got := evalOp(t, MatMul{}, a, b)[0], evalOp(t, Einsum{"...ik,...kj->...ij"}, a, b)[0]
	require.Equal(t, want.Type(), got.Type())
	for i := range want.Len() {
		require.InDelta(t, want.Float(i), got.Float(i), 1e-5)
	}
	wrong(t, "terms for 1 inputs", Einsum{"i,j"}, m)
	wrong(t, "1 axes for input 0", Einsum{"i"}, m)
	wrong(t, "has 3 elements, want 2", Einsum{"ij,ki->"}, m, m)
	wrong(t, "in no input", Einsum{"ij->k"}, m)
	wrong(t, "comes twice", Einsum{"ij->ii"}, m)
	wrong(t, "want letters", Einsum{"i1"}, m)
	wrong(t, "want letters", Einsum{"i.->i"}, m)
}
