package graph

import (
	"testing"

	"github.com/simdnn/simdnn/tensor"
)

// TestUnderView: what comes after a view of a convolution's output goes into the convolution, where it means the same there.
func TestUnderView(t *testing.T) {
	conv := func(b builder) *Value { return b.op(Conv{}, b.x, b.random(6, 3, 1, 5)) } // of [2 3 4 5]: [2 6 4 1]
	product := func(b builder) *Value { return b.op(MatMul{}, b.x, b.random(5, 7)) }  // [2 3 4 7]
	flat := func(b builder, y *Value) *Value { return b.op(Reshape{}, y, b.ints(2, -1)) }
	for _, c := range []struct {
		name, want string
		f          func(b builder) *Value
	}{
		{"squeezed, bias", "Conv Squeeze", func(b builder) *Value { return b.add(b.op(Squeeze{}, conv(b), b.ints(3)), b.random(6, 1)) }},
		{"squeezed, from a constant", "Conv Squeeze", func(b builder) *Value {
			return b.op(Sub{}, b.random(1, 6, 1), b.op(Squeeze{}, conv(b), b.ints(3)))
		}},
		{"transposed, scale, bias and activation", "Conv Transpose", func(b builder) *Value {
			y := b.op(Transpose{tensor.D(0, 2, 3, 1)}, conv(b))
			return b.op(Relu{}, b.add(b.mul(y, b.random(6)), b.random(1, 1, 6)))
		}},
		{"two views", "Conv Transpose Squeeze", func(b builder) *Value {
			return b.add(b.op(Squeeze{}, b.op(Transpose{tensor.D(1, 0, 3, 2)}, conv(b)), b.ints(2)), b.random(6, 1, 1))
		}},
		{"flat, activation", "Conv Reshape", func(b builder) *Value { return b.op(Sigmoid{}, flat(b, conv(b))) }},
		{"flat, one number", "Conv Reshape", func(b builder) *Value { return b.mul(flat(b, conv(b)), b.num(3)) }},
		{"flat, one number of many axes", "Conv Reshape", func(b builder) *Value { return b.mul(flat(b, conv(b)), b.random(1, 1)) }},
		{"product, unsqueezed", "Gemm Unsqueeze", func(b builder) *Value { return b.add(b.op(Unsqueeze{}, product(b), b.ints(-1)), b.random(7, 1)) }},

		{"flat, bias of all", "Conv Reshape Add", func(b builder) *Value { return b.add(flat(b, conv(b)), b.random(24)) }},
		{"bias of rows", "Conv Squeeze Add", func(b builder) *Value { return b.add(b.op(Squeeze{}, conv(b), b.ints(3)), b.random(4)) }},
		{"bias of batch", "Conv Squeeze Add", func(b builder) *Value { return b.add(b.op(Squeeze{}, conv(b), b.ints(3)), b.random(2, 1, 1)) }},
		{"bias of channels and rows", "Conv Squeeze Add", func(b builder) *Value { return b.add(b.op(Squeeze{}, conv(b), b.ints(3)), b.random(6, 4)) }},
		{"the view is wanted", "Conv Squeeze Add Mul", func(b builder) *Value {
			y := b.op(Squeeze{}, conv(b), b.ints(3))
			return b.mul(b.add(y, b.random(6, 1)), y)
		}},
		{"the convolution is wanted", "Conv Squeeze Add Unsqueeze Mul", func(b builder) *Value {
			y := conv(b)
			return b.mul(b.op(Unsqueeze{}, b.add(b.op(Squeeze{}, y, b.ints(3)), b.random(6, 1)), b.ints(3)), y)
		}},
		{"no convolution", "Transpose Relu", func(b builder) *Value { return b.op(Relu{}, b.op(Transpose{}, b.x)) }},
		{"an activation already", "Conv Transpose Add", func(b builder) *Value {
			return b.add(b.op(Transpose{tensor.D(0, 2, 3, 1)}, b.op(Relu{}, conv(b))), b.random(6))
		}},
		{"with a value", "Conv Transpose ReduceMean Add", func(b builder) *Value {
			return b.add(b.op(Transpose{tensor.D(0, 2, 3, 1)}, conv(b)), b.mean(b.x))
		}},
		{"grows", "Conv Squeeze Add", func(b builder) *Value { return b.add(b.op(Squeeze{}, conv(b), b.ints(3)), b.random(3, 1, 6, 1)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			becomes(t, fuse, c.want, c.f)
		})
	}
}
