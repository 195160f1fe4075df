package par

// Pool lends things of which there are never more than a limit, made when they are first wanted: the one that came back first goes
// out again before another is made.
type Pool[T any] struct {
	free   chan T
	left   chan struct{} // as many as may still be made
	create func() T
}

// NewPool returns a pool of at most n things, at least 1, that create makes.
func NewPool[T any](n int, create func() T) *Pool[T] {
	p := &Pool[T]{make(chan T, n), make(chan struct{}, n), create}
	for range n {
		p.left <- struct{}{}
	}
	return p
}

// Get waits until there is one.
func (p *Pool[T]) Get() T {
	select {
	case x := <-p.free:
		return x
	default:
	}
	select {
	case x := <-p.free:
		return x
	case <-p.left:
	}
	made := false
	defer func() {
		if !made { // create panicked
			p.left <- struct{}{}
		}
	}()
	x := p.create()
	made = true
	return x
}

// Put gives back what Get returned.
func (p *Pool[T]) Put(x T) { p.free <- x }
