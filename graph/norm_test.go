package graph

import (
	"fmt"
	"math"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// TestNormalisationWays: short and long lines, groups of few channels and of many, a mean far from zero, no variance, numbers that are none and those that float32 holds with
// loss.
func TestNormalisationWays(t *testing.T) {
	layer := func(b builder, x *Value, n int) *Value {
		return b.op(LayerNormalization{Axis: -1, Epsilon: 1e-5}, x, b.random(n), b.random(n))
	}
	plain := func(b builder, x *Value, n int) *Value {
		return b.op(LayerNormalization{Axis: -1, Epsilon: 1e-5}, x, b.random(n))
	}
	rms := func(b builder, x *Value, n int) *Value {
		return b.op(RMSNormalization{Axis: -1, Epsilon: 1e-5}, x, b.random(n))
	}
	groups := func(groups int) func(b builder, x *Value, n int) *Value {
		return func(b builder, x *Value, _ int) *Value {
			c := x.typ.Dims.At(1)
			return b.op(GroupNormalization{groups, 1e-5}, x, b.random(c), b.random(c))
		}
	}
	for i, c := range []struct {
		dims []int
		make func(b builder, x *Value, n int) *Value
	}{
		{[]int{3, 5}, layer}, {[]int{600, 7}, layer}, {[]int{70, 256}, plain}, {[]int{3, 5000}, layer}, {[]int{40, 100}, rms}, {[]int{2, 20000}, rms},
		{[]int{2, 6, 49}, groups(6)}, {[]int{3, 300, 3}, groups(300)}, {[]int{2, 600, 5}, groups(2)}, {[]int{2, 4, 9000}, groups(2)}, {[]int{2, 512, 2}, groups(2)},
	} {
		for _, shape := range []string{"plain", "far", "flat", "special", "large", "small"} {
			t.Run(fmt.Sprint(i, c.dims, shape), func(t *testing.T) {
				r := rand.New(rand.NewSource(1))
				x := random(r, c.dims...)
				for j, data := 0, tensor.Data[float32](x); j < len(data); j++ {
					switch {
					case shape == "far":
						data[j] += 1000
					case shape == "flat":
						data[j] = 3
					case shape == "special" && j%997 == 5:
						data[j] = []float32{float32(math.NaN()), float32(math.Inf(1)), 1e-42}[j%3]
					case shape == "large":
						data[j] *= 3e37
					case shape == "small":
						data[j] *= 1e-30
					}
				}
				g := New()
				in, err := g.Input("x", x.Type())
				require.NoError(t, err)
				require.NoError(t, g.Output("y", c.make(builder{t: t, g: g, r: r}, in, c.dims[len(c.dims)-1])))
				want, err := g.Eval(x)
				require.NoError(t, err)
				for _, isa := range asm.Supported() {
					kernels, err := asm.For(isa)
					require.NoError(t, err)
					m, err := g.Compile(Options{Kernels: kernels})
					require.NoError(t, err)
					got := []tensor.Array{tensor.NewArray(want[0].Type())}
					require.NoError(t, m.NewSession(2).Run(got, []tensor.Array{x}))
					for k := range got[0].Len() {
						a, b := got[0].Float(k), want[0].Float(k)
						if a != b && !(a != a && b != b) && !(math.Abs(a-b) <= 1e-6*max(1, math.Abs(b))) {
							t.Fatalf("%v: element %d: %v, want %v", isa, k, a, b)
						}
					}
				}
			})
		}
	}
}
