package simdblas

import (
	"gonum.org/v1/gonum/blas"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/gemm"
)

// routines are what the functions for a type are made of: the product of this module, and gonum's functions.
type routines[T asm.Float] struct {
	product    func(tA, tB gemm.Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int)
	theirGemm  func(tA, tB blas.Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int)
	theirGemv  func(tA blas.Transpose, m, n int, alpha T, a []T, lda int, x []T, incX int, beta T, y []T, incY int)
	trsm, trmm triangle[T]
	syrk       func(ul blas.Uplo, tA blas.Transpose, n, k int, alpha T, a []T, lda int, beta T, c []T, ldc int)
}

// triangle is a function of a triangular A.
type triangle[T asm.Float] func(s blas.Side, ul blas.Uplo, tA blas.Transpose, d blas.Diag, m, n int, alpha T, a []T, lda int, b []T, ldb int)

func isTranspose(t blas.Transpose) bool {
	return t == blas.NoTrans || t == blas.Trans || t == blas.ConjTrans
}

// turned is a transposition as package gemm has it.
func turned(t blas.Transpose) gemm.Transpose { return t != blas.NoTrans }

// fits reports whether x holds a matrix of rows x cols elements, which are there, and whether ld is allowed.
func fits[T asm.Float](rows, cols int, x []T, ld int) bool {
	return ld >= max(1, cols) && len(x) >= (rows-1)*ld+cols
}

// fitsTurned is fits for op(X) with t.
func fitsTurned[T asm.Float](t blas.Transpose, rows, cols int, x []T, ld int) bool {
	if t != blas.NoTrans {
		rows, cols = cols, rows
	}
	return fits(rows, cols, x, ld)
}

func (r *routines[T]) gemm(tA, tB blas.Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	if isTranspose(tA) && isTranspose(tB) && m > 0 && n > 0 && k > 0 && alpha != 0 &&
		fitsTurned(tA, m, k, a, lda) && fitsTurned(tB, k, n, b, ldb) && fits(m, n, c, ldc) {
		r.product(turned(tA), turned(tB), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	r.theirGemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

// smallVector is the number of elements of a matrix below which gonum's loops over its rows end sooner than the product begins.
const smallVector = 2048

// gemv is a product with matrices of one column, whose elements are inc apart.
func (r *routines[T]) gemv(tA blas.Transpose, m, n int, alpha T, a []T, lda int, x []T, incX int, beta T, y []T, incY int) {
	rows, cols := m, n
	if tA != blas.NoTrans {
		rows, cols = n, m
	}
	if isTranspose(tA) && m > 0 && n > 0 && m*n >= smallVector && alpha != 0 && incX > 0 && incY > 0 &&
		fits(m, n, a, lda) && fits(cols, 1, x, incX) && fits(rows, 1, y, incY) {
		r.product(turned(tA), gemm.NoTrans, rows, 1, cols, alpha, a, lda, x, incX, beta, y, incY)
		return
	}
	r.theirGemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY)
}

// leaf is the order up to which triangles are gonum's.
const leaf = 32

// half is the order of the first of two parts of a triangle.
func half(n int) int { return (n/2 + leaf - 1) / leaf * leaf }

// triangular checks the arguments of Trsm and Trmm and calls ours where there is something to gain, else theirs.
func (r *routines[T]) triangular(theirs, ours triangle[T], s blas.Side, ul blas.Uplo, tA blas.Transpose, d blas.Diag, m, n int, alpha T, a []T, lda int, b []T, ldb int) {
	order, others := m, n
	if s == blas.Right {
		order, others = n, m
	}
	if (s == blas.Left || s == blas.Right) && (ul == blas.Upper || ul == blas.Lower) && isTranspose(tA) && (d == blas.Unit || d == blas.NonUnit) &&
		order > leaf && others > 1 && alpha != 0 && fits(order, order, a, lda) && fits(m, n, b, ldb) {
		ours(s, ul, tA, d, m, n, alpha, a, lda, b, ldb)
		return
	}
	theirs(s, ul, tA, d, m, n, alpha, a, lda, b, ldb)
}

// corners are the parts of a triangular A cut at h, and of B with it: A11 and A22, the block of A that is not zero, and B1 and B2. isUpper
// says where that block is in op(A).
func corners[T asm.Float](s blas.Side, ul blas.Uplo, tA blas.Transpose, h int, a []T, lda int, b []T, ldb int) (a22, block, b2 []T, isUpper bool) {
	a22 = a[h*lda+h:]
	if ul == blas.Upper {
		block = a[h:]
	} else {
		block = a[h*lda:]
	}
	if s == blas.Left {
		b2 = b[h*ldb:]
	} else {
		b2 = b[h:]
	}
	return a22, block, b2, (ul == blas.Upper) == (tA == blas.NoTrans)
}

// solve is Trsm: one half of X, then without its part the other.
func (r *routines[T]) solve(s blas.Side, ul blas.Uplo, tA blas.Transpose, d blas.Diag, m, n int, alpha T, a []T, lda int, b []T, ldb int) {
	order := m
	if s == blas.Right {
		order = n
	}
	if order <= leaf {
		r.trsm(s, ul, tA, d, m, n, alpha, a, lda, b, ldb)
		return
	}
	h := half(order)
	t := turned(tA)
	a22, block, b2, isUpper := corners(s, ul, tA, h, a, lda, b, ldb)
	switch {
	case s == blas.Left && !isUpper:
		r.solve(s, ul, tA, d, h, n, alpha, a, lda, b, ldb)
		r.product(t, gemm.NoTrans, m-h, n, h, -1, block, lda, b, ldb, alpha, b2, ldb)
		r.solve(s, ul, tA, d, m-h, n, 1, a22, lda, b2, ldb)
	case s == blas.Left:
		r.solve(s, ul, tA, d, m-h, n, alpha, a22, lda, b2, ldb)
		r.product(t, gemm.NoTrans, h, n, m-h, -1, block, lda, b2, ldb, alpha, b, ldb)
		r.solve(s, ul, tA, d, h, n, 1, a, lda, b, ldb)
	case isUpper:
		r.solve(s, ul, tA, d, m, h, alpha, a, lda, b, ldb)
		r.product(gemm.NoTrans, t, m, n-h, h, -1, b, ldb, block, lda, alpha, b2, ldb)
		r.solve(s, ul, tA, d, m, n-h, 1, a22, lda, b2, ldb)
	default:
		r.solve(s, ul, tA, d, m, n-h, alpha, a22, lda, b2, ldb)
		r.product(gemm.NoTrans, t, m, h, n-h, -1, b2, ldb, block, lda, alpha, b, ldb)
		r.solve(s, ul, tA, d, m, h, 1, a, lda, b, ldb)
	}
}

// multiply is Trmm: the half of B that needs the other one first.
func (r *routines[T]) multiply(s blas.Side, ul blas.Uplo, tA blas.Transpose, d blas.Diag, m, n int, alpha T, a []T, lda int, b []T, ldb int) {
	order := m
	if s == blas.Right {
		order = n
	}
	if order <= leaf {
		r.trmm(s, ul, tA, d, m, n, alpha, a, lda, b, ldb)
		return
	}
	h := half(order)
	t := turned(tA)
	a22, block, b2, isUpper := corners(s, ul, tA, h, a, lda, b, ldb)
	switch {
	case s == blas.Left && isUpper:
		r.multiply(s, ul, tA, d, h, n, alpha, a, lda, b, ldb)
		r.product(t, gemm.NoTrans, h, n, m-h, alpha, block, lda, b2, ldb, 1, b, ldb)
		r.multiply(s, ul, tA, d, m-h, n, alpha, a22, lda, b2, ldb)
	case s == blas.Left:
		r.multiply(s, ul, tA, d, m-h, n, alpha, a22, lda, b2, ldb)
		r.product(t, gemm.NoTrans, m-h, n, h, alpha, block, lda, b, ldb, 1, b2, ldb)
		r.multiply(s, ul, tA, d, h, n, alpha, a, lda, b, ldb)
	case isUpper:
		r.multiply(s, ul, tA, d, m, n-h, alpha, a22, lda, b2, ldb)
		r.product(gemm.NoTrans, t, m, n-h, h, alpha, b, ldb, block, lda, 1, b2, ldb)
		r.multiply(s, ul, tA, d, m, h, alpha, a, lda, b, ldb)
	default:
		r.multiply(s, ul, tA, d, m, h, alpha, a, lda, b, ldb)
		r.product(gemm.NoTrans, t, m, h, n-h, alpha, b2, ldb, block, lda, 1, b, ldb)
		r.multiply(s, ul, tA, d, m, n-h, alpha, a22, lda, b2, ldb)
	}
}

// symmetric checks the arguments of Syrk and makes C of squares, or leaves it to gonum.
func (r *routines[T]) symmetric(ul blas.Uplo, tA blas.Transpose, n, k int, alpha T, a []T, lda int, beta T, c []T, ldc int) {
	if (ul == blas.Upper || ul == blas.Lower) && isTranspose(tA) && n > leaf && k > 1 && alpha != 0 &&
		fitsTurned(tA, n, k, a, lda) && fits(n, n, c, ldc) {
		r.squares(ul, tA, n, k, alpha, a, lda, beta, c, ldc)
		return
	}
	r.syrk(ul, tA, n, k, alpha, a, lda, beta, c, ldc)
}

// squares is Syrk: two triangles and the square between them.
func (r *routines[T]) squares(ul blas.Uplo, tA blas.Transpose, n, k int, alpha T, a []T, lda int, beta T, c []T, ldc int) {
	if n <= leaf {
		r.syrk(ul, tA, n, k, alpha, a, lda, beta, c, ldc)
		return
	}
	h := half(n)
	t := turned(tA)
	a2 := a[min(h, len(a)):]
	if tA == blas.NoTrans {
		a2 = a[h*lda:]
	}
	r.squares(ul, tA, h, k, alpha, a, lda, beta, c, ldc)
	if ul == blas.Upper {
		r.product(t, !t, h, n-h, k, alpha, a, lda, a2, lda, beta, c[h:], ldc)
	} else {
		r.product(t, !t, n-h, h, k, alpha, a2, lda, a, lda, beta, c[h*ldc:], ldc)
	}
	r.squares(ul, tA, n-h, k, alpha, a2, lda, beta, c[h*ldc+h:], ldc)
}
