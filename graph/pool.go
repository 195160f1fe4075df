package graph

import (
	"errors"
	"runtime"

	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/tensor"
)

// Pool runs a model for any number of goroutines, with sessions that it makes when they are first wanted.
type Pool struct{ sessions *par.Pool[*Session] }

// NewPool returns a pool of at most the given number of sessions, each of so many threads; 0 means GOMAXPROCS, and a negative number
// panics.
func (m *Model) NewPool(sessions, threads int) *Pool {
	if m == nil || m.kernels == nil {
		panic(noModel)
	}
	par.Limit(threads) // panics if it is negative
	return &Pool{par.NewPool(par.Limit(sessions), func() *Session { return m.NewSession(threads) })}
}

// Run is Session.Run for any goroutine: it waits until a session is free.
func (p *Pool) Run(dst, src []tensor.Array) error {
	if p == nil || p.sessions == nil {
		panic(noPool)
	}
	s := p.sessions.Get()
	defer p.sessions.Put(s)
	return s.Run(dst, src)
}

// Run is Session.Run for any goroutine, on a pool of the model's own: as many sessions as GOMAXPROCS was when the model was compiled, each of one
// thread, so that many passes at once keep all processors busy. A single pass is quicker in a session with more threads.
func (m *Model) Run(dst, src []tensor.Array) error {
	if m == nil || m.pool == nil {
		return errors.New(noModel)
	}
	return m.pool.Run(dst, src)
}

// ownPool gives a new model the pool that Run uses.
func (m *Model) ownPool() { m.pool = m.NewPool(runtime.GOMAXPROCS(0), 1) }
