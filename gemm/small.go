package gemm

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
)

// Small products take no longer than it takes to plan a large one. They go straight to the kernels: one thread,
// one block of K, B read where it lies, its last columns masked. Operands that are turned are copied first.

// isSmall reports whether a product is small: all of it at hand in the first caches, and no kernel call too long.
// Products with a vector or a few have kernels that are quicker, but for a small B that tiles read where it lies.
func (f *family) isSmall(tA, tB Transpose, m, n, k int) bool {
	if bool(tB) && f.isFew(m, fewRows, n, k) || !bool(tA) && f.isFew(n, fewColumns, m, k) {
		return false
	}
	if n == 1 && m > 1 || m == 1 && (bool(tB) || n*k >= vectorMin) {
		return false
	}
	return k <= f.kMax && m <= smallSide && n <= smallSide && m*n*k <= f.smallMax && m*k*f.nr <= asm.MaxWork
}

// smallSide bounds the sides of a small product.
const smallSide = 4096

// vectorMin is the number of elements from which on a matrix that a vector is multiplied with, row after row, is
// not small: one line of sums at a time is then slower than eight rows at a time.
const vectorMin = 1 << 16

// small computes C = alpha*op(A)*op(B) + beta*C for a small product with k > 0.
func (w *Workspace) small(tA, tB Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	f := w.family
	v := w.workers[0]
	if tA {
		a, lda = v.turn(f, m, k, a, lda)
	}
	if tB {
		packed := w.b.Get(f.padded(n) * k)
		v.mover.packB(f, packed, k, 0, k, tB, b, ldb, 0, 0, n)
		b, ldb = packed, 0
	}
	v.small(f, m, n, k, alpha, unsafe.SliceData(a), lda, unsafe.SliceData(b), ldb, beta, unsafe.SliceData(c), ldc, nil)
}

// turn copies the transpose of A.
func (w *worker) turn(f *family, m, k int, a []float32, lda int) (turned []float32, ld int) {
	ld = strideA(k)
	turned = w.a.Get(m * ld)
	w.mover.packA(f, turned, ld, Trans, a, lda, 0, m, 0, k)
	return turned, ld
}

// small computes C = alpha*A*B + beta*C, and the epilogue. B is packed when ldb is 0.
func (w *worker) small(f *family, m, n, k int, alpha float32, a *float32, lda int, b *float32, ldb int, beta float32, c *float32, ldc int, e *Epilogue) {
	g := &w.brg
	g.A, g.B, g.C, g.Taps = unsafe.Pointer(a), unsafe.Pointer(b), unsafe.Pointer(c), &w.tap
	g.NTap, g.K = 1, k
	g.LdA, g.LdB, g.LdC = 4*lda, 4*ldb, 4*ldc
	g.Ahead = 0
	flags := 0
	if alpha != 1 {
		flags = asm.BrgAlpha
		g.Alpha = alpha
	}
	if beta != 0 {
		flags |= asm.BrgAccumulate
		g.Beta = beta
	}
	if e != nil {
		if flags |= e.flags(g); flags&asm.BrgBias != 0 {
			g.Bias = unsafe.Pointer(&e.Bias[0])
		}
	}
	// The first extra of the tiles have a row more than the others.
	tiles, base, extra := 1, m, 0
	if m > f.mr {
		tiles = (m + f.mr - 1) / f.mr
		base, extra = m/tiles, m%tiles
	}
	for left := n; ; left -= f.nr {
		g.N = min(f.nr, left)
		g.Flags = flags
		panel := f.panel(g.N)
		if ldb == 0 {
			g.LdB = 4 * panel.nr
		} else if g.N < panel.nr {
			g.Flags |= asm.BrgMaskB
		}
		if extra > 0 {
			g.Tiles = extra
			panel.rows[base+1].Call(g)
			i := extra * (base + 1)
			g.A, g.C = unsafe.Add(g.A, i*g.LdA), unsafe.Add(g.C, i*g.LdC)
		}
		g.Tiles = tiles - extra
		panel.rows[base].Call(g)
		if left <= f.nr {
			break
		}
		next := 4 * f.nr
		c = (*float32)(unsafe.Add(unsafe.Pointer(c), next))
		g.A, g.C = unsafe.Pointer(a), unsafe.Pointer(c)
		if flags&asm.BrgBias != 0 {
			g.Bias = unsafe.Add(g.Bias, next)
		}
		if ldb == 0 {
			next *= k
		}
		g.B = unsafe.Add(g.B, next)
	}
	g.A, g.B, g.C, g.Bias = nil, nil, nil, nil
}
