package graph

import (
	"math/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// slow is an operator that takes a while.
type slow struct{ Time time.Duration }

func (slow) Infer(in []Arg) ([]tensor.Type, error) { return []tensor.Type{in[0].Type}, nil }
func (o slow) Eval(out, in []tensor.Array) error {
	for start := time.Now(); time.Since(start) < o.Time; {
	}
	copy(out[0].Bytes(), in[0].Bytes())
	return nil
}

func TestProfile(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	g := New()
	x, err := g.Input("x", tensor.T(tensor.Float32, 2, 6, 9, 8))
	require.NoError(t, err)
	y := must(t, g, Conv{Window: Window{Pads: tensor.D(1, 1, 1, 1)}}, x, g.Const("w", random(r, 12, 6, 3, 3)))
	const delay = 3 * time.Millisecond
	y = must(t, g, slow{delay}, must(t, g, Relu{}, y))
	y = must(t, g, Flatten{Axis: 1}, y)
	y = must(t, g, MatMul{}, y, g.Const("m", random(r, 12*9*8, 5)))
	require.NoError(t, g.Output("y", y))
	conv, product := 2*12*9*8*6*9, 2*5*12*9*8
	require.Equal(t, conv+product, g.MACs())
	m, err := g.Compile(Options{Exact: true})
	require.NoError(t, err)
	s := m.NewSession(1)
	s.Profile = m.NewProfile()
	dst, src := []tensor.Array{tensor.NewArray(m.Outputs()[0].Type)}, []tensor.Array{random(r, 2, 6, 9, 8)}
	begin := time.Now()
	for range 3 {
		require.NoError(t, s.Run(dst, src))
	}
	passes := time.Since(begin)
	p := s.Profile
	require.Equal(t, 3, p.Passes)
	require.Len(t, p.Steps, len(m.Steps()))
	sum, all := 0, time.Duration(0)
	for i, q := range p.Steps {
		require.Equal(t, m.Steps()[i], q.Node+": "+q.What)
		require.GreaterOrEqual(t, q.Sum, 3*q.Min)
		sum, all = sum+q.MACs, all+q.Sum
		if q.What == "eval slow" {
			require.GreaterOrEqual(t, q.Min, delay)
			require.Zero(t, q.MACs)
		}
	}
	require.LessOrEqual(t, all, passes, "a step's time is its own, not another's too")
	require.Equal(t, conv+product, sum, "no step's sums are left out, or counted twice")
	s.Profile = nil
	require.NoError(t, s.Run(dst, src))
	require.Equal(t, 3, p.Passes)
	s.Profile = &Profile{}
	require.ErrorContains(t, s.Run(dst, src), "another model")
}

// TestProfileAllocates: reading the clock does not allocate.
func TestProfileAllocates(t *testing.T) {
	g := New()
	x, err := g.Input("x", tensor.T(tensor.Float32, 4))
	require.NoError(t, err)
	require.NoError(t, g.Output("y", must(t, g, Relu{}, x)))
	m, err := g.Compile(Options{})
	require.NoError(t, err)
	s := m.NewSession(1)
	s.Profile = m.NewProfile()
	dst, src := []tensor.Array{tensor.NewArray(x.typ)}, []tensor.Array{tensor.NewArray(x.typ)}
	require.Zero(t, testing.AllocsPerRun(10, func() { s.Run(dst, src) }))
}

func TestMACs(t *testing.T) {
	f := func(sizes ...int) tensor.Type { return tensor.T(tensor.Float32, sizes...) }
	for _, c := range []struct {
		op   Op
		in   []tensor.Type
		out  tensor.Type
		want int
	}{
		{Conv{Group: 2}, []tensor.Type{f(1, 4, 5, 5), f(6, 2, 3, 3)}, f(1, 6, 3, 3), 6 * 9 * 2 * 9},
		{ConvTranspose{}, []tensor.Type{f(1, 4, 5, 5), f(4, 3, 2, 2)}, f(1, 3, 10, 10), 4 * 25 * 3 * 4},
		{Gemm{TransA: true}, []tensor.Type{f(7, 2), f(7, 3)}, f(2, 3), 2 * 3 * 7},
		{Gemm{TransB: true}, []tensor.Type{f(2, 7), f(3, 7)}, f(2, 3), 2 * 3 * 7},
		{MatMul{}, []tensor.Type{f(5, 2, 7), f(7, 3)}, f(5, 2, 3), 5 * 2 * 3 * 7},
		{NewLSTM(3, 0, false, 0), []tensor.Type{f(5, 2, 4), f(1, 12, 4), f(1, 12, 3)}, f(5, 1, 2, 3), 5 * 2 * 12 * 7},
		{Relu{}, []tensor.Type{f(5)}, f(5), 0},
	} {
		require.Equal(t, c.want, macs(c.op, c.in, c.out), "%T", c.op)
	}
}
