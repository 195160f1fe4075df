package asm

import (
	"math"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func TestPeak(t *testing.T) {
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		for i, r := range append(slices.Clone(s.PeakBF16), s.Peak...) {
			products := float32(1) // in a step
			if i < len(s.PeakBF16) {
				products = 2
			}
			t.Run(r.Name, func(t *testing.T) {
				out := make([]float32, r.Chains*r.Lanes+1)
				out[len(out)-1] = 42
				a := &PeakArgs{Out: unsafe.Pointer(&out[0])}
				for _, c := range []struct {
					steps      int
					x, y, want float32
				}{
					{1, 1, 3, 3},
					{100, 1, 1, 100},
					{20, 2, 1, 1<<20 - 1},
					{3, -1, 5, 5},
				} {
					a.Steps, a.X, a.Y = c.steps, c.x, c.y
					if r.Adds {
						c.want = products * float32(c.steps) * c.x * c.y
					}
					r.Call(a)
					for i, v := range out[:len(out)-1] {
						require.Equal(t, c.want, v, "%s steps %d x %v y %v, lane %d", r.Name, c.steps, c.x, c.y, i)
					}
				}
				require.Equal(t, float32(42), out[len(out)-1], "wrote past the end")
			})
		}
	}
}

func TestRead(t *testing.T) {
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		for _, r := range s.Read {
			t.Run(r.Name, func(t *testing.T) {
				for _, blocks := range []int{1, 2, 5} {
					n := blocks * r.Block
					x := make([]float32, n+1)
					x[n] = float32(math.NaN()) // must not be read
					a := &ReadArgs{X: unsafe.Pointer(&x[0]), N: n}
					for i := range n {
						clear(x[:n])
						x[i] = 7
						r.Call(a)
						require.Equal(t, float32(7), a.Sum, "n %d, only element %d set", n, i)
					}
				}
			})
		}
	}
}

func TestRows(t *testing.T) {
	rows := Rows()
	names := make(map[string]bool)
	for _, r := range rows {
		require.False(t, names[r.Name], "%s is listed twice", r.Name)
		names[r.Name] = true
		require.NotEmpty(t, r.Op)
		if r.Selected {
			require.True(t, r.Supported, r.Name)
		}
	}
	for _, r := range brgTable() {
		require.True(t, names[r.Name], "%s is missing", r.Name)
	}
	selected, err := Kernels()
	require.NoError(t, err)
	n := 0
	for _, r := range rows {
		if r.Selected && r.Op == "brg" {
			n++
		}
	}
	require.Equal(t, len(selected.Brg), n)
}
