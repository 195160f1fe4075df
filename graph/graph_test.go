package graph

import (
	"math/rand"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// random returns an array of numbers from -1 to 1.
func random(r *rand.Rand, dims ...int) tensor.Array {
	a := tensor.NewArray(tensor.T(tensor.Float32, dims...))
	for i := range a.Len() {
		a.SetFloat(i, 2*r.Float64()-1)
	}
	return a
}

func must(t testing.TB, g *Graph, op Op, in ...*Value) *Value {
	out, err := g.Add("", op, in...)
	require.NoError(t, err)
	return out[0]
}

// agree compiles g and compares a pass with Eval.
func agree(t testing.TB, g *Graph, o Options, in ...tensor.Array) {
	want, err := g.Eval(in...)
	require.NoError(t, err)
	m, err := g.Compile(o)
	require.NoError(t, err)
	s := m.NewSession(1)
	out := make([]tensor.Array, len(want))
	for i, p := range m.Outputs() {
		out[i] = tensor.NewArray(p.Type)
	}
	require.NoError(t, s.Run(out, in))
	for i, x := range out {
		for j := range x.Len() {
			if d := x.Float(j) - want[i].Float(j); d > 1e-4 || d < -1e-4 || d != d {
				m.Explain(os.Stderr)
				t.Fatalf("output %d, element %d is %v, want %v", i, j, x.Float(j), want[i].Float(j))
			}
		}
	}
}

func TestSmoke(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	g := New()
	x, err := g.Input("x", tensor.T(tensor.Float32, 2, 6, 9, 8))
	require.NoError(t, err)
	w := g.Const("w", random(r, 12, 6, 3, 3))
	b := g.Const("b", random(r, 12))
	c := must(t, g, Conv{Window: Window{Pads: tensor.D(1, 1, 1, 1)}}, x, w, b)
	c = must(t, g, Relu{}, c)
	p := must(t, g, MaxPool{Window: Window{Kernel: tensor.D(2, 2), Strides: tensor.D(2, 2)}}, c)
	q := must(t, g, Concat{1}, p, must(t, g, Sigmoid{}, p))
	require.NoError(t, g.Output("q", q))
	gap := must(t, g, GlobalAveragePool{}, q)
	k := g.Const("k", random(r, 8))
	require.NoError(t, g.Output("gap8", must(t, g, Add{}, gap, k)))
	shuffled := must(t, g, Transpose{tensor.D(0, 2, 1, 3, 4)}, must(t, g, Reshape{}, q, g.Const("", tensor.Vector([]int64{0, 3, 8, 4, 4}))))
	sh := must(t, g, Reshape{}, shuffled, g.Const("", tensor.Vector([]int64{2, 24, 4, 4})))
	require.NoError(t, g.Output("sh", must(t, g, Mul{}, sh, q)))
	fl := must(t, g, Flatten{1}, sh)
	require.NoError(t, g.Output("mm", must(t, g, MatMul{}, fl, g.Const("", random(r, 24*16, 5)))))
	in := random(r, 2, 6, 9, 8)
	agree(t, g, Options{}, in)
	h, err := g.With(tensor.T(tensor.Float32, 2, 6, 9, 8))
	require.NoError(t, err)
	agree(t, h, Options{Exact: true}, in)
}

// TestConvTranspose compares random transposed convolutions with Eval.
func TestConvTranspose(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	for range 200 {
		var o ConvTranspose
		k := []int{1 + r.Intn(4), 1 + r.Intn(4)}
		s := []int{1 + r.Intn(3), 1 + r.Intn(3)}
		d := []int{1 + r.Intn(2), 1 + r.Intn(2)}
		o.Strides, o.Dilations = tensor.D(s...), tensor.D(d...)
		o.Pads = tensor.D(r.Intn(3), r.Intn(3), r.Intn(3), r.Intn(3))
		o.OutputPadding = tensor.D(r.Intn(s[0]), r.Intn(s[1]))
		o.Group = 1 + r.Intn(2)
		c, oc := o.Group*(1+r.Intn(5)), 1+r.Intn(5)
		g := New()
		in := random(r, 1+r.Intn(2), c, 1+r.Intn(6), 1+r.Intn(6))
		x, err := g.Input("x", in.Type())
		require.NoError(t, err)
		y, err := g.Add("", o, x, g.Const("w", random(r, c, oc, k[0], k[1])), g.Const("b", random(r, oc*o.Group)))
		if err != nil {
			continue // pads that leave nothing
		}
		require.NoError(t, g.Output("y", must(t, g, Relu{}, y[0])))
		agree(t, g, Options{}, in)
	}
}

// TestConvTransposeInPlace: the convolutions that a transposed one is made of write to their places, without a step that moves.
func TestConvTransposeInPlace(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	for _, c := range []struct {
		in           tensor.Dims
		kernel, pads tensor.Dims
		strides      tensor.Dims
		convs, moves int
	}{
		{tensor.D(2, 5, 4, 6), tensor.D(4, 4), tensor.D(1, 1, 1, 1), tensor.D(2, 2), 4, 0},
		{tensor.D(1, 5, 4, 6), tensor.D(2, 2), tensor.D(0, 0, 0, 0), tensor.D(2, 2), 4, 0},
		{tensor.D(2, 5, 7), tensor.D(4), tensor.D(1, 1), tensor.D(2), 2, 0},
		{tensor.D(2, 5, 4, 6), tensor.D(3, 3), tensor.D(1, 1, 1, 1), tensor.D(2, 2), 4, 4}, // 7 rows: two images are not equally far apart
		{tensor.D(1, 5, 4, 6), tensor.D(3, 3), tensor.D(1, 1, 1, 1), tensor.D(2, 2), 4, 0},
		{tensor.D(2, 5, 4, 6), tensor.D(3, 3), tensor.D(1, 1, 1, 1), tensor.D(1, 1), 1, 0},
	} {
		g := New()
		in := random(r, c.in.Slice()...)
		x, err := g.Input("x", in.Type())
		require.NoError(t, err)
		w := random(r, append([]int{5, 3}, c.kernel.Slice()...)...)
		y := must(t, g, ConvTranspose{Window: Window{Strides: c.strides, Pads: c.pads}}, x, g.Const("w", w), g.Const("b", random(r, 3)))
		require.NoError(t, g.Output("y", must(t, g, Relu{}, y)))
		agree(t, g, Options{}, in)
		m, err := g.Compile(Options{ChannelsLast: true})
		require.NoError(t, err)
		convs, moves := 0, 0
		for _, s := range m.steps {
			switch s.(type) {
			case *convStep:
				convs++
			case *moveStep:
				moves++
			}
		}
		require.Equal(t, []int{c.convs, c.moves}, []int{convs, moves}, "%v", c)
	}
}

// TestDrop: a model that has let go of its graph runs, and has no With.
func TestDrop(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	g := New()
	in := random(r, 1, 4, 5, 5)
	x, err := g.Input("x", in.Type())
	require.NoError(t, err)
	y := must(t, g, Conv{}, x, g.Const("w", random(r, 4, 4, 3, 3)))
	require.NoError(t, g.Output("y", must(t, g, Add{}, y, g.Const("k", random(r, 1, 1, 3, 3)))))
	agree(t, g, Options{Drop: true}, in)
	m, err := g.Compile(Options{Drop: true})
	require.NoError(t, err)
	_, err = m.With(in.Type())
	require.ErrorContains(t, err, "Options.Drop")
}

// TestEvalEach: every node is shown once, in running order, and an error ends it.
func TestEvalEach(t *testing.T) {
	g := New()
	x, err := g.Input("x", tensor.T(tensor.Float32, 3))
	require.NoError(t, err)
	a, err := g.Add("a", Neg{}, x)
	require.NoError(t, err)
	b, err := g.Add("b", Relu{}, a[0])
	require.NoError(t, err)
	require.NoError(t, g.Output("", b[0]))
	var names []string
	in := tensor.Vector([]float32{-1, 2, -3})
	out, err := g.EvalEach(func(node string, x tensor.Array) error {
		names = append(names, node)
		require.Equal(t, map[string][]int{"a": {1, -2, 3}, "b": {1, 0, 3}}[node], x.Ints())
		return nil
	}, in)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, names)
	require.Equal(t, []int{1, 0, 3}, out[0].Ints())
	_, err = g.EvalEach(func(string, tensor.Array) error { return os.ErrClosed }, in)
	require.ErrorIs(t, err, os.ErrClosed)
}
