package par

import (
	"math"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// The tests here hold promises about time. They take the shortest of many, beside what the machine can do without
// this package, and pass over a machine whose processors are busy with other work.

const (
	part     = 20 * time.Microsecond
	tries    = 4000
	patience = 3 * time.Second
)

// twoCores skips a test on machines where times say nothing.
func twoCores(t *testing.T) {
	t.Helper()
	if runtime.NumCPU() < 2 || raceDetector {
		t.Skip("needs two processors, and no race detector")
	}
}

// quickest runs f until the shortest time is at most enough, or there is no patience left.
func quickest(enough func() time.Duration, f func()) time.Duration {
	best := time.Duration(math.MaxInt64)
	for i, begin := 0, now(); i < tries && now()-begin < patience; i++ {
		start := now()
		f()
		best = min(best, now()-start)
		if i >= 100 && best <= enough() {
			break
		}
	}
	return best
}

// roundTrip is how long a word takes to another core and back.
func roundTrip() time.Duration {
	const trips = 2000
	var there, back atomic.Int64
	go func() {
		for i := int64(1); i <= trips; i++ {
			for start := now(); there.Load() != i && now()-start < time.Second; {
				pause()
			}
			back.Store(i)
		}
	}()
	start := now()
	for i := int64(1); i <= trips; i++ {
		there.Store(i)
		for back.Load() != i && now()-start < time.Second {
			pause()
		}
	}
	return (now() - start) / trips
}

// Handing half of the work to a worker that is awake costs less than a microsecond: two parts of 20 microseconds take at
// most 21. Where cores do not share a cache, so that a word takes half a microsecond from one to the other, it costs no more
// than five times there and back.
func TestHandOver(t *testing.T) {
	twoCores(t)
	trip := roundTrip()
	if trip > 2*time.Microsecond {
		t.Skipf("the processors are busy: a word takes %v there and back", trip)
	}
	limit := max(time.Microsecond, 5*trip)
	b := newBusy(part)
	alone := quickest(func() time.Duration { return 0 }, func() { b.Do(0, 0) })
	got := quickest(func() time.Duration { return alone + limit }, func() { Run(b, 2, 2) })
	t.Logf("a word takes %v there and back, one part %v, two parts on two workers %v", trip, alone, got)
	if got > alone+limit {
		t.Errorf("two parts of %v take %v on two workers, want at most %v more", alone, got, limit)
	}
}

// More workers than cores do not collapse: eight take at most 1.3 times what two take for the same parts.
func TestMoreWorkersThanCores(t *testing.T) {
	twoCores(t)
	procs(t, 8)
	const parts = 64
	c := &crowd{rounds: newBusy(part).rounds, sink: make([]busy, 8)}
	two, eight := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for i, begin := 0, now(); i < 500 && now()-begin < patience; i++ { // they take turns: both meet what else runs
		start := now()
		Run(c, parts, 2)
		middle := now()
		Run(c, parts, 8)
		two, eight = min(two, middle-start), min(eight, now()-middle)
		if i >= 20 && eight*10 <= two*13 {
			break
		}
	}
	t.Logf("two workers %v, eight %v", two, eight)
	if eight*10 > two*13 {
		if ideal := parts * part / 2; two > ideal*12/10 {
			t.Skipf("the processors are busy: two workers take %v for %v", two, ideal)
		}
		t.Errorf("eight workers take %v, two %v: more than 1.3 times", eight, two)
	}
}
