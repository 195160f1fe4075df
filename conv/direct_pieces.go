package conv

// What a task of direct reads and writes, and how it changes the layout of tensors in NCHW piece by piece.

// cutPieces arranges the tasks for tensors in NCHW. A task sums its output in scratch, in NHWC, and transposes it from there while it is in
// the cache. The pixels of the input that it needs are in scratch too, where the tasks of one strip of pixels follow each other: the worker
// transposes them for the first of these tasks, and the others find them there.
func (d *direct) cutPieces() {
	if d.pl.writes.changes() {
		d.pl.writes = inTasks
	}
	if d.pl.reads.changes() && !d.weightsOuter && !d.down { // of columns a task would need pieces of all rows
		d.pl.reads ^= whole | inTasks
	}
	if n := d.width; d.strip() > n && (d.pl.reads|d.pl.writes)&inTasks != 0 {
		d.unit = n // whole rows
		d.strips = min(d.strips, d.nitems/n)
	}
	if d.pl.reads&inTasks != 0 {
		d.inner = min(align(d.pl.loaded()), keptFloats)
		for i := range d.strips {
			r := d.reads(d.task(i, 0))
			d.inner = max(d.inner, align((r.p1-r.p0)*d.ldin))
		}
	}
	if d.pl.writes&inTasks != 0 {
		d.outer = d.outerFloats()
	}
}

// outerFloats is the room for the output of a task.
func (d *direct) outerFloats() int {
	pixels, channels := 0, 0
	for i := range d.strips {
		r := d.writes(d.task(i, 0))
		pixels = max(pixels, r.p1-r.p0)
	}
	for i := range d.spans {
		r := d.writes(d.task(0, i))
		channels = max(channels, spaced(r.c1-r.c0))
	}
	return pixels * channels
}

// reads is the part of the input that a task needs: whole rows, unless all pixels are one.
func (d *direct) reads(task int) region {
	item0, item1, _, _ := d.bounds(task)
	if d.in.H == d.out.H && d.in.W == d.out.W && d.win.KernelH == 1 && d.win.KernelW == 1 {
		return region{d.pixel(item0), d.pixel(item1), 0, d.in.C}
	}
	row := func(item, kh int) int { // of the batch
		row := item / d.width
		y := row%d.out.H*d.win.StrideH - d.win.PadTop + kh*d.win.DilationH
		return row/d.out.H*d.in.H + min(max(y, 0), d.in.H-1)
	}
	return region{row(item0, 0) * d.in.W, (row(item1-1, d.win.KernelH-1) + 1) * d.in.W, 0, d.in.C}
}

// writes is the part of the output that a task computes.
func (d *direct) writes(task int) region {
	item0, item1, block0, block1 := d.bounds(task)
	last := &d.blocks[block1-1]
	return region{d.pixel(item0), d.pixel(item1), d.blocks[block0].oc, last.oc + last.n}
}

// keptFloats is the room for pixels of the input in a worker's scratch. When it is full, those that are still needed move to its beginning:
// seldom, if the room is large.
const keptFloats = 48 << 10

func (d *direct) scratch() int { return d.inner + d.outer + d.tile }

// piece returns a piece of the input that has what a task needs. Pixels that the task before has left in scratch are not converted again.
func (d *direct) piece(w *worker, task int, src []float32) piece {
	r := d.reads(task)
	p := piece{x: w.scratch[:d.inner], ld: d.ldin, pixel: w.pixels[0]}
	end := w.pixels[1]
	switch {
	case r.p0 < p.pixel || r.p0 > end:
		p.pixel, end = r.p0, r.p0
	case (r.p1-p.pixel)*p.ld > d.inner:
		copy(p.x, p.x[p.at(r.p0, 0):p.at(end, 0)])
		p.pixel = r.p0
	}
	if end < r.p1 {
		r.p0, end = end, r.p1
		p.read(d.pl, w, src, d.pl.used(), r)
	}
	w.pixels = [2]int{p.pixel, end}
	return p
}
