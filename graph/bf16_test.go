package graph

import (
	"math"
	"strings"
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
	require.EqualError(t, err, "graph: Options.Precision is Precision(77), want Float32, BF16Linear or BF16")
	generic, err := asm.For(asm.Generic)
	require.NoError(t, err)
	_, err = g.Compile(Options{Precision: BF16Linear, Kernels: generic})
	require.EqualError(t, err, "graph: Options.Precision is BF16Linear, want Float32: on generic there are no kernels for bfloat16 that would be as fast")
	_, err = g.Compile(Options{Precision: BF16, Kernels: generic})
	require.EqualError(t, err, "graph: Options.Precision is BF16, want Float32 or BF16Linear: with generic on this processor convolutions in float32 are faster")
	_, err = g.Compile(Options{Precision: BF16Linear, Kernels: generic, Force: true})
	require.NoError(t, err)
	// Models of one network for several batches share the weights.
	m, err := g.Compile(Options{Precision: BF16Linear, Force: true})
	require.NoError(t, err)
	other, err := m.With(tensor.T(tensor.Float32, 4, 5, 6, 7))
	require.NoError(t, err)
	require.Same(t, m.packed[0], other.packed[0])
}

// halfNet is a residual block behind a first convolution of three channels, a grouped convolution, and one whose channels are odd, with pooling between. Its numbers are small
// integers, whose sums are exact and stay so when they are rounded to bfloat16.
func halfNet(t *testing.T, n int) *Graph {
	g := New()
	seed := uint64(0)
	constant := func(dims ...int) *Value {
		w := make([]float32, tensor.D(dims...).Elems())
		seed++
		check.FillInts(w, seed, 1)
		for i := range w {
			if i%5 != 0 && len(dims) > 1 {
				w[i] = 0
			}
		}
		return g.Const("", tensor.Of(tensor.D(dims...), w))
	}
	add := func(op Op, in ...*Value) *Value {
		out, err := g.Add("", op, in...)
		require.NoError(t, err)
		return out[0]
	}
	clip := func(x *Value) *Value {
		return add(Clip{}, x, g.Const("", tensor.Scalar[float32](-4)), g.Const("", tensor.Scalar[float32](4)))
	}
	same := Conv{Window: Window{Pads: tensor.D(1, 1, 1, 1)}}
	x, err := g.Input("x", tensor.T(tensor.Float32, n, 3, 20, 22))
	require.NoError(t, err)
	first := clip(add(same, x, constant(32, 3, 3, 3), constant(32)))
	pooled := add(MaxPool{Window: Window{Kernel: tensor.D(2, 2), Strides: tensor.D(2, 2)}}, first)
	a := clip(add(Conv{}, pooled, constant(48, 32, 1, 1), constant(48)))
	b := clip(add(same, a, constant(64, 48, 3, 3)))
	c := add(Conv{}, b, constant(48, 64, 1, 1), constant(48))
	sum := clip(add(Add{}, c, a))
	grouped := clip(add(Conv{Window: same.Window, Group: 2}, sum, constant(64, 24, 3, 3)))
	odd := add(Conv{}, grouped, constant(33, 64, 1, 1), constant(33))
	strided := add(Conv{Window: Window{Strides: tensor.D(2, 2)}}, sum, constant(40, 48, 1, 1))
	require.NoError(t, g.Output("odd", odd))
	require.NoError(t, g.Output("strided", strided))
	require.NoError(t, g.Output("sum", sum))
	return g
}

// TestBF16Net: on integers a network in bfloat16 gives what it gives in float32, all sums of it: what passes between convolutions is bfloat16, and what
// others want is cast.
func TestBF16Net(t *testing.T) {
	for _, isa := range asm.Supported() {
		set, err := asm.For(isa)
		require.NoError(t, err)
		if isa != asm.Generic && set.BrgBF16[0].ISA != isa {
			continue
		}
		for n := 1; n <= 2; n++ {
			x := make([]float32, n*3*20*22)
			check.FillInts(x, 3, 1)
			run := func(o Options) (y []tensor.Array, m *Model) {
				o.Kernels = set
				m, err := halfNet(t, n).Compile(o)
				require.NoError(t, err)
				for _, p := range m.Outputs() {
					y = append(y, tensor.NewArray(p.Type))
				}
				s := m.NewSession(2)
				src := []tensor.Array{tensor.Of(tensor.D(n, 3, 20, 22), x)}
				require.NoError(t, s.Run(y, src))
				check.NoAllocs(t, func() { _ = s.Run(y, src) })
				return y, m
			}
			for _, last := range []bool{false, true} {
				want, _ := run(Options{Exact: true, ChannelsLast: last})
				got, m := run(Options{Precision: BF16, Force: true, ChannelsLast: last, Poison: true})
				for i := range want {
					require.Equal(t, tensor.Data[float32](want[i]), tensor.Data[float32](got[i]), "%v n%d output %d", isa, n, i)
				}
				halves := 0
				for _, s := range m.Steps() {
					if strings.Contains(s, " conv ") && strings.Contains(s, "bfloat16") {
						halves++
					}
				}
				require.Equal(t, 6, halves, "%v", m.Steps())
			}
		}
	}
}

// TestBF16Eval: the pass leaves what its operators say: compiled and computed plainly a network gives the same.
func TestBF16Eval(t *testing.T) {
	g := halfNet(t, 1)
	x := tensor.NewArray(tensor.T(tensor.Float32, 1, 3, 20, 22))
	check.FillInts(tensor.Data[float32](x), 5, 1)
	var results [2][]tensor.Array
	for i, off := range [][]string{nil, {"eval"}} {
		m, err := g.Compile(Options{Precision: BF16, Force: true, Off: off})
		require.NoError(t, err)
		for _, p := range m.Outputs() {
			results[i] = append(results[i], tensor.NewArray(p.Type))
		}
		require.NoError(t, m.NewSession(1).Run(results[i], []tensor.Array{x}))
	}
	for i := range results[0] {
		require.Equal(t, tensor.Data[float32](results[0][i]), tensor.Data[float32](results[1][i]))
	}
}
