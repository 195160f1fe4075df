package graph

import (
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
)

// sums returns a model with two inputs and two outputs, from a Graph without a constructor.
func sums(t *testing.T) *Model {
	var g Graph
	typ := tensor.T(tensor.Float32, 40, 50)
	x, err := g.Input("", typ)
	require.NoError(t, err)
	y, err := g.Input("", typ)
	require.NoError(t, err)
	require.NoError(t, g.Output("", must(t, &g, Add{}, x, y)))
	require.NoError(t, g.Output("", must(t, &g, Softmax{Axis: 1}, must(t, &g, Relu{}, x))))
	m, err := g.Compile(Options{})
	require.NoError(t, err)
	return m
}

// TestOneCallAtATime: a session that is in use is not touched, by its Trace either, and one that a panic has left serves again.
func TestOneCallAtATime(t *testing.T) {
	m := sums(t)
	r := rand.New(rand.NewSource(1))
	in := []tensor.Array{random(r, 40, 50), random(r, 40, 50)}
	begin := func() []tensor.Array {
		return []tensor.Array{tensor.NewArray(in[0].Type()), tensor.NewArray(in[0].Type())}
	}
	same := func(got, want []tensor.Array) {
		for i := range want {
			check.Exact(t, "output", tensor.Data[float32](got[i]), tensor.Data[float32](want[i]))
		}
	}
	s := m.NewSession(2)
	want, out := begin(), begin()
	require.NoError(t, s.Run(want, in))

	traced := 0
	s.Trace = func(string, tensor.Array) {
		traced++
		require.PanicsWithValue(t, busySession, func() { _ = s.Run(out, in) })
	}
	require.NoError(t, s.Run(out, in))
	same(out, want)
	require.NotZero(t, traced)
	s.Trace = func(string, tensor.Array) { panic("Trace") }
	require.PanicsWithValue(t, "Trace", func() { _ = s.Run(out, in) })
	s.Trace = nil
	require.Error(t, s.Run(nil, nil))
	out = begin()
	require.NoError(t, s.Run(out, in))
	same(out, want)
	check.Shared(t, busySession, func() (call, verify func()) {
		out := begin()
		return func() { _ = s.Run(out, in) }, func() { same(out, want) }
	})
}

func TestOverlap(t *testing.T) {
	s := sums(t).NewSession(1)
	typ := s.m.inputs[0].Type
	memory := make([]float32, 5*2000)
	at := func(i int) tensor.Array { return tensor.Of(typ.Dims, memory[i:i+2000]) }
	run := func(y0, y1, x0, x1 int) error {
		return s.Run([]tensor.Array{at(y0), at(y1)}, []tensor.Array{at(x0), at(x1)})
	}
	require.NoError(t, run(0, 2000, 4000, 6000))
	require.NoError(t, run(0, 2000, 4000, 4000))
	require.EqualError(t, run(4000, 0, 4000, 6000), `graph: output "Add1" overlaps an input, want memory of its own`)
	require.ErrorContains(t, run(0, 7999, 4000, 6000), "overlaps an input")
	require.ErrorContains(t, run(0, 1999, 4000, 6000), "overlaps another output")
}

// TestNotMade: zero values and nil where something made by a constructor is due.
func TestNotMade(t *testing.T) {
	for _, m := range []*Model{nil, {}} {
		require.PanicsWithValue(t, noModel, func() { m.NewSession(1) })
	}
	for _, s := range []*Session{nil, {}} {
		require.PanicsWithValue(t, noSession, func() { _ = s.Run(nil, nil) })
	}
	require.Panics(t, func() { sums(t).NewSession(-1) })
	g := New()
	x, err := g.Input("x", tensor.T(tensor.Float32, 2))
	require.NoError(t, err)
	require.NoError(t, g.Output("", x))
	_, err = g.Compile(Options{Kernels: &asm.Set{}})
	require.ErrorContains(t, err, "graph: Options: asm: Kernels is a Set of the caller's making, want nil")
}

// TestNoInputs compiles what is all constants, as a branch of an If may be.
func TestNoInputs(t *testing.T) {
	branch := func(x float32) *Graph {
		g := New()
		require.NoError(t, g.Output("y", g.Const("c", tensor.Vector([]float32{x, -x}))))
		return g
	}
	g := New()
	c, err := g.Input("c", tensor.T(tensor.Bool))
	require.NoError(t, err)
	require.NoError(t, g.Output("y", must(t, g, If{Then: branch(1), Else: branch(2)}, c)))
	m, err := g.Compile(Options{})
	require.NoError(t, err)
	y := tensor.NewArray(tensor.T(tensor.Float32, 2))
	s := m.NewSession(1)
	for i, want := range [][]float32{{2, -2}, {1, -1}} {
		require.NoError(t, s.Run([]tensor.Array{y}, []tensor.Array{tensor.Scalar(i == 1)}))
		require.Equal(t, want, tensor.Data[float32](y))
	}
	_, err = New().Compile(Options{})
	require.ErrorContains(t, err, "no outputs")
}

// TestNames has values of one name: the later ones get numbers.
func TestNames(t *testing.T) {
	g := New()
	var names []string
	for _, name := range []string{"x_3", "x", "x", "x", "x_2", "x"} {
		names = append(names, g.Const(name, tensor.Scalar(true)).Name())
	}
	require.Equal(t, []string{"x_3", "x", "x_2", "x_4", "x_2_2", "x_5"}, names)
}
