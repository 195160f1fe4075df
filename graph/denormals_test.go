package graph

import (
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// TestDenormals: weights below 2^-126 count as 0 beside larger ones, and stay where there are no others, or where they are no weights.
func TestDenormals(t *testing.T) {
	const tiny = 0x1p-130
	dotted := func(b builder, largest float64, d ...int) *Value {
		a := random(b.r, d...)
		for i := range a.Len() {
			a.SetFloat(i, a.Float(i)*largest)
			if i%3 == 1 {
				a.SetFloat(i, tiny*float64(1-i%2*2))
			}
		}
		return b.g.Const("w", a)
	}
	for _, c := range []struct {
		name  string
		gone  bool
		build func(b builder) *Value
	}{
		{"convolution", true, func(b builder) *Value { return b.op(Conv{}, b.x, dotted(b, 1, 3, 3, 1, 1)) }},
		{"bias", true, func(b builder) *Value { return b.op(Conv{}, b.x, b.random(3, 3, 1, 1), dotted(b, 1, 3)) }},
		{"with activation", true, func(b builder) *Value { return b.op(Relu{}, b.op(Conv{}, b.x, dotted(b, 1, 3, 3, 3, 3))) }},
		{"transposed", true, func(b builder) *Value { return b.op(ConvTranspose{}, b.x, dotted(b, 1, 3, 2, 2, 2)) }},
		{"product", true, func(b builder) *Value { return b.op(MatMul{}, b.x, dotted(b, 1, 5, 6)) }},
		{"product with more", true, func(b builder) *Value { return b.add(b.op(MatMul{}, b.x, dotted(b, 1, 5, 6)), b.random(6)) }},
		{"small weights", false, func(b builder) *Value { return b.op(Conv{}, b.x, dotted(b, 0x1p-100, 3, 3, 1, 1)) }},
		{"sum", false, func(b builder) *Value { return b.add(b.x, dotted(b, 1, 3, 1, 1)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := builder{t, New(), rand.New(rand.NewSource(5)), nil}
			in := random(b.r, 2, 3, 4, 5)
			var err error
			b.x, err = b.g.Input("x", in.Type())
			require.NoError(t, err)
			require.NoError(t, b.g.Output("y", c.build(b)))
			found := false
			require.NoError(t, eachPass(b.g, Options{}, func(w *net) error {
				found = false
				for _, n := range w.nodes {
					for _, v := range n.in {
						for i := 0; v != nil && v.typ.DType == tensor.Float32 && i < v.konst.Len(); i++ {
							found = found || denormal(float32(v.konst.Float(i)))
						}
					}
				}
				return w.check()
			}))
			require.Equal(t, !c.gone, found)
			agree(t, b.g, Options{}, in)
		})
	}
}
