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
		ld := strideA(k)
		turned := v.a.Get(m * ld)
		v.mover.packA(f, turned, ld, tA, a, lda, 0, m, 0, k)
		a, lda = turned, ld
	}
	if tB {
		packed := w.b.Get(f.padded(n) * k)
		v.mover.packB(f, packed, k, 0, k, tB, b, ldb, 0, 0, n)
		b = packed
	}
	g := &v.brg
	g.Taps, g.NTap = &v.tap, 1
	g.K = k
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
	// The first extra of the tiles have a row more than the others.
	tiles, base, extra := 1, m, 0
	if m > f.mr {
		tiles = (m + f.mr - 1) / f.mr
		base, extra = m/tiles, m%tiles
	}
	for j := 0; j < n; j += f.nr {
		g.N = min(f.nr, n-j)
		g.Flags = flags
		panel := f.panel(g.N)
		rows, width := panel.rows, panel.nr
		if tB {
			g.B = unsafe.Pointer(&b[j*k])
			g.LdB = 4 * width
		} else {
			g.B = unsafe.Pointer(&b[j])
			if g.N < width {
				g.Flags |= asm.BrgMaskB
			}
		}
		g.A = unsafe.Pointer(&a[0])
		g.C = unsafe.Pointer(&c[j])
		if extra > 0 {
			g.Tiles = extra
			rows[base+1].Call(g)
			i := extra * (base + 1)
			g.A = unsafe.Pointer(&a[i*lda])
			g.C = unsafe.Pointer(&c[i*ldc+j])
		}
		g.Tiles = tiles - extra
		rows[base].Call(g)
	}
	g.A, g.B, g.C = nil, nil, nil
}
