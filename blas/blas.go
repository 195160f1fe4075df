// Package simdblas makes the kernels of simdnn the BLAS of gonum: after
//
//	blas64.Use(simdblas.New())
//	blas32.Use(simdblas.New())
//
// the packages mat and lapack, and all that call blas64 and blas32, run on them.
//
// Gemm, Gemv, Dot and Axpy run on the kernels, and Trsm, Trmm and Syrk are cut into products; what is too small to gain, strides that the
// kernels do not have, and all other functions are gonum's own. Wrong arguments are left to gonum's functions too, so that the panics are the
// same; a result that overlaps an operand of a product is refused as well. Sums are made in another order than gonum makes them, and with fused multiply-adds: results differ in the last bits.
package simdblas

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"github.com/simdnn/simdnn/gemm"
)

// Implementation is gonum's, with some functions replaced.
type Implementation struct{ gonum.Implementation }

// New returns the implementation, for blas64.Use and blas32.Use.
func New() Implementation { return Implementation{} }

var (
	_ blas.Float64 = Implementation{}
	_ blas.Float32 = Implementation{}
)

var theirs gonum.Implementation

// The functions that others are made of, by type.
var (
	double = routines[float64]{gemm.Dgemm, theirs.Dgemm, theirs.Dgemv, theirs.Dtrsm, theirs.Dtrmm, theirs.Dsyrk}
	single = routines[float32]{gemm.Sgemm, theirs.Sgemm, theirs.Sgemv, theirs.Strsm, theirs.Strmm, theirs.Ssyrk}
)

// Dgemm computes C = alpha*op(A)*op(B) + beta*C.
func (Implementation) Dgemm(tA, tB blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	double.gemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

// Sgemm is Dgemm in float32.
func (Implementation) Sgemm(tA, tB blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	single.gemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

// Dgemv computes y = alpha*op(A)*x + beta*y.
func (Implementation) Dgemv(tA blas.Transpose, m, n int, alpha float64, a []float64, lda int, x []float64, incX int, beta float64, y []float64, incY int) {
	double.gemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY)
}

// Sgemv is Dgemv in float32.
func (Implementation) Sgemv(tA blas.Transpose, m, n int, alpha float32, a []float32, lda int, x []float32, incX int, beta float32, y []float32, incY int) {
	single.gemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY)
}

// Daxpy computes y = y + alpha*x.
func (Implementation) Daxpy(n int, alpha float64, x []float64, incX int, y []float64, incY int) {
	if alpha != 0 && isLong(n, x, incX, y, incY) {
		axpy(n, alpha, x, y)
		return
	}
	theirs.Daxpy(n, alpha, x, incX, y, incY)
}

// Saxpy is Daxpy in float32.
func (Implementation) Saxpy(n int, alpha float32, x []float32, incX int, y []float32, incY int) {
	if alpha != 0 && isLong(n, x, incX, y, incY) {
		axpy(n, alpha, x, y)
		return
	}
	theirs.Saxpy(n, alpha, x, incX, y, incY)
}

// Ddot returns the sum of x[i]*y[i].
func (Implementation) Ddot(n int, x []float64, incX int, y []float64, incY int) float64 {
	if isLong(n, x, incX, y, incY) {
		return dot(n, x, y)
	}
	return theirs.Ddot(n, x, incX, y, incY)
}

// Sdot is Ddot in float32.
func (Implementation) Sdot(n int, x []float32, incX int, y []float32, incY int) float32 {
	if isLong(n, x, incX, y, incY) {
		return dot(n, x, y)
	}
	return theirs.Sdot(n, x, incX, y, incY)
}

// Dtrsm solves op(A)*X = alpha*B or X*op(A) = alpha*B for a triangular A. X takes the place of B.
func (Implementation) Dtrsm(s blas.Side, ul blas.Uplo, tA blas.Transpose, d blas.Diag, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int) {
	double.triangular(double.trsm, double.solve, s, ul, tA, d, m, n, alpha, a, lda, b, ldb)
}

// Strsm is Dtrsm in float32.
func (Implementation) Strsm(s blas.Side, ul blas.Uplo, tA blas.Transpose, d blas.Diag, m, n int, alpha float32, a []float32, lda int, b []float32, ldb int) {
	single.triangular(single.trsm, single.solve, s, ul, tA, d, m, n, alpha, a, lda, b, ldb)
}

// Dtrmm computes B = alpha*op(A)*B or B = alpha*B*op(A) for a triangular A.
func (Implementation) Dtrmm(s blas.Side, ul blas.Uplo, tA blas.Transpose, d blas.Diag, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int) {
	double.triangular(double.trmm, double.multiply, s, ul, tA, d, m, n, alpha, a, lda, b, ldb)
}

// Strmm is Dtrmm in float32.
func (Implementation) Strmm(s blas.Side, ul blas.Uplo, tA blas.Transpose, d blas.Diag, m, n int, alpha float32, a []float32, lda int, b []float32, ldb int) {
	single.triangular(single.trmm, single.multiply, s, ul, tA, d, m, n, alpha, a, lda, b, ldb)
}

// Dsyrk computes one triangle of C = alpha*A*Aᵀ + beta*C or C = alpha*Aᵀ*A + beta*C.
func (Implementation) Dsyrk(ul blas.Uplo, tA blas.Transpose, n, k int, alpha float64, a []float64, lda int, beta float64, c []float64, ldc int) {
	double.symmetric(ul, tA, n, k, alpha, a, lda, beta, c, ldc)
}

// Ssyrk is Dsyrk in float32.
func (Implementation) Ssyrk(ul blas.Uplo, tA blas.Transpose, n, k int, alpha float32, a []float32, lda int, beta float32, c []float32, ldc int) {
	single.symmetric(ul, tA, n, k, alpha, a, lda, beta, c, ldc)
}
