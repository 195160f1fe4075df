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
	busy    par.Busy
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
	lanes     [512]float32
	scratch   []float32
	_         [64]byte // keeps the workers' arguments on cache lines of their own
}

// NewWorkspace makes a workspace that serves all the plans. threads is how many workers may run at
// once: 0 means GOMAXPROCS, and a negative number panics.
func NewWorkspace(threads int, plans ...*Plan) *Workspace {
	threads = par.Limit(threads)
	ws := &Workspace{threads: threads, workers: make([]worker, threads)}
	n := needs(plans)
	for i := range ws.workers {
		ws.workers[i].scratch = mem.Floats(n)
	}
	return ws
}

// WorkspaceBytes is the memory that NewWorkspace takes.
func WorkspaceBytes(threads int, plans ...*Plan) int {
	return par.Limit(threads) * (mem.Taken(4*needs(plans)) + int(unsafe.Sizeof(worker{})))
}

// needs is the most scratch that one of the plans needs, in floats.
func needs(plans []*Plan) (n int) {
	for _, p := range plans {
		if p == nil || p.kernels == nil {
			panic(noPlan)
		}
		n = max(n, p.scratch)
	}
	return n
}

const (
	bandWork   = 1 << 16 // elements read that are worth a task
	serialWork = 1 << 17 // elements read that are not worth a second thread
	chunkUnit  = 64      // channels that chunks are multiples of
)

// A problem is seen as maps of pixels of c floats, each reduced by itself: the images in NHWC, and in NCHW all planes, whose
// pixels have one float. It is cut in units (a band of the rows of a map, a range of its channels or its columns), some of which are a task.
// There are five ways to reduce a unit:
//
//	tiles   a few pixels at a time, all taps of their windows, the channels in the lanes
//	lines   down the columns, then along the rows, whole rows in the lanes: lines.go
//	ranges  the same by doubling, for large windows: ranges.go
//	whole   the whole map is one window of few channels: whole.go
//	blocks  planes are transposed first, and reduced in one of the other ways: blocks.go

// divide chooses the way, and cuts the problem into tasks.
func (l *Plan) divide() {
	in, out := l.p.In, l.out
	l.maps, l.c, l.step = in.N, in.C, l.ldout
	switch {
	case in.H*in.W == 1 && out.H*out.W == 1 && l.step == in.C: // one pixel of all channels
		l.maps, l.c, l.step = 1, in.N*in.C, in.N*in.C
	case l.p.Layout == tensor.NCHW:
		l.maps, l.c, l.step = in.N*in.C, 1, 1
	}
	l.bands, l.chunks, l.cuts = 1, 1, 1
	work := 0. // of a map
	l.blocks = newBlocks(l)
	switch {
	case l.blocks != nil:
		work = float64(l.blocks.inner.work) / float64(l.blocks.inner.c)
	case l.global() && l.c < wholeLanes:
		work = float64(in.H) * float64(in.W) * float64(l.c)
		l.whole = newWhole(l)
	default:
		tiles, lines := l.tilesCost(), l.linesCost()
		if l.ranges, work = newRanges(l, min(tiles, lines)); l.ranges != nil {
			break
		}
		if work = lines; lines < tiles {
			l.lines = newLines(l)
		} else {
			work = tiles
			l.cutTiles()
		}
	}
	l.units = l.maps * l.bands * l.chunks * l.cuts
	if l.blocks != nil {
		l.units = l.blocks.count
	}
	work *= float64(l.maps)
	l.work = int(min(work, math.MaxInt32))
	l.group = max(1, min(l.units, int(bandWork/max(1, work/float64(l.units)))))
	l.tasks = (l.units + l.group - 1) / l.group
}

// The costs of reducing a map in one way or another are in elements that tiles read.

const (
	callCost  = 1000 // of calling a kernel
	writeCost = 2    // of an element of the output, beside its taps
)

// tilesCost is the cost of a map by tiles.
func (l *Plan) tilesCost() float64 {
	w := &l.p.Window
	taps := float64(w.KernelH) * float64(w.KernelW)
	if r := l.forWindow(w.KernelH, w.KernelW, w.StrideW == w.DilationW); r != nil && r.Slides {
		taps = float64(w.KernelH) // a column of taps is reduced once, and meanwhile others are added
	}
	return float64(l.out.H) * (float64(l.out.W)*float64(l.lanes(l.c))*(taps+writeCost) + float64(len(l.cols))*callCost)
}

// lanes is c rounded up to whole steps of the kernels for few channels.
func (l *Plan) lanes(c int) int {
	if l.multi == nil {
		return c
	}
	return (c + l.multi.Lanes - 1) / l.multi.Lanes * l.multi.Lanes
}

// cutTiles cuts a map that is reduced by tiles.
func (l *Plan) cutTiles() {
	w := &l.p.Window
	perPixel := tensor.Mul(w.KernelH, w.KernelW, l.c)
	if l.out.H*l.out.W == 1 { // global, or nearly: rows do not divide, channels do
		l.chunks = max(1, min(l.c/chunkUnit, perPixel/bandWork))
	}
	l.bands = max(1, min(l.out.H, tensor.Mul(l.out.H, l.out.W, perPixel)/bandWork))
}

// global reports whether the window is the whole map.
func (l *Plan) global() bool {
	return l.out.H == 1 && l.out.W == 1 && l.rows[0].K1-l.rows[0].K0 == l.p.In.H &&
		l.cols[0].K1-l.cols[0].K0 == l.p.In.W && l.p.Window.DilationH == 1 && l.p.Window.DilationW == 1
}

// outLen is the number of floats from the first of the output to its last.
func (l *Plan) outLen() int {
	if l.p.OutStride == 0 {
		return l.out.Elems()
	}
	return (l.out.N*l.out.H*l.out.W-1)*l.p.OutStride + l.out.C
}

// The messages of what Run panics with.
const (
	wrongDst      = "pool: len(dst) is not the output's size, or too short for OutStride"
	wrongSrc      = "pool: len(src) is not the input's size"
	overlap       = "pool: dst overlaps src"
	noPlan        = "pool: the plan is nil or was not made by New"
	noWorkspace   = "pool: the workspace is nil or was not made for this plan"
	busyWorkspace = "pool: the workspace is in use: it serves one call at a time"
)

// Run reduces src to dst; both have the plan's layout and exactly the sizes of In and Out. They must not overlap. With an
// OutStride wider than the channels dst may be longer, and what lies between the channels is neither read nor written. Run panics when a
// length is wrong, when ws was not made for the plan or is in use, and when dst overlaps src.
func (l *Plan) Run(ws *Workspace, dst, src []float32) {
	if l == nil || l.kernels == nil {
		panic(noPlan)
	}
	if n := l.outLen(); len(dst) < n || len(dst) > n && l.ldout == l.out.C {
		panic(wrongDst)
	}
	if len(src) != l.p.In.Elems() {
		panic(wrongSrc)
	}
	if ws == nil || len(ws.workers) == 0 || len(ws.workers[0].scratch) < l.scratch {
		panic(noWorkspace)
	}
	y := mem.Rows{First: unsafe.SliceData(dst), N: l.out.N * l.out.H * l.out.W, Len: l.out.C, Step: l.ldout}
	if y.Overlap(mem.Dense(src)) {
		panic(overlap)
	}
	ws.busy.Enter(busyWorkspace)
	defer ws.release()
	threads := min(ws.threads, l.tasks)
	if l.work < serialWork {
		threads = 1
	}
	ws.plan, ws.dst, ws.src = l, dst, src
	par.Run(job{ws}, l.tasks, threads)
}

// release ends a run, also one that panics. The operands are the caller's: they are not kept alive.
func (ws *Workspace) release() {
	ws.plan, ws.dst, ws.src = nil, nil, nil
	ws.busy.Leave()
}

// job makes a workspace a task of the package par without showing it to users.
type job struct{ *Workspace }

// Do runs one task of the plan at hand.
func (ws job) Do(i, task int) {
	w := &ws.workers[i]
	ws.plan.do(w, task, w.scratch, ws.dst, ws.src)
	w.args.X, w.args.Y = nil, nil
}

// do runs the units of one task.
func (l *Plan) do(w *worker, task int, scratch, dst, src []float32) {
	first, last := task*l.group, min((task+1)*l.group, l.units)
	in, out := l.p.In.H*l.p.In.W*l.c, l.out.H*l.out.W*l.step
	switch {
	case l.blocks != nil:
		for i := first; i < last; i++ {
			l.blocks.do(l, w, i, scratch, dst, src)
		}
		return
	case l.whole != nil:
		l.whole.do(l, w, dst[first*l.step:], src[first*in:last*in], last-first)
		return
	}
	for i := first; i < last; i++ {
		cut, j := i%l.cuts, i/l.cuts
		chunk, j := j%l.chunks, j/l.chunks
		band, j := j%l.bands, j/l.bands
		u := unit{dst: dst[j*out:], src: src[j*in:], scratch: scratch}
		u.y0, u.y1 = par.Split(l.out.H, l.bands, band)
		u.x0, u.x1 = par.Split(l.out.W, l.cuts, cut)
		switch {
		case l.ranges != nil:
			u.c0, u.c1 = l.ranges.channels(l, chunk)
			l.ranges.do(l, w, &u)
		case l.lines != nil:
			l.lines.do(l, w, &u)
		default:
			u.c0, u.c1 = par.Split((l.c+chunkUnit-1)/chunkUnit, l.chunks, chunk)
			u.c0, u.c1 = u.c0*chunkUnit, min(u.c1*chunkUnit, l.c)
			l.tiles(w, &u)
		}
	}
}

// unit is a part of one map: rows y0 to y1-1 and columns x0 to x1-1 of the output, channels c0 to c1-1.
type unit struct {
	y0, y1, x0, x1, c0, c1 int
	dst, src, scratch      []float32 // those of the map, and the worker's
}

// inputs is the range of input rows or columns that outputs lo to hi-1 read. It may be empty.
func inputs(lo, hi, in, kernel, stride, dilation, before int) (first, last int) {
	first = min(in, max(0, lo*stride-before))
	return first, max(first, min(in, (hi-1)*stride-before+(kernel-1)*dilation+1))
}

// tiles reduces a few pixels at a time.
func (l *Plan) tiles(w *worker, u *unit) {
	in, out, win := l.p.In, l.out, &l.p.Window
	c := u.c1 - u.c0
	a := &w.args
	if l.global() {
		a.ColX, a.PixX, a.PixY = 4*l.c, 0, 0
		l.run(w, &u.dst[u.c0], &u.src[u.c0], c, in.H*in.W, scale(&l.rows[0], &l.cols[0]))
		return
	}
	a.RowX = 4 * win.DilationH * in.W * l.c
	a.ColX = 4 * win.DilationW * l.c
	a.PixX = 4 * win.StrideW * l.c
	a.PixY = 4 * l.step
	for i := range l.rows {
		r := &l.rows[i]
		for y := max(r.Lo, u.y0); y < min(r.Hi, u.y1); y++ {
			for j := range l.cols {
				s := &l.cols[j]
				x := 0 // anywhere inside if there is no tap
				if r.K0 < r.K1 && s.K0 < s.K1 {
					iy := y*win.StrideH - win.PadTop + r.K0*win.DilationH
					ix := s.Lo*win.StrideW - win.PadLeft + s.K0*win.DilationW
					x = (iy*in.W + ix) * l.c
				}
				l.reduce(w, &u.dst[(y*out.W+s.Lo)*l.step+u.c0], &u.src[x+u.c0],
					s.Hi-s.Lo, c, r.K1-r.K0, s.K1-s.K0, 0, scale(r, s))
			}
		}
	}
}

// Kernels for windows of one size with vectors of partLanes take few channels a vector at a time. Of few taps several pixels at a time are quicker (AVX2).
const partLanes, partTaps = 8, 4

// reduce calls the kernels on n pixels of c channels with ny by nx taps, of which x is the first, or any element if there is
// none; the strides stand in the worker's arguments.
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
	if ny == 0 || nx == 0 {
		px = nil // it would be moved from pixel to pixel, and lead out of the input
	}
	a.C, a.NY, a.NX, a.Flags, a.Scale = c, ny, nx, flags, scale
	sized := l.forWindow(ny, nx, flags == 0 && n > 1 && a.PixX == a.ColX)
	if l.multi != nil && l.multi.Lanes == partLanes && ny*nx <= partTaps && c < l.single.Lanes && n >= l.multi.Pixels {
		sized = nil
	}
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
			if px != nil {
				px = unsafe.Add(px, done*a.PixX)
			}
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
