package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
)

// products runs a batch on a workspace, for either type.
func products(w *Workspace, j any) {
	switch j := j.(type) {
	case batchJob[float32]:
		w.SgemmBatch(j.tA, j.tB, j.m, j.n, j.k, j.alpha, j.a, j.lda, j.strideA, j.b, j.ldb, j.strideB, j.beta, j.c, j.ldc, j.strideC, j.batch)
	case batchJob[float64]:
		w.DgemmBatch(j.tA, j.tB, j.m, j.n, j.k, j.alpha, j.a, j.lda, j.strideA, j.b, j.ldb, j.strideB, j.beta, j.c, j.ldc, j.strideC, j.batch)
	}
}

// testBatch compares batches with products one by one, whose own tests compare them with sums in float64.
func testBatch[T asm.Float](t *testing.T, set *asm.Set, one func(w *Workspace, j batchJob[T], a, b, c []T)) {
	rng := rand.New(rand.NewPCG(7, 8))
	rounds := 120
	if testing.Short() {
		rounds = 40
	}
	alone := NewWorkspaceFor(set, 1)
	for i := range rounds {
		j := batchJob[T]{tA: rng.IntN(2) == 0, tB: rng.IntN(2) == 0, m: rng.IntN(40), n: rng.IntN(40), k: rng.IntN(40), alpha: 1, batch: rng.IntN(12)}
		if i%10 == 0 { // products that all threads take part in
			j.m, j.n, j.k = 100+rng.IntN(30), 120, 110
		}
		j.alpha, j.beta = T(rng.IntN(3)), T(rng.IntN(2))
		rowsA, colsA := stored(j.tA, j.m, j.k)
		rowsB, colsB := stored(j.tB, j.k, j.n)
		j.lda, j.ldb, j.ldc = max(1, colsA)+rng.IntN(3), max(1, colsB)+rng.IntN(3), max(1, j.n)+rng.IntN(3)
		j.strideA, j.strideB, j.strideC = size(rowsA, colsA, j.lda)+rng.IntN(4), size(rowsB, colsB, j.ldb)+rng.IntN(4), size(j.m, j.n, j.ldc)+rng.IntN(4)
		switch rng.IntN(4) {
		case 0:
			j.strideA = 0
		case 1:
			j.strideB = 0
		case 2: // beside each other
			j.strideC = j.n + rng.IntN(2)
			j.ldc = max(1, j.n, j.batch*j.strideC)
		}
		arena := check.New(t, set.ISA.String(), fmt.Sprintf("%+v", j), uint64(i))
		side := check.Side(i % 2)
		if j.batch > 0 {
			j.a = check.Alloc[T](arena, "a", extent(j.batch, j.strideA, rowsA, colsA, j.lda), side)
			j.b = check.Alloc[T](arena, "b", extent(j.batch, j.strideB, rowsB, colsB, j.ldb), side)
			j.c = check.Alloc[T](arena, "c", extent(j.batch, j.strideC, j.m, j.n, j.ldc), side)
		}
		check.FillRandom(j.a, uint64(i))
		check.FillRandom(j.b, uint64(i)+1)
		check.FillRandom(j.c, uint64(i)+2)
		want := append([]T(nil), j.c...)
		for p := range j.batch {
			if j.m > 0 && j.n > 0 {
				a, b := j.a, j.b
				if j.k > 0 {
					a, b = a[p*j.strideA:], b[p*j.strideB:]
				}
				one(alone, j, a, b, want[p*j.strideC:])
			}
		}
		if j.beta == 0 && j.batch > 0 {
			for p := range j.batch {
				for r := range j.m {
					for c := range j.n {
						j.c[p*j.strideC+r*j.ldc+c] = T(math.NaN())
					}
				}
			}
		}
		saved := append([]T(nil), j.c...)
		for threads := 1; threads <= 4; threads++ {
			copy(j.c, saved)
			w := NewWorkspaceFor(set, threads)
			arena.Run(func() { products(w, j) })
			check.Exact(t, fmt.Sprintf("%v, %d threads", arena, threads), j.c, want)
		}
		arena.Close()
	}
}

func TestBatch(t *testing.T) {
	for _, isa := range asm.Supported() {
		t.Run(isa.String(), func(t *testing.T) {
			set, err := asm.For(isa)
			require.NoError(t, err)
			testBatch(t, set, func(w *Workspace, j batchJob[float32], a, b, c []float32) {
				w.Sgemm(j.tA, j.tB, j.m, j.n, j.k, j.alpha, a, j.lda, b, j.ldb, j.beta, c, j.ldc)
			})
			testBatch(t, set, func(w *Workspace, j batchJob[float64], a, b, c []float64) {
				w.Dgemm(j.tA, j.tB, j.m, j.n, j.k, j.alpha, a, j.lda, b, j.ldb, j.beta, c, j.ldc)
			})
		})
	}
}

func TestBatchMisuse(t *testing.T) {
	x, y := make([]float32, 1000), make([]float32, 1000)
	w := NewWorkspace(2)
	good := batchJob[float32]{m: 4, n: 5, k: 6, alpha: 1, a: x, lda: 6, strideA: 24, b: x, ldb: 5, strideB: 30, c: y, ldc: 5, strideC: 20, batch: 9}
	products(w, good)
	for _, c := range []struct {
		want   string
		change func(j *batchJob[float32])
	}{
		{badM, func(j *batchJob[float32]) { j.m = -1 }},
		{badBatch, func(j *batchJob[float32]) { j.batch = -1 }},
		{badStrideA, func(j *batchJob[float32]) { j.strideA = -1 }},
		{badStrideB, func(j *batchJob[float32]) { j.strideB = -1 }},
		{badStrideC, func(j *batchJob[float32]) { j.strideC = -20 }},
		{badStrideC, func(j *batchJob[float32]) { j.strideC = 19 }},
		{badStrideC, func(j *batchJob[float32]) { j.strideC, j.ldc = 5, 44 }},
		{badStrideC, func(j *batchJob[float32]) { j.strideC, j.ldc = 4, 50 }},
		{badLdaK, func(j *batchJob[float32]) { j.lda = 5 }},
		{badLdcN, func(j *batchJob[float32]) { j.ldc = 4 }},
		{shortA, func(j *batchJob[float32]) { j.a = x[:9*24-1] }},
		{shortB, func(j *batchJob[float32]) { j.b = x[:9*30-1] }},
		{shortC, func(j *batchJob[float32]) { j.c = y[:9*20-1] }},
		{shortC, func(j *batchJob[float32]) { j.batch = math.MaxInt }},
		{shortA, func(j *batchJob[float32]) { j.strideA = math.MaxInt }},
		{overlapA, func(j *batchJob[float32]) { j.c = x[9*24-1:] }},
		{overlapB, func(j *batchJob[float32]) { j.a, j.c = y, x }},
	} {
		j := good
		c.change(&j)
		require.PanicsWithValue(t, c.want, func() { products(w, j) })
	}
	require.PanicsWithValue(t, noWorkspace, func() { products(nil, good) })
	one := good
	one.batch, one.strideC, one.strideA = 1, -3, math.MaxInt // not looked at
	products(w, one)
	check.NoAllocs(t, func() { products(w, good) })
}
