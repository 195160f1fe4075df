package graph

import (
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
)

// copies is an operator without kernels that does not allocate. Its second input may be missing.
type copies struct{}

func (copies) Infer(in []Arg) ([]tensor.Type, error) { return []tensor.Type{in[0].Type}, nil }
func (copies) Eval(out, in []tensor.Array) error     { return evalCopy(out, in) }

// branching is an If whose branches convolve x, and two operators without kernels.
func branching(t *testing.T) (g *Graph, in []tensor.Array) {
	r := rand.New(rand.NewSource(8))
	typ := tensor.T(tensor.Float32, 1, 3, 4, 5)
	var branches [2]*Graph
	for i := range branches {
		b := New()
		x, err := b.Input("x", typ)
		require.NoError(t, err)
		y := must(t, b, Conv{}, must(t, b, copies{}, x, nil), b.Const("w", random(r, 6, 3, 1, 2)))
		require.NoError(t, b.Output("y", y))
		branches[i] = b
	}
	g = New()
	c, err := g.Input("c", tensor.T(tensor.Bool))
	require.NoError(t, err)
	x, err := g.Input("x", typ)
	require.NoError(t, err)
	y := must(t, g, If{Then: branches[0], Else: branches[1]}, c, must(t, g, copies{}, x))
	require.NoError(t, g.Output("y", y))
	return g, []tensor.Array{tensor.NewArray(c.typ), random(r, typ.Dims.Slice()...)}
}

func TestIf(t *testing.T) {
	g, in := branching(t)
	for i := range 2 {
		in[0].SetInt(0, int64(i))
		agree(t, g, Options{Poison: true}, in...)

		// Channels last: what the branches take and give lies inside, in the usual order.
		m, err := g.Compile(Options{ChannelsLast: true})
		require.NoError(t, err)
		want, err := g.Eval(in...)
		require.NoError(t, err)
		turned := tensor.NewArray(in[1].Type())
		last, dims := channelsLast.dense(in[1].Dims()), in[1].Dims()
		at := func(d tensor.Dims, stride [tensor.MaxRank]int, k int) (to int) {
			for a := d.Rank() - 1; a >= 0; a-- {
				to += k % d.At(a) * stride[a]
				k /= d.At(a)
			}
			return to
		}
		for k := range turned.Len() {
			turned.SetFloat(at(dims, last, k), in[1].Float(k))
		}
		y := tensor.NewArray(want[0].Type())
		require.NoError(t, m.NewSession(1).Run([]tensor.Array{y}, []tensor.Array{in[0], turned}))
		last = channelsLast.dense(y.Dims())
		for k := range y.Len() {
			require.InDelta(t, want[0].Float(k), y.Float(at(y.Dims(), last, k)), 1e-5)
		}
	}
}

// TestOperandsDoNotAllocate: the arrays that operators without kernels take, and branches, are the session's.
func TestOperandsDoNotAllocate(t *testing.T) {
	g, in := branching(t)
	m, err := g.Compile(Options{})
	require.NoError(t, err)
	s := m.NewSession(1)
	out := []tensor.Array{tensor.NewArray(m.Outputs()[0].Type)}
	require.NoError(t, s.Run(out, in))
	check.NoAllocs(t, func() { _ = s.Run(out, in) })
	for _, a := range s.arrays {
		require.False(t, a.Valid(), "the session keeps the caller's memory alive")
	}
}

// TestAfterError: a pass that failed leaves nothing to the next one.
func TestAfterError(t *testing.T) {
	g := New()
	x, err := g.Input("x", tensor.T(tensor.Float32, 4))
	require.NoError(t, err)
	i, err := g.Input("i", tensor.T(tensor.Int64, 2))
	require.NoError(t, err)
	require.NoError(t, g.Output("y", must(t, g, Gather{}, must(t, g, Relu{}, x), i)))
	m, err := g.Compile(Options{})
	require.NoError(t, err)
	s, out := m.NewSession(1), []tensor.Array{tensor.NewArray(m.Outputs()[0].Type)}
	in := []tensor.Array{tensor.Vector([]float32{1, -2, 3, 4}), tensor.Vector([]int64{0, 9})}
	require.Error(t, s.Run(out, in))
	in[1].SetInt(1, 2)
	require.NoError(t, s.Run(out, in))
	require.Equal(t, []float32{1, 3}, tensor.Data[float32](out[0]))
}

// TestNotInPlace: a step does not write over what it reads in two ways.
func TestNotInPlace(t *testing.T) {
	r := rand.New(rand.NewSource(9))
	for _, other := range []func(b builder, x *Value) *Value{
		func(b builder, x *Value) *Value { return b.op(Transpose{}, x) },
		func(b builder, x *Value) *Value {
			return b.op(Slice{}, x, b.ints(-1), b.ints(-99), b.ints(0), b.ints(-1))
		},
		func(b builder, x *Value) *Value { return b.op(Slice{}, x, b.ints(2), b.ints(3), b.ints(1)) },
		func(b builder, x *Value) *Value { return x },
	} {
		for _, op := range []Op{Add{}, Sub{}, Pow{}, PRelu{}, Less{}} {
			b := builder{t, New(), r, nil}
			var err error
			b.x, err = b.g.Input("x", tensor.T(tensor.Float32, 37, 37))
			require.NoError(t, err)
			x := b.op(Exp{}, b.x)
			y := b.op(op, x, other(b, x))
			require.NoError(t, b.g.Output("y", b.op(Identity{}, b.op(Cast{tensor.Float32}, y))))
			require.NoError(t, b.g.Output("z", b.op(Neg{}, b.op(Cast{tensor.Float32}, y))))
			agree(t, b.g, Options{Poison: true}, random(r, 37, 37))
		}
	}
}

// TestNothing: slices of no element, at the end of every axis, lie nowhere.
func TestNothing(t *testing.T) {
	b := builder{t, New(), nil, nil}
	var err error
	b.x, err = b.g.Input("x", tensor.T(tensor.Float32, 5, 4, 3))
	require.NoError(t, err)
	y := b.op(Slice{}, b.op(Exp{}, b.x), b.ints(5, 4, 3), b.ints(5, 4, 3))
	require.NoError(t, b.g.Output("y", y))
	require.NoError(t, b.g.Output("z", b.op(Relu{}, y)))
	require.NoError(t, b.g.Output("s", b.op(ReduceSum{}, y)))
	agree(t, b.g, Options{Poison: true}, tensor.NewArray(b.x.typ))
}
