package pool

import "math/bits"

// ranges reduces large windows of maxima axis by axis, and every axis by doubling: the maxima of 1, 2, 4, 8 ... elements
// from each element on, level by level in one piece of scratch. The maximum over n elements is that of two such runs of p,
// the largest power of 2 that is at most n, which may overlap. 13 by 13 elements take 8 maxima in place of 168.
// (The sparse table of range minimum queries: Bender and Farach-Colton, The LCA problem revisited, 2000.)
//
// A task is a band of rows of a strip of channels.
type ranges struct {
	lanes      int // channels of a strip
	strips     int
	rows       int // rows of the input that a band reads at most
	rowFloats  int // of a row of a strip
	downFloats int // of the rows reduced down their columns, in front of those of the input in scratch
}

const (
	rangeLanes   = 16       // channels of the narrowest strip
	rangeStrip   = 22 << 10 // floats of scratch: twice L1 with fewer calls is quicker than half of it
	rangeScratch = 1 << 18  // floats of scratch that are not too many
	rangeCost    = 3        // taps that take as long as a step of doubling, which writes its result
)

// newRanges returns nil where windows are too small to gain by it. It sets the plan's bands and chunks.
func newRanges(l *Plan) *ranges {
	in, out, w := l.p.In, l.out, &l.p.Window
	if l.p.Kind != Max || w.DilationH != 1 || w.DilationW != 1 || out.H*out.W == 1 {
		return nil
	}
	levels := func(k int) int { return bits.Len(uint(k)) }
	taps := saturate(out.H, out.W, w.KernelH, w.KernelW)
	steps := saturate(levels(min(w.KernelH, in.H)), in.H, in.W) + saturate(out.H, in.W, levels(min(w.KernelW, in.W))) + saturate(out.H, out.W)
	if steps > taps/rangeCost {
		return nil
	}
	r := &ranges{}
	bands := 1
	for ; ; bands *= 2 {
		height := (out.H + bands - 1) / bands
		r.rows = min(in.H, (height-1)*w.StrideH+w.KernelH)
		row := in.W * rangeLanes
		if saturate(height+r.rows, row) <= rangeScratch {
			r.lanes = rangeLanes * max(1, min((in.C+rangeLanes-1)/rangeLanes, rangeStrip/((height+r.rows)*row)))
			r.rowFloats = in.W * r.lanes
			r.downFloats = height * r.rowFloats
			break
		}
		if height == 1 {
			return nil
		}
	}
	r.strips = (in.C + r.lanes - 1) / r.lanes
	l.bands, l.chunks = min(bands, out.H), r.strips
	l.scratch = r.downFloats + r.rows*r.rowFloats
	return r
}

// do reduces a strip of channels c0 to c1-1 of output rows y0 to y1-1.
func (r *ranges) do(l *Plan, w *worker, scratch, dst, src []float32, c0, c1, y0, y1 int) {
	in, out, win := l.p.In, l.out, &l.p.Window
	c := c1 - c0
	row := in.W * c
	down, up := scratch[:r.downFloats], scratch[r.downFloats:]
	first := max(0, y0*win.StrideH-win.PadTop)
	last := min(in.H, (y1-1)*win.StrideH-win.PadTop+win.KernelH)
	a := &w.args

	// Down the columns: a pixel of the kernels is a row.
	if n := last - first; n > 0 {
		a.ColX, a.PixX, a.PixY = 0, 4*in.C, 4*c
		l.reduce(w, &up[0], &src[first*in.W*in.C+c0], n*in.W, c, 1, 1, 0, 1)
	}
	for p := 1; p <= win.KernelH; p *= 2 {
		if n := last - first - p/2; p > 1 && n > 0 {
			a.ColX = 4 * p / 2 * row
			l.reduce(w, &up[0], &up[0], 1, n*row, 1, 2, 0, 1)
		}
		for i := range l.rows {
			s := &l.rows[i]
			lo, hi, n := max(s.Lo, y0), min(s.Hi, y1), s.K1-s.K0
			if lo >= hi || !ends(n, p) {
				continue
			}
			x := 0 // anywhere inside if there is no tap
			if n > 0 {
				x = lo*win.StrideH - win.PadTop + s.K0 - first
			}
			a.ColX, a.PixX, a.PixY = 4*(n-p)*row, 4*win.StrideH*row, 4*row
			l.reduce(w, &down[(lo-y0)*row], &up[x*row], hi-lo, row, 1, runs(n, p), 0, 1)
		}
	}

	// Along the rows.
	for p := 1; p <= win.KernelW; p *= 2 {
		if n := in.W - p/2; p > 1 && n > 0 {
			a.ColX, a.PixX, a.PixY = 4*p/2*c, 4*row, 4*row
			l.reduce(w, &down[0], &down[0], y1-y0, n*c, 1, 2, 0, 1)
		}
		for i := range l.cols {
			s := &l.cols[i]
			n := s.K1 - s.K0
			if !ends(n, p) {
				continue
			}
			x := 0
			if n > 0 {
				x = s.Lo*win.StrideW - win.PadLeft + s.K0
			}
			a.ColX = 4 * (n - p) * c
			if s.Hi-s.Lo > y1-y0 {
				a.PixX, a.PixY = 4*win.StrideW*c, 4*l.ldout
				for y := range y1 - y0 {
					l.reduce(w, &dst[((y0+y)*out.W+s.Lo)*l.ldout+c0], &down[y*row+x*c], s.Hi-s.Lo, c, 1, runs(n, p), 0, 1)
				}
				continue
			}
			a.PixX, a.PixY = 4*row, 4*out.W*l.ldout
			for ox := s.Lo; ox < s.Hi; ox++ {
				l.reduce(w, &dst[(y0*out.W+ox)*l.ldout+c0], &down[x*c], y1-y0, c, 1, runs(n, p), 0, 1)
				x += win.StrideW
			}
		}
	}
}

// ends reports whether windows of n elements are reduced from runs of p: p is the largest power of 2 up to n.
func ends(n, p int) bool { return max(n, 1) >= p && n < 2*p }

// runs is how many runs of p make a window of n elements.
func runs(n, p int) int { return (n + p - 1) / p }
