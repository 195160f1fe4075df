package graph

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// answers wants an operator to give this, by Eval and compiled. Arrays in constants are known before anything runs.
func answers(t *testing.T, op Op, want tensor.Array, in []tensor.Array, constants ...tensor.Array) {
	t.Helper()
	g := New()
	var v []*Value
	for _, a := range in {
		x, err := g.Input("", a.Type())
		require.NoError(t, err)
		v = append(v, x)
	}
	for _, a := range constants {
		v = append(v, g.Const("", a))
	}
	require.NoError(t, g.Output("y", must(t, g, op, v...)))
	got, err := g.Eval(in...)
	require.NoError(t, err)
	m, err := g.Compile(Options{Poison: true})
	require.NoError(t, err)
	out := []tensor.Array{tensor.NewArray(m.Outputs()[0].Type)}
	require.NoError(t, m.NewSession(1).Run(out, in))
	for _, y := range []tensor.Array{got[0], out[0]} {
		require.Equal(t, want.Type(), y.Type())
		require.Equal(t, want.Bytes(), y.Bytes())
	}
}

func TestCumProd(t *testing.T) {
	f := func(x ...float32) tensor.Array { return tensor.Vector(x) }
	zero := tensor.Scalar(int32(0))
	for op, want := range map[CumProd]tensor.Array{
		{}: f(2, 6, 30), {Exclusive: true}: f(1, 2, 6), {Reverse: true}: f(30, 15, 5), {Exclusive: true, Reverse: true}: f(15, 5, 1),
	} {
		answers(t, op, want, []tensor.Array{f(2, 3, 5)}, zero)
	}
	answers(t, CumProd{}, tensor.Of(tensor.D(2, 2), []float32{1, 2, 3, 8}), []tensor.Array{tensor.Of(tensor.D(2, 2), []float32{1, 2, 3, 4})}, tensor.Scalar(int64(-2)))
	const big = 1<<60 + 1 // float64 does not hold it
	answers(t, CumProd{}, tensor.Vector([]int64{big, 3 * big}), []tensor.Array{tensor.Vector([]int64{big, 3})}, zero)
	nan := float32(math.NaN())
	answers(t, CumProd{}, f(2, nan, nan), []tensor.Array{f(2, nan, 0)}, zero)
	_, err := CumProd{}.Infer([]Arg{{Type: tensor.T(tensor.Float32, 3)}, {Type: tensor.T(tensor.Int32), Const: tensor.Scalar(int32(1))}})
	require.Error(t, err, "an axis that is not there")
}

// TestMaxUnpool: the indices count the elements of the smallest output that a pooling could have had, and where that does not fit those of the output.
func TestMaxUnpool(t *testing.T) {
	op := MaxUnpool{Window{Kernel: tensor.D(2, 2), Strides: tensor.D(2, 2)}}
	in := func(idx ...int64) []tensor.Array {
		d := tensor.D(1, 1, 2, 2)
		return []tensor.Array{tensor.Of(d, []float32{1, 2, 3, 4}), tensor.Of(d, idx)}
	}
	put := func(size int, at ...int) tensor.Array {
		y := tensor.NewArray(tensor.T(tensor.Float32, 1, 1, size, size))
		for i, k := range at {
			y.SetFloat(k, float64(i+1))
		}
		return y
	}
	shape := func(size int64) tensor.Array { return tensor.Vector([]int64{1, 1, size, size}) }
	answers(t, op, put(4, 5, 7, 13, 15), in(5, 7, 13, 15))
	answers(t, op, put(5, 6, 8, 16, 18), in(5, 7, 13, 15), shape(5))
	answers(t, op, put(3, 0, 2, 4, 8), in(0, 2, 4, 8), shape(3))
}

func TestBitCast(t *testing.T) {
	answers(t, BitCast{tensor.Int32}, tensor.Vector([]int32{0x3f800000, -0x80000000}), []tensor.Array{tensor.Vector([]float32{1, float32(math.Copysign(0, -1))})})
	answers(t, BitCast{tensor.Uint8}, tensor.Vector([]uint8{255, 1}), []tensor.Array{tensor.Vector([]int8{-1, 1})})
	half := tensor.NewArray(tensor.T(tensor.Float16, 2))
	half.SetFloat(0, 1)
	half.SetFloat(1, -2)
	answers(t, BitCast{tensor.Int16}, tensor.Vector([]int16{0x3c00, -0x4000}), []tensor.Array{half})
	for _, to := range []tensor.DType{tensor.Int64, tensor.Bool, 0} {
		_, err := BitCast{to}.Infer([]Arg{{Type: tensor.T(tensor.Float32, 3)}})
		require.ErrorContains(t, err, "want a numeric type of 4 bytes, as float32 has")
	}
	// Steps before it and after it see their own types.
	g := New()
	x, err := g.Input("x", tensor.T(tensor.Float32, 3))
	require.NoError(t, err)
	y := must(t, g, Add{}, must(t, g, BitCast{tensor.Int32}, must(t, g, Neg{}, x)), g.Const("", tensor.Vector([]int32{0, 1, 2})))
	require.NoError(t, g.Output("y", y))
	agree(t, g, Options{Poison: true}, tensor.Vector([]float32{0, 1e-40, 2e-40}))
}

func TestTensorScatter(t *testing.T) {
	cache := tensor.Of(tensor.D(2, 4, 2), []float32{1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18})
	update := tensor.Of(tensor.D(2, 2, 2), []float32{-1, -2, -3, -4, -11, -12, -13, -14})
	want := func(x ...float32) tensor.Array { return tensor.Of(tensor.D(2, 4, 2), x) }
	answers(t, TensorScatter{Axis: -2}, want(-1, -2, -3, -4, 5, 6, 7, 8, -11, -12, -13, -14, 15, 16, 17, 18), []tensor.Array{cache, update})
	answers(t, TensorScatter{Axis: 1}, want(1, 2, -1, -2, -3, -4, 7, 8, -11, -12, -13, -14, 15, 16, 17, 18),
		[]tensor.Array{cache, update, tensor.Vector([]int64{1, 0})})
	answers(t, TensorScatter{Axis: 1, Circular: true}, want(-3, -4, 3, 4, 5, 6, -1, -2, 11, 12, 13, 14, -11, -12, -13, -14),
		[]tensor.Array{cache, update, tensor.Vector([]int64{3, 2})})
	last := tensor.Of(tensor.D(2, 4, 1), []float32{0, -1, -2, -3, -4, -5, -6, -7})
	answers(t, TensorScatter{Axis: -1}, want(1, 0, 3, -1, 5, -2, 7, -3, -4, 12, -5, 14, -6, 16, -7, 18), []tensor.Array{cache, last, tensor.Vector([]int64{1, 0})})

	for _, start := range []int64{3, -1, 5} {
		out := []tensor.Array{tensor.NewArray(cache.Type())}
		require.ErrorContains(t, TensorScatter{Axis: 1}.Eval(out, []tensor.Array{cache, update, tensor.Vector([]int64{0, start})}), "want it inside the 4")
	}
	f := func(dims ...int) Arg { return Arg{Type: tensor.T(tensor.Float32, dims...)} }
	for want, in := range map[string][]Arg{
		"at most 4 along axis 1":      {f(2, 4, 2), f(2, 5, 2)},
		"input 1 is 2x2x3":            {f(2, 4, 2), f(2, 2, 3)},
		"want 2, one number for each": {f(2, 4, 2), f(2, 2, 2), {Type: tensor.T(tensor.Int64, 3)}},
		"input 1 is int64":            {f(2, 4, 2), {Type: tensor.T(tensor.Int64, 2, 2, 2)}},
	} {
		_, err := TensorScatter{Axis: 1}.Infer(in)
		require.ErrorContains(t, err, want)
	}
	_, err := TensorScatter{}.Infer([]Arg{f(2, 4, 2), f(2, 4, 2)})
	require.ErrorContains(t, err, "that of the batch")
}
