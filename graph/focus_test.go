package graph

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// TestFocus: convolutions of the combs of a picture become one of the picture, and what nearly is one stays.
func TestFocus(t *testing.T) {
	cut := func(b builder, x *Value, axis, first, step int64) *Value {
		return b.op(Slice{}, x, b.ints(first), b.ints(1<<40), b.ints(axis), b.ints(step))
	}
	at := func(b builder, y, x int64) *Value { return cut(b, cut(b, b.x, 2, y, 2), 3, x, 2) }
	four := func(b builder) *Value { return b.op(Concat{1}, at(b, 0, 0), at(b, 1, 0), at(b, 0, 1), at(b, 1, 1)) }
	same := Window{Pads: tensor.D(1, 1, 1, 1)}
	conv := func(b builder, x *Value, w Window) *Value {
		return b.op(Conv{Window: w}, x, b.random(5, 12, 3, 3), b.random(5))
	}
	for _, c := range []struct {
		name string
		fits bool
		f    func(b builder) *Value
	}{
		{"focus", true, func(b builder) *Value { return conv(b, four(b), same) }},
		{"strides and uneven padding", true, func(b builder) *Value {
			return conv(b, four(b), Window{Strides: tensor.D(2, 1), Pads: tensor.D(0, 2, 1, 0)})
		}},
		{"padding that is found", true, func(b builder) *Value { return conv(b, four(b), Window{Strides: tensor.D(2, 2), AutoPad: SameUpper}) }},
		{"columns first", true, func(b builder) *Value {
			part := func(y, x int64) *Value { return cut(b, cut(b, b.x, 3, x, 2), -2, y, 2) }
			return conv(b, b.op(Concat{-3}, part(1, 1), part(0, 1), part(1, 0), part(0, 0)), same)
		}},
		{"both at once", true, func(b builder) *Value {
			part := func(y, x int64) *Value {
				return b.op(Slice{}, b.x, b.ints(y, x), b.ints(1<<40, 1<<40), b.ints(2, 3), b.ints(2, 2))
			}
			return conv(b, b.op(Concat{1}, part(0, 0), part(0, 1), part(1, 0), part(1, 1)), same)
		}},
		{"rows alone", true, func(b builder) *Value {
			return b.op(Conv{Window: same}, b.op(Concat{1}, cut(b, b.x, 2, 1, 2), cut(b, b.x, 2, 0, 2)), b.random(5, 6, 3, 3))
		}},
		{"of every fourth row, in two steps", true, func(b builder) *Value {
			part := func(i, k int64) *Value { return cut(b, cut(b, b.x, 2, i, 2), 2, k, 2) }
			return conv(b, b.op(Concat{1}, part(0, 0), part(1, 0), part(0, 1), part(1, 1)), same)
		}},
		{"space to depth", true, func(b builder) *Value { return conv(b, b.op(SpaceToDepth{2}, b.x), same) }},
		{"a row too many", false, func(b builder) *Value {
			b.x = b.op(Slice{}, b.x, b.ints(0), b.ints(7), b.ints(3))
			part := func(y, x int64) *Value {
				return cut(b, b.op(Slice{}, b.x, b.ints(x), b.ints(6), b.ints(3), b.ints(2)), 2, y, 2)
			}
			return conv(b, b.op(Concat{1}, part(0, 0), part(0, 1), part(1, 0), part(1, 1)), same)
		}},
		{"one twice", false, func(b builder) *Value {
			return conv(b, b.op(Concat{1}, at(b, 0, 0), at(b, 1, 0), at(b, 0, 0), at(b, 1, 1)), same)
		}},
		{"one is missing", false, func(b builder) *Value {
			return b.op(Conv{Window: same}, b.op(Concat{1}, at(b, 0, 0), at(b, 1, 0), at(b, 1, 1)), b.random(5, 9, 3, 3))
		}},
		{"halves", false, func(b builder) *Value {
			part := func(y, x int64) *Value {
				return b.op(Slice{}, b.x, b.ints(4*y, 4*x), b.ints(4*y+4, 4*x+4), b.ints(2, 3))
			}
			return conv(b, b.op(Concat{1}, part(0, 0), part(0, 1), part(1, 0), part(1, 1)), same)
		}},
		{"of another picture", false, func(b builder) *Value {
			return conv(b, b.op(Concat{1}, at(b, 0, 0), at(b, 1, 0), at(b, 0, 1), b.op(Relu{}, at(b, 1, 1))), same)
		}},
		{"backwards", false, func(b builder) *Value {
			back := b.op(Slice{}, b.x, b.ints(-1), b.ints(-1<<40), b.ints(3), b.ints(-2))
			return conv(b, b.op(Concat{1}, at(b, 0, 0), at(b, 1, 0), at(b, 0, 1), cut(b, back, 2, 1, 2)), same)
		}},
		{"dilated", false, func(b builder) *Value {
			return conv(b, four(b), Window{Dilations: tensor.D(2, 2), Pads: tensor.D(2, 2, 2, 2)})
		}},
		{"in groups", false, func(b builder) *Value { return b.op(Conv{Window: same, Group: 2}, four(b), b.random(4, 6, 3, 3)) }},
		{"wanted otherwise", false, func(b builder) *Value {
			x := four(b)
			return b.add(b.op(Conv{Window: same}, x, b.random(12, 12, 3, 3)), x)
		}},
		{"weights of the input", false, func(b builder) *Value {
			x := four(b)
			return b.op(Conv{}, x, b.op(Slice{}, b.op(Relu{}, x), b.ints(0), b.ints(1), b.ints(0)))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := builder{t, New(), rand.New(rand.NewSource(5)), nil}
			in := random(b.r, 2, 3, 8, 8)
			var err error
			b.x, err = b.g.Input("x", in.Type())
			require.NoError(t, err)
			require.NoError(t, b.g.Output("y", c.f(b)))
			var ops []string
			require.NoError(t, eachPass(b.g, Options{Off: []string{"fuse"}}, func(w *net) error {
				ops = nil
				for _, n := range w.nodes {
					ops = append(ops, OpName(n.op))
				}
				return w.check()
			}))
			require.Equal(t, c.fits, len(ops) == 1 && ops[0] == "Conv", strings.Join(ops, " "))
			agree(t, b.g, Options{Poison: true}, in)
		})
	}
}
