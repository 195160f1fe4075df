package gemm

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
)

// heaped are the operands of a random problem, on the heap.
type heaped struct {
	problem
	a, b, c       []float32
	lda, ldb, ldc int
	packed        *Packed
	e             *Epilogue
	a64, b64, c64 []float64
	packed64      *Packed64
	half          *PackedBF16
}

// randomHeaped draws a problem for any of the ways of multiplying: small, of few rows or columns, in blocks.
func randomHeaped(t testing.TB, rng *rand.Rand, set *asm.Set) *heaped {
	size := func() int { return 1 + rng.IntN([]int{3, 20, 70, 700}[rng.IntN(4)]) }
	h := &heaped{problem: problem{
		tA: rng.IntN(2) == 0, tB: rng.IntN(2) == 0, m: size(), n: size(), k: size(), alpha: 1, beta: float32(rng.IntN(2)),
		padA: rng.IntN(3), padB: rng.IntN(3), padC: rng.IntN(3),
	}}
	for h.m*h.n*h.k > 1<<22 {
		h.k = (h.k + 1) / 2
	}
	floats := func(rows, cols, pad int, turned bool) ([]float32, int) {
		if turned {
			rows, cols = cols, rows
		}
		return make([]float32, (rows-1)*(cols+pad)+cols), cols + pad
	}
	h.a, h.lda = floats(h.m, h.k, h.padA, bool(h.tA))
	h.b, h.ldb = floats(h.k, h.n, h.padB, bool(h.tB))
	h.c, h.ldc = floats(h.m, h.n, h.padC, false)
	if rng.IntN(2) == 0 {
		h.e = &Epilogue{Bias: make([]float32, h.n), Clamp: true, Lo: -1, Hi: 1}
	}
	var err error
	h.packed, err = PackB(set, h.tB, h.k, h.n, h.b, h.ldb)
	require.NoError(t, err)
	h.half, err = PackBF16(set, h.tB, h.k, h.n, h.b, h.ldb)
	require.NoError(t, err)
	h.a64, h.b64, h.c64 = make([]float64, len(h.a)), make([]float64, len(h.b)), make([]float64, len(h.c))
	h.packed64, err = PackB64(set, h.tB, h.k, h.n, h.b64, h.ldb)
	require.NoError(t, err)
	return h
}

// run multiplies by B as it is, and packed.
func (h *heaped) run(w *Workspace) {
	w.Sgemm(h.tA, h.tB, h.m, h.n, h.k, h.alpha, h.a, h.lda, h.b, h.ldb, h.beta, h.c, h.ldc)
	w.MulPacked(h.tA, h.m, h.alpha, h.a, h.lda, h.packed, h.beta, h.c, h.ldc, h.e)
	if !h.tA {
		w.MulPackedBF16(h.m, h.a, h.lda, h.half, h.beta, h.c, h.ldc, h.e)
	}
	w.Dgemm(h.tA, h.tB, h.m, h.n, h.k, float64(h.alpha), h.a64, h.lda, h.b64, h.ldb, float64(h.beta), h.c64, h.ldc)
	w.MulPacked64(h.tA, h.m, float64(h.alpha), h.a64, h.lda, h.packed64, float64(h.beta), h.c64, h.ldc, nil)
}

// asFloats is the memory of x.
func asFloats(x []float64) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), 2*len(x))
}

// TestPointers: what the arguments of kernels point to is theirs.
func TestPointers(t *testing.T) {
	eachSet(t, func(t *testing.T, set *asm.Set) {
		rng := rand.New(rand.NewPCG(1, 2))
		watch := check.Watch{T: t}
		set = set.Watched(watch.Look)
		w := NewWorkspaceFor(set, 1)
		for range 100 {
			h := randomHeaped(t, rng, set)
			watch.Run(h.String(), func() { h.run(w) }, h, w)
			operands := [][]float32{h.a, h.b, h.c, asFloats(h.a64), asFloats(h.b64), asFloats(h.c64)}
			if h.e != nil {
				operands = append(operands, h.e.Bias)
			}
			require.Empty(t, check.Kept(w, operands...), "%v", h)
			if t.Failed() {
				return
			}
		}
	})
}

// TestCollector multiplies beside the garbage collector.
func TestCollector(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	check.Collect(t, func() {
		eachSet(t, func(t *testing.T, set *asm.Set) {
			w := NewWorkspaceFor(set, 2)
			for range 5 {
				h := randomHeaped(t, rng, set)
				for range 3 {
					h.run(w)
				}
			}
		})
	})
}
