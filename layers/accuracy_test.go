package layers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// TestAccuracy: the option reaches the convolutions, and does nothing unless it is set.
func TestAccuracy(t *testing.T) {
	w := make([]float32, 32*32*9)
	check.FillRandom(w, 1)
	net := layers.Sequential{layers.Conv2D{OutC: 32, Window: layers.Square(3, 1, 1), Weights: w}}
	in := tensor.Shape{N: 1, C: 32, H: 28, W: 28}
	x := make([]float32, in.Elems())
	check.FillRandom(x, 2)
	forward := func(o layers.Options) []float32 {
		m, err := layers.Compile(net, in, o)
		require.NoError(t, err)
		y := make([]float32, in.Elems())
		m.NewSession(1).Forward(y, x)
		return y
	}
	strict, relaxed := forward(layers.Options{}), forward(layers.Options{Accuracy: conv.Relaxed})
	require.Equal(t, strict, forward(layers.Options{Accuracy: conv.Strict}))
	require.NotEqual(t, strict, relaxed)
	require.InDeltaSlice(t, strict, relaxed, 1e-3)
}
