package par

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBusy(t *testing.T) {
	var b Busy
	b.Enter("first")
	require.PanicsWithValue(t, "second", func() { b.Enter("second") })
	b.Leave()
	b.Enter("third")
	b.Leave()

	// However many come at a time, one is inside.
	var inside, most atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 10000 {
				func() {
					defer func() { _ = recover() }()
					b.Enter("busy")
					if n := inside.Add(1); n > most.Load() {
						most.Store(n)
					}
					inside.Add(-1)
					b.Leave()
				}()
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, most.Load())
}

// BenchmarkBusy is what a call pays.
func BenchmarkBusy(b *testing.B) {
	var busy Busy
	for b.Loop() {
		call(&busy)
	}
}

//go:noinline
func call(busy *Busy) {
	busy.Enter("busy")
	defer busy.Leave()
}
