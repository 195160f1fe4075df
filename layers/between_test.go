package layers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// TestConcatInPlace has all kinds of parts: convolutions and poolings written in place, wanted elsewhere too, neither,
// twice the same.
func TestConcatInPlace(t *testing.T) {
	const c = 5
	build := func() *layers.Graph {
		conv := func(name string, in, out int) layers.Conv2D {
			return layers.Conv2D{Name: name, OutC: out, Window: tensor.Square(3, 1, 1), Weights: random(uint64(in*out), out*in*9, 0.3), Bias: random(9, out, 1)}
		}
		g := layers.NewGraph()
		x := g.Input("x", tensor.Shape{N: 2, C: c, H: 6, W: 7})
		a := g.Apply(conv("a", c, 3), x)
		b := g.Apply(layers.Sequential{conv("b", c, 4), layers.SiLU{}}, x)
		shared := g.Apply(layers.Sequential{conv("shared", c, 2), layers.ReLU{}}, x)
		p := g.Apply(layers.MaxPool2D{Window: tensor.Square(3, 1, 1)}, x)
		q := g.Apply(layers.AvgPool2D{Name: "q", Window: tensor.Square(3, 1, 1)}, x)
		tanh := g.Apply(layers.Tanh{}, x)
		joined := g.Apply(layers.Concat{Name: "joined"}, a, p, b, shared, tanh, shared)
		both := g.Apply(layers.Concat{Name: "both"}, g.Apply(conv("d", 21, 3), joined), q, g.Apply(conv("e", 21, 1), joined))
		sum := g.Apply(layers.Residual{Body: conv("f", 9, 9)}, both)
		g.Output(sum)
		g.Output(g.Apply(layers.Concat{Name: "last"}, shared, g.Apply(conv("h", 9, 2), sum)))
		return g
	}
	src := [][]float32{random(1, 2*c*42, 1)}
	for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
		var want [][]float32
		traced := map[string][]float32{}
		for _, unfused := range []bool{true, false} {
			net, err := build().Compile(layers.Options{Exact: true, Layout: layout, Unfused: unfused})
			require.NoError(t, err)
			s, got := net.NewSession(2), outputs(net)
			s.Trace = func(name string, shape tensor.Shape, x []float32) {
				if unfused {
					traced[name] = x
				} else if want := traced[name]; want != nil {
					require.InDeltaSlice(t, want, x, 1e-4, name)
				}
			}
			s.ForwardAll(got, src)
			if unfused {
				want = got
				continue
			}
			for i := range got {
				require.InDeltaSlice(t, want[i], got[i], 1e-4)
			}
			moves := 0
			for _, step := range net.Steps() {
				require.NotContains(t, step, "both: move", "nothing to copy")
				if strings.HasPrefix(step, "joined: ") {
					moves++
				}
			}
			require.LessOrEqual(t, moves, 3, "the shared convolution twice, and the function where it does not lie channels last")
		}
	}
}

// TestChain has the beginning of a MobileNet, where convolutions run band by band together: the same bits as one by one.
func TestChain(t *testing.T) {
	build := func() *layers.Graph {
		conv := func(name string, in, out, k, stride, groups int) layers.Layer {
			l := layers.Conv2D{
				Name: name, OutC: out, Groups: groups, Window: tensor.Square(k, stride, k/2),
				Weights: random(uint64(in*out), out*in/groups*k*k, 0.3), Bias: random(9, out, 1),
			}
			return layers.Sequential{l, layers.ReLU{}}
		}
		g := layers.NewGraph()
		x := g.Apply(conv("first", 3, 32, 3, 2, 1), g.Input("x", tensor.Shape{N: 1, C: 3, H: 224, W: 224}))
		x = g.Apply(layers.Sequential{conv("dw1", 32, 32, 3, 1, 32), conv("pw1", 32, 16, 1, 1, 1)}, x)
		y := g.Apply(layers.Sequential{conv("up2", 16, 48, 1, 1, 1), conv("dw2", 48, 48, 3, 1, 48), conv("pw2", 48, 16, 1, 1, 1)}, x)
		y = g.Apply(layers.Add{Name: "sum"}, x, y)
		z := g.Apply(conv("up3", 16, 48, 1, 1, 1), y)
		g.Output(g.Apply(layers.Sequential{conv("dw3", 48, 48, 3, 2, 48), conv("pw3", 48, 24, 1, 1, 1)}, z))
		g.Output(z) // up3 is wanted elsewhere
		return g
	}
	src := [][]float32{random(1, 3*224*224, 1)}
	var want [][]float32
	for _, unfused := range []bool{true, false} {
		net, err := build().Compile(layers.Options{Exact: true, Layout: tensor.NHWC, Unfused: unfused})
		require.NoError(t, err)
		for _, threads := range []int{1, 3} {
			got := outputs(net)
			net.NewSession(threads).ForwardAll(got, src)
			if want == nil {
				want = got
			}
			require.Equal(t, want, got)
		}
		chains := 0
		for _, step := range net.Steps() {
			if strings.Contains(step, ": chain") {
				chains++
			}
		}
		if unfused {
			require.Zero(t, chains)
		} else {
			require.Equal(t, 2, chains, "dw1 with pw1, dw2 with its neighbours or one of them")
		}
	}
}
