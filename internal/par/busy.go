package par

import "sync/atomic"

// Busy is the door of memory that serves one call at a time. The zero value is open. It costs two atomic operations a call, 13 nanoseconds and with a deferred
// Leave 18, and finds two goroutines that share by mistake, and a call from within a call.
type Busy struct{ shut atomic.Bool }

// Enter panics with the message if somebody is inside.
func (b *Busy) Enter(message string) {
	if !b.shut.CompareAndSwap(false, true) {
		panic(message)
	}
}

// Leave lets the next one in.
func (b *Busy) Leave() { b.shut.Store(false) }
