package main

import (
	"math"
	"slices"
	"time"
)

// A job is one case made ready in one library: weights packed, memory in place.
type job interface {
	Run(calls int) error // that many times, back to back
	Output() []float32   // a convolution's in NCHW, a product's by rows
	Impl() string        // what the library chose
	Close()
}

// A library makes jobs. One in another process is a peerProcess.
type library interface {
	Info() libInfo
	Prepare(c *Case, mode string) (job, error)
}

type libInfo struct {
	Name    string
	Version string
	Kernel  string // the code path or instruction set it chose
	Path    string
	Note    string
}

// minGroup is the shortest time worth a reading of the clock: quicker calls are timed in groups.
const minGroup = 50 * time.Microsecond

// patience is how much longer than the time it was given a measurement may last, because other
// processes have the processor.
const patience = 6

var processStart = time.Now()

// sample measures a job for about the given time and returns seconds per call, one number for
// every group of calls. The first call warms the caches and is not counted, unless it alone takes
// far longer than the time given. The time given is this thread's own: on a busy machine the number of
// samples stays the same, and some of them fall between the others' turns.
func sample(j job, d time.Duration) ([]float64, error) {
	begin, start := cpuTime(), time.Now()
	call := func(n int) (time.Duration, error) {
		t := time.Now()
		err := j.Run(n)
		return time.Since(t), err
	}
	first, err := call(1)
	if err != nil {
		return nil, err
	}
	if cpuTime()-begin >= patience*d {
		return []float64{first.Seconds()}, nil
	}
	// The first call is a poor guide to the speed of a warm one, and any may be interrupted.
	var s []float64
	one := first
	for i := 0; i < 2 && cpuTime()-begin < d; i++ {
		t, err := call(1)
		if err != nil {
			return nil, err
		}
		s = append(s, t.Seconds())
		one = min(one, t)
	}
	calls := 1
	if one < minGroup {
		calls = int(minGroup/max(one, 20*time.Nanosecond)) + 1
		s = s[:0]
	}
	for len(s) == 0 || cpuTime()-begin < d && time.Since(start) < patience*d {
		t, err := call(calls)
		if err != nil {
			return nil, err
		}
		s = append(s, t.Seconds()/float64(calls))
	}
	return s, nil
}

// stats of a set of samples, in seconds per call.
type stats struct {
	Min, Median float64
	Samples     int
}

func summarize(s []float64) stats {
	if len(s) == 0 {
		return stats{}
	}
	s = slices.Clone(s)
	slices.Sort(s)
	m := s[len(s)/2]
	if len(s)%2 == 0 {
		m = (s[len(s)/2-1] + m) / 2
	}
	return stats{Min: s[0], Median: m, Samples: len(s)}
}

// geomean is the geometric mean of positive numbers; NaN of none.
func geomean(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	var sum float64
	for _, v := range x {
		sum += math.Log(v)
	}
	return math.Exp(sum / float64(len(x)))
}

// measureJob samples a job where it is.
func measureJob(j job, d time.Duration) ([]float64, error) {
	if p, ok := j.(*peerJob); ok {
		return p.Sample(d)
	}
	return sample(j, d)
}
