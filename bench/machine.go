package main

import (
	"fmt"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/cpu"
	"github.com/simdnn/simdnn/internal/mem"
)

// machine is what the figures were measured on and with.
type machine struct {
	CPU       string
	Features  []string
	Caches    cpu.Caches
	CPUs      int
	Go        string
	OS, Arch  string
	Commit    string
	Date      string
	ISA       string // whose kernels are used
	Supported []string
	Threads   int
	Peaks     []peak // best instruction set first
	Bandwidth []bandwidth
	Trips     []time.Duration // a word to another core and back, with several threads: before the cases, and after
}

// peak is the rate of multiply-adds of one core.
type peak struct {
	ISA, Kernel string
	GFLOPS      float64
}

// bandwidth is the rate of reading a block of memory that lies in one level of the hierarchy.
type bandwidth struct {
	Level string
	Bytes int
	GBs   float64
}

func describeMachine(set *asm.Set, threads int) *machine {
	m := &machine{
		CPU: cpu.Name(), Features: cpu.Features(), Caches: cpu.CacheSizes(), CPUs: runtime.NumCPU(),
		Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH,
		Commit: commit(), Date: time.Now().UTC().Format("2006-01-02T15:04:05Z"),
		ISA: set.ISA.String(), Threads: threads,
	}
	for _, isa := range asm.Supported() {
		m.Supported = append(m.Supported, isa.String())
	}
	return m
}

// commit is the revision this program was built from, with a + if there were changes. `go run` does
// not record it: git is asked then.
func commit() string {
	var rev, modified string
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				rev = s.Value
			case "vcs.modified":
				modified = s.Value
			}
		}
	}
	if rev == "" {
		out, err := exec.Command("git", "rev-parse", "HEAD").Output()
		if err != nil {
			return "unknown"
		}
		rev = strings.TrimSpace(string(out))
		if out, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no").Output(); err == nil && len(out) > 0 {
			modified = "true"
		}
	}
	rev = rev[:min(12, len(rev))]
	if modified == "true" {
		rev += "+"
	}
	return rev
}

// A peakMeter measures how fast this core multiplies and adds, in short bursts beside the work: the
// clock drifts, so a percentage is worth something only against a peak measured at the same time.
type peakMeter struct {
	row  *asm.PeakRow
	args *asm.PeakArgs
	out  []float32
}

func newPeakMeter(row *asm.PeakRow) *peakMeter {
	p := &peakMeter{row: row, args: new(asm.PeakArgs)}
	p.out = mem.Floats(p.row.Chains * p.row.Lanes)
	p.args.Out = unsafe.Pointer(&p.out[0])
	p.args.X, p.args.Y = 0.5, 1
	p.args.Steps = asm.MaxWork / (p.row.Chains * p.row.Lanes)
	return p
}

// measure returns the best of the calls it makes in the given time, in operations per second.
func (p *peakMeter) measure(d time.Duration) float64 {
	ops := 2 * float64(p.row.Chains*p.row.Lanes*p.args.Steps)
	best := 0.0
	for start := time.Now(); time.Since(start) < d; {
		t := time.Now()
		for range 4 {
			p.row.Call(p.args)
		}
		best = max(best, 4*ops/time.Since(t).Seconds())
	}
	return best
}

func measurePeaks(d time.Duration) []peak {
	var peaks []peak
	sup := asm.Supported()
	for i := len(sup) - 1; i >= 0; i-- {
		s, err := asm.For(sup[i])
		if err != nil || s.Peak[0].ISA != sup[i] {
			continue // a level without a peak of its own, as avx512vnni for float32
		}
		peaks = append(peaks, peak{sup[i].String(), s.Peak[0].Name, newPeakMeter(s.Peak[0]).measure(d) / 1e9})
	}
	if s, err := asm.For(sup[len(sup)-1]); err == nil && s.PeakBF16[0].ISA != asm.Generic { // pairs are twice the operations
		peaks = append(peaks, peak{s.PeakBF16[0].ISA.String(), s.PeakBF16[0].Name, 2 * newPeakMeter(s.PeakBF16[0]).measure(d) / 1e9})
	}
	return peaks
}

// measureBandwidth reads blocks that fit each level: half of a cache, and four times the largest one.
func measureBandwidth(m *machine, set *asm.Set, d time.Duration) []bandwidth {
	r := set.Read[0]
	type level struct {
		name  string
		bytes int
	}
	var levels []level
	largest := 0
	for _, l := range []level{{"L1", m.Caches.L1D}, {"L2", m.Caches.L2}, {"L3", m.Caches.L3}} {
		if l.bytes > largest {
			levels = append(levels, level{l.name, min(l.bytes/2, 16<<20)})
			largest = l.bytes
		}
	}
	levels = append(levels, level{"memory", min(max(4*largest, 64<<20), 256<<20)})
	x := mem.Floats(levels[len(levels)-1].bytes / 4)
	for i := range x {
		x[i] = 1 // touched, so that every page is one of its own
	}
	a := new(asm.ReadArgs)
	var out []bandwidth
	for _, l := range levels {
		n := l.bytes / 4 / r.Block * r.Block
		pass := func() {
			for at := 0; at < n; {
				a.X = unsafe.Pointer(&x[at])
				a.N = min(n-at, asm.MaxWork/4/r.Block*r.Block)
				r.Call(a)
				at += a.N
			}
		}
		pass()
		best := 0.0
		for start, i := time.Now(), 0; i < 2 || time.Since(start) < d; i++ {
			reps := max(1, 1<<20/l.bytes)
			t := time.Now()
			for range reps {
				pass()
			}
			best = max(best, float64(reps*n*4)/time.Since(t).Seconds())
		}
		out = append(out, bandwidth{l.name, l.bytes, best / 1e9})
	}
	return out
}

// measureTrip is how long a word takes to another core and back: at best a hundred times in a row.
func measureTrip() time.Duration {
	const trips, row = 4000, 100
	var there, back struct {
		atomic.Int64
		_ [120]byte // a line of its own
	}
	go func() {
		runtime.LockOSThread()
		for i := int64(1); i <= trips; i++ {
			for start := time.Now(); there.Load() != i && time.Since(start) < time.Second; {
			}
			back.Store(i)
		}
	}()
	best := time.Hour
	for i := int64(1); i <= trips; {
		start := time.Now()
		for end := i + row; i < end; i++ {
			there.Store(i)
			for back.Load() != i && time.Since(start) < time.Second {
			}
		}
		best = min(best, time.Since(start)/row)
	}
	return best
}

// holds returns the first level of the caches that is as large as so many bytes, or else memory, and what a
// core reads from it in GB/s.
func (m *machine) holds(bytes float64) (level string, gbs float64) {
	sizes := map[string]int{"L1": m.Caches.L1D, "L2": m.Caches.L2, "L3": m.Caches.L3}
	for _, b := range m.Bandwidth {
		if level, gbs = b.Level, b.GBs; bytes <= float64(sizes[b.Level]) {
			break
		}
	}
	return level, gbs
}

func byteSize(n int) string {
	switch {
	case n <= 0:
		return "?"
	case n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}
