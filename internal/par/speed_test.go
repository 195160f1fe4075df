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

// pair is what two cores can do: a goroutine that waits in a loop for a word to change, and does a part then.
type pair struct {
	begun, done atomic.Int64
	stop        atomic.Bool
}

func (p *pair) loop(b *busy) {
	for seen := int64(0); !p.stop.Load(); pause() {
		if n := p.begun.Load(); n != seen {
			seen = n
			b.Do(1, 0)
			p.done.Store(n)
		}
	}
}

func (p *pair) run(b *busy) {
	n := p.begun.Add(1)
	b.Do(0, 0)
	for start := now(); p.done.Load() != n && now()-start < time.Second; {
		pause()
	}
}

// Handing half of the work to a worker that is awake costs less than a microsecond: two parts of 20 microseconds take at
// most 21. Where a word takes long from core to core, because they do not share a cache, it costs no more than eight times
// what handing over by a single word does: the lines of a hand-over go there one after another.
func TestHandOver(t *testing.T) {
	twoCores(t)
	b := newBusy(part)
	alone := quickest(func() time.Duration { return 0 }, func() { b.Do(0, 0) })
	limit := alone + time.Microsecond
	got := quickest(func() time.Duration { return limit }, func() { Run(b, 2, 2) })
	t.Logf("one part %v, two parts on two workers %v", alone, got)
	if got <= limit {
		return
	}
	var p pair
	go p.loop(b)
	defer p.stop.Store(true)
	bare := quickest(func() time.Duration { return alone }, func() { p.run(b) })
	if bare > limit {
		t.Skipf("the processors are busy: without this package it takes %v", bare)
	}
	if got > alone+8*(bare-alone) {
		t.Errorf("two parts of %v take %v on two workers, and %v handed over by a word", alone, got, bare)
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
