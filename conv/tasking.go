package conv

import "fmt"

// tasking divides a product of items (pieces of the output's pixels) and blocks (of its channels) into
// tasks: strips of items times ranges of blocks, as even as can be, so that half of the tasks are half of the pixels. It depends
// on the problem alone, not on the number of threads.
type tasking struct {
	nitems, nblocks int
	unit            int  // items that are not parted
	strips          int  // ranges of items
	spans           int  // ranges of blocks
	weightsOuter    bool // the tasks of one range of blocks follow each other
}

const (
	cacheBudget = 384 << 10 // bytes that a task may keep in L2 beside what streams through
	minTaskWork = 1 << 20   // floating-point operations: about 5 to 10 microseconds
	wantTasks   = 24        // enough to balance 2 to 8 workers
	fewTasks    = 8         // so few that an odd number costs two workers more than weights read twice
)

// newTasking takes the bytes of input and output, the bytes of the weights, and the operations of the
// whole. Weights that fit the cache are reused for strip after strip of pixels; otherwise the
// pixels, in strips that fit, are reused for range after range of the weights.
func newTasking(items, blocks, tensorBytes, weightBytes, flops int) tasking {
	t := tasking{nitems: items, nblocks: blocks, unit: 1, spans: 1}
	strip := max(1, min(items, int(int64(cacheBudget)*int64(items)/int64(max(1, tensorBytes)))))
	most := max(1, min(wantTasks, flops/minTaskWork)) // tasks that are worth having
	// Of an even number two workers have halves.
	if t.weightsOuter = weightBytes > cacheBudget; t.weightsOuter {
		span := max(1, int(int64(cacheBudget)*int64(blocks)/int64(weightBytes)))
		t.strips = max(1, (items+strip/2)/strip)
		most = max(1, min(wantTasks, flops/minTaskWork/2))
		t.spans = max((blocks+span-1)/span, min(blocks, (most+t.strips-1)/t.strips))
		if n := t.strips * t.spans; n < fewTasks && n%2 != 0 && most > 1 {
			t.strips = min(items, t.strips+1)
		}
		return t
	}
	t.strips = max((items+strip-1)/strip, min(items, most))
	if most > 1 {
		t.strips = min(items, t.strips+t.strips%2)
		t.spans = min(blocks, max((most+t.strips-1)/t.strips, 1+t.strips%2))
	}
	return t
}

func (t *tasking) tasks() int { return t.strips * t.spans }

// bounds returns the half-open ranges of items and blocks of a task.
func (t *tasking) bounds(task int) (item0, item1, block0, block1 int) {
	s, b := task/t.spans, task%t.spans
	if t.weightsOuter {
		s, b = task%t.strips, task/t.strips
	}
	units := t.nitems / t.unit
	return s * units / t.strips * t.unit, (s + 1) * units / t.strips * t.unit, b * t.nblocks / t.spans, (b + 1) * t.nblocks / t.spans
}

// strip is the largest number of items in a task.
func (t *tasking) strip() int { return (t.nitems/t.unit + t.strips - 1) / t.strips * t.unit }

func (t tasking) String() string {
	return fmt.Sprintf("%d strips of %d items, %d ranges of %d blocks", t.strips, t.strip(), t.spans, (t.nblocks+t.spans-1)/t.spans)
}
