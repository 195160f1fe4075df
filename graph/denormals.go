package graph

import (
	"github.com/simdnn/simdnn/tensor"
)

// Weights that training has driven towards 0 end as numbers below 2^-126, of which each costs a multiplication more than a hundred cycles on amd64. They
// count as 0, as such arguments of the element-wise kernels do, where there are other weights next to which they are nothing.

// flushed has products and convolutions with constant weights take 0 for what is below 2^-126.
func flushed(w *net, o *Options) error {
	for _, n := range w.nodes {
		switch n.op.(type) {
		case Conv, fusedConv, ConvTranspose, fusedConvTranspose, fusedLinear, MatMul, Gemm:
		default:
			continue
		}
		in, changed := append([]*Value(nil), n.in...), false
		for i, v := range in[1:] {
			if v == nil || !v.konst.Valid() || v.typ.DType != tensor.Float32 || !flushable(tensor.Data[float32](v.konst)) {
				continue
			}
			c, _ := w.shared.derived("flushed", v.identified(), "", func() (tensor.Array, error) {
				y := tensor.NewArray(v.typ)
				to := tensor.Data[float32](y)
				for k, x := range tensor.Data[float32](v.konst) {
					if !denormal(x) {
						to[k] = x
					}
				}
				return y, nil
			})
			x := w.constant(v.name, c.array)
			x.origin = c.id
			in[1+i], changed = x, true
		}
		if changed {
			w.become(n, n.op, in...)
		}
	}
	return nil
}

// flushable reports whether x has numbers below 2^-126 and others of more than 2^-80, next to which they are less than a rounding error.
func flushable(x []float32) bool {
	tiny, large := false, false
	for _, v := range x {
		tiny = tiny || denormal(v)
		large = large || v > 0x1p-80 || v < -0x1p-80
	}
	return tiny && large
}

func denormal(v float32) bool { return v != 0 && v > -0x1p-126 && v < 0x1p-126 }
