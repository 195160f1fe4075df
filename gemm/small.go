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
	if n == 1 && (m > 1 || k > dotMin) || m == 1 && (bool(tB) || n*k >= vectorMin) {
		return false
	}
	return k <= f.kMax && m <= smallSide && n <= smallSide && m*n*k <= f.smallMax && m*k*f.nr <= asm.MaxWork
}

// smallSide bounds the sides of a small product.
const smallSide = 4096

// dotMin is the number of steps up to which a tile of one element, a step after the other, is as quick as to plan a product of two vectors.
const dotMin = 64

// vectorMin is the number of elements from which on a matrix that a vector is multiplied with, row after row, is
// not small: one line of sums at a time is then slower than eight rows at a time.
const vectorMin = 1 << 16

// small computes C = alpha*op(A)*op(B) + beta*C for a small product with k > 0.
func (w *engine[T]) small(f *family, tA, tB Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
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
func (w *worker[T]) turn(f *family, m, k int, a []T, lda int) (turned []T, ld int) {
	ld = f.strideA(k)
	turned = w.a.Get(m * ld)
	w.mover.packA(f, turned, ld, Trans, a, lda, 0, m, 0, k)
	return turned, ld
}

// small computes C = alpha*A*B + beta*C, and the epilogue. B is packed when ldb is 0.
func (w *worker[T]) small(f *family, m, n, k int, alpha T, a *T, lda int, b *T, ldb int, beta T, c *T, ldc int, e *EpilogueOf[T]) {
	g := &w.brg
	g.A, g.B, g.C, g.Taps = unsafe.Pointer(a), unsafe.Pointer(b), unsafe.Pointer(c), &w.tap
	g.NTap, g.K = 1, k
	size := int(unsafe.Sizeof(T(0)))
	g.LdA, g.LdB, g.LdC = size*lda, size*ldb, size*ldc
	g.Ahead = 0
	flags := 0
	if alpha != 1 {
		flags = asm.BrgAlpha
		scalar, _, _, _ := asm.Scalars[T](g)
		*scalar = alpha
	}
	if beta != 0 {
		flags |= asm.BrgAccumulate
		_, scalar, _, _ := asm.Scalars[T](g)
		*scalar = beta
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
			g.LdB = size * panel.nr
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
		next := size * f.nr
		c = (*T)(unsafe.Add(unsafe.Pointer(c), next))
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
