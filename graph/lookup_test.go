package graph

import (
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// TestLookup: products with one-hot rows, what goes into the table after that, and what is nearly such a product.
func TestLookup(t *testing.T) {
	const depth, columns = 5, 4
	iota := func(b builder, first int64) *Value {
		k := tensor.NewArray(tensor.T(b.x.typ.DType, depth))
		for i := range depth {
			k.SetInt(i, first+int64(i))
		}
		return b.g.Const("", k)
	}
	column := func(b builder) *Value { return b.op(Unsqueeze{}, b.x, b.ints(2)) }
	equal := func(b builder) *Value { return b.op(Cast{tensor.Float32}, b.op(Equal{}, column(b), iota(b, 0))) }
	hot := func(b builder, off, on float32) *Value {
		return b.op(OneHot{2}, b.x, b.ints(depth), b.g.Const("", tensor.Vector([]float32{off, on})))
	}
	product := func(b builder, x *Value) *Value { return b.op(MatMul{}, x, b.random(depth, columns)) }
	for _, c := range []struct {
		name, want string
		f          func(b builder) *Value
	}{
		{"compared", "Unsqueeze lookup", func(b builder) *Value { return product(b, equal(b)) }},
		{"compared from the left", "Unsqueeze lookup", func(b builder) *Value {
			return product(b, b.op(Cast{tensor.Float32}, b.op(Equal{}, iota(b, 0), column(b))))
		}},
		{"one-hot", "lookup", func(b builder) *Value { return product(b, hot(b, 0, 1)) }},
		{"one-hot integers", "lookup", func(b builder) *Value {
			k := b.g.Const("", tensor.Vector([]int64{0, 1}))
			return product(b, b.op(Cast{tensor.Float32}, b.op(OneHot{-1}, b.x, b.ints(depth), k)))
		}},
		{"gemm", "Reshape lookup", func(b builder) *Value {
			x := b.op(Reshape{}, b.x, b.ints(21))
			x = b.op(OneHot{-1}, x, b.ints(depth), b.g.Const("", tensor.Vector([]float32{0, 1})))
			return b.op(Gemm{Alpha: 1, Beta: 1, TransB: true}, x, b.random(columns, depth), b.random(columns))
		}},
		{"bias and activation", "lookup", func(b builder) *Value {
			return b.op(Gelu{}, b.add(product(b, hot(b, 0, 1)), b.random(columns)))
		}},
		{"scale and clip", "lookup", func(b builder) *Value {
			return b.op(Clip{}, b.mul(b.random(1, columns), product(b, hot(b, 0, 1))), b.scalar(-0.2), b.scalar(0.3))
		}},
		{"wanted otherwise", "lookup Relu Add", func(b builder) *Value {
			y := product(b, hot(b, 0, 1))
			return b.add(b.op(Relu{}, y), y)
		}},
		{"one-hot rows wanted otherwise", "OneHot lookup Slice Add", func(b builder) *Value {
			x := hot(b, 0, 1)
			return b.add(product(b, x), b.op(Slice{}, x, b.ints(0), b.ints(columns), b.ints(2)))
		}},
		{"from 1", "Unsqueeze Equal Cast MatMul", func(b builder) *Value {
			return product(b, b.op(Cast{tensor.Float32}, b.op(Equal{}, column(b), iota(b, 1))))
		}},
		{"less", "Unsqueeze Less Cast MatMul", func(b builder) *Value {
			return product(b, b.op(Cast{tensor.Float32}, b.op(Less{}, column(b), iota(b, 0))))
		}},
		{"two hot", "OneHot MatMul", func(b builder) *Value { return product(b, hot(b, 0, 2)) }},
		{"warm elsewhere", "OneHot MatMul", func(b builder) *Value { return product(b, hot(b, 0.5, 1)) }},
		{"along another axis", "OneHot MatMul", func(b builder) *Value {
			x := b.op(OneHot{1}, b.x, b.ints(depth), b.g.Const("", tensor.Vector([]float32{0, 1})))
			return b.op(MatMul{}, x, b.random(7, columns))
		}},
		{"an infinity", "OneHot MatMul", func(b builder) *Value {
			m := random(b.r, depth, columns)
			m.SetFloat(7, math.Inf(1))
			return b.op(MatMul{}, hot(b, 0, 1), b.g.Const("", m))
		}},
		{"a matrix of the input", "OneHot Transpose MatMul", func(b builder) *Value {
			x := hot(b, 0, 1)
			return b.op(MatMul{}, x, b.op(Transpose{tensor.D(0, 2, 1)}, x))
		}},
		{"positions", "lookup Add", func(b builder) *Value { return b.add(product(b, hot(b, 0, 1)), b.random(7, 1)) }},
		{"few rows of a large table", "Slice lookup Relu", func(b builder) *Value {
			x := b.op(Slice{}, b.x, b.ints(0), b.ints(1), b.ints(1))
			y := b.op(OneHot{-1}, x, b.ints(depth), b.g.Const("", tensor.Vector([]float32{0, 1})))
			return b.op(Relu{}, product(b, y))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, dtype := range []tensor.DType{tensor.Int64, tensor.Int32, tensor.Int8} {
				b := builder{t, New(), rand.New(rand.NewSource(5)), nil}
				in := tensor.NewArray(tensor.T(dtype, 3, 7))
				for i := range in.Len() {
					in.SetInt(i, int64(i-9)) // beyond both ends
				}
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
				require.Equal(t, c.want, strings.Join(ops, " "))
				if c.name != "an infinity" { // every answer is NaN
					agree(t, b.g, Options{Poison: true}, in)
				}
			}
		})
	}
}
