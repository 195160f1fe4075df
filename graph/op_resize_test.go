package graph

import (
	"testing"

	"github.com/simdnn/simdnn/tensor"
)

// TestResizeTies: sizes and places halfway between two elements are those of arithmetic in float32.
func TestResizeTies(t *testing.T) {
	nearest := Resize{Mode: Nearest}
	scales := func(s float32) tensor.Array { return tensor.Vector([]float32{s}) }
	holds(t, evalOp(t, nearest, floats32(tensor.D(7), 0, 1, 2, 3, 4, 5, 6), tensor.Array{}, scales(0.7))[0], 0, 2, 3, 4)
	holds(t, evalOp(t, nearest, floats32(tensor.D(10), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), tensor.Array{}, scales(0.7))[0], 0, 2, 3, 4, 6, 7, 9)
}
