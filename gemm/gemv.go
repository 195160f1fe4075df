package gemm

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/par"
)

// Products with a vector read each element of a matrix once: their speed is that of the memory. They go
// past the tiles to kernels of their own.
//
// Every element is summed in an order that does not depend on how the work is cut into tasks.

// vector is such a product: y = W*x, and C = alpha*y + beta*C.
type vector struct {
	w      []float32 // rows ldw apart
	ldw    int
	turned bool // the product is with the transpose of w
	x      []float32
	ny     int // elements of y
	inc    int // between two of them in C
	cut    int // of them in a task
}

// vectorWork is the number of elements that are not worth waking a thread for: about 30 microseconds
// of reading.
const vectorWork = 1 << 18

// isVector reports whether the job is a product with a vector.
func (j *job) isVector() bool { return j.k > 0 && (j.m == 1 || j.n == 1 && j.packed == nil) }

// runVector does the job.
func (w *Workspace) runVector() {
	j, v := &w.job, &w.job.vector
	var x []float32
	incX := 1
	if j.m == 1 {
		v.w, v.ldw, v.turned = j.b, j.ldb, !bool(j.tB)
		v.ny, v.inc = j.n, 1
		x = j.a
		if j.tA {
			incX = j.lda
		}
	} else {
		v.w, v.ldw, v.turned = j.a, j.lda, bool(j.tA)
		v.ny, v.inc = j.m, j.ldc
		x = j.b
		if !j.tB {
			incX = j.ldb
		}
	}
	v.x = x
	if incX != 1 {
		v.x = w.x.Get(j.k)
		for i := range v.x {
			v.x[i] = x[i*incX]
		}
	}

	j.workers = 1
	if float64(v.ny)*float64(j.k) > vectorWork {
		j.workers = par.Limit(w.threads)
	}
	// What is cut keeps 4 panels, a kernel's rows and a line of C together; a task's part of y stays in
	// the first cache.
	unit := 64
	if j.packed != nil {
		unit = 4 * j.f.nr
	}
	v.cut = min(2048, (v.ny+4*j.workers-1)/(4*j.workers))
	if j.workers == 1 {
		v.cut = 2048
	}
	v.cut = (v.cut + unit - 1) / unit * unit
	w.grow()
	for i := range j.workers {
		w.workers[i].y.Get(v.cut)
	}
	par.Run(&w.vec, (v.ny+v.cut-1)/v.cut, j.workers)
	*v = vector{}
}

type vectorTask struct{ w *Workspace }

// Do makes some elements.
func (t *vectorTask) Do(id, task int) {
	w := t.w.workers[id]
	j := &t.w.job
	i := task * j.cut
	n := min(j.cut, j.ny-i)
	y := w.y.Get(j.cut)
	switch {
	case j.packed != nil:
		w.panels(j, y, i, n)
	case j.turned:
		w.columns(j, y[:n], i)
	default:
		w.rows(j, y[:n], i)
	}
	j.finish(y, i, n)
}

// rows makes y from the rows of the matrix from row i on.
func (w *worker) rows(j *job, y []float32, i int) {
	g := &w.gemv
	g.LdW = 4 * j.ldw
	const most = asm.MaxWork / 64 // columns at a time
	for k := 0; k < j.k; k += most {
		g.Cols = min(most, j.k-k)
		g.X = unsafe.Pointer(&j.x[k])
		for r := 0; r < len(y); r += asm.MaxWork / most {
			g.Rows = min(asm.MaxWork/most, len(y)-r)
			g.W = unsafe.Pointer(&j.w[(i+r)*j.ldw+k])
			if k == 0 {
				g.Y = unsafe.Pointer(&y[r])
				j.f.gemv.Call(g)
				continue
			}
			g.Y = unsafe.Pointer(&w.part[0])
			j.f.gemv.Call(g)
			for s := range g.Rows {
				y[r+s] += w.part[s]
			}
		}
	}
	g.W, g.X, g.Y = nil, nil, nil
}

// columns makes y from the columns of the matrix from column i on.
func (w *worker) columns(j *job, y []float32, i int) {
	clear(y)
	g := &w.gemv
	g.LdW, g.Cols = 4*j.ldw, len(y)
	g.Y = unsafe.Pointer(&y[0])
	most := max(8, asm.MaxWork/len(y)&^7)
	for k := 0; k < j.k; k += most {
		g.Rows = min(most, j.k-k)
		g.X = unsafe.Pointer(&j.x[k])
		g.W = unsafe.Pointer(&j.w[k*j.ldw+i])
		j.f.gemvt.Call(g)
	}
	g.W, g.X, g.Y = nil, nil, nil
}

// panels makes n elements of y, and zeros to the end of their last panel, from the panels from column i on.
func (w *worker) panels(j *job, y []float32, i, n int) {
	clear(y)
	f := j.f
	kc := f.kBlock(j.k)
	p, g := &w.gemvp, &w.brg
	for c := 0; c < n; {
		four := f.gemvp != nil && c+4*f.nr <= n
		cols := min(f.nr, n-c)
		width := f.width(cols)
		for k := 0; k < j.k; k += kc {
			kb := min(kc, j.k-k)
			b := unsafe.Pointer(&j.packed.block(k, kb, i+c)[0])
			x := unsafe.Pointer(&j.x[k])
			if four {
				p.W, p.X, p.Y = b, x, unsafe.Pointer(&y[c])
				p.Panel, p.K = 4*kb*f.nr, kb
				f.gemvp.Call(p)
				continue
			}
			g.A, g.B, g.C = x, b, unsafe.Pointer(&y[c])
			g.Taps, g.NTap = &w.tap, 1
			g.K, g.Tiles, g.N = kb, 1, cols
			g.LdB = 4 * width
			g.Flags, g.Beta = asm.BrgAccumulate, 1
			if width == f.nr {
				f.rows[1].Call(g)
			} else {
				f.narrowRows[1].Call(g)
			}
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

// finish puts n elements of y, from the i-th on, into C as the kernels for tiles do.
func (j *job) finish(y []float32, i, n int) {
	if j.inc == 1 && j.alpha == 1 && j.beta == 0 && j.e == nil {
		copy(j.c[i:i+n], y)
		return
	}
	var bias []float32
	clamp := false
	var lo, hi float32
	if e := j.e; e != nil {
		if e.Bias != nil {
			bias = e.Bias[i : i+n]
		}
		clamp, lo, hi = e.Clamp, e.Lo, e.Hi
	}
	for s, v := range y[:n] {
		c := &j.c[(i+s)*j.inc]
		if j.alpha != 1 {
			v *= j.alpha
		}
		if j.beta != 0 {
			v += j.beta * *c
		}
		if bias != nil {
			v += bias[s]
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
