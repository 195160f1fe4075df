// Package gemm multiplies row-major float32 matrices:
//
//	C = alpha*op(A)*op(B) + beta*C        op(X) = X or its transpose
//
// with op(A) m x k, op(B) k x n and C m x n. A matrix is a slice and a leading dimension, the number of
// elements from one row to the next.
//
// Sgemm is the plain call. A Workspace holds the scratch memory and the number of threads, for calls
// that allocate nothing. PackB arranges a matrix of weights once, for any number of products
// (Workspace.MulPacked), which can add a bias and clamp in the same pass.
//
// The result has the same bits for any number of threads.
//
// The loops follow K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication",
// ACM TOMS 34(3), 2008, and the BLIS framework; see blocking.go for what is held in which cache.
package gemm

import (
	"math/bits"
	"sync"
)

// Transpose says whether an operand is used as it stands or transposed.
type Transpose bool

const (
	NoTrans Transpose = false
	Trans   Transpose = true
)

var pool = sync.Pool{New: func() any { return NewWorkspace(0) }}

// Sgemm computes C = alpha*op(A)*op(B) + beta*C on all threads that GOMAXPROCS allows, with scratch
// memory from a pool.
//
// op(A) is m x k: a holds m rows of k elements, or with tA = Trans k rows of m, lda apart. op(B) is
// k x n: b holds k rows of n elements, or with tB = Trans n rows of k, ldb apart. c holds m rows of n
// elements, ldc apart; it must not overlap a or b.
//
// As in BLAS, c is not read when beta is 0, and a and b are not read when alpha or k is 0: NaN and
// infinities there are then without effect. Nothing beyond the n elements of a row of c is touched.
// Sgemm panics when a size is negative, a leading dimension smaller than a row or a slice too short.
func Sgemm(tA, tB Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	w := pool.Get().(*Workspace)
	w.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
	pool.Put(w)
}

// Epilogue is what MulPacked does to every element after the product: c = clamp(c + Bias[column]).
type Epilogue struct {
	Bias   []float32 // one per column, or nil
	Clamp  bool      // min(max(c, Lo), Hi); NaN passes
	Lo, Hi float32
}

// The panics of bad arguments.
const (
	badM        = "gemm: m < 0"
	badN        = "gemm: n < 0"
	badK        = "gemm: k < 0"
	badLdaK     = "gemm: lda < k"
	badLdaM     = "gemm: lda < m"
	badLdbN     = "gemm: ldb < n"
	badLdbK     = "gemm: ldb < k"
	badLdcN     = "gemm: ldc < n"
	shortA      = "gemm: len(a) is too short"
	shortB      = "gemm: len(b) is too short"
	shortC      = "gemm: len(c) is too short"
	shortBias   = "gemm: len(Epilogue.Bias) is too short"
	nilPacked   = "gemm: b is nil"
	badThreads  = "gemm: threads < 0"
	badKernels  = "gemm: no kernels"
	badPackSize = "gemm: k*n overflows"
)

// holds reports whether n elements hold rows of cols elements, ld apart. It cannot overflow.
func holds(n, rows, cols, ld int) bool {
	if rows == 0 || cols == 0 {
		return true
	}
	hi, lo := bits.Mul64(uint64(rows-1), uint64(ld)) // a third of the time of a division
	return n >= cols && hi == 0 && lo <= uint64(n-cols)
}

func checkSizes(m, n, k int) {
	if m < 0 {
		panic(badM)
	}
	if n < 0 {
		panic(badN)
	}
	if k < 0 {
		panic(badK)
	}
}

func checkA(tA Transpose, m, k, lda int) {
	if tA && lda < max(m, 1) {
		panic(badLdaM)
	}
	if !tA && lda < max(k, 1) {
		panic(badLdaK)
	}
}

func checkB(tB Transpose, n, k, ldb int) {
	if tB && ldb < max(k, 1) {
		panic(badLdbK)
	}
	if !tB && ldb < max(n, 1) {
		panic(badLdbN)
	}
}

func checkC(m, n int, c []float32, ldc int) {
	if ldc < max(n, 1) {
		panic(badLdcN)
	}
	if !holds(len(c), m, n, ldc) {
		panic(shortC)
	}
}

func checkLenA(tA Transpose, m, k int, a []float32, lda int) {
	rows, cols := m, k
	if tA {
		rows, cols = k, m
	}
	if !holds(len(a), rows, cols, lda) {
		panic(shortA)
	}
}

func bFits(tB Transpose, n, k int, b []float32, ldb int) bool {
	rows, cols := k, n
	if tB {
		rows, cols = n, k
	}
	return holds(len(b), rows, cols, ldb)
}
