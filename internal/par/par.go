package par

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// Task is work that consists of parts which do not depend on each other.
type Task interface {
	// Do does part task. No two parts of one Run that run at the same time have the same worker:
	// it indexes scratch memory.
	Do(worker, task int)
}

// Run calls t.Do(w, i) once for every i in 0..tasks, with w in 0..workers, and returns when all
// calls have returned. The caller is worker 0 and takes parts as well; others join as far as they are
// free, so that fewer than workers may take part, in the end only the caller. Every worker has a share of
// neighbouring parts, which it does in their order, and then helps with the shares of others: what it wrote
// in one Run is what it mostly reads in the next, and is in its core's cache. Run does not allocate once it has run with as
// many workers and callers before.
//
// With workers <= 1, or on one processor, the caller does everything in order.
//
// When a Do panics, no further parts are handed out, and when those at work have ended, Run panics:
// with the same value if that Do ran on the caller, else with a *Panic. runtime.Goexit in a Do ends the
// caller's goroutine likewise.
func Run(t Task, tasks, workers int) {
	workers = min(workers, tasks)
	if workers > 1 {
		workers = thePool.limit(workers)
	}
	if workers <= 1 {
		for i := range tasks {
			t.Do(0, i)
		}
		return
	}
	j := thePool.get(workers)
	j.workers = workers
	for i := range j.seats[:workers] {
		lo, hi := Split(tasks, workers, i)
		s := &j.seats[i]
		s.next.Store(int64(lo))
		s.end, s.task = int64(hi), t
	}
	j.post(thePool.workers(workers-1), workers-1)
	defer j.end()
	j.work(&j.seats[0])
	j.complete = true
}

// Limit is what a number of threads means all over the library: 0 is GOMAXPROCS, more than that is no more than that, and a
// negative one panics.
func Limit(threads int) int {
	if threads < 0 {
		panic(badThreads)
	}
	procs := runtime.GOMAXPROCS(0)
	if threads == 0 {
		return procs
	}
	return min(threads, procs)
}

const badThreads = "simdnn: threads is negative, want 0 for GOMAXPROCS or a number of threads"

// Split returns part i of 0..n divided into parts that differ by at most one; the larger ones come first.
func Split(n, parts, i int) (lo, hi int) {
	size, larger := n/parts, n%parts
	lo = i*size + min(i, larger)
	hi = lo + size
	if i < larger {
		hi++
	}
	return lo, hi
}

// Alike returns the size of part i, as Split divides n, and how many parts from i on have that size.
func Alike(n, parts, i int) (size, same int) {
	size, same = n/parts, parts-i
	if larger := n % parts; i < larger {
		size, same = size+1, larger-i
	}
	return size, same
}

// Panic is what Run panics with when a Do panicked on another goroutine than the caller's.
type Panic struct {
	Value any    // of the panic
	Stack []byte // of the goroutine that panicked
}

func (p *Panic) Error() string { return fmt.Sprintf("%v\n\n%s", p.Value, p.Stack) }

// Unwrap returns the value when it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// goexit stands for a Do that called runtime.Goexit.
var goexit = new(Panic)

const (
	// spinIdle bounds how long a worker without work stays awake. Within an inference the next Run
	// comes after a few microseconds.
	spinIdle = 50 * time.Microsecond
	// spinJoin bounds how long a caller that has nothing left to do stays awake, waiting for parts
	// that others still work on.
	spinJoin = 200 * time.Microsecond
	// apart keeps words that different cores write off each other's cache lines; 128 because
	// prefetchers fetch pairs of lines.
	apart = 128
)

// seat is a worker's place in a job, with its share of the parts. A worker that joins gets what it needs in one
// transfer from the caller's core.
type seat struct {
	next   atomic.Int64 // the next part of the share
	end    int64        // of the share
	task   Task
	job    *job
	index  int     // the worker index it gives
	worker *worker // whom it was offered to; nil for the caller's
	_      [apart - 56]byte
}

// The states of a worker, besides the seats that are offered to it.
var (
	parked  = new(seat) // asleep, or about to be
	working = new(seat)
)

// worker is a goroutine that works for callers of Run.
type worker struct {
	state atomic.Pointer[seat]
	_     [apart - 8]byte
	wake  chan struct{} // holds one token
	pool  *pool
	_     [apart - 16]byte
}

// loop is the goroutine.
func (w *worker) loop() {
	for {
		w.sit(w.await())
	}
}

// await returns the seat that the worker has taken.
func (w *worker) await() *seat {
	for {
		if w.pool.procs.Load() > 1 {
			start := now()
			for i := 1; i%clockEvery != 0 || now()-start < spinIdle; i++ {
				if s := w.take(); s != nil {
					return s
				}
				pause()
			}
		} else if s := w.take(); s != nil {
			return s
		}
		if w.state.CompareAndSwap(nil, parked) {
			<-w.wake
		}
	}
}

// take takes the seat that is offered to the worker, if there is one.
func (w *worker) take() *seat {
	if s := w.state.Load(); s != nil && w.state.CompareAndSwap(s, working) {
		return s
	}
	return nil
}

// sit works on the seat's job until it has no parts left, and leaves.
func (w *worker) sit(s *seat) {
	j := s.job
	complete := false
	defer func() {
		var f *Panic
		if !complete {
			f = goexit
			if value := recover(); value != nil {
				f = &Panic{value, debug.Stack()}
			}
			j.fail(f)
		}
		w.state.Store(nil)
		if f == goexit { // this goroutine ends: another takes its place, now that the state is not working
			go w.loop()
		}
		j.leave()
	}()
	j.work(s)
	complete = true
}

// job is a Run in progress. Jobs are used again, so that a Run does not allocate. Its words are grouped
// by who writes them.
type job struct {
	// Workers that leave.
	left atomic.Int64 // minus those that have left; a caller that sleeps adds those that joined
	_    [apart - 8]byte

	// The caller, and a worker in trouble.
	seats    []seat // by worker index, the caller's first; as many as workers ever wanted
	workers  int    // how many of seats have a share
	offered  int    // how many of those after the first have a worker
	complete bool   // the caller's work has returned
	failure  atomic.Pointer[Panic]
	wake     chan struct{} // holds one token: all have left
	_        [apart - 64]byte
}

// work does parts until there are none left: those of the seat, and then of the seats after it.
func (j *job) work(seat *seat) {
	task, index := seat.task, seat.index
	for s, n := seat, 1; ; n++ {
		end := s.end
		for i := s.next.Add(1) - 1; i < end; i = s.next.Add(1) - 1 {
			task.Do(index, int(i))
		}
		if n == j.workers {
			return
		}
		s = &j.seats[(index+n)%j.workers]
	}
}

// stop hands out nothing more.
func (j *job) stop() {
	for i := range j.seats[:j.workers] {
		s := &j.seats[i]
		s.next.Store(s.end)
	}
}

// post offers seats to want workers: first to those that are awake.
func (j *job) post(workers []*worker, want int) {
	n := 0
	for _, state := range [...]*seat{nil, parked} {
		for _, w := range workers {
			if n == want {
				break
			}
			s := &j.seats[n+1]
			if s.worker != w { // mostly it is: its line stays in the worker's cache
				s.worker = w
			}
			if w.state.CompareAndSwap(state, s) {
				n++
				if state == parked {
					w.wake <- struct{}{}
				}
			}
		}
	}
	j.offered = n
}

// end waits for the workers that have joined, makes the job ready for another Run, and passes on a failure.
func (j *job) end() {
	if !j.complete {
		j.stop() // the caller's Do panicked
	}
	joined := int64(j.offered)
	if j.left.Load() != -joined {
		for i := range j.offered {
			s := &j.seats[i+1]
			if state := &s.worker.state; state.Load() == s && state.CompareAndSwap(s, nil) {
				joined--
			}
		}
		j.await(joined)
	}
	failure, complete := j.failure.Load(), j.complete
	j.complete = false
	for i := range j.seats[:j.workers] {
		j.seats[i].task = nil
	}
	j.failure.Store(nil)
	j.left.Store(0)
	thePool.put(j)
	if failure == nil || !complete { // the caller's own panic goes on its way
		return
	}
	if failure == goexit {
		runtime.Goexit()
	}
	panic(failure)
}

// await returns when joined workers have left.
func (j *job) await(joined int64) {
	start := now()
	for i := 1; i%clockEvery != 0 || now()-start < spinJoin; i++ {
		if j.left.Load() == -joined {
			return
		}
		pause()
	}
	if j.left.Add(joined) != 0 {
		<-j.wake
	}
}

// leave is a worker's last access to the job.
func (j *job) leave() {
	if j.left.Add(-1) == 0 {
		j.wake <- struct{}{}
	}
}

// fail remembers the first failure, and hands out nothing more.
func (j *job) fail(f *Panic) {
	j.failure.CompareAndSwap(nil, f)
	j.stop()
}

// pool has all workers, and the jobs that wait for a Run.
type pool struct {
	procs atomic.Int64 // GOMAXPROCS, as the last Run saw it
	all   atomic.Pointer[[]*worker]
	mu    sync.Mutex // guards growth, and:
	spare []*job
}

var thePool pool

// limit returns no more than GOMAXPROCS.
func (p *pool) limit(workers int) int {
	procs := int64(runtime.GOMAXPROCS(0))
	if p.procs.Load() != procs {
		p.procs.Store(procs)
	}
	return min(workers, int(procs))
}

// workers returns all workers, at least n.
func (p *pool) workers(n int) []*worker {
	if all := p.all.Load(); all != nil && len(*all) >= n {
		return *all
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var grown []*worker
	if all := p.all.Load(); all != nil {
		grown = append(grown, *all...)
	}
	for len(grown) < n {
		w := &worker{wake: make(chan struct{}, 1), pool: p}
		grown = append(grown, w)
		go w.loop()
	}
	p.all.Store(&grown)
	return grown
}

// get returns a job with seats for n workers, the caller included.
func (p *pool) get(n int) *job {
	var j *job
	p.mu.Lock()
	if last := len(p.spare) - 1; last >= 0 {
		j = p.spare[last]
		p.spare = p.spare[:last]
	}
	p.mu.Unlock()
	if j == nil {
		j = &job{wake: make(chan struct{}, 1)}
	}
	for len(j.seats) < n {
		j.seats = append(j.seats, seat{job: j, index: len(j.seats)})
	}
	return j
}

func (p *pool) put(j *job) {
	p.mu.Lock()
	p.spare = append(p.spare, j)
	p.mu.Unlock()
}
