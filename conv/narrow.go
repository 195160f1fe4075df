package conv

import (
	"fmt"
	"sort"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// narrow convolves NHWC tensors to few output channels, which would leave most lanes of a vector idle. It has two ways. For one pixel and
// very few channels the input channels are in the lanes, as in a product of a matrix with a few vectors. Otherwise the pixels are in the lanes and
// the weights are the rows of A, as planar has them in NCHW: a task transposes the pixels that it needs, some rows of a segment of
// the image at a time, into a strip padded with zeros, whose rows are rows of B at every kernel position. What has been summed
// lies in planes, in scratch, and is transposed to its place.
type narrow struct {
	geometry
	pl      *Plan
	fam     *families
	strip   *strip // of a segment
	weights []float32
	ld      int           // floats between rows of the weights
	dots    []*asm.DotRow // that sum the channels in the lanes, or none
	steps   []narrowStep
	segment int // pixels of an output row that are computed together, but for the last
	nseg    int
	lines   int // rows of them
	ldsum   int // floats between the channels of what they give
	tiles   int // of channels
	tasking     // an item is a row of a segment
}

// narrowStep is a kernel call: k steps of some taps.
type narrowStep struct {
	taps []asm.Tap
	k    int
}

// Floats of a strip: what fits the first cache, beside its output, if every pixel is used once, and the second cache otherwise; and of the
// pixels that are multiplied where they lie, which pass by.
const (
	narrowOnce  = 4 << 10
	narrowTimes = 64 << 10
	narrowDots  = 16 << 10
)

func narrowApplies(p *Params) bool {
	return p.both(tensor.NHWC) && p.Groups == 1 && (flat(p) || segmentStrip(p.In.C, 1, p.Window).floats(1) <= stripLimit)
}

// narrowPays wants a clear gain, and weights that stay in the second cache: every task reads all of them.
func narrowPays(p *Params) bool {
	if p.weightBytes() > cacheLimits().task || !flat(p) && segmentStrip(p.In.C, 1, p.Window).floats(1) > stripMost {
		return false
	}
	strips, dots := narrowCycles(p)
	return min(strips, dots) < clearGain*directCycles(p)
}

func newNarrow(pl *Plan, w weights) runner {
	d := cutNarrow(pl, newFamilies(pl.p.Kernels))
	if flat(&pl.p) {
		if strips, dots := narrowCycles(&pl.p); dots < strips {
			d.dots = dotRows(pl.p.Kernels, d.out.C)
			d.cut(narrowDots)
		}
	}
	d.pack(w)
	return d
}

// cutNarrow divides a convolution into segments, strips and tasks.
func cutNarrow(pl *Plan, fam *families) *narrow {
	d := &narrow{geometry: pl.geometry(), pl: pl, fam: fam}
	d.tiles = (d.out.C + d.fam.mr() - 1) / d.fam.mr()
	budget := narrowTimes
	if flat(&pl.p) {
		d.geometry = d.flat()
		budget = narrowOnce
	}
	d.cut(budget)
	return d
}

// cut makes strips of budget floats, and tasks of them.
func (d *narrow) cut(budget int) {
	d.cutLines(budget)
	rows := d.out.N * d.nseg * d.out.H
	d.tasking = newTasking(rows, 1, 4*(d.in.Elems()+d.out.Elems()), 0, overlapping(d.pl.flops(), rows, d.strip.overlap()))
}

// dotRows returns kernels for n vectors, or one more.
func dotRows(s *asm.Set, n int) []*asm.DotRow {
	var rows []*asm.DotRow
	for n > 0 {
		k := s.Dot[0]
		for _, r := range s.Dot[1:] {
			if n == r.MR || n == 2*r.MR || n < k.MR {
				k = r
			}
		}
		rows = append(rows, k)
		n -= k.MR
	}
	return rows
}

// cutLines divides output rows into segments, as even as can be, so that a strip of some of them takes budget floats.
func (d *narrow) cutLines(budget int) {
	nr := d.fam.nr[0]
	few := min(4, d.out.H)
	cut := func(n int) bool { // into n of them
		d.segment = (d.out.W + n - 1) / n
		if n > 1 {
			d.segment = (d.segment + nr - 1) / nr * nr // whole vectors
		}
		d.strip = segmentStrip(d.in.C, d.segment, d.win)
		return d.segment <= nr || d.strip.floats(few) <= budget
	}
	cut(1 + sort.Search(d.out.W, func(i int) bool { return cut(i + 1) }))
	d.nseg = (d.out.W + d.segment - 1) / d.segment
	d.lines = 1
	for d.lines < d.out.H && d.strip.floats(d.lines+1) <= budget {
		d.lines++
	}
	d.ldsum = spaced(d.lines * d.segment)
}

// segmentStrip is a strip of rows of c channels for so many pixels of the output.
func segmentStrip(c, pixels int, win tensor.Window) *strip {
	s := &strip{in: tensor.Shape{C: c}, win: win}
	lines := align(pixels+s.phase((win.KernelW-1)*win.DilationW)) / 16
	s.ld = 16 * win.StrideW * (lines | 1)
	s.row = tensor.Mul(c, s.ld)
	return s
}

// pack lays OIHW weights out as [OutC][KernelW][KernelH][C], each output channel from a cache line on, and divides the sum
// into calls.
func (d *narrow) pack(w weights) {
	c, kh, kw := d.in.C, d.win.KernelH, d.win.KernelW
	d.ld = spaced(c * kh * kw)
	d.weights = d.pl.pack(w, format{name: "narrow"}, func(oihw []float32) []float32 {
		packed := mem.Floats((d.out.C + 1) * d.ld) // a row of zeros, where kernels for a vector more are used
		columnWeights(packed, oihw, d.ld, d.in.C, &d.win)
		return packed
	})
	taps, k := d.strip.taps(1)
	most := min(asm.MaxWork/(d.fam.mr()*d.fam.nr[0]), longestSum) // products of a call
	for len(taps) > 0 {
		n := min(len(taps), max(1, most/k))
		for k0 := 0; k0 < k; k0 += most {
			s := narrowStep{k: min(most, k-k0)}
			for _, t := range taps[:n] {
				s.taps = append(s.taps, asm.Tap{A: t.A + 4*k0, B: t.B + 4*k0*d.strip.ld})
			}
			d.steps = append(d.steps, s)
		}
		taps = taps[n:]
	}
}

func (d *narrow) scratch() int {
	return align(d.strip.floats(d.lines)+d.fam.nr[0]) + (d.out.C+1)*d.ldsum // a last panel reads beyond its pixels
}

func (d *narrow) String() string {
	return fmt.Sprintf("%s, tiles %dx%d, %d rows of %d pixels, %v", d.fam.kern[0][d.fam.mr()].Name, (d.out.C+d.tiles-1)/d.tiles, d.fam.nr[0], d.lines, d.segment, d.tasking)
}

func (d *narrow) do(w *worker, task int, dst, src, residual []float32) {
	item0, item1, _, _ := d.bounds(task)
	for item := item0; item < item1; {
		oy := item % d.out.H
		n := min(item1-item, d.out.H-oy, d.lines)
		d.compute(w, item/d.out.H/d.nseg, item/d.out.H%d.nseg*d.segment, oy, n, dst, src, residual)
		item += n
	}
}

// compute computes n rows of a segment of an image, from row oy and column ox on.
func (d *narrow) compute(w *worker, image, ox, oy, n int, dst, src, residual []float32) {
	set := d.pl.p.Kernels
	x, y := w.scratch, w.scratch[align(d.strip.floats(d.lines)+d.fam.nr[0]):]
	pixels := min(d.segment, d.out.W-ox)
	lines, length := n, pixels // as they follow each other in the output
	if d.nseg == 1 && d.pl.p.OutRowStride == 0 {
		lines, length = 1, n*pixels
	}
	first := (image*d.out.H+oy)*d.out.W + ox
	if residual != nil {
		for i := range lines {
			w.transpose.Do(set, y[i*length:], d.ldsum, residual[(first+i*d.out.W)*d.ldresidual:], d.ldresidual, length, d.out.C)
		}
	}
	if d.dots == nil {
		d.load(w, x, src, image, ox, oy, pixels, n)
		d.multiply(&w.brg, x, y, pixels, n, residual != nil)
	} else {
		d.dot(&w.dot, y, src[first*d.ldin:], pixels, residual != nil)
	}
	d.finish(w, y, n*pixels)
	to := d.pl.output(dst)
	for i := range lines {
		w.transpose.Do(set, dst[to.at(first+i*d.out.W, 0):], to.ld, y[i*length:], d.ldsum, d.out.C, length)
	}
}

// multiply computes n rows of pixels each from a strip.
func (d *narrow) multiply(a *asm.BrgArgs, x, y []float32, pixels, n int, residual bool) {
	a.AOff, a.Tiles = 0, 1
	a.LdA, a.LdB, a.LdC, a.LdRes = 4*d.ld, 4*d.strip.ld, 4*d.ldsum, 4*d.ldsum
	a.Beta, a.Lo, a.Hi = 1, d.pl.lo, d.pl.hi
	finish := d.pl.finish()
	if d.pl.bias != nil {
		finish ^= asm.BrgBias | asm.BrgBiasRow
	}
	for line := range n {
		for p := 0; p < pixels; p += a.N {
			family := d.fam.fit(pixels - p)
			a.N = min(d.fam.nr[family], pixels-p)
			a.B = unsafe.Pointer(&x[line*d.win.StrideH*d.strip.row+p])
			for t := range d.tiles {
				c0, c1 := t*d.out.C/d.tiles, (t+1)*d.out.C/d.tiles
				a.C = unsafe.Pointer(&y[c0*d.ldsum+line*pixels+p])
				a.Flags = 0
				if residual {
					a.Flags, a.Res = asm.BrgResidual, a.C
				}
				if d.pl.bias != nil {
					a.Bias = unsafe.Pointer(&d.pl.bias[c0])
				}
				a.A = unsafe.Pointer(&d.weights[c0*d.ld])
				for i := range d.steps {
					s := &d.steps[i]
					if i == len(d.steps)-1 {
						a.Flags |= finish
					}
					a.Taps, a.NTap, a.K = &s.taps[0], len(s.taps), s.k
					d.fam.kern[family][c1-c0].Call(a)
					a.Flags = asm.BrgAccumulate
				}
			}
		}
	}
}

// finish does to n sums of each channel what the kernels have not done.
func (d *narrow) finish(w *worker, y []float32, n int) {
	set, act := d.pl.p.Kernels, d.pl.p.Activation
	for c := range d.out.C {
		row := y[c*d.ldsum:][:n]
		clamped := d.dots == nil && d.pl.clamped
		if d.dots != nil && d.pl.bias != nil {
			w.elem.Planes(set, row, row, nil, d.pl.bias[c:c+1], n, d.pl.lo, d.pl.hi)
			clamped = d.pl.clamped
		}
		if !clamped && act.Kind != asm.Identity {
			w.elem.Unary(set, act.Kind, act.A, act.B, row, row)
		}
	}
}

// dot computes a row of pixels where they lie.
func (d *narrow) dot(a *asm.DotArgs, y, src []float32, pixels int, residual bool) {
	if !residual {
		clear(y[:d.out.C*d.ldsum])
	}
	a.LdW, a.LdX, a.LdY = 4*d.ldin, 4*d.ld, 4*d.ldsum
	for c0 := 0; c0 < d.in.C; c0 += a.Cols {
		a.Cols = min(d.in.C-c0, longestSum)
		most := asm.MaxWork / (a.Cols * d.dots[0].MR)
		for p := 0; p < pixels; p += a.Rows {
			a.Rows = min(pixels-p, most)
			a.W = unsafe.Pointer(&src[p*d.ldin+c0])
			oc := 0
			for _, kern := range d.dots {
				a.X = unsafe.Pointer(&d.weights[oc*d.ld+c0])
				a.Y = unsafe.Pointer(&y[oc*d.ldsum+p])
				kern.Call(a)
				oc += kern.MR
			}
		}
	}
}

// load transposes what n rows of pixels from (ox, oy) on need into a strip.
func (d *narrow) load(w *worker, dst, src []float32, image, ox, oy, pixels, n int) {
	win := &d.win
	x0 := ox*win.StrideW - win.PadLeft
	x1 := x0 + (pixels-1)*win.StrideW + (win.KernelW-1)*win.DilationW + 1
	lo, hi := min(max(x0, 0), d.in.W), max(min(x1, d.in.W), 0) // columns that exist
	for i := range d.strip.reach(n) {
		if i%win.StrideH >= (win.KernelH-1)*win.DilationH+1 {
			continue // between the rows of the kernel
		}
		row := dst[i*d.strip.row : (i+1)*d.strip.row]
		iy := oy*win.StrideH - win.PadTop + i
		if iy < 0 || iy >= d.in.H || lo >= hi {
			clear(row)
			continue
		}
		if lo > x0 || hi < x1 {
			d.pad(row, x0, x1, lo, hi)
		}
		for phase := range min(win.StrideW, (win.KernelW-1)*win.DilationW+1) {
			first := lo + ((x0+phase-lo)%win.StrideW+win.StrideW)%win.StrideW
			if first >= hi {
				continue
			}
			columns := (hi - first + win.StrideW - 1) / win.StrideW
			from := src[((image*d.in.H+iy)*d.in.W+first)*d.ldin:]
			w.transpose.Do(d.pl.p.Kernels, row[d.strip.at(first-x0):], d.strip.ld, from, win.StrideW*d.ldin, columns, d.in.C)
		}
	}
}

// pad clears the columns x0 to lo and hi to x1 of a row of the strip.
func (d *narrow) pad(row []float32, x0, x1, lo, hi int) {
	for x := x0; x < x1; x++ {
		if lo <= x && x < hi {
			continue
		}
		for i := d.strip.at(x - x0); i < len(row); i += d.strip.ld {
			row[i] = 0
		}
	}
}
