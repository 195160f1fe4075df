package graph

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// applied returns a graph of one input and what op makes of it and of constants.
func applied(t *testing.T, x tensor.Type, op Op, in ...tensor.Array) (*Graph, *Value) {
	g := New()
	v, err := g.Input("x", x)
	require.NoError(t, err)
	args := []*Value{v}
	for _, a := range in {
		args = append(args, g.Const("", a))
	}
	return g, must(t, g, op, args...)
}

// TestBroadcastOfMean: a global average plus a constant of shape [8] has the axes of both.
func TestBroadcastOfMean(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	g, mean := applied(t, tensor.T(tensor.Float32, 1, 8, 5, 5), GlobalAveragePool{})
	y := must(t, g, Add{}, mean, g.Const("k", random(r, 8)))
	require.Equal(t, tensor.T(tensor.Float32, 1, 8, 1, 8), y.Type())
	require.NoError(t, g.Output("", y))
	for _, o := range []Options{{}, {ChannelsLast: true}, {Off: Unfused()}} {
		in := random(r, 1, 8, 5, 5)
		want, err := g.Eval(in)
		require.NoError(t, err)
		m, err := g.Compile(o)
		require.NoError(t, err)
		require.Empty(t, far(outputsOf(t, m.NewSession(1), []tensor.Array{in}), want, false))
	}
}

// TestShapesAlwaysFold: what was computed from large constants leaves enough for shapes.
func TestShapesAlwaysFold(t *testing.T) {
	g := New()
	x, err := g.Input("x", tensor.T(tensor.Float32, 2, 3))
	require.NoError(t, err)
	g.budget = -foldBase
	require.Zero(t, g.left())
	y := must(t, g, Reshape{}, x, must(t, g, Concat{}, must(t, g, Shape{Start: 1}, x), g.Const("", tensor.Vector([]int64{-1}))))
	require.Equal(t, tensor.T(tensor.Float32, 3, 2), y.Type())
}

// TestManyNames: nodes and constants of one name take no longer than others.
func TestManyNames(t *testing.T) {
	g := New()
	begin := time.Now()
	k := tensor.Scalar[float32](1)
	last := ""
	for range 20_000 {
		last = g.Const("w", k).Name()
	}
	require.Equal(t, "w_20000", last)
	require.Less(t, time.Since(begin), 3*time.Second, "it was half a minute")
}

// TestLargeIntegers: integers that float64 does not hold.
func TestLargeIntegers(t *testing.T) {
	eval := func(op Op, in ...tensor.Array) tensor.Array {
		types, err := op.Infer(arraysAsArgs(in))
		require.NoError(t, err)
		y := tensor.NewArray(types[0])
		require.NoError(t, op.Eval([]tensor.Array{y}, in))
		return y
	}
	x := tensor.Vector([]int64{-1<<53 - 1, 1<<53 + 1, math.MaxInt64, math.MinInt64 + 1})
	require.Equal(t, []int64{1<<53 + 1, 1<<53 + 1, math.MaxInt64, math.MaxInt64}, tensor.Data[int64](eval(Abs{}, x)))
	require.Equal(t, []int64{1<<53 + 1, -1<<53 - 1, -math.MaxInt64, math.MaxInt64}, tensor.Data[int64](eval(Neg{}, x)))
	require.Equal(t, []int64{0, 1<<53 + 1, math.MaxInt64, 0}, tensor.Data[int64](eval(Relu{}, x)))
	u := tensor.Vector([]uint64{7, math.MaxUint64, 1 << 63})
	require.Equal(t, []uint64{7, math.MaxUint64, 1 << 63}, tensor.Data[uint64](eval(Relu{}, u)))
	require.Equal(t, []uint64{7, math.MaxUint64, 1 << 63}, tensor.Data[uint64](eval(Abs{}, u)))
	require.Equal(t, []uint64{7, 0, 1 << 63}, tensor.Data[uint64](eval(Mod{}, u, tensor.Scalar[uint64](math.MaxUint64))))
	// The end of a Slice, and of an int on every machine.
	require.Equal(t, 3, eval(Slice{}, tensor.Vector([]int64{1, 2, 3, 4}), list(1), list(math.MaxInt64)).Len())
	require.Equal(t, 4, eval(Slice{}, tensor.Vector([]int64{1, 2, 3, 4}), list(-1), list(math.MinInt64), list(0), list(-1)).Len())
}

// TestFoldedScales: scales that weights cannot take stay a step of their own.
func TestFoldedScales(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	inf := float32(math.Inf(1))
	for _, c := range []struct {
		op Op
		by float32
	}{{Div{}, 0}, {Div{}, 1e-39}, {Mul{}, inf}, {Mul{}, 3e38}, {Mul{}, 1e-38}, {Div{}, inf}, {Mul{}, 0}, {Mul{}, 2}, {Div{}, 3}} {
		g, v := applied(t, tensor.T(tensor.Float32, 1, 3, 4, 4), Conv{}, random(r, 2, 3, 3, 3), random(r, 2))
		require.NoError(t, g.Output("", must(t, g, c.op, v, g.Const("", tensor.Scalar(c.by)))))
		in := random(r, 1, 3, 4, 4)
		want, err := g.Eval(in)
		require.NoError(t, err)
		m, err := g.Compile(Options{Exact: true})
		require.NoError(t, err)
		got := outputsOf(t, m.NewSession(1), []tensor.Array{in})
		for i := range want[0].Len() {
			a, b := got[0].Float(i), want[0].Float(i)
			require.True(t, a == b || a != a && b != b || math.Abs(a-b) <= 1e-5*math.Abs(b)+1e-44, "%v by %v: %v, want %v", OpName(c.op), c.by, a, b)
		}
	}
	for _, variance := range []float32{0, -1, 1e-39, inf, 1} {
		g, v := applied(t, tensor.T(tensor.Float32, 1, 2, 4, 4), Conv{}, random(r, 2, 2, 1, 1))
		k := func(x float32) *Value { return g.Const("", tensor.Vector([]float32{x, x})) }
		require.NoError(t, g.Output("", must(t, g, BatchNormalization{}, v, k(1), k(0.5), k(0.25), k(variance))))
		require.NoError(t, g.Output("", must(t, g, BatchNormalization{}, g.inputs[0], k(1), k(0.5), k(0.25), k(variance))))
		in := random(r, 1, 2, 4, 4)
		want, err := g.Eval(in)
		require.NoError(t, err)
		m, err := g.Compile(Options{Exact: true})
		require.NoError(t, err)
		require.Empty(t, far(outputsOf(t, m.NewSession(1), []tensor.Array{in}), want, false), "variance %v", variance)
	}
}

// TestEdges are graphs that were accepted, and then did not compile or run.
func TestEdges(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	check := func(g *Graph, in ...tensor.Array) {
		t.Helper()
		want, err := g.Eval(in...)
		require.NoError(t, err)
		m, err := g.Compile(Options{Exact: true})
		require.NoError(t, err)
		require.Empty(t, far(outputsOf(t, m.NewSession(1), in), want, false))
	}
	// A clamp to nothing after a convolution.
	g, v := applied(t, tensor.T(tensor.Float32, 1, 3, 4, 4), Conv{}, random(r, 2, 3, 3, 3))
	require.NoError(t, g.Output("", must(t, g, Clip{}, v, g.Const("", tensor.Scalar[float32](0)), g.Const("", tensor.Scalar[float32](0)))))
	check(g, random(r, 1, 3, 4, 4))
	// A product over no elements, and an activation.
	g, v = applied(t, tensor.T(tensor.Float32, 2, 0), MatMul{}, tensor.NewArray(tensor.T(tensor.Float32, 0, 3)))
	require.NoError(t, g.Output("", must(t, g, Relu{}, v)))
	check(g, tensor.NewArray(tensor.T(tensor.Float32, 2, 0)))
	// An If whose branches take nothing.
	branch := func(x float32) *Graph {
		b := New()
		require.NoError(t, b.Output("", b.Const("", tensor.Scalar(x))))
		return b
	}
	g, v = applied(t, tensor.T(tensor.Bool), If{Then: branch(1), Else: branch(2)})
	require.NoError(t, g.Output("", v))
	check(g, tensor.Scalar(true))
	check(g, tensor.Scalar(false))
	// Between the axes a Resize is no larger than its ends.
	g, v = applied(t, tensor.T(tensor.Float32, 1, 1<<16), Resize{Mode: Linear}, tensor.Vector([]float32{}), tensor.Vector([]float32{}), tensor.Vector([]int64{1 << 16, 1}))
	require.NoError(t, g.Output("", v))
	require.Less(t, allocates(func() { check(g, random(r, 1, 1<<16)) }), uint64(1<<26))
}

// TestNarrow: 16-bit numbers are computed in float32, and everybody outside sees 16 bits.
func TestNarrow(t *testing.T) {
	for _, d := range []tensor.DType{tensor.Float16, tensor.BFloat16} {
		numbers := func(dims ...int) tensor.Array {
			a := tensor.NewArray(tensor.T(d, dims...))
			for i := range a.Len() {
				a.SetFloat(i, float64(i%5)-2)
			}
			return a
		}
		g := New()
		x, err := g.Input("x", tensor.T(d, 1, 3, 4, 4))
		require.NoError(t, err)
		k := g.Const("k", numbers(1, 3, 1, 1))
		y := must(t, g, Add{}, must(t, g, Conv{}, x, g.Const("w", numbers(3, 3, 1, 1))), k)
		for _, v := range []*Value{y, k, x, y, must(t, g, only16{d}, y), must(t, g, Cast{tensor.Float32}, y), must(t, g, Cast{d}, must(t, g, Cast{tensor.Float32}, x))} {
			require.NoError(t, g.Output(fmt.Sprint("out", len(g.outputs)), v))
		}
		in := numbers(1, 3, 4, 4)
		want, err := g.Eval(in)
		require.NoError(t, err)
		for _, o := range []Options{{Exact: true}, {Exact: true, ChannelsLast: true}, {Exact: true, Off: []string{"widen"}}} {
			m, err := g.Compile(o)
			require.NoError(t, err)
			require.True(t, slices.Equal(m.Outputs(), g.Outputs()), "%v: %v, want %v", d, m.Outputs(), g.Outputs())
			require.Empty(t, far(outputsOf(t, m.NewSession(1), []tensor.Array{in}), want, true))
		}
	}
}

// only16 is an operator of a user's who knows one type of elements.
type only16 struct{ d tensor.DType }

func (o only16) Infer(in []Arg) ([]tensor.Type, error) {
	t, err := inferUnary(in, floating)
	if err == nil && t[0].DType != o.d {
		err = fmt.Errorf("the input is %v, want %v", t[0], o.d)
	}
	return t, err
}

func (o only16) Eval(out, in []tensor.Array) error {
	if in[0].DType() != o.d || out[0].DType() != o.d {
		return fmt.Errorf("elements are %v and %v", in[0].DType(), out[0].DType())
	}
	return evalUnary(out, in, func(x float64) float64 { return x + 1 })
}
