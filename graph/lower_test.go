package graph

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// TestPartsInPlace: what a Concat wants is written there, also if convolutions read it as well, which may write another part
// of the same map at that time. What others want lies by itself, and is copied.
func TestPartsInPlace(t *testing.T) {
	for _, c := range []struct {
		name  string
		moves int
		f     func(b builder, x *Value) *Value
	}{
		{"alone", 0, func(b builder, x *Value) *Value { return b.op(Concat{1}, x, b.conv(b.conv(b.x))) }},
		{"read by a convolution", 0, func(b builder, x *Value) *Value {
			return b.add(b.op(Concat{1}, x, b.conv(b.x)), b.op(Conv{}, x, b.random(16, 8, 1, 1)))
		}},
		{"dense", 0, func(b builder, x *Value) *Value {
			return b.op(Concat{1}, x, b.conv(b.conv(x)))
		}},
		{"read and written", 0, func(b builder, x *Value) *Value { return b.op(Concat{1}, x, b.conv(x)) }},
		{"read and written, later", 0, func(b builder, x *Value) *Value { return b.op(Concat{1}, b.conv(x), x) }},
		{"read by a softmax", 2, func(b builder, x *Value) *Value {
			return b.op(Concat{1}, b.op(Softmax{2}, x), x)
		}},
		{"twice", 2, func(b builder, x *Value) *Value { return b.op(Concat{1}, x, x) }},
		{"two of them", 2, func(b builder, x *Value) *Value {
			return b.add(b.op(Concat{1}, x, b.conv(b.x)), b.op(Concat{1}, b.conv(b.x), x))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewSource(9))
			b := builder{t, New(), r, nil}
			in := random(r, 2, 8, 5, 6)
			x, err := b.g.Input("x", in.Type())
			require.NoError(t, err)
			b.x = b.conv(x)
			y := c.f(b, b.conv(b.x))
			require.NoError(t, b.g.Output("y", b.op(Conv{}, y, b.random(3, 16, 1, 1))))
			agree(t, b.g, Options{Poison: true}, in)
			m, err := b.g.Compile(Options{ChannelsLast: true})
			require.NoError(t, err)
			require.Equal(t, c.moves, strings.Count(strings.Join(m.Steps(), "\n"), "move"), m.Steps())
		})
	}
}

func (b builder) conv(x *Value) *Value {
	return b.op(Conv{Window: Window{Pads: tensor.D(1, 1, 1, 1)}}, x, b.g.Const("", mapped(random(b.r, 8, 8, 3, 3), func(_ int, v float64) float64 { return v / 8 })), b.random(8))
}
