package pool

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// lines reduces windows axis by axis, with whole rows in the lanes: first down the columns, a row of memory being a pixel of many
// channels, then along the rows. That is for planes, and for few channels or large windows in NHWC.
//
// At a stride of 1 outputs along a row lie side by side as the taps do. So they do of one channel at other strides, once the columns are
// parted into phases. Otherwise rows of reduced columns are reduced by tiles, a few pixels at a time.
type lines struct {
	phases int // StrideW if columns are parted, or 1
	row    int // floats of a reduced row, or of a phase of it
	phase  int // and of a phase of all reduced rows of a unit
}

const (
	lineWrite  = 3       // cost of writing an element of a reduced row and reading it again
	linePart   = 4       // and of parting it
	linesStrip = 1 << 13 // floats of a band of reduced rows: with its phases it stays in L1 or nearly
	linesFar   = 4       // windows that a range of columns is wider than: neighbours read some columns twice
)

// linesCost is the cost of a map by lines.
func (l *Plan) linesCost() float64 {
	w, row := &l.p.Window, float64(l.p.In.W)*float64(l.c)
	down, along := row*(float64(w.KernelH)+lineWrite), 0.
	switch {
	case l.parts() > 1:
		down += row * linePart
	case w.KernelH == 1:
		down = 0 // rows are reduced as they lie
	}
	calls := float64(len(l.rows)) * float64(len(l.cols)) * float64(l.parts())
	for _, s := range l.cols {
		lanes := l.lanes((s.Hi - s.Lo) * l.c)
		if !l.sideBySide() {
			lanes = (s.Hi - s.Lo) * l.lanes(l.c)
		}
		along += float64(lanes) * float64(s.K1-s.K0+writeCost)
	}
	if !l.sideBySide() {
		calls = float64(l.out.H) * float64(len(l.cols))
	}
	return float64(l.out.H)*(down+along) + calls*callCost
}

// parts is the number of phases that columns are parted into.
func (l *Plan) parts() int {
	if l.c == 1 {
		return l.p.Window.StrideW
	}
	return 1
}

// sideBySide reports whether windows that are neighbours along a row have neighbouring taps.
func (l *Plan) sideBySide() bool { return l.parts() == l.p.Window.StrideW }

// newLines cuts maps that are reduced by lines.
func newLines(l *Plan) *lines {
	in, out, w := l.p.In, l.out, &l.p.Window
	n := &lines{phases: l.parts()}
	reach := (w.KernelW-1)*w.DilationW + 1
	l.cuts = max(1, min(in.W*l.c/linesStrip/4, in.W/linesFar/reach, out.W))
	wide := min(in.W, ((out.W+l.cuts-1)/l.cuts-1)*w.StrideW+reach) // what a cut reads at most
	l.bands = max(1, min(out.H, tensor.Mul(out.H, wide, l.c)/linesStrip))
	n.row = (wide + n.phases - 1) / n.phases * l.c
	n.phase = (out.H + l.bands - 1) / l.bands * n.row
	l.scratch = tensor.Mul(n.phases, n.phase)
	if n.phases > 1 {
		l.scratch = tensor.Mul(2, l.scratch)
	}
	return n
}

// do reduces a unit.
func (n *lines) do(l *Plan, w *worker, u *unit) {
	win := &l.p.Window
	first, last := inputs(u.x0, u.x1, l.p.In.W, win.KernelW, win.StrideW, win.DilationW, win.PadLeft)
	widest, most := 0, 0
	for i, s := range l.cols {
		if n := min(s.Hi, u.x1) - max(s.Lo, u.x0); n > most {
			widest, most = i, n
		}
	}
	for i := range l.rows {
		r := &l.rows[i]
		lo, hi := max(r.Lo, u.y0), min(r.Hi, u.y1)
		if lo >= hi {
			continue
		}
		x, ld := n.columns(l, w, u, r, lo, hi, first, last)
		for j := range l.cols {
			n.along(l, w, u, r, &l.cols[(j+widest)%len(l.cols)], lo, hi, x, ld, first, j == 0 && l.cuts == 1)
		}
	}
}

// columns reduces columns first to last-1 of output rows lo to hi-1 and returns the reduced rows, ld floats apart.
func (n *lines) columns(l *Plan, w *worker, u *unit, r *segment, lo, hi, first, last int) (x []float32, ld int) {
	in, win := l.p.In, &l.p.Window
	width, taps := (last-first)*l.c, r.K1-r.K0
	if width == 0 {
		return nil, 0
	}
	i := 0 // anywhere inside if there is no tap
	if taps > 0 {
		i = ((lo*win.StrideH-win.PadTop+r.K0*win.DilationH)*in.W + first) * l.c
	}
	if taps == 1 && n.phases == 1 {
		return u.src[i:], win.StrideH * in.W * l.c
	}
	w.args.RowX, w.args.ColX = 0, 4*win.DilationH*in.W*l.c // taps in a row, for which there are more kernels
	w.args.PixX, w.args.PixY = 4*win.StrideH*in.W*l.c, 4*n.row*n.phases
	l.reduce(w, &u.scratch[0], &u.src[i], hi-lo, width, 1, taps, 0, 1)
	if n.phases == 1 {
		return u.scratch, n.row
	}
	phases := u.scratch[n.phases*n.phase:]
	n.part(l, w, phases, u.scratch[:(hi-lo)*n.row*n.phases])
	return phases, n.row
}

// along reduces reduced rows x: the outputs of one segment. The taps of one phase lie DilationW apart. Where rows of outputs are as
// long as those of x, the rows of the segment that comes first are worked off as a single one, with what lies between them: other
// segments' outputs, which are written after.
func (n *lines) along(l *Plan, w *worker, u *unit, r, s *segment, lo, hi int, x []float32, ld, first int, whole bool) {
	out, win := l.out, &l.p.Window
	x0, x1 := max(s.Lo, u.x0), min(s.Hi, u.x1)
	if x0 >= x1 {
		return
	}
	// Where pixels lie side by side in both they are one pixel of many channels; the rows are then what a kernel calls pixels.
	rows, pixels, c := hi-lo, x1-x0, l.c
	dense := l.sideBySide() && l.step == l.c
	if dense {
		pixels, c = rows, pixels*c
		rows = 1
	}
	if dense && whole && ld == out.W*l.c {
		pixels, c = 1, c+(pixels-1)*ld
	}
	y, a, taps := u.dst[(lo*out.W+x0)*l.step:], &w.args, s.K1-s.K0
	a.RowX, a.ColX, a.PixX, a.PixY = 0, 4*win.DilationW*l.c, 4*ld, 4*out.W*l.step
	if !dense {
		a.PixX, a.PixY = 4*win.StrideW/n.phases*l.c, 4*l.step
	}
	if taps == 0 {
		for i := range rows {
			l.reduce(w, &y[i*out.W*l.step], &u.src[0], pixels, c, 1, 0, 0, scale(r, s))
		}
		return
	}
	ix := x0*win.StrideW - win.PadLeft + s.K0*win.DilationW - first
	flags, factor, groups := 0, float32(1), min(n.phases, taps)
	for g := range groups {
		if g == groups-1 {
			factor = scale(r, s)
		}
		for i := range rows {
			at := ix%n.phases*n.phase + i*ld + ix/n.phases*l.c
			l.reduce(w, &y[i*out.W*l.step], &x[at], pixels, c, 1, (taps-1-g)/n.phases+1, flags, factor)
		}
		flags = asm.PoolAccumulate
		ix += win.DilationW
	}
}

// part deals elements out to the phases: phase p gets elements p, p+s, p+2s, s being the stride, a
// divisor of the length.
func (n *lines) part(l *Plan, w *worker, phases, src []float32) {
	s := n.phases
	if s > 2 {
		w.transpose.Do(l.p.Kernels, phases, n.phase, src, s, len(src)/s, s)
		return
	}
	const step = asm.MaxWork / 2
	for i := 0; i < len(src)/2; i += step {
		w.unzip.X = unsafe.Pointer(&src[2*i])
		w.unzip.Even, w.unzip.Odd = unsafe.Pointer(&phases[i]), unsafe.Pointer(&phases[n.phase+i])
		w.unzip.N = min(step, len(src)/2-i)
		l.unzip.Call(&w.unzip)
	}
	w.unzip = asm.UnzipArgs{}
}
