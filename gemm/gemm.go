// Package gemm multiplies row-major matrices of float32 or float64:
//
//	C = alpha*op(A)*op(B) + beta*C        op(X) = X or its transpose
//
// with op(A) m x k, op(B) k x n and C m x n. A matrix is a slice and a leading dimension, the number of
// elements from one row to the next.
//
// Sgemm is the plain call, and Dgemm that for float64. A Workspace holds the scratch memory and the number of threads, for calls
// that allocate nothing. PackB arranges a matrix of weights once, for any number of products
// (Workspace.MulPacked), which can add a bias and clamp in the same pass; PackBF16 keeps them in half the memory. SgemmBatch makes many products of one size.
// What ends in 64 is the same for float64.
//
// The result has the same bits for any number of threads.
//
// The loops follow K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication",
// ACM TOMS 34(3), 2008, and the BLIS framework; see blocking.go for what is held in which cache.
package gemm

import (
	"math/bits"
	"sync"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
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
// A slice may be longer than its matrix. Sgemm panics when a size is negative, a leading dimension smaller than a row or a slice too
// short, and where it sees that c overlaps a or b: always, if their leading dimensions are equal or one of them has no gaps between its rows.
func Sgemm(tA, tB Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	w := pool.Get().(*Workspace)
	w.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
	pool.Put(w)
}

// Dgemm is Sgemm for float64.
func Dgemm(tA, tB Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	w := pool.Get().(*Workspace)
	w.Dgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
	pool.Put(w)
}

// Epilogue is what MulPacked does to every element after the product: c = clamp(c + Bias[column]).
type Epilogue = EpilogueOf[float32]

// Epilogue64 is that of MulPacked64.
type Epilogue64 = EpilogueOf[float64]

// EpilogueOf is an Epilogue for a type of element.
type EpilogueOf[T asm.Float] struct {
	Bias   []T  // one for each column, or nil
	Clamp  bool // min(max(c, Lo), Hi); NaN passes
	Lo, Hi T
}

// The panics of bad arguments.
const (
	badM          = "gemm: m < 0"
	badN          = "gemm: n < 0"
	badK          = "gemm: k < 0"
	badLdaK       = "gemm: lda < k"
	badLdaM       = "gemm: lda < m"
	badLdbN       = "gemm: ldb < n"
	badLdbK       = "gemm: ldb < k"
	badLdcN       = "gemm: ldc < n"
	shortA        = "gemm: len(a) is too short"
	shortB        = "gemm: len(b) is too short"
	shortC        = "gemm: len(c) is too short"
	overlapA      = "gemm: c overlaps a"
	overlapB      = "gemm: c overlaps b"
	wrongBias     = "gemm: len(Epilogue.Bias) is not n"
	nilPacked     = "gemm: b is nil or was not made by PackB"
	nilPackedBF16 = "gemm: b is nil or was not made by PackBF16"
	badKernels    = "gemm: kernels is a Set of the caller's making, want nil or one from asm.Kernels or asm.For"
	badClamp      = "gemm: Epilogue.Lo is larger than Hi, or one is NaN"

	noWorkspace   = "gemm: the workspace is nil or was not made by NewWorkspace"
	busyWorkspace = "gemm: the workspace is in use: it serves one call at a time"
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

func checkC[T asm.Float](m, n int, c []T, ldc int) {
	if ldc < max(n, 1) {
		panic(badLdcN)
	}
	if !holds(len(c), m, n, ldc) {
		panic(shortC)
	}
}

// stored is the rows and columns of an operand as it lies in memory.
func stored(t Transpose, rows, cols int) (int, int) {
	if t {
		return cols, rows
	}
	return rows, cols
}

func checkLenA[T asm.Float](tA Transpose, m, k int, a []T, lda int) {
	if rows, cols := stored(tA, m, k); !holds(len(a), rows, cols, lda) {
		panic(shortA)
	}
}

func checkLenB[T asm.Float](tB Transpose, n, k int, b []T, ldb int) {
	if rows, cols := stored(tB, k, n); !holds(len(b), rows, cols, ldb) {
		panic(shortB)
	}
}

// checkOverlap panics with the message if C overlaps x, rows x cols before it is transposed.
func checkOverlap[T asm.Float](m, n int, c []T, ldc int, t Transpose, rows, cols int, x []T, ldx int, message string) {
	if mem.Apart(x, c) { // slices that are not may still hold matrices that are
		return
	}
	rows, cols = stored(t, rows, cols)
	if asRows(m, n, c, ldc).Overlap(asRows(rows, cols, x, ldx)) {
		panic(message)
	}
}

// asRows is a matrix as rows of float32, of which a float64 is two.
func asRows[T asm.Float](rows, cols int, x []T, ld int) mem.Rows {
	floats := int(unsafe.Sizeof(T(0)) / 4)
	return mem.Rows{First: (*float32)(unsafe.Pointer(unsafe.SliceData(x))), N: rows, Len: floats * cols, Step: floats * ld}
}
