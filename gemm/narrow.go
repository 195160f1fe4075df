package gemm

import "unsafe"

// A vector times a matrix of few columns is one chain of multiply-adds, each of which waits for the one before, and most lanes of it are
// idle. Where the rows of the matrix follow each other in memory, g of them are one row of g*n columns, and the vector is a matrix of g
// rows, each of which has every g-th element, here 2:
//
//	[a0 a2 ...]   [b00 b01 b10 b11]   [s00 s01  -   - ]
//	[a1 a3 ...] * [b20 b21 b30 b31] = [ -   -  s10 s11]
//	              [      ...      ]
//
// The blocks on the diagonal add up to the product. They are g chains, and g times as many lanes are in use; the other blocks cost
// nothing, since a tile has room for them.

// The rows that are joined, and how many there are at least: below, it takes as long to lay the vector out.
const (
	narrowJoin  = 4
	narrowSteps = 192
)

// isNarrow reports whether a vector of k elements times a k x n matrix is computed so.
func (f *family) isNarrow(n, k, ldb int) bool {
	return n > 1 && ldb == n && narrowJoin*n <= f.nr && k >= narrowSteps && f.dot[2] != nil // the portable kernels have no lanes
}

// joins reports whether that is the way of a product.
func (f *family) joins(tA, tB Transpose, m, n, k, lda, ldb int) bool {
	return m == 1 && !bool(tB) && (!bool(tA) || lda == 1) && f.isNarrow(n, k, ldb)
}

// narrow computes C = alpha*a*B + beta*C for a vector a and a B whose rows follow each other.
func (w *engine[T]) narrow(f *family, n, k int, alpha T, a, b []T, beta T, c []T) {
	const g = narrowJoin
	v, cols, steps := w.workers[0], g*n, k/g
	sums := v.y.Get(g * cols)
	again := T(0)
	for s := 0; s < steps; s += f.kMax {
		kb := min(f.kMax, steps-s)
		turned, ld := v.turn(f, g, kb, a[s*g:], g)
		v.small(f, g, cols, kb, 1, unsafe.SliceData(turned), ld, &b[s*cols], cols, again, unsafe.SliceData(sums), cols, nil)
		again = 1
	}
	for j := range n {
		y := T(0)
		for r := range g {
			y += sums[r*(cols+n)+j]
		}
		for i := steps * g; i < k; i++ {
			y += a[i] * b[i*n+j]
		}
		if alpha != 1 {
			y *= alpha
		}
		if beta != 0 {
			y += beta * c[j]
		}
		c[j] = y
	}
}
