package par

import (
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// busy is a task whose parts take a set time each.
type busy struct {
	rounds int
	sink   [2]struct {
		n uint64
		_ [apart]byte
	}
}

func (b *busy) Do(worker, _ int) {
	x := b.sink[worker].n | 1
	for range b.rounds {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	b.sink[worker].n = x
}

// newBusy returns a task with parts of about d.
func newBusy(d time.Duration) *busy {
	b := &busy{rounds: 1 << 20}
	best := time.Hour
	for range 5 {
		start := now()
		b.Do(0, 0)
		best = min(best, now()-start)
	}
	b.rounds = int(int64(b.rounds) * int64(d) / int64(best))
	return b
}

// latency reports the distribution of the times that a Run of two parts of 20 microseconds takes, with pauses between.
func latency(b *testing.B, workers int, pause time.Duration) {
	if runtime.GOMAXPROCS(0) < workers {
		b.Skip("needs more processors")
	}
	t := newBusy(20 * time.Microsecond)
	times := make([]time.Duration, b.N)
	Run(t, 2, workers)
	for i := range times {
		if pause > 0 {
			time.Sleep(pause)
		}
		start := now()
		Run(t, 2, workers)
		times[i] = now() - start
	}
	slices.Sort(times)
	micros := func(p int) float64 { return float64(times[min(len(times)*p/100, len(times)-1)].Nanoseconds()) / 1e3 }
	b.ReportMetric(micros(1), "p1-us")
	b.ReportMetric(micros(50), "p50-us")
	b.ReportMetric(micros(90), "p90-us")
	b.ReportMetric(micros(99), "p99-us")
}

// BenchmarkRun2x20us is the hand-over that the package exists for. Cold runs find all workers parked.
func BenchmarkRun2x20us(b *testing.B) {
	b.Run("serial", func(b *testing.B) { latency(b, 1, 0) })
	b.Run("hot", func(b *testing.B) { latency(b, 2, 0) })
	b.Run("cold-serial", func(b *testing.B) { latency(b, 1, time.Millisecond) })
	b.Run("cold", func(b *testing.B) { latency(b, 2, time.Millisecond) })
}

// BenchmarkRunEmpty is the cost of a Run whose parts do nothing.
func BenchmarkRunEmpty(b *testing.B) {
	x := &nothing{}
	for _, w := range []int{1, 2} {
		b.Run(map[int]string{1: "serial", 2: "two"}[w], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Run(x, 2, w)
			}
		})
	}
}

// meet is two parts that wait for each other.
type meet struct {
	here   atomic.Int32
	joined time.Duration // when the other one came
}

func (m *meet) Do(worker, _ int) {
	if worker != 0 {
		m.joined = now()
	}
	for m.here.Add(1); m.here.Load() < 2; {
		pause()
	}
}

// BenchmarkRunMeet is a Run whose worker must have joined: offer, join, one part each, leave. It reports when
// the worker's part begins, as well.
func BenchmarkRunMeet(b *testing.B) {
	if runtime.GOMAXPROCS(0) < 2 {
		b.Skip("needs two processors")
	}
	var m meet
	handOver, whole := make([]time.Duration, b.N), make([]time.Duration, b.N)
	for i := range b.N {
		m.here.Store(0)
		start := now()
		Run(&m, 2, 2)
		handOver[i], whole[i] = m.joined-start, now()-start
	}
	slices.Sort(handOver)
	slices.Sort(whole)
	b.ReportMetric(float64(handOver[b.N/2]), "handover-p50-ns")
	b.ReportMetric(float64(handOver[b.N*99/100]), "handover-p99-ns")
	b.ReportMetric(float64(whole[b.N/2]), "p50-ns")
}

// BenchmarkRunCrowded is many callers at once, more than there are processors, against the same serially:
// spinning must not take the processors from those who have work.
func BenchmarkRunCrowded(b *testing.B) {
	for _, w := range []int{1, 2} {
		b.Run(map[int]string{1: "serial", 2: "two"}[w], func(b *testing.B) {
			b.SetParallelism(4)
			rounds := newBusy(20 * time.Microsecond).rounds
			b.RunParallel(func(pb *testing.PB) {
				t := &busy{rounds: rounds}
				for pb.Next() {
					Run(t, 2, w)
				}
			})
		})
	}
}

// BenchmarkRunOversubscribed has more workers than the machine has cores: 8 or more for parts of 20
// microseconds. Serially they take 20 microseconds each.
func BenchmarkRunOversubscribed(b *testing.B) {
	workers := max(8, 2*runtime.NumCPU())
	procs(b, workers)
	t := &crowd{rounds: newBusy(20 * time.Microsecond).rounds, sink: make([]busy, workers)}
	for b.Loop() {
		Run(t, workers, workers)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*workers), "us/part")
}

type crowd struct {
	rounds int
	sink   []busy
}

func (c *crowd) Do(worker, _ int) {
	t := &c.sink[worker]
	t.rounds = c.rounds
	t.Do(0, 0)
}
