package layers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// TestAccuracy: the option Exact reaches the convolutions.
func TestAccuracy(t *testing.T) {
	w := make([]float32, 32*32*9)
	check.FillRandom(w, 1)
	net := layers.Sequential{layers.Conv2D{OutC: 32, Window: tensor.Square(3, 1, 1), Weights: w}}
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
	strict, relaxed := forward(layers.Options{Exact: true}), forward(layers.Options{})
	require.Equal(t, strict, forward(layers.Options{Exact: true}))
	require.NotEqual(t, strict, relaxed)
	require.InDeltaSlice(t, strict, relaxed, 1e-3)
}
