package layers_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

func pooled(t *testing.T) (m *layers.Model, x, want []float32) {
	m, err := layers.Compile(zoo(), zooIn, layers.Options{Exact: true})
	require.NoError(t, err)
	x, want = random(1, zooIn.Elems(), 1), make([]float32, m.Outputs()[0].Elems())
	m.NewSession(1).Forward(want, x)
	return m, x, want
}

// TestRun: what is wrong is an error, and what is right is what Forward does, without allocating.
func TestRun(t *testing.T) {
	m, x, want := pooled(t)
	s, got := m.NewSession(1), make([]float32, len(want))
	require.NoError(t, s.Run(got, x))
	require.Equal(t, want, got)
	require.NoError(t, s.RunAll([][]float32{got}, [][]float32{x}))
	check.NoAllocs(t, func() { _ = s.Run(got, x) })
	both := make([]float32, len(got)+len(x))
	require.EqualError(t, s.Run(got, x[1:]), "layers: len(src) is 1439, want 1440 for an input 2x3x15x16")
	require.ErrorContains(t, s.Run(got[1:], x), "layers: len(dst) is ")
	require.ErrorContains(t, s.Run(both[:len(got)], both[1:][:len(x)]), "layers: dst overlaps src")
	require.ErrorContains(t, s.RunAll(nil, [][]float32{x}), "len(dst) is not the number of outputs")
	require.ErrorContains(t, s.RunAll([][]float32{got}, nil), "len(src) is not the number of inputs")
	require.ErrorContains(t, m.Run(got, x[1:]), "len(src) is 1439")

	g := layers.NewGraph()
	in := g.Input("x", tensor.Shape{N: 1, C: 1, H: 1, W: 1})
	g.Output(in)
	g.Output(in)
	two, err := g.Compile(layers.Options{})
	require.NoError(t, err)
	require.ErrorContains(t, two.NewSession(1).Run(make([]float32, 1), make([]float32, 1)), "several inputs or outputs")
	require.NoError(t, two.NewPool(1, 1).RunAll([][]float32{make([]float32, 1), make([]float32, 1)}, [][]float32{make([]float32, 1)}))
	for _, m := range []*layers.Model{nil, {}} {
		require.ErrorContains(t, m.Run(nil, nil), "the model is nil or was not made by Compile")
		require.PanicsWithValue(t, "layers: the model is nil or was not made by Compile", func() { m.NewPool(1, 1) })
	}
	for _, p := range []*layers.Pool{nil, {}} {
		require.PanicsWithValue(t, "layers: the pool is nil or was not made by NewPool", func() { _ = p.Run(nil, nil) })
		require.PanicsWithValue(t, "layers: the pool is nil or was not made by NewPool", func() { _ = p.RunAll(nil, nil) })
	}
}

// TestPool: many goroutines run a model, and get what one gets.
func TestPool(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	m, x, want := pooled(t)
	p := m.NewPool(2, 2)
	for _, run := range []func(dst, src []float32) error{m.Run, p.Run} {
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				got := make([]float32, len(want))
				for range 10 {
					clear(got)
					if err := run(got, x); err != nil {
						t.Error(err)
					}
					if !equal(got, want) {
						t.Error("another answer")
					}
				}
			})
		}
		wg.Wait()
	}
	got := make([]float32, len(want))
	check.NoAllocs(t, func() { _ = p.Run(got, x) })
}

func equal(x, y []float32) bool {
	for i := range x {
		if x[i] != y[i] {
			return false
		}
	}
	return true
}
