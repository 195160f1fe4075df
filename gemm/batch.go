package gemm

import (
	"math/bits"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
)

const (
	badBatch   = "gemm: batch < 0"
	badStrideA = "gemm: strideA < 0"
	badStrideB = "gemm: strideB < 0"
	badStrideC = "gemm: strideC makes matrices of c overlap"
)

// A product of at most this many multiply-adds is one thread's: threads then share the products out among themselves.
const batchAlone = 1 << 20

// SgemmBatch computes batch products of one size, C[i] = alpha*op(A[i])*op(B[i]) + beta*C[i], where A[i] begins strideA elements after
// A[i-1], and so on. The rules for each are those of Sgemm. With strideA or strideB 0 all products share the matrix. The matrices of c must not
// overlap: they follow each other, or lie side by side in rows that are long enough for all (strideC >= n and ldc >= batch*strideC, as the
// heads of an attention do). SgemmBatch panics where the ranges of memory from the first to the last element of c and of a or b overlap.
func (w *Workspace) SgemmBatch(tA, tB Transpose, m, n, k int, alpha float32, a []float32, lda, strideA int, b []float32, ldb, strideB int,
	beta float32, c []float32, ldc, strideC, batch int) {
	w.enter()
	defer w.busy.Leave()
	w.f32.gemmBatch(w.kernels, batchJob[float32]{tA, tB, m, n, k, alpha, a, lda, strideA, b, ldb, strideB, beta, c, ldc, strideC, batch})
}

// DgemmBatch is SgemmBatch for float64.
func (w *Workspace) DgemmBatch(tA, tB Transpose, m, n, k int, alpha float64, a []float64, lda, strideA int, b []float64, ldb, strideB int,
	beta float64, c []float64, ldc, strideC, batch int) {
	f64 := w.enter64()
	defer w.busy.Leave()
	f64.gemmBatch(w.kernels, batchJob[float64]{tA, tB, m, n, k, alpha, a, lda, strideA, b, ldb, strideB, beta, c, ldc, strideC, batch})
}

// batchJob is the arguments of SgemmBatch.
type batchJob[T asm.Float] struct {
	tA, tB       Transpose
	m, n, k      int
	alpha        T
	a            []T
	lda, strideA int
	b            []T
	ldb, strideB int
	beta         T
	c            []T
	ldc, strideC int
	batch        int
}

// extent is the number of elements from the first to the last of a batch of matrices, or too many.
func extent(batch, stride, rows, cols, ld int) int {
	const most = 1<<(bits.UintSize-1) - 1
	if rows == 0 || cols == 0 {
		return 0
	}
	hi0, lo0 := bits.Mul64(uint64(batch-1), uint64(stride))
	hi1, lo1 := bits.Mul64(uint64(rows-1), uint64(ld))
	sum, carry0 := bits.Add64(lo0, lo1, 0)
	sum, carry1 := bits.Add64(sum, uint64(cols), 0)
	if hi0|hi1|carry0|carry1 != 0 || sum > most {
		return most
	}
	return int(sum)
}

func (j *batchJob[T]) check() {
	checkSizes(j.m, j.n, j.k)
	checkA(j.tA, j.m, j.k, j.lda)
	checkB(j.tB, j.n, j.k, j.ldb)
	switch {
	case j.batch < 0:
		panic(badBatch)
	case j.strideA < 0:
		panic(badStrideA)
	case j.strideB < 0:
		panic(badStrideB)
	case j.ldc < max(j.n, 1):
		panic(badLdcN)
	}
	if j.batch == 0 || j.m == 0 || j.n == 0 {
		return
	}
	following := j.strideC >= extent(1, 0, j.m, j.n, j.ldc)
	beside := j.strideC >= j.n && extent(j.batch, j.strideC, 1, j.n, 0) <= j.ldc
	if j.batch > 1 && !following && !beside {
		panic(badStrideC)
	}
	ec := extent(j.batch, max(j.strideC, 0), j.m, j.n, j.ldc)
	if ec > len(j.c) {
		panic(shortC)
	}
	if j.k == 0 || j.alpha == 0 {
		return
	}
	rows, cols := stored(j.tA, j.m, j.k)
	ea := extent(j.batch, j.strideA, rows, cols, j.lda)
	if ea > len(j.a) {
		panic(shortA)
	}
	rows, cols = stored(j.tB, j.k, j.n)
	eb := extent(j.batch, j.strideB, rows, cols, j.ldb)
	if eb > len(j.b) {
		panic(shortB)
	}
	if !mem.Apart(j.c[:ec], j.a[:ea]) {
		panic(overlapA)
	}
	if !mem.Apart(j.c[:ec], j.b[:eb]) {
		panic(overlapB)
	}
}

// one is product i, on an engine.
func (j *batchJob[T]) one(w *engine[T], i int) {
	a, b := j.a, j.b
	if j.k > 0 && j.alpha != 0 {
		a, b = a[i*j.strideA:], b[i*j.strideB:]
	}
	c := j.c[i*j.strideC:]
	if !w.quick(j.tA, j.tB, j.m, j.n, j.k, j.alpha, a, j.lda, b, j.ldb, j.beta, c, j.ldc) {
		w.gemm(j.tA, j.tB, j.m, j.n, j.k, j.alpha, a, j.lda, b, j.ldb, j.beta, c, j.ldc)
	}
}

// batchTask shares the products of a batch out.
type batchTask[T asm.Float] struct {
	job     batchJob[T]
	each    int          // products of a task
	engines []*engine[T] // of one thread, one for each
}

// Do makes the products of a task.
func (t *batchTask[T]) Do(id, task int) {
	for i := task * t.each; i < min((task+1)*t.each, t.job.batch); i++ {
		t.job.one(t.engines[id], i)
	}
}

func (w *engine[T]) gemmBatch(kernels *asm.Set, j batchJob[T]) {
	j.check()
	if j.m == 0 || j.n == 0 {
		return
	}
	work := float64(j.m) * float64(j.n) * float64(max(j.k, 1)) // an int may overflow
	workers := min(par.Limit(w.threads), j.batch)
	if workers < 2 || work > batchAlone {
		for i := range j.batch {
			j.one(w, i)
		}
		return
	}
	t := &w.batch
	t.job, t.each = j, max(1, batchAlone/4/int(work))
	for len(t.engines) < workers {
		e := new(engine[T])
		e.begin(kernels, 1)
		t.engines = append(t.engines, e)
	}
	par.Run(t, (j.batch+t.each-1)/t.each, workers)
	t.job = batchJob[T]{} // the operands are the caller's: do not keep them alive
}
