package graph

import (
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// TestGatherEvenly: windows that slide, strides and single pieces are views, whatever the order of the input; other pieces are picked.
func TestGatherEvenly(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	views := 0
	for range 500 {
		perm := r.Perm(3)
		in := random(r, 2+r.Intn(4), 2+r.Intn(4), 2+r.Intn(4))
		g := New()
		x, err := g.Input("x", in.Type())
		require.NoError(t, err)
		x = must(t, g, Transpose{tensor.D(perm...)}, x)
		axis := r.Intn(3)
		n := x.typ.Dims.At(axis)
		var dims []int
		for range r.Intn(4) {
			dims = append(dims, 1+r.Intn(3))
		}
		idx := tensor.NewArray(tensor.T(tensor.Int64, dims...))
		var steps [3]int
		for i := range steps {
			steps[i] = r.Intn(3) - 1
		}
		start, even := r.Intn(n), r.Intn(8) > 0
		for i := range idx.Len() {
			at, rest := start, i
			for k := len(dims) - 1; k >= 0; k-- {
				at += rest % dims[k] * steps[k]
				rest /= dims[k]
			}
			if !even {
				at = r.Intn(n)
			}
			idx.SetInt(i, int64(min(max(at, 0), n-1)-n*r.Intn(2)))
		}
		y := must(t, g, Gather{axis}, x, g.Const("i", idx))
		require.NoError(t, g.Output("y", must(t, g, Relu{}, y)))
		agree(t, g, Options{Poison: true}, in)
		m, err := g.Compile(Options{})
		require.NoError(t, err)
		if s := strings.Join(m.Steps(), "\n"); !strings.Contains(s, "eval") && !strings.Contains(s, "gather") {
			views++
		}
	}
	require.Greater(t, views, 250)
}

// TestScatterKnown: ScatterND with indices that are constants copies runs, over its input if nobody else wants that.
func TestScatterKnown(t *testing.T) {
	r := rand.New(rand.NewSource(7))
	aliases := 0
	for range 500 {
		d := []int{1 + r.Intn(4), 1 + r.Intn(4), 1 + r.Intn(4)}
		k := 1 + r.Intn(3)
		count := 1 + r.Intn(5)
		if r.Intn(3) == 0 {
			count = tensor.D(d[:k]...).Elems()
		}
		idx := tensor.NewArray(tensor.T(tensor.Int64, count, k))
		order := r.Perm(tensor.D(d[:k]...).Elems())
		if r.Intn(2) == 0 {
			slices.Sort(order)
		}
		for i := range count {
			for j, rest := k-1, order[i%len(order)]; j >= 0; j-- {
				at := rest % d[j]
				rest /= d[j]
				idx.SetInt(i*k+j, int64(at-d[j]*r.Intn(2)))
			}
		}
		in, u := random(r, d...), random(r, append([]int{count}, d[k:]...)...)
		g := New()
		x, err := g.Input("x", in.Type())
		require.NoError(t, err)
		v, err := g.Input("u", u.Type())
		require.NoError(t, err)
		y, v := must(t, g, Relu{}, x), must(t, g, Relu{}, v)
		z := must(t, g, Neg{}, must(t, g, ScatterND{}, y, g.Const("i", idx), v))
		if r.Intn(2) == 0 {
			z = must(t, g, Add{}, y, z)
		}
		require.NoError(t, g.Output("z", z))
		agree(t, g, Options{Poison: true}, in, u)
		m, err := g.Compile(Options{})
		require.NoError(t, err)
		steps := strings.Join(m.Steps(), "\n")
		require.NotContains(t, steps, "eval Scatter")
		if !strings.Contains(steps, "scatter") {
			aliases++
		}
	}
	require.Greater(t, aliases, 20)
	require.Less(t, aliases, 250)
}
