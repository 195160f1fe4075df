package conv

import (
	"math"

	"github.com/simdnn/simdnn/asm"
)

// What direct asks the memory for before it needs it.

// A store waits until the core has the line that it writes to. The kernels ask for the lines of a large output before they sum what goes there:
// of one that the second cache does not hold, and of smaller ones.
const (
	fetchShared = 256 << 10 // bytes of an output that another core may have in its cache, from the layers before. It is asked for where
	fetchSteps  = 96        // an element is the sum of so many products: a shorter sum is done before the line is there
)

// askAhead decides what is asked for, of output and input.
func (d *direct) askAhead() {
	output, all := 4*d.out.Elems(), 4*(d.in.Elems()+d.out.Elems())
	steps := d.icg() * d.win.KernelH * d.win.KernelW
	if (output > cacheLimits().l2 || output > fetchShared && steps >= fetchSteps) && !d.pl.writes.changes() {
		d.fetch = asm.BrgFetchC
	}
	if all <= cacheLimits().l3 || d.pl.reads.changes() || d.ldin != d.in.C {
		return
	}
	if d.win.KernelH == 1 && d.win.KernelW == 1 && d.win.StrideW == 1 && len(d.chunks) == 1 {
		d.fetch |= asm.BrgFetchA
	}
	// Each row of the kernel has rows of the input to itself: several streams that no tile comes back to.
	d.stream = d.win.KernelH > 1 && d.win.KernelH <= d.win.StrideH && !d.weightsOuter && !d.planes
}

// readPlanes reads the rows of the planes that a task needs, one after the other. An image comes from memory, and the processor fetches
// ahead what is read in order; the kernels, which jump from plane to plane, would wait for every line.
func (d *direct) readPlanes(w *dwWorker, task int, src []float32) {
	item0, item1, _, _ := d.bounds(task)
	for row, end := item0/d.width, (item1-1)/d.width+1; row < end; {
		n, oy := row/d.out.H, row%d.out.H
		rows := min(end-row, d.out.H-oy)
		y := oy*d.win.StrideH - d.win.PadTop
		lo := min(max(0, y), d.in.H)
		hi := min(max(lo, y+(rows-1)*d.win.StrideH+(d.win.KernelH-1)*d.win.DilationH+1), d.in.H)
		for c := range d.in.C {
			plane := d.image(n) + c*d.in.H*d.in.W
			w.fetch(src[plane+lo*d.in.W : plane+hi*d.in.W])
		}
		row += rows
	}
}

// touchBytes is the size from which a panel of weights has its pages looked up before it is asked for.
const touchBytes = 16 * page

// page is the size of the smallest pages.
const page = 4 << 10

// touch reads a float of every page of x. Asking for a line whose page is not known to the processor does little, and in a large
// network weights lie in pages that were forgotten since the last pass; several loads look up their pages at once.
func (w *dwWorker) touch(x []float32) {
	var sum uint32
	for i := 0; i < len(x); i += page / 4 {
		sum ^= math.Float32bits(x[i])
	}
	w.fetched = sum
}

// wholeItem returns the first of the items that all kernel rows reach, or else the first of all. In a network weights come from memory, since
// each layer drives out those of the others, and the kernels read them faster than the processor's own prefetchers bring them.
// The calls of this item read all weights of a block once; meanwhile they ask for every second line of the weights that follow, and the calls of the
// next item for the lines between.
func (d *direct) wholeItem(item0, item1 int) int {
	for n := item0; n < item1; n++ {
		if lo, hi := d.kernelRows(n / d.width % d.out.H); hi-lo == d.win.KernelH {
			return n
		}
	}
	return item0
}
