package gemm

import "github.com/simdnn/simdnn/internal/transpose"

// Where A is transposed and B has few columns, most lanes of a tile would be idle, and all of A would have to be turned for it. The
// other way round, C' = op(B)'*A, reads A as it stands, and what is turned is small: op(B) and C.

// acrossColumns is the number of columns up to which that pays, and acrossSteps the number of steps from which on.
const acrossColumns, acrossSteps = 16, 8

func isAcross(tA Transpose, m, n, k int) bool {
	return bool(tA) && n > 1 && n <= acrossColumns && 2*n <= m && k >= acrossSteps
}

// mulAcross computes C = alpha*A'*op(B) + beta*C, and the epilogue, by way of the transpose of C.
func (w *engine[T]) mulAcross(f *family, tB Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int, e *EpilogueOf[T]) {
	y := w.across.Get(m * n)
	w.multiply(f, !tB, NoTrans, n, m, k, alpha, b, ldb, a, lda, 0, y, m)
	if beta == 0 && e == nil {
		transpose.Matrix(&w.workers[0].mover.turn, f.set, c, ldc, y, m, n, m)
		return
	}
	j := &w.job
	j.alpha, j.beta, j.c, j.e = 1, beta, c, e
	j.vector = vector[T]{inc: ldc, incY: 1}
	for x := range n {
		j.finish(y[x*m:], 0, m, x)
	}
	j.vector, j.c, j.e = vector[T]{}, nil, nil
}
