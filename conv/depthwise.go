package conv

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/tensor"
)

// depthwise is a convolution of groups of few channels, in NHWC, with the output channels in the lanes of a vector. Each channel is a group
// for itself, or a vector has the channels of several groups: a block, for which the kernels permute those of the input.
//
// The output is cut into tasks, bands of rows of one image, or pieces of their channels. Within a band the interior, where all columns
// of taps are valid, is walked strip by strip of columns, each from top to bottom, so that the rows of
// a strip are in L1 when the next row of outputs needs them again; rows of taps above and below the
// image are left out. The columns at the edges are done top to bottom, one call per run of rows.
type depthwise struct {
	in, out tensor.Shape
	dwBlocks
	win        tensor.Window
	ldin       int // floats between pixels of the input
	ldout      int // floats between pixels of the output
	rows, cols []tensor.Segment
	across     dwLadder // for pixels beside each other with all columns of taps
	down       dwLadder // for pixels below each other with all rows of taps
	general    dwLadder // for any pixels
	slides     dwSlides // for strips of windows of 3 by 3 taps, or nil
	index      []int32  // of the kernels for groups
	weights    []float32
	lo, hi     float32
	bands      int  // of rows of an image
	pieces     int  // of the channels of a band: a task is one
	strip      int  // pixels of a strip
	chunk      int  // blocks of a strip
	stream     bool // the input comes from memory, in one piece
}

// dwWorker is what a worker needs to do tasks of depthwise convolutions.
type dwWorker struct {
	args    asm.DwArgs
	slide   asm.DwSlideArgs
	fetched uint32 // what fetch has read, so that it is not left out
	others  bool   // there are other workers
}

const (
	dwTasks    = 16      // enough to balance 2 to 8 workers
	dwTaskWork = 1 << 16 // multiply-adds that are worth a task
	dwMostWork = 1 << 19 // and most of one, if it has more than a row
	dwMapBands = 10 * 10 // pixels of an output that is cut into bands
	dwBandRows = 6       // of a band, at least: the rows around it are read again
	dwFewBands = 4       // fewer of them are cut into pieces
	dwStripLen = 1 << 13 // floats of the input rows of a strip that stay in L1
	dwChunkLen = 2400    // weights that stay there beside them

	dwStream     = 16 << 20 // bytes of input and output that come from memory, not from the third cache
	dwStreamRows = 4        // rows of outputs that the input is then read ahead for
)

// planDepthwise plans all but the weights. It returns an error where the problem is not one for the kernels.
func planDepthwise(in tensor.Shape, outC, groups int, win tensor.Window, set *asm.Set, lo, hi float32) (*depthwise, error) {
	outH, outW, err := win.Out(in.H, in.W)
	if err != nil {
		return nil, err
	}
	win = win.Normal()
	rows := set.Dw
	if outC != groups || in.C != groups {
		rows = set.DwGroup
	}
	d := &depthwise{in: in, out: tensor.Shape{N: in.N, C: outC, H: outH, W: outW}, win: win, lo: lo, hi: hi}
	d.dwBlocks = newDwBlocks(in.C, outC, groups, rows[0].Lanes)
	taps := win.KernelH * win.KernelW
	if n, ok := tensor.MulOK(taps, d.k, 16, 16); !ok || n > asm.MaxWork {
		return nil, fmt.Errorf("conv: depthwise kernel is %dx%d, want at most %d taps", win.KernelH, win.KernelW, asm.MaxWork/256/d.k)
	}
	d.stride(in.C, outC)
	if err := d.out.Check(); err != nil {
		return nil, err
	}
	d.rows = tensor.Segments(outH, in.H, win.KernelH, win.StrideH, win.DilationH, win.PadTop)
	d.cols = tensor.Segments(outW, in.W, win.KernelW, win.StrideW, win.DilationW, win.PadLeft)
	d.across = newDwLadder(rows, win.KernelW, win.StrideW, win.DilationW)
	d.down = newDwLadder(rows, win.KernelH, win.StrideH, win.DilationH)
	d.general = newDwLadder(rows, 0, 0, 0)
	if !d.grouped() && d.slidable() {
		d.slides = newDwSlides(set, win.StrideH, d.lanes)
	}
	if _, ok := tensor.MulOK(d.blocks, d.lanes, taps*d.k+1, 4); !ok {
		return nil, fmt.Errorf("conv: depthwise weights of %d channels, %d taps overflow the address space", outC, taps)
	}
	d.setIndex()
	d.cut()
	d.chunk = min(d.blocks, max(1, min(256, dwChunkLen/(taps*d.k))/d.lanes))
	d.strip = dwStripLen / (d.chunk * d.lanes * min(win.KernelH, in.H) * win.StrideW)
	d.strip = max(8, d.strip&^7)
	return d, nil
}

// stride sets the floats from one pixel of the input to the next, and of the output.
func (d *depthwise) stride(src, dst int) {
	d.ldin, d.ldout = src, dst
	d.stream = 4*(d.in.Elems()+d.out.Elems()) > dwStream && src == d.in.C
}

// cut divides an image into tasks. The workers have neighbouring bands of rows, as they have of the convolutions before and
// after: what one reads it has written itself, but for the rows at the edge. From another core even a small map comes slowly.
// The channels of small maps are divided, as those of the convolutions are; those of larger ones are not, whose pixels would be read
// from beyond L2 a part at a time.
func (d *depthwise) cut() {
	work, ok := tensor.MulOK(d.out.H, d.out.W, d.out.C, d.win.KernelH*d.win.KernelW, d.k)
	if !ok {
		work = math.MaxInt
	}
	want := max(1, min(dwTasks, work/dwTaskWork)/d.in.N)
	d.bands = 1
	for d.out.H*d.out.W >= dwMapBands && d.bands < want && d.out.H >= 2*d.bands*dwBandRows {
		d.bands *= 2
	}
	d.bands = max(d.bands, min(d.out.H, work/dwMostWork))
	d.pieces = 1
	if d.bands < dwFewBands && 4*(d.in.Elems()+d.out.Elems()) <= dwStream {
		d.pieces = max(1, min(want/d.bands, d.out.C/d.lanes))
	}
}

// dwLadder holds for every number of pixels that a tile may have the best kernel, without gaps from 1.
type dwLadder []*asm.DwRow

// newDwLadder picks the kernels for runs of pixels that are stride taps of a row of taps apart.
func newDwLadder(rows []*asm.DwRow, taps, stride, dilation int) dwLadder {
	l := dwLadder{nil}
	for {
		n := len(l)
		for _, r := range rows {
			if r.Pixels == len(l) && (r.Cols == 0 || dilation == 1 && r.Serves(taps, stride)) {
				l = append(l, r)
				break
			}
		}
		if len(l) == n {
			return l
		}
	}
}

// String names the kernel of the largest tile.
func (l dwLadder) String() string { return l[len(l)-1].Name }

// call computes n pixels in tiles of even size, in calls of bounded work. src is nil where all taps lie in the padding.
func (l dwLadder) call(a *asm.DwArgs, dst, src *float32, n int) {
	y, x := unsafe.Pointer(dst), unsafe.Pointer(src)
	work := (a.C + a.Out - 1) / a.Out * l[1].Lanes * max(1, a.NY*a.NX*a.K)
	tiles := (n + len(l) - 2) / (len(l) - 1)
	size := n / tiles
	large := n % tiles // of the tiles have one pixel more, and come first
	if large > 0 {
		size++
	} else {
		large = tiles
	}
	for {
		a.Tiles = min(large, max(1, asm.MaxWork/(work*size)))
		a.Y, a.X = y, x
		l[size].Call(a)
		if n -= a.Tiles * size; n == 0 {
			return
		}
		y = unsafe.Add(y, a.Tiles*size*a.PixY)
		if x != nil {
			x = unsafe.Add(x, a.Tiles*size*a.PixX)
		}
		if large -= a.Tiles; large == 0 {
			size--
			large = n / size
		}
	}
}

// tasks is the number of tasks.
func (d *depthwise) tasks() int { return d.in.N * d.bands * d.pieces }

// span says which pixels of the output a task writes.
func (d *depthwise) span(task int) (lo, hi int) {
	band := task / d.pieces
	y0, y1 := par.Split(d.out.H, d.bands, band%d.bands)
	image := band / d.bands * d.out.H
	return (image + y0) * d.out.W, (image + y1) * d.out.W
}

// channels says which of their channels.
func (d *depthwise) channels(task int) (c0, c1 int) {
	b0, b1 := d.piece(task)
	return d.block(b0).oc, d.block(b1 - 1).end()
}

// piece says which blocks of channels these are.
func (d *depthwise) piece(task int) (b0, b1 int) { return par.Split(d.blocks, d.pieces, task%d.pieces) }

// do runs one task. dst begins with the first pixel of its span.
func (d *depthwise) do(w *dwWorker, task int, dst, src []float32) {
	image, band := task/d.pieces/d.bands, task/d.pieces%d.bands
	y0, y1 := par.Split(d.out.H, d.bands, band)
	b0, b1 := d.piece(task)
	src = src[image*d.in.H*d.in.W*d.ldin:]
	if !d.stream {
		if w.others && b0 == 0 && d.bands > 1 && d.ldin == d.in.C {
			d.fetchEdges(w, src, y0, y1)
		}
		first := d.block(b0)
		d.compute(w, dst[first.oc:], src[first.ic:], 0, y0, y1, b0, b1)
		return
	}
	next := 0 // the rows above it have been read
	for y := y0; y < y1; y += dwStreamRows {
		end := min(y1, y+dwStreamRows)
		lo, hi := d.reads(y, end)
		w.fetch(src[max(lo, next)*d.in.W*d.in.C : hi*d.in.W*d.in.C])
		next = hi
		d.compute(w, dst[(y-y0)*d.out.W*d.ldout:], src, 0, y, end, 0, d.blocks)
	}
}

// fetchEdges reads the rows at the edges of a band, that another worker is likely to have written. From another core
// they come much faster line by line than to the kernels, which jump from pixel to pixel.
func (d *depthwise) fetchEdges(w *dwWorker, src []float32, y0, y1 int) {
	lo, hi := d.reads(y0, y1)
	if lo == hi {
		return // the band sees nothing but padding
	}
	row := d.in.W * d.in.C
	if y0 > 0 {
		w.fetch(src[lo*row : min(lo+2, hi)*row]) // where the convolution before had its edge is not known so well
	}
	if y1 < d.out.H {
		w.fetch(src[(hi-1)*row : hi*row])
	}
}

// fetch reads x line by line. The kernels jump from pixel to pixel and row to row for the same channels, which the
// processor's prefetchers do not follow; they do follow this, and the kernels find the lines in L2.
func (w *dwWorker) fetch(x []float32) {
	var sum uint32
	for i := 0; i < len(x); i += 16 {
		sum ^= math.Float32bits(x[i])
	}
	w.fetched = sum
}

// compute computes blocks b0 to b1-1 of the channels of the output rows y0 to y1-1. dst begins with the first of these
// rows, src with row first of the image, both with the first channel of block b0.
func (d *depthwise) compute(w *dwWorker, dst, src []float32, first, y0, y1, b0, b1 int) {
	if d.slides != nil && (d.win.StrideH == 1 || 4*d.ldin%dwConflictS2 != 0) {
		d.slide(&w.slide, dst, src, first, y0, y1, b0*d.lanes, min(b1*d.lanes, d.out.C))
		return
	}
	win, a := &d.win, &w.args
	d.setBlocks(a, win.KernelH*win.KernelW)
	a.Lo, a.Hi = d.lo, d.hi
	start := d.block(b0)
	for b, n := b0, 0; b < b1; b += n {
		n = d.run(b, min(b1, b+d.chunk))
		from := d.block(b)
		a.In, a.Out = from.in, from.out
		a.C = d.block(b+n-1).end() - from.oc
		a.W = unsafe.Pointer(&d.weights[b*a.LdW/4])
		oc, ic := from.oc-start.oc, from.ic-start.ic
		for i := range d.cols {
			s := &d.cols[i]
			interior := s.K1-s.K0 == win.KernelW
			step := d.strip
			if !interior {
				step = 1
			}
			for x := s.Lo; x < s.Hi; x += step {
				n := min(step, s.Hi-x)
				for j := range d.rows {
					r := &d.rows[j]
					lo, hi := max(r.Lo, y0), min(r.Hi, y1)
					if lo >= hi {
						continue
					}
					if !interior {
						d.column(a, &dst[((lo-y0)*d.out.W+x)*d.ldout+oc], d.at(src, first, lo, x, r, s, ic), r, s, hi-lo)
						continue
					}
					d.rowTaps(a, r, s)
					for y := lo; y < hi; y++ {
						d.across.call(a, &dst[((y-y0)*d.out.W+x)*d.ldout+oc], d.at(src, first, y, x, r, s, ic), n)
					}
				}
			}
		}
	}
	a.X, a.W, a.Y, a.Index = nil, nil, nil, nil
}

// rowTaps sets the strides for pixels beside each other.
func (d *depthwise) rowTaps(a *asm.DwArgs, r, s *tensor.Segment) {
	win := &d.win
	a.NY, a.NX = r.K1-r.K0, s.K1-s.K0
	a.ColX, a.ColW = 4*win.DilationW*d.ldin, 4*d.lanes*d.k
	a.RowX, a.RowW = 4*win.DilationH*d.in.W*d.ldin, win.KernelW*a.ColW
	a.PixX, a.PixY = 4*win.StrideW*d.ldin, 4*d.ldout
	a.WOff = 4*d.lanes + r.K0*a.RowW + s.K0*a.ColW
}

// column computes n pixels below each other: for the kernels rows are columns there.
func (d *depthwise) column(a *asm.DwArgs, dst, src *float32, r, s *tensor.Segment, n int) {
	d.rowTaps(a, r, s)
	a.NY, a.NX = a.NX, a.NY
	a.RowX, a.ColX = a.ColX, a.RowX
	a.RowW, a.ColW = a.ColW, a.RowW
	a.PixX, a.PixY = 4*d.win.StrideH*d.in.W*d.ldin, 4*d.out.W*d.ldout
	if a.NX == d.win.KernelH {
		d.down.call(a, dst, src, n)
		return
	}
	d.general.call(a, dst, src, n)
}

// at is where the first valid tap of output y, x lies in src, which begins with row first: nil if there is none.
func (d *depthwise) at(src []float32, first, y, x int, r, s *tensor.Segment, c int) *float32 {
	if r.K0 == r.K1 || s.K0 == s.K1 {
		return nil
	}
	iy := y*d.win.StrideH - d.win.PadTop + r.K0*d.win.DilationH - first
	ix := x*d.win.StrideW - d.win.PadLeft + s.K0*d.win.DilationW
	return &src[(iy*d.in.W+ix)*d.ldin+c]
}

// reads returns the range of the input's rows that output rows y0 to y1-1 need.
func (d *depthwise) reads(y0, y1 int) (first, last int) {
	first = min(max(0, y0*d.win.StrideH-d.win.PadTop), d.in.H-1)
	last = min(d.in.H, (y1-1)*d.win.StrideH-d.win.PadTop+(d.win.KernelH-1)*d.win.DilationH+1)
	return first, max(first, last)
}
