package asm

import (
	"math"
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestPreemption: a goroutine that does nothing but call kernels holds up the collector no longer than
// one in a loop of plain Go.
//
// The runtime cannot stop a goroutine inside assembly. It stops it in the prologue of Call: were that
// inlined or left out, stops would take from tens of milliseconds to seconds, nearly every one of them.
// The median is what is compared, because other processes on the machine can hold up single stops.
func TestPreemption(t *testing.T) {
	if runtime.GOMAXPROCS(0) < 2 {
		t.Skip("needs a second processor: with one, stops wait for the scheduler's time slice")
	}
	if testing.Short() {
		t.Skip("takes a second")
	}
	var x atomic.Int64
	plain := medianStop(func(quit *atomic.Bool) {
		for !quit.Load() {
			x.Add(1)
		}
	})
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		brg, brgU8 := brgWork[float32](s.Brg[0]), brgU8Work(s.BrgU8[0])
		for _, k := range []struct {
			name string
			call func()
			loop func(quit *atomic.Bool) // no other call in here: only Call's prologue can be a place to stop
		}{
			{s.Brg[0].Name, func() { s.Brg[0].Call(brg) }, func(quit *atomic.Bool) {
				for row := s.Brg[0]; !quit.Load(); {
					row.Call(brg)
				}
			}},
			{s.BrgU8[0].Name, func() { s.BrgU8[0].Call(brgU8) }, func(quit *atomic.Bool) {
				for row := s.BrgU8[0]; !quit.Load(); {
					row.Call(brgU8)
				}
			}},
		} {
			start := time.Now()
			k.call()
			call := time.Since(start)
			stop := medianStop(k.loop)
			t.Logf("%s: median stop below %v, plain Go %v, one call %v", k.name, stop, plain, call)
			require.LessOrEqual(t, stop, max(4*plain, 4*time.Millisecond), k.name)
		}
	}
}

// medianStop returns an upper bound of the median time that the runtime needs to stop the world for
// the collector while loop is running in another goroutine.
func medianStop(loop func(quit *atomic.Bool)) time.Duration {
	var quit atomic.Bool
	started, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		close(started)
		loop(&quit)
	}()
	<-started
	before := stops()
	for range 20 {
		runtime.GC()
	}
	after := stops()
	quit.Store(true)
	<-done

	total := uint64(0)
	for i := range after.Counts {
		after.Counts[i] -= before.Counts[i]
		total += after.Counts[i]
	}
	sum := uint64(0)
	for i, n := range after.Counts {
		if sum += n; 2*sum >= total {
			return time.Duration(min(after.Buckets[i+1], math.MaxInt32) * 1e9)
		}
	}
	return 0
}

// stops is the histogram of the times from the start of a stop for the collector until the world stood
// still.
func stops() metrics.Float64Histogram {
	s := []metrics.Sample{{Name: "/sched/pauses/stopping/gc:seconds"}}
	metrics.Read(s)
	h := s[0].Value.Float64Histogram()
	return metrics.Float64Histogram{Counts: append([]uint64(nil), h.Counts...), Buckets: h.Buckets}
}
