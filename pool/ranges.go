package pool

import (
	"math/bits"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// ranges reduces large windows axis by axis, and every axis by doubling: the maxima or sums of 1, 2, 4, 8 ... elements
// from each element on, runs, level by level in one piece of scratch. The maximum over n elements is that of two runs of p,
// the largest power of 2 that is at most n, which may overlap. 13 by 13 elements take 8 maxima in place of 168.
// (The sparse table of range minimum queries: Bender and Farach-Colton, The LCA problem revisited, 2000.)
// A sum is that of one run for each bit of n, side by side: nothing is subtracted, and an infinity stays in its windows.
//
// A unit is a band of rows of a strip of channels, of a range of columns where rows are long.
type ranges struct {
	lanes      int // channels of a strip
	rows       int // rows of the input that a band reads at most
	rowFloats  int // of a row of a strip
	downFloats int // of the rows reduced down their columns, in front of those of the input in scratch
}

const (
	rangeLanes   = 16       // channels of a strip that fill the lanes
	rangeStrip   = 22 << 10 // floats of scratch: twice L1 with fewer calls is quicker than half of it
	rangeScratch = 1 << 18  // floats of scratch of a narrow strip that are not too many
	rangeCost    = 3.5      // of an element of a step of doubling, which writes its result
	rangeAdd     = 1.4      // of adding a run to a sum, in such steps
)

// newRanges returns nil if windows are dilated, or if there is a quicker way, at a cost of most.
func newRanges(l *Plan, most float64) (*ranges, float64) {
	in, out, w := l.p.In, l.out, &l.p.Window
	if w.DilationH != 1 || w.DilationW != 1 || out.H*out.W == 1 {
		return nil, 0
	}
	levels := func(k int) float64 { return float64(bits.Len(uint(k))) }
	down, along := levels(min(w.KernelH, in.H)), levels(min(w.KernelW, in.W))
	adds := func(int) float64 { return 1 } // of runs to an element
	if l.p.Kind == Avg {
		adds = func(k int) float64 { return rangeAdd * float64(bits.OnesCount(uint(k))) }
	}
	// Neighbours come to the same rows and columns: as few as scratch permits.
	var best *ranges
	for lanes := l.c; lanes > 0; lanes = fewer(lanes) {
		room := rangeScratch
		if lanes > rangeLanes {
			room = rangeStrip
		}
		last := 0.
		for _, s := range l.cols {
			if n := s.Hi - s.Lo; w.StrideW == 1 && lanes == l.c {
				last += float64(l.lanes(n * lanes))
			} else {
				last += float64(n) * float64(l.lanes(lanes))
			}
		}
		calls := float64(len(l.cols))
		if w.StrideW > 1 || lanes != l.c {
			calls *= float64(min(out.H, out.W)) / 3 // such calls wait for nothing
		}
		last *= float64(out.H) * float64(l.c) / float64(lanes) * adds(w.KernelW)
		for cuts := 1; cuts <= out.W; cuts *= 2 {
			width := min(in.W, ((out.W+cuts-1)/cuts-1)*w.StrideW+w.KernelW)
			row := tensor.Mul(width, lanes)
			bands := 1
			var height, rows int
			for ; ; bands *= 2 {
				height = (out.H + bands - 1) / bands
				rows = min(in.H, (height-1)*w.StrideH+w.KernelH)
				if height == 1 || tensor.Mul(height+rows, row) <= room {
					break
				}
			}
			scratch := tensor.Mul(height+rows, row)
			cost := last + float64(cuts)*float64(width)*float64(l.c)*float64(bands)*(float64(rows)*down+float64(height)*(along+adds(w.KernelH)-1))
			strips := float64((l.c + lanes - 1) / lanes)
			cost = cost*rangeCost + float64(cuts)*float64(bands)*strips*(down+along+float64(len(l.rows))+calls)*callCost
			if scratch > room || cost >= most {
				continue
			}
			most = cost
			best = &ranges{rows: rows, lanes: lanes}
			best.rowFloats = width * best.lanes
			best.downFloats = height * best.rowFloats
			l.bands, l.chunks, l.cuts = min(bands, out.H), (l.c+best.lanes-1)/best.lanes, cuts
			l.scratch = best.downFloats + rows*best.rowFloats
		}
	}
	return best, most
}

// fewer is the next smaller number of channels of a strip: whole vectors, or a part of one.
func fewer(lanes int) int {
	if lanes > rangeLanes {
		return max(rangeLanes, lanes/2/rangeLanes*rangeLanes)
	}
	return lanes / 2
}

// channels is the range of a strip.
func (r *ranges) channels(l *Plan, strip int) (c0, c1 int) {
	return strip * r.lanes, min((strip+1)*r.lanes, l.c)
}

// do reduces a unit.
func (r *ranges) do(l *Plan, w *worker, u *unit) {
	in, win := l.p.In, &l.p.Window
	y0, y1, c := u.y0, u.y1, u.c1-u.c0
	first, last := inputs(y0, y1, in.H, win.KernelH, win.StrideH, 1, win.PadTop)
	left, right := inputs(u.x0, u.x1, in.W, win.KernelW, win.StrideW, 1, win.PadLeft)
	row := (right - left) * c
	down, up := u.scratch[:r.downFloats], u.scratch[r.downFloats:]
	a := &w.args

	// Down the columns: a pixel of the kernels is a row.
	if n := last - first; n > 0 && row > 0 {
		x := &u.src[(first*in.W+left)*l.c+u.c0]
		a.ColX, a.PixX, a.PixY = 0, 4*l.c, 4*c
		if c == l.c {
			a.PixX, a.PixY = 4*in.W*l.c, 4*row
			l.reduce(w, &up[0], x, n, row, 1, 1, 0, 1)
		} else {
			for y := range n {
				l.reduce(w, &up[y*row], after(x, 4*y*in.W*l.c), right-left, c, 1, 1, 0, 1)
			}
		}
	}
	for p := 1; p <= win.KernelH && row > 0; p *= 2 {
		if n := last - first - p/2; p > 1 && n > 0 {
			a.ColX = 4 * p / 2 * row
			l.reduce(w, &up[0], &up[0], 1, n*row, 1, 2, 0, 1)
		}
		for i := range l.rows {
			s := &l.rows[i]
			lo, hi, n := max(s.Lo, y0), min(s.Hi, y1), s.K1-s.K0
			from, runs, flags, ok := l.runs(n, p)
			if lo >= hi || !ok {
				continue
			}
			x := 0 // anywhere inside if there is no tap
			if n > 0 {
				x = lo*win.StrideH - win.PadTop + s.K0 - first + from
			}
			a.ColX, a.PixX, a.PixY = 4*(n-p)*row, 4*win.StrideH*row, 4*row
			l.reduce(w, &down[(lo-y0)*row], &up[x*row], hi-lo, row, 1, runs, flags, 1)
		}
	}

	// Along the rows.
	for p := 1; p <= win.KernelW; p *= 2 {
		if n := right - left - p/2; p > 1 && n > 0 {
			a.ColX, a.PixX, a.PixY = 4*p/2*c, 4*row, 4*row
			l.reduce(w, &down[0], &down[0], y1-y0, n*c, 1, 2, 0, 1)
		}
		for i := range l.cols {
			s := &l.cols[i]
			if l.p.Kind == Max {
				r.along(l, w, u, s, p, y0, y1, down, left, row, 1)
				continue
			}
			for j := range l.rows { // each with a divisor of its own
				t := &l.rows[j]
				if lo, hi := max(t.Lo, y0), min(t.Hi, y1); lo < hi {
					r.along(l, w, u, s, p, lo, hi, down[(lo-y0)*row:], left, row, scale(t, s))
				}
			}
		}
	}
}

// along takes what runs of p give to the columns of a segment in output rows y0 to y1-1, whose reduced columns x begins with.
func (r *ranges) along(l *Plan, w *worker, u *unit, s *segment, p, y0, y1 int, x []float32, left, row int, scale float32) {
	out, win, c, a := l.out, &l.p.Window, u.c1-u.c0, &w.args
	lo, hi, n := max(s.Lo, u.x0), min(s.Hi, u.x1), s.K1-s.K0
	from, runs, flags, ok := l.runs(n, p)
	if lo >= hi || !ok {
		return
	}
	if n >= 2*p {
		scale = 1 // more is added
	}
	at, step := 0, 0 // anywhere inside if there is no tap
	if n > 0 {
		at, step = (lo*win.StrideW-win.PadLeft+s.K0-left+from)*c, win.StrideW*c
	}
	y := u.dst[(y0*out.W+lo)*l.step+u.c0:]
	a.ColX = 4 * (n - p) * c
	switch pixels := hi - lo; {
	case win.StrideW == 1 && c == l.step: // a row is a pixel
		a.PixX, a.PixY = 4*row, 4*out.W*c
		l.reduce(w, &y[0], &x[at], y1-y0, pixels*c, 1, runs, flags, scale)
	case pixels > y1-y0:
		a.PixX, a.PixY = 4*step, 4*l.step
		for i := range y1 - y0 {
			l.reduce(w, &y[i*out.W*l.step], &x[i*row+at], pixels, c, 1, runs, flags, scale)
		}
	default:
		a.PixX, a.PixY = 4*row, 4*out.W*l.step
		for i := range pixels {
			l.reduce(w, &y[i*l.step], &x[at+i*step], y1-y0, c, 1, runs, flags, scale)
		}
	}
}

// runs says how many runs of p a window of n elements takes, n - p elements apart, how many elements after its first, and whether it has a result
// already. A maximum takes two of the largest power of 2 up to n, or one where that is all; a sum one of each bit of n.
func (l *Plan) runs(n, p int) (from, runs, flags int, ok bool) {
	switch {
	case n == 0:
		return 0, 0, 0, p == 1
	case l.p.Kind == Max:
		return 0, (n + p - 1) / p, 0, n >= p && n < 2*p
	}
	if from = n & (p - 1); from > 0 {
		flags = asm.PoolAccumulate
	}
	return from, 1, flags, n&p != 0
}
