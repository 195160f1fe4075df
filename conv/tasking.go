package conv

import "fmt"

// tasking divides items, which are runs of output pixels, and blocks, which are runs of output channels, into tasks. A task is a strip of items by a
// span of blocks. Strips differ by one item at most, and spans by one block. The division depends on the problem and on the caches, never on the number of
// threads.
type tasking struct {
	nitems, nblocks int
	unit            int  // items that are not parted
	strips          int  // ranges of items
	spans           int  // ranges of blocks
	weightsOuter    bool // the tasks of one range of blocks follow each other
}

const (
	minTaskWork = 1 << 20 // floating-point operations: about 5 to 10 microseconds
	wantTasks   = 24      // enough to balance 2 to 8 workers
	fewTasks    = 8       // of fewer tasks an even number is worth reading weights once more: of an odd one a worker of two has a share too many
	mostStrips  = 1 << 16 // planning visits all strips: so many take a moment, and those of a tensor of 24 GB still fit the cache
)

// newTasking divides so many items and blocks, given the bytes of input and output together, the bytes of the weights, and the floating-point operations of
// the whole. Weights that fit the cache stay there while strip after strip of pixels goes by. Otherwise a strip stays, and span after span of the
// weights goes by.
func newTasking(items, blocks, tensorBytes, weightBytes, flops int) tasking {
	t := tasking{nitems: items, nblocks: blocks, unit: 1, spans: 1}
	budget := cacheLimits().task
	strip := max(1, min(items, int(float64(budget)*float64(items)/float64(max(1, tensorBytes)))))
	most := max(1, min(wantTasks, flops/minTaskWork)) // tasks that are worth having
	// Of an even number two workers have halves.
	if t.weightsOuter = weightBytes > budget; t.weightsOuter {
		span := max(1, int(int64(budget)*int64(blocks)/int64(weightBytes)))
		t.strips = min(max(1, (items+strip/2)/strip), mostStrips)
		most = max(1, min(wantTasks, flops/minTaskWork/2))
		t.spans = max((blocks+span-1)/span, min(blocks, (most+t.strips-1)/t.strips))
		if n := t.strips * t.spans; n < fewTasks && n%2 != 0 && most > 1 {
			t.strips = min(items, t.strips+1)
		}
		return t
	}
	t.strips = min(max((items+strip-1)/strip, min(items, most)), mostStrips)
	if most > 1 {
		t.strips = min(items, t.strips+t.strips%2)
		t.spans = min(blocks, max((most+t.strips-1)/t.strips, 1+t.strips%2))
	}
	return t
}

// overlapping reduces the operations that newTasking is told, and so the number of tasks, where neighbouring strips read some rows both: unless there are
// few tasks, a strip has at least twice as many rows as it shares.
func overlapping(flops, rows, overlap int) int {
	return min(flops, minTaskWork*max(fewTasks, rows/max(1, 2*overlap)))
}

func (t *tasking) tasks() int { return t.strips * t.spans }

// task is the number of the task with strip s and range b of the blocks.
func (t *tasking) task(s, b int) int {
	if t.weightsOuter {
		return b*t.strips + s
	}
	return s*t.spans + b
}

// bounds returns the half-open ranges of items and blocks of a task.
func (t *tasking) bounds(task int) (item0, item1, block0, block1 int) {
	s, b := task/t.spans, task%t.spans
	if t.weightsOuter {
		s, b = task%t.strips, task/t.strips
	}
	return part(t.nitems/t.unit, t.strips, s) * t.unit, part(t.nitems/t.unit, t.strips, s+1) * t.unit, part(t.nblocks, t.spans, b), part(t.nblocks, t.spans, b+1)
}

// part is where part i of n parts of something begins: i*size/n, whose product may overflow.
func part(size, n, i int) int { return i*(size/n) + i*(size%n)/n }

// strip is the largest number of items in a task.
func (t *tasking) strip() int { return (t.nitems/t.unit + t.strips - 1) / t.strips * t.unit }

func (t tasking) String() string {
	return fmt.Sprintf("%d strips of %d items, %d ranges of %d blocks", t.strips, t.strip(), t.spans, (t.nblocks+t.spans-1)/t.spans)
}
