package pool

import (
	"math"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/internal/transpose"
	"github.com/simdnn/simdnn/tensor"
)

// Workspace holds what running plans needs: the workers' kernel arguments and scratch rows.
type Workspace struct {
	threads int
	workers []worker

	// The problem at hand, for Do.
	plan     *Plan
	dst, src []float32
}

// worker is the private part of one worker.
type worker struct {
	args      asm.PoolArgs
	unzip     asm.UnzipArgs
	gemv      asm.GemvArgs
	transpose transpose.Worker
	lanes     [64]float32
	scratch   []float32
	_         [64]byte // keeps the workers' arguments on cache lines of their own
}

// NewWorkspace makes a workspace that serves all the plans. threads is how many workers may run at
// once: 0 means GOMAXPROCS.
func NewWorkspace(threads int, plans ...*Plan) *Workspace {
	threads = par.Limit(threads)
	ws := &Workspace{threads: threads, workers: make([]worker, threads)}
	n := 0
	for _, p := range plans {
		n = max(n, p.scratch)
	}
	for i := range ws.workers {
		ws.workers[i].scratch = mem.Floats(n)
	}
	return ws
}

const (
	bandWork   = 1 << 16 // elements read that are worth a task
	serialWork = 1 << 17 // elements read that are not worth a second thread
	chunkUnit  = 64      // channels that chunks are multiples of
	stripLen   = 1 << 13 // floats of a band of reduced rows, NCHW: with its phases it stays in L1 or nearly
)

// divide cuts the problem into tasks.
func (l *Plan) divide() {
	in, out, w := l.p.In, l.out, &l.p.Window
	perPixel := w.KernelH * w.KernelW * in.C
	l.work = saturate(out.N, out.H, out.W, perPixel)
	if l.p.Layout == tensor.NHWC {
		l.chunks = 1
		if out.H*out.W == 1 { // global, or nearly: rows do not divide, channels do
			l.chunks = max(1, min(in.C/64, perPixel/bandWork))
		}
		l.bands = max(1, min(out.H, saturate(out.H, out.W, perPixel)/bandWork))
		l.ranges = newRanges(l)
		l.tasks = out.N * l.bands * l.chunks
		return
	}
	if !l.global() {
		if l.blocks = newBlocks(l); l.blocks != nil {
			l.tasks, l.scratch = l.blocks.tasks(), l.blocks.scratch()
			return
		}
		height := (out.H + l.bandsNCHW() - 1) / l.bandsNCHW()
		l.row = (in.W + w.StrideW - 1) / w.StrideW
		l.phase = height * l.row
		l.scratch = w.StrideW * l.phase
		if w.StrideW > 1 {
			l.scratch *= 2
		}
	}
	for i, c := range l.cols {
		if c.Hi-c.Lo > l.cols[l.widest].Hi-l.cols[l.widest].Lo {
			l.widest = i
		}
	}
	l.bands = l.bandsNCHW()
	plane := saturate(out.H, out.W, w.KernelH, w.KernelW)
	l.planes = max(1, min(in.N*in.C, bandWork/max(plane, 1)))
	l.tasks = (in.N*in.C + l.planes - 1) / l.planes
	if pixels := in.H * in.W; l.p.Kind == Avg && l.global() && saturate(pixels, l.planes) <= asm.MaxWork {
		l.ones = make([]float32, pixels)
		for i := range l.ones {
			l.ones[i] = 1
		}
	}
}

// bandsNCHW is the number of bands of rows that a plane is worked off in.
func (l *Plan) bandsNCHW() int {
	return min(l.out.H, (l.out.H*l.p.In.W+stripLen-1)/stripLen)
}

// global reports whether the window is the whole map.
func (l *Plan) global() bool {
	return l.out.H == 1 && l.out.W == 1 && l.rows[0].K1-l.rows[0].K0 == l.p.In.H &&
		l.cols[0].K1-l.cols[0].K0 == l.p.In.W && l.p.Window.DilationH == 1 && l.p.Window.DilationW == 1
}

// saturate multiplies, and stops at the largest int.
func saturate(sizes ...int) int {
	if n, ok := tensor.MulOK(sizes...); ok {
		return n
	}
	return math.MaxInt
}

// outLen is the number of floats from the first of the output to its last.
func (l *Plan) outLen() int {
	if l.ldout == l.p.In.C {
		return l.out.Elems()
	}
	return (l.out.N*l.out.H*l.out.W-1)*l.ldout + l.out.C
}

// Run reduces src to dst; both have the plan's layout, dst the shape Out. They must not overlap. With OutStride
// what lies between the channels of dst is neither read nor written.
func (l *Plan) Run(ws *Workspace, dst, src []float32) {
	if len(src) < l.p.In.Elems() {
		panic("pool: len(src) is too short")
	}
	if len(dst) < l.outLen() {
		panic("pool: len(dst) is too short")
	}
	if len(ws.workers[0].scratch) < l.scratch {
		panic("pool: the workspace was made for other plans")
	}
	threads := min(ws.threads, l.tasks)
	if l.work < serialWork {
		threads = 1
	}
	ws.plan, ws.dst, ws.src = l, dst, src
	par.Run(ws, l.tasks, threads)
	ws.plan, ws.dst, ws.src = nil, nil, nil
}

// Do runs one task of the plan at hand; it is called by internal/par.
func (ws *Workspace) Do(i, task int) {
	w := &ws.workers[i]
	switch l := ws.plan; {
	case l.p.Layout == tensor.NHWC:
		l.doNHWC(w, task, w.scratch, ws.dst, ws.src)
	case l.blocks != nil:
		l.blocks.do(l, w, task, ws.dst, ws.src)
	default:
		first := task * l.planes
		last := min(first+l.planes, l.p.In.N*l.p.In.C)
		in, out := l.p.In.H*l.p.In.W, l.out.H*l.out.W
		if l.ones != nil {
			l.averages(w, ws.dst[first:last], ws.src[first*in:last*in])
			return
		}
		for p := first; p < last; p++ {
			dst, src := ws.dst[p*out:(p+1)*out], ws.src[p*in:(p+1)*in]
			if l.global() {
				dst[0] = l.plane(w, src)
				continue
			}
			l.doNCHW(w, dst, src)
		}
	}
	w.args.X, w.args.Y = nil, nil
}

// doNHWC reduces a band of rows of one image, or a range of its channels.
func (l *Plan) doNHWC(w *worker, task int, scratch, dst, src []float32) {
	in, out, win := l.p.In, l.out, &l.p.Window
	chunk := task % l.chunks
	band := task / l.chunks % l.bands
	image := task / l.chunks / l.bands
	c0, c1 := l.channels(chunk)
	y0, y1 := par.Split(out.H, l.bands, band)
	src = src[image*in.H*in.W*in.C:]
	dst = dst[image*out.H*out.W*l.ldout:]
	if l.ranges != nil {
		l.ranges.do(l, w, scratch, dst, src, c0, c1, y0, y1)
		return
	}
	a := &w.args
	if l.global() {
		a.ColX, a.PixX, a.PixY = 4*in.C, 0, 0
		l.run(w, &dst[c0], &src[c0], c1-c0, in.H*in.W, scale(&l.rows[0], &l.cols[0]))
		return
	}
	a.RowX = 4 * win.DilationH * in.W * in.C
	a.ColX = 4 * win.DilationW * in.C
	a.PixX = 4 * win.StrideW * in.C
	a.PixY = 4 * l.ldout
	for i := range l.rows {
		r := &l.rows[i]
		for y := max(r.Lo, y0); y < min(r.Hi, y1); y++ {
			for j := range l.cols {
				c := &l.cols[j]
				x := 0 // anywhere inside if there is no tap
				if r.K0 < r.K1 && c.K0 < c.K1 {
					iy := y*win.StrideH - win.PadTop + r.K0*win.DilationH
					ix := c.Lo*win.StrideW - win.PadLeft + c.K0*win.DilationW
					x = (iy*in.W + ix) * in.C
				}
				l.reduce(w, &dst[(y*out.W+c.Lo)*l.ldout+c0], &src[x+c0],
					c.Hi-c.Lo, c1-c0, r.K1-r.K0, c.K1-c.K0, 0, scale(r, c))
			}
		}
	}
}

// channels is the range of a chunk: whole vectors, and the rest at the end.
func (l *Plan) channels(chunk int) (c0, c1 int) {
	if l.ranges != nil {
		return chunk * l.ranges.lanes, min((chunk+1)*l.ranges.lanes, l.p.In.C)
	}
	c0, c1 = par.Split((l.p.In.C+chunkUnit-1)/chunkUnit, l.chunks, chunk)
	return c0 * chunkUnit, min(c1*chunkUnit, l.p.In.C)
}

// reduce calls the kernels on n pixels of c channels with ny by nx taps; the strides stand in the
// worker's arguments.
func (l *Plan) reduce(w *worker, y, x *float32, n, c, ny, nx, flags int, scale float32) {
	const lanes = 16 // a kernel's step: fewer channels take as long
	a := &w.args
	work := int64(max(c, lanes)) * int64(max(ny, 1)) * int64(max(nx, 1)) // the taps are elements of the input
	if work > asm.MaxWork {
		l.reduceParts(w, y, x, n, c, ny, nx, flags, scale)
		return
	}
	pixel := int(work)
	py, px := unsafe.Pointer(y), unsafe.Pointer(x)
	a.C, a.NY, a.NX, a.Flags, a.Scale = c, ny, nx, flags, scale
	sized := l.forWindow(ny, nx, flags == 0 && n > 1 && a.PixX == a.ColX)
	for n > 0 {
		row := l.single
		switch {
		case sized != nil:
			row = sized
		case l.multi != nil && n >= l.multi.Pixels && c < l.single.Lanes:
			row = l.multi
		}
		a.Tiles = min(n/row.Pixels, max(1, asm.MaxWork/(pixel*row.Pixels)))
		a.Y, a.X = py, px
		row.Call(a)
		done := a.Tiles * row.Pixels
		if n -= done; n > 0 {
			py = unsafe.Add(py, done*a.PixY)
			px = unsafe.Add(px, done*a.PixX)
		}
	}
}

// run reduces n taps in a row. The kernel for windows of 3 by 3 taps does nine of them while it walks along the channels: nine
// streams, in order, which is quicker than all taps of a few channels after those of a few others.
func (l *Plan) run(w *worker, y, x *float32, c, n int, scale float32) {
	const k = 3
	a, flags := &w.args, 0
	a.RowX = k * a.ColX
	for ; n > k*k; n -= k * k {
		l.reduce(w, y, x, 1, c, k, k, flags, 1)
		x = after(x, k*k*a.ColX)
		flags = asm.PoolAccumulate
	}
	if n == k*k {
		l.reduce(w, y, x, 1, c, k, k, flags, scale)
		return
	}
	l.reduce(w, y, x, 1, c, 1, n, flags, scale)
}

// forWindow returns the kernel for windows of this size, or nil; if they lie side by side, one that slides where there is one.
func (l *Plan) forWindow(ny, nx int, side bool) *asm.PoolRow {
	for _, r := range l.sized {
		if r.KH == ny && r.KW == nx && (side || !r.Slides) {
			return r
		}
	}
	return nil
}

// after is the float so many bytes after p.
func after(p *float32, bytes int) *float32 { return (*float32)(unsafe.Add(unsafe.Pointer(p), bytes)) }

// reduceParts halves the channels, or the taps, of windows that are too large for one call.
func (l *Plan) reduceParts(w *worker, y, x *float32, n, c, ny, nx, flags int, scale float32) {
	a := &w.args
	switch {
	case c > 64:
		h := (c/2 + 63) &^ 63
		l.reduce(w, y, x, n, h, ny, nx, flags, scale)
		l.reduce(w, after(y, 4*h), after(x, 4*h), n, c-h, ny, nx, flags, scale)
	case ny > 1:
		h := ny / 2
		l.reduce(w, y, x, n, c, h, nx, flags, 1)
		l.reduce(w, y, after(x, h*a.RowX), n, c, ny-h, nx, flags|asm.PoolAccumulate, scale)
	default:
		h := nx / 2
		l.reduce(w, y, x, n, c, ny, h, flags, 1)
		l.reduce(w, y, after(x, h*a.ColX), n, c, ny, nx-h, flags|asm.PoolAccumulate, scale)
	}
}

// doNCHW reduces one plane: first along its columns, a row of memory being a pixel of W channels,
// then along the rows, where an output column is a channel. A stride along the rows is made a stride of 1 by
// parting the columns into phases.
func (l *Plan) doNCHW(w *worker, dst, src []float32) {
	out, win := l.out, &l.p.Window
	for band := range l.bands {
		y0, y1 := par.Split(out.H, l.bands, band)
		for i := range l.rows {
			r := &l.rows[i]
			lo, hi := max(r.Lo, y0), min(r.Hi, y1)
			if lo >= hi {
				continue
			}
			l.columns(w, src, r, lo, hi)
			phases := w.scratch
			if s := win.StrideW; s > 1 {
				phases = w.scratch[s*l.phase:]
				l.part(w, phases, w.scratch[:(hi-lo)*l.row*s])
			}
			w.args.RowX, w.args.PixX, w.args.PixY = 0, 4*l.row, 4*out.W
			w.args.ColX = 4 * win.DilationW
			for j := range l.cols {
				l.along(w, dst[lo*out.W:], phases, r, (j+l.widest)%len(l.cols), hi-lo)
			}
		}
	}
}

// columns reduces the columns of output rows lo to hi-1 into the first rows of the scratch, whose
// length is a multiple of the stride.
func (l *Plan) columns(w *worker, src []float32, r *segment, lo, hi int) {
	in, win := l.p.In, &l.p.Window
	x := 0
	if r.K0 < r.K1 {
		x = (lo*win.StrideH - win.PadTop + r.K0*win.DilationH) * in.W
	}
	w.args.RowX, w.args.ColX = 0, 4*win.DilationH*in.W // taps in a row, for which there are more kernels
	w.args.PixX, w.args.PixY = 4*win.StrideH*in.W, 4*l.row*win.StrideW
	l.reduce(w, &w.scratch[0], &src[x], hi-lo, in.W, 1, r.K1-r.K0, 0, 1)
}

// along reduces the rows of reduced columns: n rows of the outputs of one segment, the widest first. The taps of one
// phase lie DilationW apart. Where rows of outputs are as long as those of a phase, the widest segment's rows are worked off
// as a single one, with what lies between them: other segments' outputs, which are written after.
func (l *Plan) along(w *worker, dst, phases []float32, r *segment, segment, n int) {
	win, c := &l.p.Window, &l.cols[segment]
	y, width := &dst[c.Lo], c.Hi-c.Lo
	if c.K0 == c.K1 {
		l.reduce(w, y, &phases[0], n, width, 1, 0, 0, scale(r, c))
		return
	}
	if segment == l.widest && l.out.W == l.row {
		width += (n - 1) * l.row
		n = 1
	}
	s, flags, factor := win.StrideW, 0, float32(1)
	groups := min(s, c.K1-c.K0)
	for g := range groups {
		k := c.K0 + g
		ix := c.Lo*s - win.PadLeft + k*win.DilationW
		if g == groups-1 {
			factor = scale(r, c)
		}
		l.reduce(w, y, &phases[ix%s*l.phase+ix/s], n, width, 1, (c.K1-1-k)/s+1, flags, factor)
		flags = asm.PoolAccumulate
	}
}

// part deals elements out to the phases: phase p gets elements p, p+s, p+2s, s being the stride, a
// divisor of the length.
func (l *Plan) part(w *worker, phases, src []float32) {
	s := l.p.Window.StrideW
	if s > 2 {
		for p := range s {
			to := phases[p*l.phase:][:len(src)/s]
			for i := range to {
				to[i] = src[i*s+p]
			}
		}
		return
	}
	const step = asm.MaxWork / 2
	for i := 0; i < len(src)/2; i += step {
		w.unzip.X = unsafe.Pointer(&src[2*i])
		w.unzip.Even, w.unzip.Odd = unsafe.Pointer(&phases[i]), unsafe.Pointer(&phases[l.phase+i])
		w.unzip.N = min(step, len(src)/2-i)
		l.unzip.Call(&w.unzip)
	}
	w.unzip = asm.UnzipArgs{}
}

// averages writes the averages of whole planes: their sums are the product of a matrix, whose rows they are, with a vector of
// ones.
func (l *Plan) averages(w *worker, dst, src []float32) {
	a := &w.gemv
	a.X, a.Cols, a.LdW = unsafe.Pointer(&l.ones[0]), len(l.ones), 4*len(l.ones)
	a.W, a.Y, a.Rows = unsafe.Pointer(&src[0]), unsafe.Pointer(&dst[0]), len(dst)
	l.p.Kernels.Gemv[0].Call(a)
	w.gemv = asm.GemvArgs{}
	factor := scale(&l.rows[0], &l.cols[0])
	for i := range dst {
		dst[i] *= factor
	}
}

// plane reduces a whole plane to one value: a kernel folds it to one block of lanes.
func (l *Plan) plane(w *worker, x []float32) float32 {
	s := float32(0)
	if l.p.Kind == Max {
		s = float32(math.Inf(-1))
	}
	const lanes = len(w.lanes)
	if steps := len(x) / lanes; steps > 1 {
		w.args.RowX, w.args.ColX, w.args.PixX, w.args.PixY = 0, 4*lanes, 0, 0
		l.reduce(w, &w.lanes[0], &x[0], 1, lanes, 1, steps, 0, 1)
		s = l.fold(s, w.lanes[:])
		x = x[steps*lanes:]
	}
	s = l.fold(s, x)
	if l.p.Kind == Avg {
		s *= scale(&l.rows[0], &l.cols[0])
	}
	return s
}

// fold reduces x onto s, in four chains.
func (l *Plan) fold(s float32, x []float32) float32 {
	if l.p.Kind == Avg {
		var s1, s2, s3 float32
		for ; len(x) >= 4; x = x[4:] {
			s += x[0]
			s1 += x[1]
			s2 += x[2]
			s3 += x[3]
		}
		for _, v := range x {
			s += v
		}
		return (s + s1) + (s2 + s3)
	}
	s1, s2, s3 := s, s, s
	for ; len(x) >= 4; x = x[4:] {
		s, s1, s2, s3 = larger(s, x[0]), larger(s1, x[1]), larger(s2, x[2]), larger(s3, x[3])
	}
	for _, v := range x {
		s = larger(s, v)
	}
	return larger(larger(s, s1), larger(s2, s3))
}

// larger is the maximum; a NaN in s or in x wins.
func larger(s, x float32) float32 {
	if x > s || x != x {
		return x
	}
	return s
}
