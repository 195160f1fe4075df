package par

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPool: never more than the limit, one for who comes alone, and a place again after create panics.
func TestPool(t *testing.T) {
	var made, out, most atomic.Int64
	p := NewPool(3, func() *int64 {
		n := made.Add(1)
		return &n
	})
	for range 5 {
		p.Put(p.Get())
	}
	require.EqualValues(t, 1, made.Load(), "used one after another")
	require.Zero(t, testing.AllocsPerRun(10, func() { p.Put(p.Get()) }))

	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for range 200 {
				x := p.Get()
				n := out.Add(1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				*x = n
				out.Add(-1)
				p.Put(x)
			}
		})
	}
	wg.Wait()
	require.LessOrEqual(t, made.Load(), int64(3))
	require.LessOrEqual(t, most.Load(), int64(3))

	fail := true
	q := NewPool(1, func() int {
		if fail {
			panic("no memory")
		}
		return 7
	})
	require.Panics(t, func() { q.Get() })
	fail = false
	require.Equal(t, 7, q.Get())
}
