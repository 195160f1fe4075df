package par

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// procs runs a test with n processors, whatever the machine has.
func procs(t testing.TB, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// count checks every promise of Run about its calls of Do.
type count struct {
	workers int
	done    []atomic.Int32 // per part
	busy    []atomic.Int32 // per worker
	data    []int          // per part, written without synchronisation
	scratch []int          // per worker, likewise
	bad     atomic.Pointer[string]
	work    func(worker, task int)
}

func newCount(tasks, workers int) *count {
	return &count{
		workers: workers,
		done:    make([]atomic.Int32, tasks),
		busy:    make([]atomic.Int32, max(workers, 1)),
		data:    make([]int, tasks),
		scratch: make([]int, max(workers, 1)),
	}
}

func (c *count) Do(worker, task int) {
	if worker < 0 || worker >= len(c.busy) {
		c.fail("worker %d of %d", worker, c.workers)
		return
	}
	if c.busy[worker].Add(1) != 1 {
		c.fail("two parts at once have worker %d", worker)
	}
	c.scratch[worker]++
	c.data[task]++
	if c.work != nil {
		c.work(worker, task)
	}
	c.done[task].Add(1)
	c.busy[worker].Add(-1)
}

func (c *count) fail(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	c.bad.CompareAndSwap(nil, &s)
}

// check looks at what times Runs have done.
func (c *count) check(t testing.TB, times int) {
	t.Helper()
	if s := c.bad.Load(); s != nil {
		t.Fatal(*s)
	}
	sum := 0
	for i := range c.done {
		if n := int(c.done[i].Load()); n != times || c.data[i] != times {
			t.Fatalf("part %d of %d: done %d times of %d, data %d", i, len(c.done), n, times, c.data[i])
		}
		sum += times
	}
	for _, s := range c.scratch {
		sum -= s
	}
	require.Zero(t, sum, "workers did not do as many parts as there are")
}

func TestRun(t *testing.T) {
	procs(t, 4)
	for _, tasks := range []int{0, 1, 2, 3, 7, 8, 100, 1000} {
		for _, workers := range []int{-1, 0, 1, 2, 3, 4, 5, 64} {
			c := newCount(tasks, workers)
			for range 20 {
				Run(c, tasks, workers)
			}
			c.check(t, 20)
		}
	}
}

type order []int

func (o *order) Do(worker, task int) { *o = append(*o, worker, task) }

// One worker does the parts in order, without help.
func TestSerial(t *testing.T) {
	procs(t, 4)
	var o order
	Run(&o, 3, 1)
	require.Equal(t, order{0, 0, 0, 1, 0, 2}, o)
	runtime.GOMAXPROCS(1)
	o = nil
	Run(&o, 2, 8)
	require.Equal(t, order{0, 0, 0, 1}, o)
}

// A worker begins with a share of neighbouring parts, and helps with those that another has left.
func TestShares(t *testing.T) {
	procs(t, 2)
	c := newCount(6, 2)
	var first [2]atomic.Int32
	var here, done atomic.Int32
	deadline := time.Now().Add(20 * time.Second)
	c.work = func(worker, part int) {
		if here.Add(1) <= 2 { // each worker's first part: both are here before either goes on
			first[worker].Store(int32(part))
			for here.Load() < 2 && time.Now().Before(deadline) {
				runtime.Gosched()
			}
		}
		if worker == 0 { // so that the other does the rest
			for done.Load() < 4 && time.Now().Before(deadline) {
				runtime.Gosched()
			}
		}
		done.Add(1)
	}
	Run(c, 6, 2)
	c.check(t, 1)
	require.EqualValues(t, 0, first[0].Load())
	require.EqualValues(t, 3, first[1].Load())
}

// Others take part, and as many as they should.
func TestAllWorkersJoin(t *testing.T) {
	procs(t, 4)
	c := newCount(4, 4)
	var here atomic.Int32
	deadline := time.Now().Add(20 * time.Second)
	c.work = func(int, int) { // nobody leaves before all are here
		for here.Add(1); here.Load() < 4 && time.Now().Before(deadline); {
			runtime.Gosched()
		}
	}
	Run(c, 4, 4)
	c.check(t, 1)
	require.EqualValues(t, 4, here.Load())
	require.Equal(t, []int{1, 1, 1, 1}, c.scratch)
}

func TestManyCallers(t *testing.T) {
	procs(t, 4)
	var wg sync.WaitGroup
	for caller := range 16 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(caller)))
			for range 150 {
				tasks, workers := r.IntN(40), r.IntN(7)
				c := newCount(tasks, workers)
				c.work = func(int, int) {
					switch r := rand.IntN(100); {
					case r == 0:
						time.Sleep(time.Duration(rand.IntN(100)) * time.Microsecond)
					case r < 10:
						runtime.Gosched()
					}
				}
				times := 1 + r.IntN(3)
				for range times {
					Run(c, tasks, workers)
				}
				c.check(t, times)
				if r.IntN(20) == 0 {
					time.Sleep(100 * time.Microsecond) // let workers park
				}
			}
		})
	}
	wg.Wait()
}

func TestNested(t *testing.T) {
	procs(t, 4)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 30 {
				outer := newCount(6, 4)
				outer.work = func(int, int) {
					middle := newCount(5, 3)
					middle.work = func(int, int) {
						inner := newCount(4, 4)
						Run(inner, 4, 4)
						inner.check(t, 1)
					}
					Run(middle, 5, 3)
					middle.check(t, 1)
				}
				Run(outer, 6, 4)
				outer.check(t, 1)
			}
		})
	}
	wg.Wait()
}

func TestChangingProcs(t *testing.T) {
	procs(t, 4)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				c := newCount(50, 8)
				Run(c, 50, 8)
				c.check(t, 1)
			}
		})
	}
	for i := range 40 {
		runtime.GOMAXPROCS(1 + i%6)
		time.Sleep(time.Millisecond)
	}
	close(stop)
	wg.Wait()
}

// both waits until two workers are in Do, so that the one who is not the caller can misbehave.
type both struct {
	here   atomic.Int32
	caller func()
	other  func()
	met    [2]atomic.Bool // by worker: it has begun its first part
	after  atomic.Int32   // parts that began after the first two
}

func (b *both) Do(worker, task int) {
	if b.met[worker].Swap(true) {
		b.after.Add(1)
		return
	}
	b.here.Add(1)
	for b.here.Load() < 2 {
		runtime.Gosched()
	}
	if f := b.caller; f != nil && worker == 0 {
		f()
	}
	if f := b.other; f != nil && worker != 0 {
		f()
	}
}

func poolWorks(t *testing.T) {
	t.Helper()
	b := &both{}
	Run(b, 2, 2)
	c := newCount(100, 4)
	Run(c, 100, 4)
	c.check(t, 1)
}

func TestPanic(t *testing.T) {
	procs(t, 4)
	problem := errors.New("broken kernel")

	t.Run("caller", func(t *testing.T) {
		ended := false
		b := &both{
			caller: func() { panic(problem) },
			other:  func() { time.Sleep(5 * time.Millisecond); ended = true },
		}
		require.PanicsWithValue(t, problem, func() { Run(b, 1000, 2) })
		require.True(t, ended, "Run must wait for the others")
		require.Zero(t, b.after.Load(), "no further parts")
		poolWorks(t)
	})
	t.Run("other", func(t *testing.T) {
		ended := false
		b := &both{
			caller: func() { time.Sleep(5 * time.Millisecond); ended = true },
			other:  func() { panic(problem) },
		}
		func() {
			defer func() {
				p, ok := recover().(*Panic)
				require.True(t, ok)
				require.ErrorIs(t, p, problem)
				require.Equal(t, any(problem), p.Value)
				require.Contains(t, p.Error(), "broken kernel")
				require.Contains(t, p.Error(), "TestPanic", "the stack of the part")
			}()
			Run(b, 1000, 2)
		}()
		require.True(t, ended, "Run must wait for the others")
		require.Zero(t, b.after.Load(), "no further parts")
		poolWorks(t)
	})
	t.Run("both", func(t *testing.T) {
		b := &both{
			caller: func() { panic("caller") },
			other:  func() { panic("other") },
		}
		require.PanicsWithValue(t, "caller", func() { Run(b, 2, 2) })
		poolWorks(t)
	})
	t.Run("not an error", func(t *testing.T) {
		b := &both{other: func() { panic("text") }}
		defer func() {
			p := recover().(*Panic)
			require.Nil(t, p.Unwrap())
			require.Equal(t, "text", p.Value)
			poolWorks(t)
		}()
		Run(b, 2, 2)
	})
}

func TestGoexit(t *testing.T) {
	procs(t, 4)
	for range 3 {
		for _, b := range []*both{{caller: runtime.Goexit}, {other: runtime.Goexit}} {
			returned, done := false, make(chan struct{})
			go func() {
				defer close(done)
				Run(b, 2, 2)
				returned = true
			}()
			<-done
			require.False(t, returned)
			poolWorks(t)
		}
	}
}

type nothing struct {
	sink [8]struct {
		n int
		_ [apart]byte
	}
}

func (x *nothing) Do(worker, task int) { x.sink[worker].n += task }

func TestRunDoesNotAllocate(t *testing.T) {
	procs(t, 4)
	x := &nothing{}
	Run(x, 100, 4)
	require.Zero(t, testing.AllocsPerRun(200, func() { Run(x, 100, 4) }))
}

// Some time after the last Run every worker is parked.
func TestWorkersPark(t *testing.T) {
	procs(t, 4)
	Run(&nothing{}, 100, 4)
	require.Eventually(t, func() bool {
		for _, w := range *thePool.all.Load() {
			if w.state.Load() != parked {
				return false
			}
		}
		return true
	}, 20*time.Second, time.Millisecond)
}

// The runtime can stop the world while callers and workers spin.
func TestStopTheWorld(t *testing.T) {
	procs(t, 4)
	var stop atomic.Bool
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			c := newCount(6, 3)
			c.work = func(worker, task int) {
				if worker == 1 { // the others wait for it
					for start := now(); now()-start < 100*time.Microsecond; {
						pause()
					}
				}
			}
			for !stop.Load() {
				Run(c, 6, 3)
			}
		})
	}
	const collections = 31
	before := stopping()
	for range collections {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	after := stopping()
	stop.Store(true)
	wg.Wait()

	// The median: the machine may have other work to do.
	seen, total := uint64(0), uint64(0)
	for i := range after.Counts {
		total += after.Counts[i] - before.Counts[i]
	}
	require.GreaterOrEqual(t, total, uint64(collections))
	for i := range after.Counts {
		if seen += after.Counts[i] - before.Counts[i]; seen > total/2 {
			require.Less(t, after.Buckets[i], 0.020, "seconds to stop the world")
			t.Logf("stops took %.0f microseconds (median)", after.Buckets[i+1]*1e6)
			return
		}
	}
}

func stopping() *metrics.Float64Histogram {
	samples := []metrics.Sample{{Name: "/sched/pauses/stopping/gc:seconds"}}
	metrics.Read(samples)
	h := samples[0].Value.Float64Histogram()
	return &metrics.Float64Histogram{Counts: slices.Clone(h.Counts), Buckets: h.Buckets}
}

// The words that different goroutines write lie on lines of their own.
func TestLayout(t *testing.T) {
	var j job
	group := func(offset uintptr) uintptr { return offset / apart }
	require.Less(t, group(unsafe.Offsetof(j.left)), group(unsafe.Offsetof(j.seats)))
	var w worker
	require.Less(t, group(unsafe.Offsetof(w.state)), group(unsafe.Offsetof(w.wake)))
	if unsafe.Sizeof(uintptr(0)) == 8 { // multiples of apart: the heap aligns such objects
		require.Zero(t, unsafe.Sizeof(j)%apart)
		require.Zero(t, unsafe.Sizeof(seat{})%apart)
		require.Zero(t, unsafe.Sizeof(w)%apart)
	}
}

func TestLimit(t *testing.T) {
	procs(t, 3)
	for n, want := range map[int]int{0: 3, 1: 1, 2: 2, 3: 3, 4: 3, 1000: 3} {
		require.Equal(t, want, Limit(n), "%d", n)
	}
	require.PanicsWithValue(t, badThreads, func() { Limit(-1) })
}

func TestSplit(t *testing.T) {
	for n := range 40 {
		for parts := 1; parts < 12; parts++ {
			end, smallest, largest := 0, n, 0
			_, first := Split(n, parts, 0)
			for i := range parts {
				lo, hi := Split(n, parts, i)
				require.Equal(t, end, lo)
				size, same := Alike(n, parts, i)
				require.Equal(t, hi-lo, size)
				for j := i; j < parts; j++ {
					lo, hi := Split(n, parts, j)
					require.Equal(t, j < i+same, hi-lo == size, "part %d of %d of %d", j, parts, n)
				}
				require.LessOrEqual(t, hi-lo, first, "the larger parts come first")
				smallest, largest, end = min(smallest, hi-lo), max(largest, hi-lo), hi
			}
			require.Equal(t, n, end)
			require.LessOrEqual(t, largest-smallest, 1)
		}
	}
}
