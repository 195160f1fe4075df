package layers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// TestLongGlobal pools some seconds of sound, a map wider than any window that somebody would write.
func TestLongGlobal(t *testing.T) {
	in := tensor.Shape{N: 1, C: 8, H: 1, W: 144000}
	x := make([]float32, in.Elems())
	for i := range x {
		x[i] = float32(i / in.W)
	}
	for _, pool := range []layers.Layer{layers.GlobalAvgPool2D{}, layers.GlobalMaxPool2D{}} {
		model, err := layers.Compile(pool, in, layers.Options{})
		require.NoError(t, err)
		y := make([]float32, 8)
		model.NewSession(2).Forward(y, x)
		require.InDeltaSlice(t, []float32{0, 1, 2, 3, 4, 5, 6, 7}, y, 1e-4)
	}
}
