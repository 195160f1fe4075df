package gemm

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
)

// TestBF16Rounds: weights are rounded to the nearest, and NaN stays one: products with the rows of the identity show them.
func TestBF16Rounds(t *testing.T) {
	eachSet(t, func(t *testing.T, set *asm.Set) {
		weights := []float32{1, 1 + 0x1p-8, 1 + 3*0x1p-8, 1 + 0x1p-8 + 0x1p-20, -1 - 0x1p-9, math.MaxFloat32, 0x1p-130, float32(math.Copysign(0, -1))}
		want := []float32{1, 1, 1 + 4*0x1p-8, 1 + 2*0x1p-8, -1, float32(math.Inf(1)), 0x1p-130, 0}
		b, err := PackBF16(set, NoTrans, 1, len(weights), weights, len(weights))
		require.NoError(t, err)
		c := make([]float32, len(weights))
		NewWorkspaceFor(set, 1).MulPackedBF16(1, []float32{1}, 1, b, 0, c, len(c), nil)
		check.Exact(t, "weights", c, want)
		nan, err := PackBF16(set, Trans, 1, 1, []float32{math.Float32frombits(0x7f800001)}, 1)
		require.NoError(t, err)
		NewWorkspaceFor(set, 1).MulPackedBF16(1, []float32{1}, 1, nan, 0, c, 1, nil)
		require.True(t, c[0] != c[0])
	})
}

// TestBF16Large has several blocks of k, strips of rows, calls of a kernel for one panel, and a last half of a pair.
func TestBF16Large(t *testing.T) {
	eachSet(t, func(t *testing.T, set *asm.Set) {
		w := NewWorkspaceFor(set, 2)
		for i, s := range [][3]int{{1, 300, 2100}, {1, 129, 9001}, {13, 70, 1025}, {250, 40, 1100}, {500, 33, 31}} {
			if testing.Short() && set.ISA == asm.Generic && s[0] > 20 {
				continue
			}
			problem{m: s[0], n: s[1], k: s[2], alpha: 1, beta: float32(i % 2), ints: i%2 == 0, tB: i < 3, padA: i, padC: 1, bias: true, clamped: i%2 == 0, seed: uint64(i), side: check.Tail}.run16(t, set, w)
		}
	})
}

// TestBF16Threads: the same bits for any number of threads, and no allocation.
func TestBF16Threads(t *testing.T) {
	for _, s := range [][3]int{{1, 3000, 701}, {5, 700, 1300}, {700, 150, 64}} {
		m, n, k := s[0], s[1], s[2]
		a, weights, c := make([]float32, m*k), make([]float32, n*k), make([]float32, m*n)
		check.FillRandom(a, 1)
		check.FillRandom(weights, 2)
		b, err := PackBF16(nil, Trans, k, n, weights, k)
		require.NoError(t, err)
		var want []float32
		for _, threads := range []int{1, 2, 3, 8} {
			p := Product{M: m, LdA: k, LdC: n, BF16: b}
			w := NewWorkspaceFor(nil, threads, p)
			made := len(w.mixed.workers)
			require.Equal(t, WorkspaceBytes(nil, threads)+made*int(unsafe.Sizeof(mixedWorker{})), WorkspaceBytes(nil, threads, p))
			check.FillNaN(c)
			w.MulPackedBF16(m, a, k, b, 0, c, n, nil)
			if want == nil {
				want = slices.Clone(c)
			}
			check.Exact(t, fmt.Sprintf("m%dn%dk%d on %d threads", m, n, k, threads), c, want)
			check.NoAllocs(t, func() { w.MulPackedBF16(m, a, k, b, 0, c, n, nil) })
			require.Len(t, w.mixed.workers, made)
		}
	}
}

func TestBF16Arguments(t *testing.T) {
	x := make([]float32, 64)
	b, err := PackBF16(nil, NoTrans, 3, 4, x, 4)
	require.NoError(t, err)
	require.Equal(t, 3, b.K())
	require.Equal(t, 4, b.N())
	require.Positive(t, b.Bytes())
	w := NewWorkspace(1)
	c := make([]float32, 64)
	for message, f := range map[string]func(){
		nilPackedBF16: func() { w.MulPackedBF16(1, x, 3, nil, 0, c, 4, nil) },
		badM:          func() { w.MulPackedBF16(-1, x, 3, b, 0, c, 4, nil) },
		badLdaK:       func() { w.MulPackedBF16(1, x, 2, b, 0, c, 4, nil) },
		badLdcN:       func() { w.MulPackedBF16(1, x, 3, b, 0, c, 3, nil) },
		shortA:        func() { w.MulPackedBF16(3, x[:8], 3, b, 0, c, 4, nil) },
		shortC:        func() { w.MulPackedBF16(3, x, 3, b, 0, c[:11], 4, nil) },
		overlapA:      func() { w.MulPackedBF16(3, c, 3, b, 0, c, 4, nil) },
		wrongBias:     func() { w.MulPackedBF16(3, x, 3, b, 0, c, 4, &Epilogue{Bias: x[:3]}) },
		badClamp:      func() { w.MulPackedBF16(3, x, 3, b, 0, c, 4, &Epilogue{Clamp: true, Lo: 1}) },
		noWorkspace:   func() { (*Workspace)(nil).MulPackedBF16(3, x, 3, b, 0, c, 4, nil) },
	} {
		require.PanicsWithValue(t, message, f)
	}
	for want, f := range map[string]func() error{
		"k is -1":         func() error { _, err := PackBF16(nil, NoTrans, -1, 4, x, 4); return err },
		"ldb is 3":        func() error { _, err := PackBF16(nil, NoTrans, 3, 4, x, 3); return err },
		"len(b) is 64":    func() error { _, err := PackBF16(nil, Trans, 13, 5, x, 13); return err },
		"gemm: asm: Kern": func() error { _, err := PackBF16(new(asm.Set), NoTrans, 3, 4, x, 4); return err },
	} {
		require.ErrorContains(t, f(), want)
	}
}

// BenchmarkBF16 is a batch through a fully connected layer, with weights in float32 and in bfloat16, in turns.
func BenchmarkBF16(b *testing.B) {
	for _, s := range [][3]int{{1, 4096, 25088}, {1, 4096, 4096}, {1, 1000, 2048}, {4, 4096, 4096}, {16, 4096, 4096}, {64, 1024, 1024}} {
		m, n, k := s[0], s[1], s[2]
		a, weights, c := make([]float32, m*k), make([]float32, n*k), make([]float32, m*n)
		check.FillRandom(a, 1)
		check.FillRandom(weights, 2)
		full, err := PackB(nil, Trans, k, n, weights, k)
		require.NoError(b, err)
		half, err := PackBF16(nil, Trans, k, n, weights, k)
		require.NoError(b, err)
		w := NewWorkspace(1)
		b.Run(fmt.Sprintf("m%dn%dk%d", m, n, k), func(b *testing.B) {
			best := [2]time.Duration{math.MaxInt64, math.MaxInt64}
			for b.Loop() {
				start := time.Now()
				w.MulPacked(NoTrans, m, 1, a, k, full, 0, c, n, nil)
				middle := time.Now()
				w.MulPackedBF16(m, a, k, half, 0, c, n, nil)
				best[0], best[1] = min(best[0], middle.Sub(start)), min(best[1], time.Since(middle))
			}
			b.ReportMetric(float64(best[0].Microseconds()), "us-float32")
			b.ReportMetric(float64(best[1].Microseconds()), "us-bf16")
			b.ReportMetric(float64(best[0])/float64(best[1]), "times")
		})
	}
}
