package graph

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
)

// asBF16 is x as bfloat16 holds it.
func asBF16(x []float32) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = tensor.ToBF16(v).Float32()
	}
	return y
}

// linearNet is two fully connected layers behind maps, with weights that how has made of random ones.
func linearNet(t *testing.T, n int, how func([]float32) []float32) *Graph {
	g := New()
	weights := func(dims ...int) *Value {
		w := make([]float32, tensor.D(dims...).Elems())
		check.FillRandom(w, uint64(len(w)))
		return g.Const("", tensor.Of(tensor.D(dims...), how(w)))
	}
	bias := func(n int) *Value {
		b := make([]float32, n)
		check.FillRandom(b, 9)
		return g.Const("", tensor.Of(tensor.D(n), b))
	}
	add := func(op Op, in ...*Value) *Value {
		out, err := g.Add("", op, in...)
		require.NoError(t, err)
		return out[0]
	}
	x, err := g.Input("x", tensor.T(tensor.Float32, n, 5, 6, 7))
	require.NoError(t, err)
	x = add(Flatten{Axis: 1}, add(Relu{}, x))
	x = add(Relu{}, add(Gemm{Alpha: 1, Beta: 1, TransB: true}, x, weights(141, 210), bias(141)))
	require.NoError(t, g.Output("y", add(Add{}, add(MatMul{}, x, weights(141, 37)), bias(37))))
	return g
}

// TestBF16Linear: a model whose products have weights in bfloat16 gives what one gives whose weights are rounded to it.
func TestBF16Linear(t *testing.T) {
	for _, isa := range asm.Supported() {
		set, err := asm.For(isa)
		require.NoError(t, err)
		for _, n := range []int{1, 3, 20} {
			x, y, want := make([]float32, n*210), make([]float32, n*37), make([]float32, n*37)
			check.FillRandom(x, 1)
			run := func(g *Graph, o Options, y []float32) *Model {
				o.Kernels = set
				m, err := g.Compile(o)
				require.NoError(t, err)
				s := m.NewSession(2)
				dst, src := []tensor.Array{tensor.Of(tensor.D(n, 37), y)}, []tensor.Array{tensor.Of(tensor.D(n, 5, 6, 7), x)}
				require.NoError(t, s.Run(dst, src))
				check.NoAllocs(t, func() { _ = s.Run(dst, src) })
				return m
			}
			full := run(linearNet(t, n, asBF16), Options{}, want)
			half := run(linearNet(t, n, func(w []float32) []float32 { return w }), Options{Precision: BF16Linear, Force: true, Drop: true}, y)
			for i := range y {
				require.InDelta(t, want[i], y[i], 1e-5*(1+math.Abs(float64(want[i]))), "%v n%d %d", isa, n, i)
			}
			require.Less(t, half.Memory(1).Weights, full.Memory(1).Weights/2)
			require.Contains(t, half.Steps()[0]+half.Steps()[len(half.Steps())-1], "bfloat16")
		}
	}
}

// TestPrecision: what is no precision, and what would be slower, is refused.
func TestPrecision(t *testing.T) {
	g := linearNet(t, 1, asBF16)
	_, err := g.Compile(Options{Precision: 77})
	require.EqualError(t, err, "graph: Options.Precision is Precision(77), want Float32 or BF16Linear")
	generic, err := asm.For(asm.Generic)
	require.NoError(t, err)
	_, err = g.Compile(Options{Precision: BF16Linear, Kernels: generic})
	require.EqualError(t, err, "graph: Options.Precision is BF16Linear, want Float32: on generic there are no kernels for bfloat16 that would be as fast")
	_, err = g.Compile(Options{Precision: BF16Linear, Kernels: generic, Force: true})
	require.NoError(t, err)
	// Models of one network for several batches share the weights.
	m, err := g.Compile(Options{Precision: BF16Linear, Force: true})
	require.NoError(t, err)
	other, err := m.With(tensor.T(tensor.Float32, 4, 5, 6, 7))
	require.NoError(t, err)
	require.Same(t, m.packed[0], other.packed[0])
}
