package gemm

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/internal/transpose"
)

// Products with a vector, or with a few, read each element of a matrix once or a few times: their speed is that of the
// memory. They go past the tiles to kernels of their own.
//
// Every element is summed in an order that does not depend on how the work is cut into tasks.

// vector is such a product: y = W*x, and C = alpha*y + beta*C; or some of them at the same time, where the rows of both
// matrices are as long as the sums.
type vector[T asm.Float] struct {
	w      []T // rows ldw apart
	ldw    int
	turned bool // the product is with the transpose of w
	x      []T
	ldx    int // between two of several vectors
	nx     int // of them
	ny     int // elements of a y
	inc    int // between two of them in C
	incY   int // between two y in C
	cut    int // elements of y in a task
	narrow int // kernels with shorter vectors to prefer

	gatherX, gatherW bool // x, and w of a product of two vectors, lie apart, and are copied
}

// vectorWork is the number of elements that are not worth waking a thread for: about 30 microseconds
// of reading.
const vectorWork = 1 << 18

// isVector reports whether the job is a product with one or a few vectors.
func (j *job[T]) isVector() bool {
	return j.k > 0 && (j.m == 1 || j.n == 1 && j.hasRows() || j.fewRows() || j.fewColumns() || j.fewOver())
}

// fewRows reports whether the job multiplies a few rows of op(A) with the rows of the matrix that B is the transpose of.
func (j *job[T]) fewRows() bool {
	return j.packed == nil && bool(j.tB) && j.f.isFew(j.m, fewRows, j.n, j.k)
}

// fewColumns reports whether the job multiplies the rows of A with a few columns of op(B).
func (j *job[T]) fewColumns() bool {
	return j.hasRows() && !bool(j.tA) && j.f.isFew(j.n, fewColumns, j.m, j.k)
}

// fewOver reports whether the job multiplies a few rows of op(A) with B as it stands.
func (j *job[T]) fewOver() bool {
	if j.packed != nil || bool(j.tB) || j.m < 2 || j.n < overColumns || j.n < vectorMin/j.k || j.f.axpy[2] == nil {
		return false
	}
	return j.m <= overRows || j.m <= overRowsFar && j.f.thrashes(j.ldb)
}

// For more rows tiles are quicker, which work while the next lines come; but the rows of a matrix that fall into few sets of the
// caches should pass as they lie in memory.
const (
	overRows    = 3
	overRowsFar = 6
	overColumns = 64
	overBlock   = 8192 // elements of the matrix that all rows meet before the next ones come
)

// hasRows reports whether the columns of op(B) can be had as vectors.
func (j *job[T]) hasRows() bool { return j.packed == nil || j.packed.rows != nil }

// What a few vectors are. Beyond, tiles are as quick: the rows of A serve as they stand, those of a transposed B
// would have to be turned.
const (
	fewRows    = 16
	fewColumns = 8
	fewSteps   = 16   // the sums are at least so many times as long as there are vectors, or they take longer to finish than to make
	fewMin     = 2048 // elements of the matrix
)

// isFew reports whether x vectors, at most most, and the rows of an n x k matrix are for the dot kernels.
func (f *family) isFew(x, most, n, k int) bool {
	return x > 1 && x <= most && k >= fewSteps*x && n >= fewMin/k && f.dot[2] != nil
}

// planVector plans the job, and says what it needs.
func (j *job[T]) planVector(threads int) need {
	v := &j.vector
	columns := false                           // x has a column for each vector
	dot := j.m == 1 && j.n == 1 && j.hasRows() // of two vectors
	if j.m == 1 && !dot || j.n != 1 && (j.fewRows() || j.fewOver()) && !j.fewColumns() {
		v.w, v.ldw, v.turned = j.b, j.ldb, !bool(j.tB)
		v.nx, v.ny, v.inc, v.incY = j.m, j.n, 1, j.ldc
		v.x, v.ldx, columns = j.a, j.lda, bool(j.tA)
	} else {
		v.w, v.ldw, v.turned = j.a, j.lda, bool(j.tA)
		v.nx, v.ny, v.inc, v.incY = j.n, j.m, j.ldc, 1
		v.x, v.ldx, columns = j.b, j.ldb, !bool(j.tB)
		if j.packed != nil {
			v.x, v.ldx, columns = j.packed.rows, j.k, false
		}
	}
	// Where rows do not begin with a cache line, vectors of 64 bytes lie across two, and now and then across two pages.
	if v.ldw*j.f.size%64 != 0 && v.ny > j.f.l2/j.k {
		v.narrow = 1
	}
	v.gatherX = columns && v.ldx > 1
	v.gatherW = dot && v.turned && v.ldw > 1
	v.turned = v.turned && !dot // a column of one row after another: its elements side by side are a row

	j.workers = 1
	if float64(v.ny)*float64(j.k) > vectorWork {
		j.workers = par.Limit(threads)
	}
	// What is cut keeps 4 panels, a kernel's rows and a line of C together; a task's part of y stays in
	// the first cache.
	unit := 64
	if j.packed != nil {
		unit = 4 * j.f.nr
	}
	most := 2048
	if v.nx > 1 {
		most = 512
		switch {
		case v.turned && v.nx <= overRows:
			most = 2048
		case v.turned:
			most = 1024
		}
	}
	v.cut = min(most, (v.ny+4*j.workers-1)/(4*j.workers))
	if j.workers == 1 {
		v.cut = most
	}
	v.cut = (v.cut + unit - 1) / unit * unit
	s := need{workers: j.workers, part: v.nx * v.cut}
	if v.gatherX {
		s.x = v.nx * j.k
	}
	if v.gatherW {
		s.y = j.k
	}
	return s
}

// runVector does the job.
func (w *engine[T]) runVector() {
	j, v := &w.job, &w.job.vector
	w.reserve(j.planVector(w.threads))
	if v.gatherX {
		x, ldx := v.x, v.ldx
		v.x, v.ldx = w.x.Get(v.nx*j.k), j.k
		if v.nx > 1 {
			transpose.Matrix(&w.workers[0].mover.turn, j.f.set, v.x, j.k, x, ldx, j.k, v.nx)
		} else {
			gather(v.x, x, ldx)
		}
	}
	if v.gatherW {
		row := w.y.Get(j.k)
		gather(row, v.w, v.ldw)
		v.w = row
	}
	par.Run(&w.vec, (v.ny+v.cut-1)/v.cut, j.workers)
	*v = vector[T]{}
}

type vectorTask[T asm.Float] struct{ w *engine[T] }

// Do makes some elements.
func (t *vectorTask[T]) Do(id, task int) {
	w := t.w.workers[id]
	j := &t.w.job
	i := task * j.cut
	n := min(j.cut, j.ny-i)
	y := w.y.Get(j.nx * j.cut)
	switch {
	case j.nx > 1 && j.turned:
		w.axpys(j, y, i, n)
	case j.nx > 1:
		w.dots(j, y, i, n)
	case j.w == nil:
		w.panels(j, y, i, n)
	case j.turned:
		w.columns(j, y[:n], i)
	default:
		w.rows(j, y[:n], i)
	}
	if j.nx > 1 && j.incY == 1 && j.alpha == 1 && j.beta == 0 && j.e == nil {
		transpose.Matrix(&w.mover.turn, j.f.set, j.c[i*j.inc:], j.inc, y, j.cut, j.nx, n)
		return
	}
	for x := range j.nx {
		j.finish(y[x*j.cut:], i, n, x)
	}
}

// gather copies elements that lie ld apart.
func gather[T asm.Float](dst, src []T, ld int) {
	for i := range dst {
		dst[i] = src[i*ld]
	}
}

// singleRows is the number of rows from which on they are quicker together, though a block of fewer than eight does the last one again.
const singleRows = 4

// rows makes y from the rows of the matrix from row i on.
func (w *worker[T]) rows(j *job[T], y []T, i int) {
	g := &w.gemv
	g.LdW = j.f.size * j.ldw
	row := j.f.gemv[min(j.narrow, len(j.f.gemv)-1)]
	if j.ny < singleRows {
		row = j.f.gemvs
	}
	const most = asm.MaxWork / 64 // columns at a time
	for k := 0; k < j.k; k += most {
		g.Cols = min(most, j.k-k)
		g.X = unsafe.Pointer(&j.x[k])
		for r := 0; r < len(y); r += asm.MaxWork / most {
			g.Rows = min(asm.MaxWork/most, len(y)-r)
			g.W = unsafe.Pointer(&j.w[(i+r)*j.ldw+k])
			if k == 0 {
				g.Y = unsafe.Pointer(&y[r])
				row.Call(g)
				continue
			}
			g.Y = unsafe.Pointer(&w.part[0])
			row.Call(g)
			for s := range g.Rows {
				y[r+s] += w.part[s]
			}
		}
	}
	g.W, g.X, g.Y = nil, nil, nil
}

// dotSteps is the number of steps of k of several vectors at a time, and dotBlock the number of elements of the matrix that
// all vectors meet before the next ones come.
const dotSteps, dotBlock = 1024, 8192

// dots makes n elements of each y, cut apart, from the rows of the matrix from row i on.
func (w *worker[T]) dots(j *job[T], y []T, i, n int) {
	clear(y)
	g := &w.dot
	size := j.f.size
	g.LdW, g.LdX, g.LdY = size*j.ldw, size*j.ldx, size*j.cut
	kc := kBlock(j.k, dotSteps)
	rows := asm.MaxWork / (3 * kc)
	if j.nx > 3 {
		rows = max(8, dotBlock/kc&^7)
	}
	for r := 0; r < n; r += rows {
		g.Rows = min(rows, n-r)
		for k := 0; k < j.k; k += kc {
			g.Cols = min(kc, j.k-k)
			g.W = unsafe.Pointer(&j.w[(i+r)*j.ldw+k])
			for x := 0; x < j.nx; {
				kernel := j.f.dot[min(j.nx-x, len(j.f.dot)-1)]
				g.X = unsafe.Pointer(&j.x[x*j.ldx+k])
				g.Y = unsafe.Pointer(&y[x*j.cut+r])
				kernel.Call(g)
				x += kernel.MR
			}
		}
	}
	g.W, g.X, g.Y = nil, nil, nil
}

// axpys makes n elements of each y, cut apart, from the columns of the matrix from column i on.
func (w *worker[T]) axpys(j *job[T], y []T, i, n int) {
	clear(y)
	g := &w.dot
	size := j.f.size
	g.LdW, g.LdX, g.LdY, g.Cols = size*j.ldw, size*j.ldx, size*j.cut, n
	rows := asm.MaxWork / (3 * n) &^ 7
	if j.nx > overRows {
		rows = max(8, overBlock/n&^7)
	}
	for k := 0; k < j.k; k += rows {
		g.Rows = min(rows, j.k-k)
		g.W = unsafe.Pointer(&j.w[k*j.ldw+i])
		for x := 0; x < j.nx; {
			kernel := j.f.axpy[min(j.nx-x, len(j.f.axpy)-1)]
			g.X = unsafe.Pointer(&j.x[x*j.ldx+k])
			g.Y = unsafe.Pointer(&y[x*j.cut])
			kernel.Call(g)
			x += kernel.MR
		}
	}
	g.W, g.X, g.Y = nil, nil, nil
}

// columns makes y from the columns of the matrix from column i on.
func (w *worker[T]) columns(j *job[T], y []T, i int) {
	clear(y)
	row := j.f.gemvt[min(j.narrow, len(j.f.gemvt)-1)]
	g := &w.gemv
	g.LdW, g.Cols = j.f.size*j.ldw, len(y)
	g.Y = unsafe.Pointer(&y[0])
	most := max(8, asm.MaxWork/len(y)&^7)
	for k := 0; k < j.k; k += most {
		g.Rows = min(most, j.k-k)
		g.X = unsafe.Pointer(&j.x[k])
		g.W = unsafe.Pointer(&j.w[k*j.ldw+i])
		row.Call(g)
	}
	g.W, g.X, g.Y = nil, nil, nil
}

// panels makes n elements of y, and zeros to the end of their last panel, from the panels from column i on.
func (w *worker[T]) panels(j *job[T], y []T, i, n int) {
	clear(y)
	f := j.f
	kc := f.kBlock(j.k)
	p, g := &w.gemvp, &w.brg
	for c := 0; c < n; {
		four := f.gemvp != nil && c+4*f.nr <= n
		cols := min(f.nr, n-c)
		panel := f.panel(cols)
		for k := 0; k < j.k; k += kc {
			kb := min(kc, j.k-k)
			b := unsafe.Pointer(&j.packed.block(k, kb, i+c)[0])
			x := unsafe.Pointer(&j.x[k])
			if four {
				p.W, p.X, p.Y = b, x, unsafe.Pointer(&y[c])
				p.Panel, p.K = f.size*kb*f.nr, kb
				f.gemvp.Call(p)
				continue
			}
			g.A, g.B, g.C = x, b, unsafe.Pointer(&y[c])
			g.Taps, g.NTap = &w.tap, 1
			g.K, g.Tiles, g.N = kb, 1, cols
			g.LdB = f.size * panel.nr
			g.Flags = asm.BrgAccumulate
			_, beta, _, _ := asm.Scalars[T](g)
			*beta = 1
			panel.rows[1].Call(g)
		}
		if four {
			c += 4 * f.nr
		} else {
			c += cols
		}
	}
	p.W, p.X, p.Y = nil, nil, nil
	g.A, g.B, g.C = nil, nil, nil
}

// finish puts n elements of y, that of vector x, from the i-th on, into C as the kernels for tiles do.
func (j *job[T]) finish(y []T, i, n, x int) {
	to := j.c[i*j.inc+x*j.incY:]
	if j.inc == 1 && j.alpha == 1 && j.beta == 0 && j.e == nil {
		copy(to[:n], y)
		return
	}
	var bias []T
	step := 1
	clamp := false
	var lo, hi T
	if e := j.e; e != nil {
		switch {
		case e.Bias == nil:
		case j.incY == 1:
			bias, step = e.Bias[x:], 0 // y is a column
		default:
			bias = e.Bias[i:]
		}
		clamp, lo, hi = e.Clamp, e.Lo, e.Hi
	}
	for s, v := range y[:n] {
		c := &to[s*j.inc]
		if j.alpha != 1 {
			v *= j.alpha
		}
		if j.beta != 0 {
			v += j.beta * *c
		}
		if bias != nil {
			v += bias[s*step]
		}
		if clamp {
			if v < lo {
				v = lo
			}
			if v > hi {
				v = hi
			}
		}
		*c = v
	}
}
