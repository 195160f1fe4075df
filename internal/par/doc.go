// Package par runs the independent parts of a piece of work on several cores: fork and join by
// workers that persist, for work of some microseconds.
//
// # Protocol
//
// Workers are goroutines, started when a Run first wants them, at most GOMAXPROCS-1. Each has one word
// of state, a pointer to
//
//	nil      awake without work, or about to be woken
//	parked   asleep, or about to be
//	a seat   a job offers it a place
//	working  it has taken the seat
//
// which changes by compare-and-swap:
//
//	nil, parked -> seat     the caller of a Run offers a seat, and wakes whom it found parked
//	seat        -> working  the worker takes it
//	seat        -> nil      the caller, who has found nothing left to do, withdraws it
//	working     -> nil      the worker has found nothing left to do
//	nil         -> parked   the worker has been spinning for spinIdle
//
// A seat belongs to one job (a Run in progress) and one worker index, so that an offer can be neither
// taken nor withdrawn twice, nor withdrawn by another Run. The caller never waits for a worker that
// has not taken its seat: a worker that wakes late finds the state nil and nothing to do. Everyone at
// the job, the caller too, takes the next part from the job's counter until none is left.
//
// The caller then withdraws the seats not taken, which tells it how many workers have joined, and waits
// until so many have left, as the job's second counter says. It spins for spinJoin; after that it adds the
// number to the counter, so that the last to leave finds zero, and sleeps until that one wakes it. Leaving
// is a worker's last access to a job, so the job can serve the next Run.
//
// Runs at the same time share the workers: each gets those that are free, and none needs any. So a Run
// within a Do works as well.
//
// Spinning is bounded, is told to the core (PAUSE, YIELD), and passes through an ordinary function
// call, where the runtime can stop the goroutine. When nothing runs, nothing spins.
//
// # Memory order
//
// Go's atomics are sequentially consistent. What the caller wrote before Run is visible to every Do: the
// offer and its taking synchronise. What any Do wrote is visible after Run: leaving synchronises with the
// caller's reading of the counter. Between Dos on different workers nothing is ordered.
package par
