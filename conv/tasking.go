package conv

import "fmt"

// tasking divides a product of items (pieces of the output's pixels) and blocks (of its channels) into
// tasks. It depends on the problem alone, not on the number of threads.
type tasking struct {
	nitems, nblocks int
	strip, strips   int  // items in a task, and ranges of items
	span, spans     int  // blocks in a task, and ranges of blocks
	weightsOuter    bool // the tasks of one range of blocks follow each other
}

const (
	cacheBudget = 384 << 10 // bytes that a task may keep in L2 beside what streams through
	minTaskWork = 2 << 20   // floating-point operations: about 10 to 20 microseconds
	wantTasks   = 24        // enough to balance 2 to 8 workers
)

// newTasking takes the bytes of input and output, the bytes of the weights, and the operations of the
// whole. Weights that fit the cache are reused for strip after strip of pixels; otherwise the
// pixels, in strips that fit, are reused for range after range of the weights.
func newTasking(items, blocks, tensorBytes, weightBytes, flops int) tasking {
	t := tasking{nitems: items, nblocks: blocks, span: blocks}
	t.strip = max(1, min(items, int(int64(cacheBudget)*int64(items)/int64(max(1, tensorBytes)))))
	most := max(1, min(wantTasks, flops/minTaskWork)) // tasks that are worth having
	if weightBytes > cacheBudget {
		t.weightsOuter = true
		t.span = max(1, int(int64(cacheBudget)*int64(blocks)/int64(weightBytes)))
		if n := (items + t.strip - 1) / t.strip; n*((blocks+t.span-1)/t.span) < most {
			t.span = max(1, blocks*n/most)
		}
	} else if (items+t.strip-1)/t.strip < most {
		t.strip = max(1, items/most)
	}
	t.strips = (items + t.strip - 1) / t.strip
	t.spans = (blocks + t.span - 1) / t.span
	return t
}

func (t *tasking) tasks() int { return t.strips * t.spans }

// bounds returns the half-open ranges of items and blocks of a task.
func (t *tasking) bounds(task int) (item0, item1, block0, block1 int) {
	s, b := task/t.spans, task%t.spans
	if t.weightsOuter {
		s, b = task%t.strips, task/t.strips
	}
	return s * t.strip, min((s+1)*t.strip, t.nitems), b * t.span, min((b+1)*t.span, t.nblocks)
}

func (t tasking) String() string {
	return fmt.Sprintf("%d strips of %d items, %d ranges of %d blocks", t.strips, t.strip, t.spans, t.span)
}
