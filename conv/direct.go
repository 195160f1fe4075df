package conv

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// direct convolves NHWC tensors where they lie: the pixels of an output row are the rows of a product
// whose A is the input itself, read with the stride between pixels, and whose sum runs over a list
// of taps, one for each kernel position (or for a run of positions along the row, where those are
// contiguous in memory). There is no im2col and no padded copy: a kernel row above or below the
// input is left out of the list, and a tile of pixels at the left or right border is summed by
// several calls, each over the pixels that its kernel columns reach.
type direct struct {
	geometry
	pl      *Plan
	fam     *families
	mr      int // most rows of a tile
	blocks  []block
	floats  int // of the packed weights
	weights []float32
	chunks  []chunk
	runs    []run // of one output row, and
	width   int   // their items
	fetch   int   // asm.BrgFetchC for an output that is not in the cache, asm.BrgFetchA for an input that comes from memory
	stream  bool  // the input comes from memory, and is read in order before its pixels are multiplied
	inner   int   // floats of scratch: the largest piece of the input that a task converts, and
	outer   int   // of the output
	halves        // of a convolution in bfloat16
	tasking
}

// geometry is the convolution that direct runs: the plan's own, or one with the same answer and a
// simpler shape.
type geometry struct {
	in, out                 tensor.Shape
	win                     tensor.Window
	groups                  int
	ldin, ldout, ldresidual int  // floats between pixels
	ldrow                   int  // floats between rows of the input
	planes                  bool // the input is NCHW
	down                    bool // the axes are exchanged: the pixels of a row are those of a column
}

func (p *Plan) geometry() geometry {
	return geometry{
		in: p.p.In, out: p.out, win: p.p.Window, groups: p.p.Groups,
		ldin: p.ldin(), ldrow: p.p.In.W * p.ldin(), ldout: p.p.outStride(), ldresidual: p.p.residualStride(),
	}
}

// turn exchanges the axes, of an output that is one pixel wide: its pixels follow each other, and are a row then.
func (g *geometry) turn() {
	turnAxes(&g.in, &g.win)
	g.out.H, g.out.W = g.out.W, g.out.H
	g.ldin, g.ldrow = g.ldrow, g.ldin
	g.down = true
}

// image is where an image of the input begins.
func (g *geometry) image(n int) int {
	if g.planes {
		return n * g.in.C * g.in.H * g.in.W
	}
	return n * g.in.H * g.in.W * min(g.ldin, g.ldrow)
}

// icg is the number of input channels of a group.
func (g *geometry) icg() int { return g.in.C / g.groups }

// newDirect builds a convolution with any kernel. First layers read the planes of an NCHW image where they lie: every
// row of the kernel has a tap for each plane there.
func newDirect(pl *Plan, w weights) runner {
	return buildDirect(pl, pl.directGeometry(), w)
}

// directGeometry is that of direct, and sets how it reads the input.
func (pl *Plan) directGeometry() geometry {
	planes := pl.readsPlanes()
	if planes {
		pl.reads = 0
	}
	g := pl.geometry()
	switch g.planes = planes; {
	case planes:
		g.ldin, g.ldrow = 1, g.in.W
	case g.out.W == 1 && g.out.H > 1 && pl.p.OutRowStride == 0:
		g.turn() // or each tile would have a single pixel
	}
	return g
}

// readsPlanes reports whether direct reads the planes of its input where they lie.
func (pl *Plan) readsPlanes() bool {
	p, w := &pl.p, &pl.p.Window
	return pl.reads.changes() && p.In.C <= planesMost && p.Groups == 1 && w.KernelW > 1 && w.DilationW == 1 &&
		p.In.C*w.KernelH*w.KernelW <= longestSum // one chunk
}

// planesMost is the largest number of planes that are read where they lie. With more of them the taps, as short as a kernel
// row, lie in as many pages, and are changed too often.
const planesMost = 4

func pointwiseApplies(p *Params) bool {
	w := p.Window
	return w.KernelH == 1 && w.KernelW == 1 && w.PadTop == 0 && w.PadLeft == 0 && w.PadBottom == 0 && w.PadRight == 0
}

// newPointwise builds a 1x1 convolution without padding.
func newPointwise(pl *Plan, w weights) runner {
	return buildDirect(pl, pl.pointwiseGeometry(), w)
}

// pointwiseGeometry is that of a 1x1 convolution. With stride 1 all pixels of the batch are one row, and tiles need not end where a row
// of the image does. With a larger stride that is worth a copy of the pixels that are used, if an output row makes poor tiles and
// the copy is small beside the work.
func (pl *Plan) pointwiseGeometry() geometry {
	g := pl.geometry()
	if flat(&pl.p) {
		return g.flat()
	}
	if pl.p.OutRowStride != 0 {
		return g
	}
	inPlace := bestCut(pl, g).total() + pl.moves()
	pl.reachNHWC(true)
	f := pl.geometry().flat()
	if copied := bestCut(pl, f).total() + pl.moves() + pl.gatherCycles(); copied < clearGain*inPlace {
		return f
	}
	pl.reachNHWC(false)
	return g
}

// bestCut takes tiles of many rows, unless wide ones or shorter ones suit the length of the rows, the number of channels or
// that of the products better.
func bestCut(pl *Plan, g geometry) *direct {
	tall, wide := tallFamilies(pl.rows()), wideFamilies(pl.rows())
	d := cutDirect(pl, g, tall, tall.mr())
	try := func(fam *families, mr int) {
		if e := cutDirect(pl, g, fam, mr); e.cycles() < 0.98*d.cycles() {
			d = e
		}
	}
	for _, mr := range tall.shorter() {
		try(tall, mr)
	}
	if wide != nil {
		try(wide, wide.mr())
		for _, mr := range tall.shorter() {
			try(wide, min(mr, wide.mr()))
		}
	}
	return d
}

// buildDirect packs the weights and makes the tasks.
func buildDirect(pl *Plan, g geometry, w weights) *direct {
	d := bestCut(pl, g)
	d.weights = d.pack(w)
	blocks, flops := len(d.blocks), pl.flops()
	if d.planes {
		blocks, flops = 1, flops/2 // a task reads its rows of the planes, for all channels, and those around it again
	}
	d.tasking = newTasking(g.out.N*g.out.H*d.width, blocks, 4*(g.in.Elems()+g.out.Elems()), 4*d.floats, flops)
	d.nblocks = len(d.blocks)
	d.askAhead()
	d.cutPieces()
	d.cutHalves()
	return d
}

// pack packs the weights. Where planes are read the rows of all planes are the taps, and the columns of the kernel the channels.
func (d *direct) pack(w weights) []float32 {
	c, win := d.icg(), &d.win
	if d.planes {
		return d.pl.pack(w, format{name: "planes", panel: d.fam.nr[0]}, func(oihw []float32) []float32 {
			columns := make([]float32, len(oihw))
			columnWeights(columns, oihw, c*win.KernelH*win.KernelW, c, win)
			return packWeights(d.fam, d.blocks, d.floats, columns, win.KernelW, win.KernelH, c, win.KernelW)
		})
	}
	chunk, name := d.chunks[0].n, "panels"
	if d.down {
		name = "panels of columns"
	}
	if d.pl.half != nil {
		name += " of pairs"
	}
	return d.pl.pack(w, format{name: name, panel: d.fam.nr[0], chunk: chunk}, func(oihw []float32) []float32 {
		if d.pl.half != nil {
			oihw = d.pl.pairWeights(oihw)
		}
		if d.down {
			oihw = turnWeights(oihw, win.KernelW, win.KernelH)
		}
		return packWeights(d.fam, d.blocks, d.floats, oihw, c, win.KernelH, win.KernelW, chunk)
	})
}

// cutDirect divides a convolution into blocks of channels, chunks of input channels and pieces of rows.
func cutDirect(pl *Plan, g geometry, fam *families, mr int) *direct {
	d := &direct{geometry: g, pl: pl, fam: fam}
	positions := g.win.KernelH * g.win.KernelW
	d.blocks, d.floats = fam.blocks(g.groups, g.out.C/g.groups, g.icg()*positions)
	d.mr = tileRows(mr, 4*g.ldin*g.win.StrideW)
	d.cutChunks(positions, d.mr)
	d.cutRow(d.mr)
	return d
}

// cycles estimates an output row that all kernel rows reach.
func (d *direct) cycles() float64 {
	k := float64(d.icg() * d.win.KernelH)
	sum := 0.0
	for i := range d.blocks {
		family := d.blocks[i].family
		for j := range d.runs {
			it := &d.runs[j]
			tile := d.fam.end(it.rows, family) * float64(len(d.chunks))
			for _, c := range it.calls {
				tile += k * float64(c.n) * d.fam.cycles(c.rows, family)
			}
			sum += float64(it.tiles) * tile
		}
	}
	return sum
}

func (d *direct) String() string {
	return fmt.Sprintf("%s, tiles %dx%d, %d chunks of %d channels, %v", d.fam.kern[0][d.fam.mr()].Name,
		d.runs[0].rows, d.fam.nr[d.blocks[0].family], len(d.chunks), d.chunks[0].n, d.tasking)
}

func (d *direct) do(w *worker, task int, dst, src, residual []float32) {
	x, y, res := piece{x: src, ld: d.ldin}, d.pl.output(dst), piece{x: residual, ld: d.ldresidual}
	switch {
	case d.pl.reads&inTasks != 0:
		x = d.piece(w, task, src)
	case d.planes:
		d.readPlanes(&w.dw, task, src)
	case d.stream:
		r := d.reads(task)
		w.dw.fetch(src[r.p0*d.ldin : r.p1*d.ldin])
	}
	r := d.writes(task)
	switch {
	case d.widen:
		d.doWide(w, task, &x, dst, residual)
		return
	case d.pl.halfOut():
		y.shift, res.shift = 1, 1
		y.ld, res.ld = y.ld/2, res.ld/2
	}
	if d.pl.writes&inTasks != 0 {
		y = piece{x: w.scratch[d.inner:], ld: spaced(r.c1 - r.c0), pixel: r.p0, channel: r.c0}
		if residual != nil {
			y.read(d.pl, w, residual, d.pl.out, r)
			res = y
		}
	}
	d.sum(w, task, &y, &x, &res)
	d.pl.activate(w, y, r.p0, r.p1, r.c0, r.c1)
	if d.pl.writes&inTasks != 0 {
		y.write(d.pl, w, dst, d.pl.out, r)
	}
}

// sum computes a task.
func (d *direct) sum(w *worker, task int, y, x, res *piece) {
	a := &w.brg
	item0, item1, block0, block1 := d.bounds(task)
	a.A = unsafe.Pointer(unsafe.SliceData(x.x))
	a.LdA = 4 * d.ldin * d.win.StrideW
	a.LdC = 4 * y.ld
	a.LdRes = 4 * res.ld
	a.Beta = 1
	a.Lo, a.Hi = d.pl.lo, d.pl.hi
	finish := d.pl.finish()
	ahead, first := d.wholeItem(item0, item1), d.place(item0)
	for bi := block0; bi < block1; bi++ {
		b := &d.blocks[bi]
		a.N = b.n
		a.LdB = 4 * d.fam.nr[b.family]
		if d.pl.bias != nil {
			a.Bias = unsafe.Pointer(&d.pl.bias[b.oc])
		}
		for ci := range d.chunks {
			c := &d.chunks[ci]
			a.B = unsafe.Pointer(&d.weights[b.base+c.base*d.fam.nr[b.family]])
			flags := 0
			if ci == len(d.chunks)-1 {
				flags = finish
			}
			panel := c.n * d.win.KernelH * d.win.KernelW * d.fam.nr[b.family]
			rest := d.weights[b.base+c.base*d.fam.nr[b.family]+panel:]
			if 4*panel >= touchBytes {
				w.dw.touch(rest[:min(panel, len(rest))])
			}
			at := first
			for n := item0; n < item1; n++ {
				a.Ahead = 0
				if len(rest) > 0 && (n == ahead || n == ahead+1) {
					a.Ahead = 4*panel + 64*(n-ahead)
				}
				d.doItem(w, at, b, c, flags, y, x, res)
				d.next(&at)
			}
		}
	}
	a.Ahead = 0
}

// doItem adds one chunk to one item of one block.
func (d *direct) doItem(w *worker, at place, b *block, c *chunk, finish int, y, x, res *piece) {
	a := &w.brg
	n, oy := at.row/d.out.H, at.row%d.out.H
	kh0, kh1 := d.kernelRows(oy)
	it := &d.runs[at.run]
	ox, tiles := it.span(at.i)
	out := at.row*d.out.W + ox // the item's first pixel
	kern := d.fam.kern[b.family]
	iy := oy*d.win.StrideH - d.win.PadTop
	started, summed := c.ic > 0, false
	if kh0 < kh1 {
		for i := range it.calls {
			cl := &it.calls[i]
			a.Flags = d.fetch
			summed = cl.all && i == len(it.calls)-1
			d.aim(w, started, summed, out, cl.x, b.oc, y, res)
			if !started && !cl.all {
				d.prepare(w, it, cl, out, b, y, res)
			}
			started = true
			ix := (ox+cl.x)*d.win.StrideW - d.win.PadLeft
			a.AOff = 4 * (d.image(n) + iy*d.ldrow + (ix-x.pixel)*d.ldin + b.group*d.icg() + c.ic)
			taps := cl.taps[c.variant][b.family][kh0*cl.perRow:]
			a.Taps, a.NTap = &taps[0], (kh1-kh0)*cl.perRow
			a.K = cl.k[c.variant]
			a.Tiles = tiles
			if most := cl.most[c.variant]; a.NTap > most { // a very large kernel, in parts
				n := a.NTap
				for a.NTap = most; n > most; n -= most {
					kern[cl.rows].Call(a)
					taps = taps[most:]
					a.Taps = &taps[0]
					a.Flags = d.fetch | asm.BrgAccumulate
				}
				a.NTap = n
			}
			if summed {
				a.Flags |= finish
			}
			kern[cl.rows].Call(a)
		}
	}
	if summed || started && finish == 0 {
		return
	}
	// No call of the item covered all its pixels: what is left to do is done without taps.
	a.Flags = finish
	d.aim(w, started, true, out, 0, b.oc, y, res)
	a.NTap = 0
	a.Tiles = tiles
	kern[it.rows].Call(a)
}

// aim points the kernel at pixel x of an item whose first output pixel is out; last says that no call of the item follows.
func (d *direct) aim(w *worker, started, last bool, out, x, oc int, y, res *piece) {
	if d.tile > 0 {
		d.aimHalf(w, started, last, out, x, oc, y, res)
	} else {
		d.begin(&w.brg, started, out+x, oc, y, res)
	}
}

// begin points a at output pixel p, and makes the call add to what has been summed there, if anything has, or to the
// residual.
func (d *direct) begin(a *asm.BrgArgs, started bool, p, oc int, y, res *piece) {
	a.C = unsafe.Pointer(&y.x[y.at(p, oc)])
	if started {
		a.Flags |= asm.BrgAccumulate
	} else if res.x != nil {
		a.Flags |= asm.BrgResidual
		a.Res = unsafe.Pointer(&res.x[res.at(p, oc)])
	}
}

// prepare sets those pixels of an item, the first of which is pixel out, that its first call does not sum.
func (d *direct) prepare(w *worker, it *run, cl *call, out int, b *block, y, res *piece) {
	for r := range it.rows {
		if r >= cl.x && r < cl.x+cl.rows {
			continue
		}
		if d.tile > 0 {
			d.prepareHalf(w, r, out, b, res)
			continue
		}
		to := y.x[y.at(out+r, b.oc):][:b.n]
		if res.x == nil {
			clear(to)
		} else {
			copy(to, res.x[res.at(out+r, b.oc):])
		}
	}
}
