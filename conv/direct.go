package conv

import (
	"fmt"
	"math"
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
	items   []item // of one output row
	khRange [][2]int
	fetch   int  // asm.BrgFetchC for an output that is not in the cache, asm.BrgFetchA for an input that comes from memory
	stream  bool // the input comes from memory, and is read in order before its pixels are multiplied
	inner   int  // floats of scratch: the largest piece of the input that a task converts, and
	outer   int  // of the output
	tasking
}

// geometry is the convolution that direct runs: the plan's own, or one with the same answer and a
// simpler shape.
type geometry struct {
	in, out                 tensor.Shape
	win                     tensor.Window
	groups                  int
	ldin, ldout, ldresidual int  // floats between pixels
	planes                  bool // the input is NCHW
}

func (p *Plan) geometry() geometry {
	return geometry{
		in: p.p.In, out: p.out, win: p.p.Window, groups: p.p.Groups,
		ldin: p.ldin(), ldout: p.p.outStride(), ldresidual: p.p.residualStride(), planes: p.planes,
	}
}

// image is where an image of the input begins.
func (g *geometry) image(n int) int {
	if g.planes {
		return n * g.in.C * g.in.H * g.in.W
	}
	return n * g.in.H * g.in.W * g.ldin
}

// icg is the number of input channels of a group.
func (g *geometry) icg() int { return g.in.C / g.groups }

// chunk is a range of the input channels of a group. Its products with all kernel positions are
// summed in one go.
type chunk struct {
	ic, n   int
	base    int // where its weights begin in a block, in units of NR floats
	variant int // 0, or 1 for a last chunk with fewer channels
}

// item is a piece of an output row: tiles of rows pixels from x on.
type item struct {
	x, rows, tiles int
	calls          []call // that together sum all taps
}

// call sums the kernel columns that reach all of rows pixels from x on.
type call struct {
	x, rows int
	all     bool // these are all pixels of the item
	*columns
}

// columns are the taps of a range of kernel columns: for each kernel row perRow taps of k steps.
type columns struct {
	kw, n, perRow int
	k             [2]int         // [chunk variant]
	taps          [2][][]asm.Tap // [chunk variant][family][kh*perRow + i]
}

// newDirect builds a convolution with any kernel. First layers read the planes of an NCHW image where they lie: every
// row of the kernel has a tap for each plane there.
func newDirect(pl *Plan, weights []float32) runner {
	p := &pl.p
	w := &p.Window
	pl.planes = pl.changesIn() && p.In.C <= planesMost && p.Groups == 1 && w.KernelW > 1 && w.DilationW == 1 &&
		p.In.C*w.KernelH*w.KernelW <= longestSum // one chunk
	if pl.planes {
		oihw := weights
		weights = make([]float32, len(oihw)) // the rows of all planes are the taps, the columns of the kernel the channels
		columnWeights(weights, oihw, p.In.C*w.KernelH*w.KernelW, p.In.C, w)
	}
	return buildDirect(pl, pl.geometry(), weights)
}

// planesMost is the largest number of planes that are read where they lie. With more of them the taps, as short as a kernel
// row, lie in as many pages, and are changed too often.
const planesMost = 4

func pointwiseApplies(p *Params) bool {
	w := p.Window
	return w.KernelH == 1 && w.KernelW == 1 && w.PadTop == 0 && w.PadLeft == 0 && w.PadBottom == 0 && w.PadRight == 0
}

// newPointwise builds a 1x1 convolution without padding. With stride 1 all pixels of the batch are one
// row, and tiles need not end where a row of the image does. With a larger stride that is worth a
// copy of the pixels that are used, if an output row makes poor tiles and the copy is small beside
// the work, or if they are copied anyway, to change their layout.
func newPointwise(pl *Plan, weights []float32) runner {
	g := pl.geometry()
	if g.win.StrideH != 1 || g.win.StrideW != 1 {
		mr := newFamilies(pl.p.Kernels).mr()
		stride := tileRows(mr, 4*g.ldin*g.win.StrideW)
		tiles := (g.out.W + stride - 1) / stride
		if pl.p.inLayout() == tensor.NHWC && (pl.p.OutC/pl.p.Groups < 256 || 10*g.out.W >= 9*tiles*mr) {
			return buildDirect(pl, g, weights)
		}
		pl.gathers = true
		g.ldin = pl.ldin()
		g.win = tensor.Window{KernelH: 1, KernelW: 1}.Normal()
	}
	n := g.out.N * g.out.H * g.out.W
	g.in = tensor.Shape{N: 1, C: g.in.C, H: 1, W: n}
	g.out = tensor.Shape{N: 1, C: g.out.C, H: 1, W: n}
	return buildDirect(pl, g, weights)
}

// buildDirect takes tiles of many rows, unless wide ones or shorter ones suit the length of the rows, the number of channels or
// that of the products better.
func buildDirect(pl *Plan, g geometry, weights []float32) *direct {
	tall, wide := newFamilies(pl.p.Kernels), wideFamilies(pl.p.Kernels)
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
	if d.planes {
		d.weights = packWeights(d.fam, d.blocks, d.floats, weights, g.win.KernelW, g.win.KernelH, g.in.C, g.win.KernelW)
	} else {
		d.weights = packWeights(d.fam, d.blocks, d.floats, weights, g.icg(), g.win.KernelH, g.win.KernelW, d.chunks[0].n)
	}
	for oy := range g.out.H {
		lo, hi := tensor.Valid(oy*g.win.StrideH-g.win.PadTop, g.win.KernelH, g.win.DilationH, g.in.H)
		d.khRange = append(d.khRange, [2]int{lo, hi})
	}
	if bytes := 4 * g.out.Elems(); (bytes > fetchBytes || bytes > fetchShared && g.icg()*g.win.KernelH*g.win.KernelW >= fetchSteps) && !pl.changesOut() {
		d.fetch = asm.BrgFetchC
	}
	blocks, flops := len(d.blocks), 2*pl.MACs()
	if d.planes {
		blocks, flops = 1, flops/2 // a task reads its rows of the planes, for all channels, and those around it again
	}
	if memory := 4*(g.in.Elems()+g.out.Elems()) > streamBytes; memory && g.win.KernelH == 1 && g.win.KernelW == 1 && g.win.StrideW == 1 &&
		g.ldin == g.in.C && len(d.chunks) == 1 && !pl.changesIn() {
		d.fetch |= asm.BrgFetchA
	}
	d.tasking = newTasking(g.out.N*g.out.H*len(d.items), blocks, 4*(g.in.Elems()+g.out.Elems()), 4*d.floats, flops)
	d.nblocks = len(d.blocks)
	// Each row of the kernel has rows of the input to itself: several streams that no tile comes back to.
	d.stream = g.win.KernelH > 1 && g.win.KernelH <= g.win.StrideH && 4*(g.in.Elems()+g.out.Elems()) > streamBytes &&
		!d.weightsOuter && !d.planes && !pl.changesIn() && g.ldin == g.in.C
	d.cutPieces()
	return d
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
		for j := range d.items {
			it := &d.items[j]
			tile := d.fam.end(it.rows, family) * float64(len(d.chunks))
			for _, c := range it.calls {
				tile += k * float64(c.n) * d.fam.cycles(c.rows, family)
			}
			sum += float64(it.tiles) * tile
		}
	}
	return sum
}

// The lines of an output beyond fetchBytes are asked for before they are written: they come from the third cache or from memory, and
// a store waits for them. So do those of outputs beyond fetchShared bytes that another core has read or written, in the layers before: they are asked for
// where sums of fetchSteps products take longer than the asking.
const (
	fetchBytes  = 2 << 20
	fetchShared = 256 << 10
	fetchSteps  = 96
)

// streamBytes is the size of input and output from which an input comes from memory.
const streamBytes = 12 << 20

// tileRows is the number of rows of a tile whose rows of A lie stride bytes apart. Rows a multiple of
// 4096 bytes apart fall into the same set of the L1 cache, which has 8 or 12 ways: more rows than
// that evict each other before a cache line of A has been used up.
func tileRows(mr, stride int) int {
	if stride%4096 == 0 {
		return min(mr, 10)
	}
	return mr
}

// longestSum is the number of products that are summed in one chain, as far as a chunk of channels can be cut. The
// rounding errors grow with it; small tiles, which asm.MaxWork would permit longer chains, shall be as accurate as large ones.
const longestSum = 2304

// cutChunks divides the input channels so that the work of one tile stays below asm.MaxWork.
func (d *direct) cutChunks(positions, mr int) {
	icg := d.icg()
	limit := max(1, min(asm.MaxWork/(mr*d.fam.nr[0]), longestSum)/positions)
	n := (icg + limit - 1) / limit
	size := (icg + n - 1) / n
	for ic := 0; ic < icg; ic += size {
		c := chunk{ic: ic, n: min(size, icg-ic), base: ic * positions}
		if c.n < size {
			c.variant = 1
		}
		d.chunks = append(d.chunks, c)
	}
}

// cutRow divides an output row into tiles of at most mr pixels, as even as can be, and these into
// items: every tile at a border is one, the tiles between of equal height are joined to items as even as can be.
func (d *direct) cutRow(mr int) {
	w := d.win
	ow := d.out.W
	tiles := (ow + mr - 1) / mr
	most := d.joined(tiles, mr)
	cols := make(map[[2]int]*columns)
	for t, x := 0, 0; t < tiles; t++ {
		rows := ow / tiles
		if t < ow%tiles {
			rows++
		}
		it := item{x: x, rows: rows, tiles: 1, calls: d.cutTile(x, rows, cols)}
		x += rows
		if n := len(d.items); n > 0 && it.inner(w.KernelW) {
			last := &d.items[n-1]
			if last.rows == rows && last.inner(w.KernelW) {
				last.tiles++
				continue
			}
		}
		d.items = append(d.items, it)
	}
	joined := d.items
	d.items = nil
	for _, it := range joined {
		n := (it.tiles + most - 1) / most
		for i := range n {
			part := it
			lo, hi := i*it.tiles/n, (i+1)*it.tiles/n
			part.x, part.tiles = it.x+lo*it.rows, hi-lo
			if n > 1 {
				part.calls = []call{it.calls[0]}
				part.calls[0].x = part.x
			}
			d.items = append(d.items, part)
		}
	}
}

// joined is the largest number of tiles in an item: enough items to balance several workers, all about
// the same, unless calls would become too short, and none beyond asm.MaxWork.
func (d *direct) joined(tiles, mr int) int {
	tile := mr * d.fam.nr[0] * d.chunks[0].n * d.win.KernelH * d.win.KernelW // multiply-adds
	n := max(1, (tiles+wantTasks-1)/wantTasks, shortCall/tile)
	n = min(n, max(1, asm.MaxWork/tile))
	items := (tiles + n - 1) / n
	return (tiles + items - 1) / items
}

// shortCall is work that a call's overhead is small beside: about a microsecond.
const shortCall = 1 << 17

// inner reports whether all kw kernel columns reach all pixels of the item.
func (it *item) inner(kw int) bool {
	return len(it.calls) == 1 && it.calls[0].all && it.calls[0].n == kw
}

// cutTile groups the kernel columns by the pixels of a tile that they reach: the group that reaches
// all pixels, if there is one, comes last.
func (d *direct) cutTile(x, rows int, cols map[[2]int]*columns) []call {
	w := d.win
	var calls []call
	for kw := 0; kw < w.KernelW; kw++ {
		lo, hi := x+rows, x+rows // of the tile's pixels that column kw reaches
		for ox := x; ox < x+rows; ox++ {
			if ix := ox*w.StrideW - w.PadLeft + kw*w.DilationW; ix >= 0 && ix < d.in.W {
				lo = min(lo, ox)
				hi = ox + 1
			}
		}
		if lo == x+rows {
			continue
		}
		if n := len(calls); n > 0 {
			c := &calls[n-1]
			if c.x == lo && c.rows == hi-lo && c.columns.kw+c.columns.n == kw {
				c.columns = d.columns(c.columns.kw, c.columns.n+1, cols)
				continue
			}
		}
		calls = append(calls, call{x: lo, rows: hi - lo, all: hi-lo == rows, columns: d.columns(kw, 1, cols)})
	}
	for i := range calls {
		if last := len(calls) - 1; calls[i].all {
			calls[i], calls[last] = calls[last], calls[i]
			break
		}
	}
	return calls
}

// columns returns the taps of n kernel columns from kw on.
func (d *direct) columns(kw, n int, cols map[[2]int]*columns) *columns {
	key := [2]int{kw, n}
	if c := cols[key]; c != nil {
		return c
	}
	c := &columns{kw: kw, n: n, perRow: n}
	steps := 1 // for each channel
	switch {
	case d.planes:
		c.perRow = d.in.C
	case len(d.chunks) == 1 && d.groups == 1 && d.win.DilationW == 1 && d.ldin == d.in.C:
		steps, c.perRow = n, 1 // neighbouring pixels are contiguous
	}
	for variant := range c.taps {
		chunk := d.chunks[0].n
		if variant == 1 {
			chunk = d.chunks[len(d.chunks)-1].n
		}
		c.k[variant] = steps * chunk
		if d.planes {
			c.k[variant] = n
		}
		for _, nr := range d.fam.nr {
			var taps []asm.Tap
			for kh := range d.win.KernelH {
				row := kh * d.win.DilationH * d.in.W
				for i := range c.perRow {
					t := asm.Tap{
						A: 4 * d.ldin * (row + (kw+i)*d.win.DilationW),
						B: 4 * nr * chunk * (kh*d.win.KernelW + kw + i),
					}
					if d.planes {
						t.A = 4 * (i*d.in.H*d.in.W + row + kw)
						t.B = 4 * nr * ((kh*d.in.C+i)*d.win.KernelW + kw)
					}
					taps = append(taps, t)
				}
			}
			c.taps[variant] = append(c.taps[variant], taps)
		}
	}
	cols[key] = c
	return c
}

// cutPieces arranges the tasks for tensors in NCHW. A task has its output in NHWC in scratch, and transposes it while it
// is hot. It has the pixels that it needs of the input in scratch too, if all ranges of the channels of a strip follow each
// other, so that a worker needs to convert them but once.
func (d *direct) cutPieces() {
	d.pl.piecesOut = d.pl.changesOut()
	d.pl.piecesIn = d.pl.changesIn() && !d.weightsOuter
	if n := len(d.items); d.strip() > n && (d.pl.piecesIn || d.pl.piecesOut) {
		d.unit = n // whole rows
		d.strips = min(d.strips, d.nitems/n)
	}
	if d.pl.piecesIn {
		d.inner = min(align(d.pl.loaded()), heldFloats)
		for task := 0; task < d.tasks(); task += d.spans {
			r := d.reads(task)
			d.inner = max(d.inner, align((r.p1-r.p0)*d.ldin))
		}
	}
	if d.pl.piecesOut {
		for task := range d.tasks() {
			r := d.writes(task)
			d.outer = max(d.outer, (r.p1-r.p0)*spaced(r.c1-r.c0))
		}
	}
}

// reads is the part of the input that a task needs: whole rows, unless all pixels are one.
func (d *direct) reads(task int) region {
	item0, item1, _, _ := d.bounds(task)
	if d.in.H == d.out.H && d.in.W == d.out.W && d.win.KernelH == 1 && d.win.KernelW == 1 {
		return region{d.pixel(item0), d.pixel(item1), 0, d.in.C}
	}
	row := func(item, kh int) int { // of the batch
		row := item / len(d.items)
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

// heldFloats are how many floats of the input a worker keeps, to move them less often.
const heldFloats = 48 << 10

func (d *direct) scratch() int { return d.inner + d.outer }

// piece returns a piece of the input that has what a task needs. What the worker has already is not converted again.
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

func (d *direct) String() string {
	return fmt.Sprintf("%s, tiles %dx%d, %d chunks of %d channels, %v", d.fam.kern[0][d.fam.mr()].Name,
		d.items[0].rows, d.fam.nr[d.blocks[0].family], len(d.chunks), d.chunks[0].n, d.tasking)
}

func (d *direct) do(w *worker, task int, dst, src, residual []float32) {
	x, y, res := piece{x: src, ld: d.ldin}, piece{x: dst, ld: d.ldout}, piece{x: residual, ld: d.ldresidual}
	switch {
	case d.pl.piecesIn:
		x = d.piece(w, task, src)
	case d.planes:
		d.read(&w.dw, task, src)
	case d.stream:
		r := d.reads(task)
		w.dw.fetch(src[r.p0*d.ldin : r.p1*d.ldin])
	}
	r := d.writes(task)
	if d.pl.piecesOut {
		y = piece{x: w.scratch[d.inner:], ld: spaced(r.c1 - r.c0), pixel: r.p0, channel: r.c0}
		if residual != nil {
			y.read(d.pl, w, residual, d.pl.out, r)
			res = y
		}
	}
	d.sum(w, task, &y, &x, &res)
	d.pl.activate(w, y, r.p0, r.p1, r.c0, r.c1)
	if d.pl.piecesOut {
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
	ahead := d.whole(item0, item1)
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
			row, i := item0/len(d.items), item0%len(d.items)
			for n := item0; n < item1; n++ {
				a.Ahead = 0
				if len(rest) > 0 && (n == ahead || n == ahead+1) {
					a.Ahead = 4*panel + 64*(n-ahead)
				}
				d.doItem(a, &d.items[i], row, b, c, flags, y, x, res)
				if i++; i == len(d.items) {
					row, i = row+1, 0
				}
			}
		}
	}
	a.Ahead = 0
}

// read reads the rows of the planes that a task needs, in order, which the processor's prefetchers follow: an image comes
// from memory, and the kernels jump from plane to plane.
func (d *direct) read(w *dwWorker, task int, src []float32) {
	item0, item1, _, _ := d.bounds(task)
	for row, end := item0/len(d.items), (item1-1)/len(d.items)+1; row < end; {
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

// whole returns the first of the items that all kernel rows reach, or else the first. Its calls read all weights of a
// block once, and while they do, ask for those that follow, every second line of them, and those of the next item for
// the others. In a network weights come from memory, since each layer drives out those of the others, and the
// kernels read them faster than the processor's own prefetchers bring them.
func (d *direct) whole(item0, item1 int) int {
	for n := item0; n < item1; n++ {
		if kh := d.khRange[n/len(d.items)%d.out.H]; kh[1]-kh[0] == d.win.KernelH {
			return n
		}
	}
	return item0
}

// pixel is the first output pixel of an item of the whole output.
func (d *direct) pixel(item int) int {
	return item/len(d.items)*d.out.W + d.items[item%len(d.items)].x
}

// doItem adds one chunk to one item of one block.
func (d *direct) doItem(a *asm.BrgArgs, it *item, row int, b *block, c *chunk, finish int, y, x, res *piece) {
	n, oy := row/d.out.H, row%d.out.H
	kh := d.khRange[oy]
	out := row*d.out.W + it.x // the item's first pixel
	kern := d.fam.kern[b.family]
	iy := oy*d.win.StrideH - d.win.PadTop
	started, summed := c.ic > 0, false
	if kh[0] < kh[1] {
		for i := range it.calls {
			cl := &it.calls[i]
			a.Flags = d.fetch
			d.begin(a, started, row*d.out.W+cl.x, b.oc, y, res)
			if !started && !cl.all {
				d.prepare(it, cl, out, b, y, res)
			}
			started = true
			if cl.all && i == len(it.calls)-1 {
				a.Flags |= finish
				summed = true
			}
			ix := cl.x*d.win.StrideW - d.win.PadLeft
			a.AOff = 4 * (d.image(n) + (iy*d.in.W+ix-x.pixel)*d.ldin + b.group*d.icg() + c.ic)
			taps := cl.taps[c.variant][b.family]
			a.Taps = &taps[kh[0]*cl.perRow]
			a.NTap = (kh[1] - kh[0]) * cl.perRow
			a.K = cl.k[c.variant]
			a.Tiles = it.tiles
			kern[cl.rows].Call(a)
		}
	}
	if summed || started && finish == 0 {
		return
	}
	// No call of the item covered all its pixels: what is left to do is done without taps.
	a.Flags = finish
	d.begin(a, started, out, b.oc, y, res)
	a.NTap = 0
	a.Tiles = it.tiles
	kern[it.rows].Call(a)
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
func (d *direct) prepare(it *item, cl *call, out int, b *block, y, res *piece) {
	for r := range it.rows {
		if x := it.x + r; x >= cl.x && x < cl.x+cl.rows {
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
