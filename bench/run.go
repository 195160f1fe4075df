package main

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"time"
)

// A contender is a library with one way of doing a case.
type contender struct {
	lib  library
	name string // the library
	mode string
	own  bool // in the layout that the library likes best (a product: right operand packed beforehand); otherwise NCHW (nothing packed)
	ours bool
	slow bool // measured by few calls, and not on the largest cases
	free bool // uses instructions beyond the ones we are held to: shown, but no rival
	kind string

	variant string // what else we can do, beside what is compared with peers; ours is not set then
	threads int    // 0: those of the run
}

// The variants of ours.
const (
	variantWinograd  = "winograd"
	variantOneThread = "1 thread"
)

// rival says that a contender counts when the best peer is looked for.
func (c *contender) rival() bool { return !c.ours && !c.slow && !c.free && c.variant == "" }

func (c *contender) String() string {
	if c.variant != "" {
		return c.name + " " + c.mode + ", " + c.variant
	}
	return c.name + " " + c.mode
}

// A result is what one contender did on one case.
type result struct {
	Case      *Case
	Contender *contender
	stats
	Impl   string
	Rounds []float64 // the quickest call of each round
	Peak   float64   // of the work per second: operations, measured beside it, or bytes read from the cache that holds the data
	Level  string    // that cache, of a pooling
	Err    error     // it could not be measured
	Wrong  error     // it was, and computed something else
}

func (r *result) ok() bool { return r.Err == nil && r.Wrong == nil && r.Min > 0 }

// rate is the speed in GFLOP/s, or of a pooling in GB/s.
func (r *result) rate() float64 { return r.Case.work() / r.Min / 1e9 }

func (r *result) ofPeak() float64 { return r.Case.work() / r.Min / r.Peak }

func (c *Case) unit() string {
	if c.kind() == kindPool {
		return "GB/s"
	}
	return "GFLOP/s"
}

// tooSlow is how long a contender would have taken that is left out for that.
type tooSlow time.Duration

func (t tooSlow) Error() string { return "would take " + duration(time.Duration(t).Seconds()) }

// A runner measures cases.
type runner struct {
	peak       *peakMeter
	machine    *machine // with what a core reads from each cache
	threads    int
	perCase    time.Duration // for one contender on one case, at most
	rounds     int
	slowRate   map[*contender]float64
	contenders []*contender
}

const extraRounds = 4

// netTime is how much more time a whole network gets than a layer: a pass takes milliseconds, and the best of two or
// three is no good figure.
const netTime = 6

// run measures one case with all contenders of its kind, in about the time allowed: one turn of each at least.
func (r *runner) run(c *Case, allowance time.Duration) []*result {
	start := time.Now()
	type entry struct {
		*result
		job job
	}
	var entries []*entry
	fast := 0
	for _, k := range r.contenders {
		if k.kind != c.kind() {
			continue
		}
		e := &entry{result: &result{Case: c, Contender: k}}
		if k.slow {
			rate := r.slowRate[k]
			if rate == 0 {
				rate = 3e9
			}
			if est := time.Duration(c.flops() / rate * float64(time.Second)); est > allowance/2 || est > 100*r.perCase {
				e.Err = tooSlow(est)
				entries = append(entries, e)
				continue
			}
		} else {
			fast++
		}
		e.job, e.Err = k.lib.Prepare(c, k.mode)
		if e.job != nil {
			e.Impl = e.job.Impl()
		}
		entries = append(entries, e)
	}
	defer func() {
		for _, e := range entries {
			if e.job != nil {
				e.job.Close()
			}
		}
	}()
	perCase := r.perCase
	if c.kind() == kindNet {
		perCase *= netTime
	}
	each := min(perCase, allowance/2/time.Duration(max(fast, 1))) / time.Duration(r.rounds)
	samples := make(map[*entry][]float64)
	var top float64
	// The contenders take turns, so that a drifting clock or another process meets all of them. Some
	// more turns are for those that stay far behind the best, which on a busy machine is more often
	// bad luck than the truth.
	for round := range r.rounds + extraRounds {
		best := math.Inf(1)
		for _, s := range samples {
			best = min(best, summarize(s).Min)
		}
		for _, e := range entries {
			switch {
			case e.Err != nil:
				continue
			case round > 0 && (e.Contender.slow || time.Since(start) > allowance):
				continue
			case round >= r.rounds && summarize(samples[e]).Min < 1.5*best:
				continue
			}
			top = max(top, r.peak.measure(200*time.Microsecond))
			s, err := measureJob(e.job, each)
			if err != nil {
				e.Err = err
				continue
			}
			samples[e] = append(samples[e], s...)
			e.Rounds = append(e.Rounds, summarize(s).Min)
		}
	}
	v := newVerifier(c)
	var first *entry
	var firstOut []float32
	results := make([]*result, 0, len(entries))
	for _, e := range entries {
		results = append(results, e.result)
		if e.Err != nil {
			continue
		}
		e.stats = summarize(samples[e])
		threads := r.threads
		if e.Contender.threads > 0 {
			threads = e.Contender.threads
		}
		e.Peak = top * float64(threads)
		if c.Double {
			e.Peak /= 2 // a vector has half as many
		}
		if c.Bytes {
			e.Peak *= 4 // a lane multiplies four pairs of bytes
		}
		if c.kind() == kindPool {
			var gbs float64
			e.Level, gbs = r.machine.holds(c.bytes())
			e.Peak = gbs * 1e9 * float64(threads)
		}
		if e.Contender.slow {
			r.slowRate[e.Contender] = c.flops() / e.Min
		}
		out := e.job.Output()
		other := ""
		if first != nil {
			other = first.Contender.String()
		}
		if e.Wrong = v.check(out, firstOut, other); e.Wrong == nil && first == nil {
			first, firstOut = e, out
		}
	}
	runtime.GC()
	return results
}

// line sums a case up for the terminal.
func line(results []*result) string {
	var b strings.Builder
	for _, r := range results {
		if r.ok() && !r.Contender.slow {
			fmt.Fprintf(&b, "  %s %.0f", r.Contender, r.rate())
		}
	}
	return b.String()
}
