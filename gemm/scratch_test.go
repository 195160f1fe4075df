package gemm

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
)

// has is the scratch memory that is there.
func (w *engine[T]) has() need {
	s := need{workers: len(w.workers), b: w.b.Len(), x: w.x.Len(), y: w.y.Len(), across: w.across.Len()}
	for _, v := range w.workers {
		s.a, s.part = max(s.a, v.a.Len()), max(s.part, v.y.Len())
	}
	return s
}

// TestProducts: a workspace that was made for a product has the memory that the product takes, no more and no less, and Sgemm and
// MulPacked do not allocate with it.
func TestProducts(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 52))
	size := func(ways ...int) int { return 1 + rng.IntN(ways[rng.IntN(len(ways))]) }
	met := make(map[string]bool)
	x, y := make([]float32, 1<<20), make([]float32, 1<<20)
	check := func(set *asm.Set, threads int, p Product, call func(*Workspace)) {
		what := fmt.Sprintf("%v %d threads %+v", set.ISA, threads, p)
		fresh, made := NewWorkspaceFor(set, threads), NewWorkspaceFor(set, threads, p)
		call(fresh)
		require.Equal(t, fresh.f32.has(), made.f32.has(), what)
		before := made.f32.has()
		call(made)
		require.Equal(t, before, made.f32.has(), what)
		s := made.f32.has()
		for name, n := range map[string]int{"b": s.b, "x": s.x, "y": s.y, "across": s.across, "a": s.a, "part": s.part, "workers": s.workers - 1} {
			met[name] = met[name] || n > 0
		}
	}
	for range 150 {
		p := Product{TA: rng.IntN(2) > 0, TB: rng.IntN(2) > 0, M: size(1, 3, 20, 100, 400), N: size(1, 3, 20, 100, 400), K: size(1, 20, 300, 1200)}
		pad := []int{0, 0, 1, 100}[rng.IntN(4)]
		cols := func(tr Transpose, rows, cols int) int {
			_, n := stored(tr, rows, cols)
			if rng.IntN(8) == 0 {
				return max(n, 1024)
			}
			return n + pad
		}
		p.LdA, p.LdB, p.LdC = cols(p.TA, p.M, p.K), cols(p.TB, p.K, p.N), cols(NoTrans, p.M, p.N)
		ra, _ := stored(p.TA, p.M, p.K)
		rb, _ := stored(p.TB, p.K, p.N)
		if ra*p.LdA > len(x) || rb*p.LdB > len(x) || p.M*p.LdC > len(y) {
			continue
		}
		for _, isa := range asm.Supported() {
			set, err := asm.For(isa)
			require.NoError(t, err)
			if isa == asm.Generic && p.M*p.N*p.K > 1<<22 {
				continue
			}
			for threads := 1; threads <= 3; threads += 2 {
				check(set, threads, p, func(w *Workspace) {
					w.Sgemm(p.TA, p.TB, p.M, p.N, p.K, 1, x, p.LdA, x, p.LdB, 0, y, p.LdC)
				})
			}
			b, err := PackB(set, p.TB, p.K, p.N, x, p.LdB)
			require.NoError(t, err)
			q := Product{TA: p.TA, M: p.M, LdA: p.LdA, LdC: p.LdC, Packed: b}
			check(set, 3, q, func(w *Workspace) { w.MulPacked(p.TA, p.M, 1, x, p.LdA, b, 0, y, p.LdC, nil) })
		}
	}
	for _, name := range []string{"b", "x", "y", "across", "a", "part", "workers"} {
		require.True(t, met[name], "no product needs %s", name)
	}
	for _, p := range []Product{{M: -1, LdA: 1, LdB: 1, LdC: 1}, {M: 1, K: 2, LdA: 1, LdB: 1, LdC: 1}, {N: 2, LdA: 1, LdB: 2, LdC: 1}, {Packed: new(Packed)}} {
		require.Panics(t, func() { NewWorkspaceFor(nil, 1, p) }, "%+v", p)
	}
}

// TestWorkspaceBytes compares with the heap's own count.
func TestWorkspaceBytes(t *testing.T) {
	p := []Product{
		{TA: Trans, TB: Trans, M: 300, N: 400, K: 500, LdA: 300, LdB: 500, LdC: 400},
		{M: 1, N: 1, K: 70000, TB: NoTrans, LdA: 70000, LdB: 3, LdC: 1},
		{TA: Trans, M: 2000, N: 8, K: 300, LdA: 2000, LdB: 8, LdC: 8},
	}
	for _, threads := range []int{1, 3} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		w := NewWorkspaceFor(nil, threads, p...)
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(w)
		require.InDelta(t, int(after.TotalAlloc-before.TotalAlloc), WorkspaceBytes(nil, threads, p...), 64<<10)
	}
	require.Panics(t, func() { WorkspaceBytes(nil, -1) })
	require.PanicsWithValue(t, badKernels, func() { WorkspaceBytes(new(asm.Set), 1) })
}
