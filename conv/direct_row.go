package conv

import (
	"sort"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/tensor"
)

// How direct divides an output row: into tiles of pixels, and these into the items that tasks are made of.

// run is some items of an output row that differ in their place alone: one at a border, or the tiles between, divided as evenly as can
// be. An item is one tile or several that follow each other.
type run struct {
	x, rows, tiles int    // the first pixel; pixels of a tile; all tiles
	calls          []call // that together sum all taps of an item
	first, n       int    // items
	size, more     int    // tiles of an item, and how many items have one more, which come first
}

// tileRows is the number of rows of a tile whose rows of A lie stride bytes apart. Rows a multiple of
// 4096 bytes apart fall into the same set of the L1 cache, which has 8 or 12 ways: more rows than
// that evict each other before a cache line of A has been used up.
func tileRows(mr, stride int) int {
	if stride%4096 == 0 {
		return min(mr, 10)
	}
	return mr
}

// cutRow divides an output row into tiles of at most mr pixels, as even as can be, and these into
// items: every tile at a border is one, the tiles between of equal height are joined to items as even as can be.
func (d *direct) cutRow(mr int) {
	w, ow := &d.win, d.out.W
	tiles := (ow + mr - 1) / mr
	most := d.joined(tiles, mr)
	cols := make(map[[2]int]*columns)
	tile := func(t int) (x, end int) { return par.Split(ow, tiles, t) }
	// Tiles lo to hi-1 see no padding.
	lo := sort.Search(tiles, func(t int) bool {
		x, _ := tile(t)
		return x*w.StrideW >= w.PadLeft
	})
	hi := lo + sort.Search(tiles-lo, func(t int) bool {
		_, end := tile(lo + t)
		return (end-1)*w.StrideW-w.PadLeft+(w.KernelW-1)*w.DilationW >= d.in.W
	})
	for t := 0; t < tiles; {
		x, end := tile(t)
		r := run{x: x, rows: end - x, tiles: 1, first: d.width}
		if lo <= t && t < hi {
			_, same := par.Alike(ow, tiles, t)
			r.tiles = min(hi-t, same)
		}
		r.calls = d.cutTile(x, r.rows, cols)
		r.n = (r.tiles + most - 1) / most
		r.size, r.more = r.tiles/r.n, r.tiles%r.n
		d.width += r.n
		d.runs = append(d.runs, r)
		t += r.tiles
	}
}

// place is where an item lies: an output row of the batch, a run, and an item of it.
type place struct{ row, run, i int }

func (d *direct) place(item int) place {
	i := item % d.width
	r := sort.Search(len(d.runs), func(r int) bool { return d.runs[r].first > i }) - 1
	return place{item / d.width, r, i - d.runs[r].first}
}

// next moves on to the item after it.
func (d *direct) next(p *place) {
	if p.i++; p.i == d.runs[p.run].n {
		if p.run, p.i = p.run+1, 0; p.run == len(d.runs) {
			p.row, p.run = p.row+1, 0
		}
	}
}

// span returns the first pixel of the item at a place, and its tiles.
func (r *run) span(i int) (x, tiles int) {
	tiles = r.size
	if i < r.more {
		tiles++
	}
	return r.x + (i*r.size+min(i, r.more))*r.rows, tiles
}

// kernelRows returns the range of the kernel's rows that fall inside the input for an output row.
func (d *direct) kernelRows(oy int) (lo, hi int) {
	w := &d.win
	y := oy*w.StrideH - w.PadTop
	if y >= 0 && y+(w.KernelH-1)*w.DilationH < d.in.H {
		return 0, w.KernelH // nearly always
	}
	return tensor.Valid(y, w.KernelH, w.DilationH, d.in.H)
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

// pixel is the first output pixel of an item of the whole output.
func (d *direct) pixel(item int) int {
	p := d.place(item)
	x, _ := d.runs[p.run].span(p.i)
	return p.row*d.out.W + x
}
