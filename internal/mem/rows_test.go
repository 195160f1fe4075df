package mem

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// TestOverlap marks the floats of all runs of one, and looks for those of the other.
func TestOverlap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	memory := make([]float32, 400)
	touched := make([]bool, len(memory))
	each := func(r Rows, f func(i int)) {
		first := int(address(unsafe.Slice(r.First, 1))-address(memory)) / 4
		for i := range r.N {
			for j := range r.Len {
				f(first + i*r.Step + j)
			}
		}
	}
	said := map[bool]int{}
	for range 200000 {
		draw := func() Rows {
			r := Rows{First: &memory[rng.IntN(250)], N: rng.IntN(6), Len: rng.IntN(9)}
			r.Step = max(1, r.Len) + rng.IntN(3)*rng.IntN(9)
			return r
		}
		x, y := draw(), draw()
		if rng.IntN(2) == 0 {
			y.Step = max(x.Step, y.Len, 1)
		}
		clear(touched)
		each(x, func(i int) { touched[i] = true })
		want := false
		each(y, func(i int) { want = want || touched[i] })
		gaps := func(r Rows) bool { return r.N > 1 && r.Step > r.Len }
		got := x.Overlap(y)
		if got != want && (got || !gaps(x) || !gaps(y) || x.Step == y.Step) {
			require.Equal(t, want, got, "%+v and %+v", x, y)
		}
		require.Equal(t, got, y.Overlap(x))
		said[got]++
	}
	require.Greater(t, min(said[true], said[false]), 10000)
}

func TestOverlapDense(t *testing.T) {
	x := make([]float32, 9)
	require.True(t, Dense(x).Overlap(Dense(x[8:])))
	require.False(t, Dense(x[:4]).Overlap(Dense(x[4:])))
	require.False(t, Dense(nil).Overlap(Dense(x)))
	require.False(t, Dense(x).Overlap(Dense(x[9:])))
	require.False(t, Dense(x).Overlap(Dense(make([]float32, 9))))
	for i := range 10 {
		for j := i; j < 10; j++ {
			for k := range 10 {
				for l := k; l < 10; l++ {
					want := !Dense(x[i:j]).Overlap(Dense(x[k:l]))
					if i < j && k < l {
						require.Equal(t, want, Apart(x[i:j], x[k:l]))
					}
				}
			}
		}
	}
	b := make([]byte, 5)
	require.True(t, Apart(b[:2], b[2:]))
	require.False(t, Apart(b[:3], b[2:]))
}
