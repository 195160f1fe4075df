package layers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// TestLinearActivation: a fully connected layer is one step with its activation, whichever it is, and the bits are
// those of two steps.
func TestLinearActivation(t *testing.T) {
	in := tensor.Shape{N: 20, C: 30, H: 1, W: 1} // 20,000 outputs are two parts
	x := random(1, in.Elems(), 1)
	for _, f := range []layers.Layer{layers.ReLU6{}, layers.HardSwish{}, layers.Sigmoid{}, layers.GELU{}, layers.LeakyReLU{Slope: 0.1}} {
		net := layers.Sequential{layers.Linear{Out: 1000, Weights: random(2, 30*1000, 0.5), Bias: random(3, 1000, 1)}, f}
		m, err := layers.Compile(net, in, layers.Options{Exact: true})
		require.NoError(t, err)
		require.Len(t, m.Steps(), 1, strings.Join(m.Steps(), "\n"))
		want := forward(t, net, in, layers.Options{Exact: true, Unfused: true}, 1, x)
		for _, threads := range []int{1, 2, 4} {
			require.Equal(t, want, forward(t, net, in, layers.Options{Exact: true}, threads, x), "%T", f)
		}
	}
}
