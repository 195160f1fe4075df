package check

import (
	"flag"
	"runtime"
	"sync"
	"testing"
	"time"
)

var collect = flag.Duration("collect", time.Second, "how long tests run beside the garbage collector")

// Collect calls f again and again, for as long as the flag -collect says and once at least, while the heap is filled with
// small objects full of pointers and collected without pause. The collector ends the process when it meets a pointer into
// memory that it has freed: one that a kernel's arguments hold and that has left its operand. f is to have its
// operands on the heap.
func Collect(t testing.TB, f func()) {
	stop := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() { churn(stop) })
	running.Go(func() {
		for !closed(stop) {
			runtime.GC()
		}
	})
	defer running.Wait()
	defer close(stop)
	long := *collect
	if testing.Short() {
		long /= 4
	}
	for end := time.Now().Add(long); ; {
		if f(); t.Failed() || time.Now().After(end) {
			return
		}
	}
}

func closed(stop chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

// node is a small object with pointers. Those of several sizes are parts of larger ones.
type node struct{ next, other *node }

// churn makes nodes and drops them, until stop is closed: pages of the heap are freed all the time, and given to others.
func churn(stop chan struct{}) {
	var kept [256]*node
	for i := 0; !closed(stop); i++ {
		var n *node
		switch i % 3 {
		case 0:
			n = new(node)
		case 1:
			n = &new([16]node)[7]
		case 2:
			n = &new([100]node)[50]
		}
		n.next, n.other = kept[(i+1)%len(kept)], kept[(i+7)%len(kept)]
		if n.next != nil {
			n.next.next, n.next.other = nil, nil // no chain grows without end
		}
		kept[i%len(kept)] = n
		if i%1000 == 0 {
			clear(kept[:])
			runtime.Gosched()
		}
	}
}
