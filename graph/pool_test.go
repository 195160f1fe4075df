package graph

import (
	"bytes"
	"math/rand"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
)

// TestPool: many goroutines run a model, and get what one gets.
func TestPool(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	g := New()
	x, err := g.Input("x", tensor.T(tensor.Float32, 2, 6, 9, 8))
	require.NoError(t, err)
	y := must(t, g, Relu{}, must(t, g, Conv{}, x, g.Const("w", random(r, 12, 6, 3, 3))))
	require.NoError(t, g.Output("y", y))
	m, err := g.Compile(Options{})
	require.NoError(t, err)
	in := []tensor.Array{random(r, 2, 6, 9, 8)}
	want := []tensor.Array{tensor.NewArray(y.Type())}
	require.NoError(t, m.NewSession(1).Run(want, in))
	p := m.NewPool(2, 2)
	for _, run := range []func(dst, src []tensor.Array) error{m.Run, p.Run} {
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				got := []tensor.Array{tensor.NewArray(y.Type())}
				for range 10 {
					clear(got[0].Bytes())
					if err := run(got, in); err != nil {
						t.Error(err)
					}
					if !bytes.Equal(got[0].Bytes(), want[0].Bytes()) {
						t.Error("another answer")
					}
				}
			})
		}
		wg.Wait()
		require.Error(t, run(want, nil))
		check.NoAllocs(t, func() { _ = run(want, in) })
	}
	for _, m := range []*Model{nil, {}} {
		require.EqualError(t, m.Run(nil, nil), noModel)
		require.PanicsWithValue(t, noModel, func() { m.NewPool(1, 1) })
	}
	for _, p := range []*Pool{nil, {}} {
		require.PanicsWithValue(t, noPool, func() { _ = p.Run(nil, nil) })
	}
}
