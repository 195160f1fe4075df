package layers

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestArrange(t *testing.T) {
	a, b, c := &span{first: 0, last: 1, size: 100}, &span{first: 1, last: 2, size: 100}, &span{first: 2, last: 3, size: 100}
	require.Equal(t, 2*112, arrange([]*span{a, b, c}), "a and c share their place")
	require.Equal(t, a.offset, c.offset)

	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var spans []*span
		live := map[int]int{} // at every operation
		for range 1 + rng.IntN(30) {
			s := &span{first: rng.IntN(20), size: 1 + rng.IntN(1000)}
			s.last = s.first + rng.IntN(8)
			spans = append(spans, s)
			for i := s.first; i <= s.last; i++ {
				live[i] += line(s.size)
			}
		}
		total := arrange(spans)
		least := 0
		for _, n := range live {
			least = max(least, n)
		}
		require.GreaterOrEqual(t, total, least)
		require.LessOrEqual(t, total, 2*least)
		for i, s := range spans {
			require.Zero(t, s.offset%16)
			require.LessOrEqual(t, s.offset+s.size, total)
			for _, o := range spans[:i] {
				if s.first <= o.last && o.first <= s.last {
					require.True(t, s.offset+s.size <= o.offset || o.offset+o.size <= s.offset, "%+v and %+v", *s, *o)
				}
			}
		}
	}
}
