package graph

import (
	"bytes"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// sameBytes compiles g and wants the very bytes that Eval gives, from steps that are none of Eval's.
func sameBytes(t *testing.T, g *Graph, in ...tensor.Array) {
	sameAnyhow(t, g, in, func(steps string) { require.NotContains(t, steps, "eval", "everything has a step") })
}

func sameAnyhow(t *testing.T, g *Graph, in []tensor.Array, look func(steps string)) {
	want, err := g.Eval(in...)
	require.NoError(t, err)
	for threads := 1; threads <= 2; threads++ {
		m, err := g.Compile(Options{Poison: true})
		require.NoError(t, err)
		look(strings.Join(m.Steps(), "\n"))
		out := make([]tensor.Array, len(want))
		for i, x := range want {
			out[i] = tensor.NewArray(x.Type())
		}
		require.NoError(t, m.NewSession(threads).Run(out, in))
		for i, x := range want {
			require.True(t, bytes.Equal(x.Bytes(), out[i].Bytes()), "output %d", i)
		}
	}
}

// TestQuantize has ties, numbers that do not fit, infinities and NaN.
func TestQuantize(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, d := range []tensor.DType{tensor.Int8, tensor.Uint8} {
		for _, scale := range []float32{0.5, 0.1, 3, 1e-30} {
			for _, zero := range []int64{0, 3, 127} {
				g := New()
				in := random(r, 2, 3, 17, 19)
				x := tensor.Data[float32](in)
				for i := range x {
					x[i] = float32(r.Intn(600)-300) / 2 * scale
				}
				copy(x, []float32{float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 1e38, -1e38, 1e-45})
				v, err := g.Input("x", in.Type())
				require.NoError(t, err)
				z := tensor.NewArray(tensor.T(d))
				z.SetInt(0, zero)
				s, zp := g.Const("scale", tensor.Scalar(scale)), g.Const("zero", z)
				q := must(t, g, QuantizeLinear{}, v, s, zp)
				require.NoError(t, g.Output("q", q))
				require.NoError(t, g.Output("y", must(t, g, DequantizeLinear{}, q, s, zp)))
				sameBytes(t, g, in)
			}
		}
	}
}

// TestQLinearConv is exact, on kernels for bytes and for floats.
func TestQLinearConv(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	random := func(d tensor.DType, dims ...int) tensor.Array {
		a := tensor.NewArray(tensor.T(d, dims...))
		for i := range a.Len() {
			a.SetInt(i, int64(r.Intn(256)))
		}
		return a
	}
	for _, c := range []struct {
		d       tensor.DType
		c, oc   int
		groups  int
		channel bool
		yScale  float32 // of a very small one sums leave the integers before they are clamped
	}{{tensor.Uint8, 3, 8, 1, true, 1.7}, {tensor.Int8, 16, 5, 1, false, 1.7}, {tensor.Uint8, 12, 12, 12, true, 1.7}, {tensor.Int8, 12, 24, 3, true, 1.7}, {tensor.Uint8, 200, 4, 1, true, 1.7}, {tensor.Uint8, 16, 5, 1, false, 1e-8}} {
		g := New()
		in := random(c.d, 2, c.c, 9, 7)
		x, err := g.Input("x", in.Type())
		require.NoError(t, err)
		ws, wz := tensor.NewArray(tensor.T(tensor.Float32, c.oc)), tensor.NewArray(tensor.T(tensor.Int8, c.oc))
		for i := range c.oc {
			ws.SetFloat(i, 0.01+0.01*r.Float64())
			wz.SetInt(i, int64(r.Intn(5)-2))
		}
		if !c.channel {
			ws, wz = tensor.Scalar(float32(0.02)), tensor.Scalar(int8(1))
		}
		bias := tensor.NewArray(tensor.T(tensor.Int32, c.oc))
		for i := range c.oc {
			bias.SetInt(i, int64(r.Intn(2000)-1000))
		}
		xz, yz := random(c.d), random(c.d)
		w := random(tensor.Int8, c.oc, c.c/c.groups, 3, 3)
		y := must(t, g, QLinearConv{Conv{Window{Pads: tensor.D(1, 0, 1, 2)}, c.groups}}, x, g.Const("", tensor.Scalar(float32(0.03))), g.Const("", xz), g.Const("", w),
			g.Const("", ws), g.Const("", wz), g.Const("", tensor.Scalar(c.yScale)), g.Const("", yz), g.Const("", bias))
		require.NoError(t, g.Output("y", y))
		if c.yScale < 1 {
			sameAnyhow(t, g, []tensor.Array{in}, func(steps string) { require.Contains(t, steps, "eval") })
			continue
		}
		sameBytes(t, g, in)
	}
}

// quantisedGraph is a graph with inputs of bytes, for islands: they are dequantised, computed with, and quantised.
type quantisedGraph struct {
	t  *testing.T
	g  *Graph
	r  *rand.Rand
	in []tensor.Array
}

func (q *quantisedGraph) scaling(d tensor.DType, scale float32, zero int) (s, z *Value) {
	z0 := zeroArray(scaling{dtype: d, zero: zero})
	return q.g.Const("", tensor.Scalar(scale)), q.g.Const("", z0)
}

func (q *quantisedGraph) bytes(d tensor.DType, dims ...int) tensor.Array {
	a := tensor.NewArray(tensor.T(d, dims...))
	for i := range a.Len() {
		a.SetInt(i, int64(q.r.Intn(256)))
	}
	return a
}

// input is an input of bytes as numbers.
func (q *quantisedGraph) input(d tensor.DType, scale float32, zero int, dims ...int) *Value {
	a := q.bytes(d, dims...)
	q.in = append(q.in, a)
	v, err := q.g.Input("", a.Type())
	require.NoError(q.t, err)
	s, z := q.scaling(d, scale, zero)
	return must(q.t, q.g, DequantizeLinear{}, v, s, z)
}

// weights are constant bytes as numbers, with a scale for each place along an axis.
func (q *quantisedGraph) weights(d tensor.DType, axis int, dims ...int) *Value {
	scale := tensor.NewArray(tensor.T(tensor.Float32, dims[axis]))
	zero := tensor.NewArray(tensor.T(d, dims[axis]))
	for i := range scale.Len() {
		scale.SetFloat(i, 0.01+0.02*q.r.Float64())
		if d == tensor.Uint8 {
			zero.SetInt(i, int64(q.r.Intn(256)))
		}
	}
	return must(q.t, q.g, DequantizeLinear{Axis: axis}, q.g.Const("", q.bytes(d, dims...)), q.g.Const("", scale), q.g.Const("", zero))
}

func (q *quantisedGraph) bias(n int) *Value {
	b := tensor.NewArray(tensor.T(tensor.Float32, n))
	for i := range n {
		b.SetFloat(i, 10*q.r.NormFloat64())
	}
	return q.g.Const("", b)
}

// islands are what the pass qdq knows, and by how many steps answers may differ from those of the operators apart.
var islands = []struct {
	name string
	off  int
	make func(q *quantisedGraph, d tensor.DType) *Value
}{
	{"conv", 1, func(q *quantisedGraph, d tensor.DType) *Value {
		x := q.input(d, 0.02, 7, 2, 5, 9, 11)
		return must(q.t, q.g, Conv{Window: Window{Pads: tensor.D(1, 0, 2, 1), Strides: tensor.D(2, 1)}}, x, q.weights(tensor.Int8, 0, 7, 5, 3, 3), q.bias(7))
	}},
	{"conv relu", 1, func(q *quantisedGraph, d tensor.DType) *Value {
		x := q.input(d, 0.02, 7, 1, 8, 9, 11)
		return must(q.t, q.g, Relu{}, must(q.t, q.g, Conv{}, x, q.weights(tensor.Uint8, 0, 40, 8, 1, 1)))
	}},
	{"depthwise clip", 1, func(q *quantisedGraph, d tensor.DType) *Value {
		x := q.input(d, 0.02, 7, 1, 37, 9, 11)
		y := must(q.t, q.g, Conv{Window: Window{Pads: tensor.D(1, 1, 1, 1)}, Group: 37}, x, q.weights(tensor.Int8, 0, 37, 1, 3, 3), q.bias(37))
		return must(q.t, q.g, Clip{}, y, q.g.Const("", tensor.Scalar(float32(-3))), q.g.Const("", tensor.Scalar(float32(20))))
	}},
	{"wide depthwise", 1, func(q *quantisedGraph, d tensor.DType) *Value {
		x := q.input(d, 0.02, 7, 1, 37, 9, 11)
		return must(q.t, q.g, Conv{Window: Window{Pads: tensor.D(1, 1, 1, 1)}, Group: 37}, x, q.weights(tensor.Uint8, 0, 37, 1, 3, 3), q.bias(37))
	}},
	{"matmul", 1, func(q *quantisedGraph, d tensor.DType) *Value {
		return must(q.t, q.g, MatMul{}, q.input(d, 0.02, 7, 2, 3, 50), q.weights(tensor.Int8, 1, 50, 35))
	}},
	{"gemm", 1, func(q *quantisedGraph, d tensor.DType) *Value {
		return must(q.t, q.g, Gemm{Alpha: 1, Beta: 1, TransB: true}, q.input(d, 0.02, 7, 3, 50), q.weights(tensor.Int8, 0, 35, 50), q.bias(35))
	}},
	{"add relu", 0, func(q *quantisedGraph, d tensor.DType) *Value {
		return must(q.t, q.g, Relu{}, must(q.t, q.g, Add{}, q.input(d, 0.02, 7, 2, 5, 9, 11), q.input(d, 0.05, -3&0x7f, 2, 5, 9, 11)))
	}},
	{"mul", 0, func(q *quantisedGraph, d tensor.DType) *Value {
		return must(q.t, q.g, Mul{}, q.input(d, 0.2, 7, 2, 5, 9, 11), q.input(d, 0.1, 9, 2, 5, 9, 11))
	}},
	{"average", 1, func(q *quantisedGraph, d tensor.DType) *Value {
		return must(q.t, q.g, AveragePool{Window: Window{Kernel: tensor.D(3, 2), Pads: tensor.D(1, 0, 1, 1)}, CountIncludePad: true}, q.input(d, 0.2, 7, 2, 70, 9, 11))
	}},
	{"global average", 1, func(q *quantisedGraph, d tensor.DType) *Value {
		return must(q.t, q.g, GlobalAveragePool{}, q.input(d, 0.2, 7, 2, 70, 9, 11))
	}},
	{"max", 0, func(q *quantisedGraph, d tensor.DType) *Value {
		return must(q.t, q.g, MaxPool{Window: Window{Kernel: tensor.D(3, 2), Pads: tensor.D(1, 0, 1, 1)}}, q.input(d, 0.2, 7, 2, 5, 9, 11))
	}},
	{"transpose", 0, func(q *quantisedGraph, d tensor.DType) *Value {
		return must(q.t, q.g, Transpose{Perm: tensor.D(0, 2, 3, 1)}, q.input(d, 0.2, 7, 2, 5, 9, 11))
	}},
	{"concat", 0, func(q *quantisedGraph, d tensor.DType) *Value {
		return must(q.t, q.g, Concat{Axis: 1}, q.input(d, 0.2, 7, 2, 5, 9, 11), q.input(d, 0.1, 9, 2, 3, 9, 11))
	}},
	{"functions", 0, func(q *quantisedGraph, d tensor.DType) *Value {
		return must(q.t, q.g, Sigmoid{}, must(q.t, q.g, LeakyRelu{Alpha: 0.1}, q.input(d, 0.02, 7, 2, 5, 9, 11)))
	}},
	{"silu", 0, func(q *quantisedGraph, d tensor.DType) *Value {
		x := q.input(d, 0.02, 7, 2, 5, 9, 11)
		return must(q.t, q.g, Mul{}, x, must(q.t, q.g, Sigmoid{}, x))
	}},
	{"hard swish", 0, func(q *quantisedGraph, d tensor.DType) *Value {
		x := q.input(d, 0.05, 7, 2, 5, 9, 11)
		number := func(v float32) *Value { return q.g.Const("", tensor.Of(tensor.D(1, 1, 1), []float32{v})) }
		y := must(q.t, q.g, Clip{}, must(q.t, q.g, Add{}, x, number(3)), q.g.Const("", tensor.Scalar(float32(0))), q.g.Const("", tensor.Scalar(float32(6))))
		return must(q.t, q.g, Sub{}, number(1), must(q.t, q.g, Div{}, must(q.t, q.g, Mul{}, x, y), number(6)))
	}},
	{"a table after a table", 0, func(q *quantisedGraph, d tensor.DType) *Value {
		s, z := q.scaling(d, 0.01, 3)
		x := q.input(d, 0.02, 7, 2, 5, 9, 11)
		y := must(q.t, q.g, DequantizeLinear{}, must(q.t, q.g, QuantizeLinear{}, must(q.t, q.g, Sigmoid{}, x), s, z), s, z)
		return must(q.t, q.g, Concat{Axis: 1}, q.input(d, 0.2, 7, 2, 3, 9, 11), y)
	}},
	{"again", 0, func(q *quantisedGraph, d tensor.DType) *Value { return q.input(d, 0.02, 7, 2, 5, 9, 11) }},
}

// TestIslands: what the pass qdq makes has no step in float32, and answers as the operators apart.
func TestIslands(t *testing.T) {
	for _, c := range islands {
		for _, d := range []tensor.DType{tensor.Int8, tensor.Uint8} {
			t.Run(c.name+" "+d.String(), func(t *testing.T) {
				q := &quantisedGraph{t: t, g: New(), r: rand.New(rand.NewSource(3))}
				v := c.make(q, d)
				s, z := q.scaling(d, 0.31, 30)
				require.NoError(t, q.g.Output("y", must(t, q.g, QuantizeLinear{}, v, s, z)))
				want, err := q.g.Eval(q.in...)
				require.NoError(t, err)
				for threads := 1; threads <= 2; threads++ {
					m, err := q.g.Compile(Options{Poison: true})
					require.NoError(t, err)
					steps := strings.Join(m.Steps(), "\n")
					require.NotContains(t, steps, "eval")
					if !strings.Contains(c.name, "depthwise") {
						require.NotContains(t, steps, ": dequantize")
						require.NotContains(t, steps, ": quantize")
					}
					out := tensor.NewArray(want[0].Type())
					require.NoError(t, m.NewSession(threads).Run([]tensor.Array{out}, q.in))
					for i := range out.Len() {
						if diff := out.Int(i) - want[0].Int(i); diff > int64(c.off) || -diff > int64(c.off) {
							t.Fatalf("element %d is %d, want %d, in\n%s", i, out.Int(i), want[0].Int(i), steps)
						}
					}
				}
			})
		}
	}
}

// TestIntegerSums are ConvInteger and MatMulInteger, whose results are sums.
func TestIntegerSums(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	for _, d := range []tensor.DType{tensor.Int8, tensor.Uint8} {
		for _, wd := range []tensor.DType{tensor.Int8, tensor.Uint8} {
			q := &quantisedGraph{t: t, g: New(), r: r}
			x, a := q.bytes(d, 2, 6, 9, 7), q.bytes(d, 2, 5, 33)
			in := []tensor.Array{x, a}
			xv, err := q.g.Input("x", x.Type())
			require.NoError(t, err)
			av, err := q.g.Input("a", a.Type())
			require.NoError(t, err)
			xz, wz := q.g.Const("", q.bytes(d)), q.g.Const("", q.bytes(wd))
			for _, y := range []*Value{
				must(t, q.g, ConvInteger{Conv{Window: Window{Pads: tensor.D(1, 2, 0, 1)}, Group: 2}}, xv, q.g.Const("", q.bytes(wd, 8, 3, 3, 2)), xz, wz),
				must(t, q.g, ConvInteger{}, xv, q.g.Const("", q.bytes(wd, 5, 6, 1, 1))),
				must(t, q.g, MatMulInteger{}, av, q.g.Const("", q.bytes(wd, 33, 40)), xz, q.g.Const("", q.bytes(wd, 40))),
			} {
				require.NoError(t, q.g.Output("", y))
			}
			sameBytes(t, q.g, in...)
		}
	}
}

// dynamicGraph quantises its input by its range, and multiplies and convolves the bytes.
func dynamicGraph(t *testing.T, r *rand.Rand, x tensor.Type) *Graph {
	q := &quantisedGraph{t: t, g: New(), r: r}
	xv, err := q.g.Input("x", x)
	require.NoError(t, err)
	d, err := q.g.Add("", DynamicQuantizeLinear{}, xv)
	require.NoError(t, err)
	w := x.Dims.At(3)
	for _, y := range append(d,
		must(t, q.g, ConvInteger{Conv{Window: Window{Pads: tensor.D(1, 2, 0, 1)}, Group: 2}}, d[0], q.g.Const("", q.bytes(tensor.Int8, 8, 3, 3, 2)), d[2]),
		must(t, q.g, ConvInteger{Conv{Window: Window{Strides: tensor.D(2, 1)}}}, d[0], q.g.Const("", q.bytes(tensor.Uint8, 5, 6, 1, 1)), d[2], q.g.Const("", q.bytes(tensor.Uint8, 5))),
		must(t, q.g, MatMulInteger{}, d[0], q.g.Const("", q.bytes(tensor.Uint8, w, 40)), d[2], q.g.Const("", q.bytes(tensor.Uint8, 40))),
		must(t, q.g, MatMulInteger{}, d[0], q.g.Const("", q.bytes(tensor.Int8, w, 3)), d[2]),
	) {
		require.NoError(t, q.g.Output("", y))
	}
	return q.g
}

// TestDynamic: what quantises by its own range, and products and convolutions of its bytes, give what Eval does, without it, with borders of zero points that nobody
// knows before.
func TestDynamic(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	numbers := func(lo, hi float64, dims ...int) tensor.Array {
		a := tensor.NewArray(tensor.T(tensor.Float32, dims...))
		for i := range a.Len() {
			a.SetFloat(i, lo+(hi-lo)*r.Float64())
		}
		return a
	}
	special := numbers(-1, 1, 2, 6, 9, 7)
	special.SetFloat(100, math.NaN())
	far := numbers(-1, 1, 2, 6, 9, 7)
	far.SetFloat(3, 3e38)
	far.SetFloat(4, -3e38)
	for name, x := range map[string]tensor.Array{
		"both signs": numbers(-3, 1, 2, 6, 9, 7), "positive": numbers(2, 5, 2, 6, 9, 7), "zeros": numbers(0, 0, 2, 6, 9, 7), "small": numbers(0, 1e-44, 2, 6, 9, 7),
		"NaN": special, "beyond float32": far, "many": numbers(-1, 2, 2, 6, 90, 70),
	} {
		t.Run(name, func(t *testing.T) {
			sameBytes(t, dynamicGraph(t, r, x.Type()), x)
		})
	}
}

// TestDynamicProduct: bytes that are dequantised with what is known at run time only, times weights, are multiplied as bytes.
func TestDynamicProduct(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	for _, d := range []tensor.DType{tensor.Uint8, tensor.Int8} {
		q := &quantisedGraph{t: t, g: New(), r: r}
		x, scale, zero := q.bytes(d, 2, 3, 50), tensor.Scalar(float32(0.013)), q.bytes(d)
		var in []*Value
		for _, a := range []tensor.Array{x, scale, zero} {
			v, err := q.g.Input("", a.Type())
			require.NoError(t, err)
			in = append(in, v)
		}
		require.NoError(t, q.g.Output("", must(t, q.g, MatMul{}, must(t, q.g, DequantizeLinear{}, in...), q.weights(tensor.Uint8, 1, 50, 35))))
		want, err := q.g.Eval(x, scale, zero)
		require.NoError(t, err)
		for threads := 1; threads <= 2; threads++ {
			m, err := q.g.Compile(Options{Poison: true})
			require.NoError(t, err)
			require.NotContains(t, strings.Join(m.Steps(), "\n"), "eval")
			require.Contains(t, strings.Join(m.Steps(), "\n"), "less the zero point")
			out := tensor.NewArray(want[0].Type())
			require.NoError(t, m.NewSession(threads).Run([]tensor.Array{out}, []tensor.Array{x, scale, zero}))
			for i := range out.Len() {
				require.InDelta(t, want[0].Float(i), out.Float(i), 1e-5*(1+math.Abs(want[0].Float(i))))
			}
		}
	}
}
