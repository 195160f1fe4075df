package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
)

// problem is one product. Its operands lie against guard pages.
type problem struct {
	tA, tB        Transpose
	m, n, k       int
	alpha, beta   float32
	padA, padB    int // leading dimensions beyond the rows
	padC          int
	ints          bool
	seed          uint64
	side          check.Side
	bias, clamped bool // packed weights only
	bf16          bool // weights that bfloat16 holds
}

func (p problem) String() string {
	t := map[Transpose]string{NoTrans: "n", Trans: "t"}
	return fmt.Sprintf("gemm %s%s m%dn%dk%d alpha%g beta%g pad%d,%d,%d ints=%v bias=%v clamp=%v",
		t[p.tA], t[p.tB], p.m, p.n, p.k, p.alpha, p.beta, p.padA, p.padB, p.padC, p.ints, p.bias, p.clamped)
}

// size is the least length of rows x cols elements, ld apart.
func size(rows, cols, ld int) int {
	if rows == 0 || cols == 0 {
		return 0
	}
	return (rows-1)*ld + cols
}

// operands are what a problem works on, and what must come out.
type operands[T asm.Float] struct {
	problem
	t             testing.TB
	arena         *check.Arena
	a, b, c       []T
	lda, ldb, ldc int
	e             *EpilogueOf[T]
	y, cond       []float64
}

func operandsOf[T asm.Float](p problem, t testing.TB, kernel string) *operands[T] {
	o := &operands[T]{t: t, problem: p, arena: check.New(t, kernel, p.String(), p.seed)}
	rowsA, colsA, rowsB, colsB := p.m, p.k, p.k, p.n
	if p.tA {
		rowsA, colsA = colsA, rowsA
	}
	if p.tB {
		rowsB, colsB = colsB, rowsB
	}
	o.lda, o.ldb, o.ldc = max(1, colsA)+p.padA, max(1, colsB)+p.padB, max(1, p.n)+p.padC
	o.a = check.Alloc[T](o.arena, "a", size(rowsA, colsA, o.lda), p.side)
	o.b = check.Alloc[T](o.arena, "b", size(rowsB, colsB, o.ldb), p.side)
	o.c = check.Alloc[T](o.arena, "c", size(p.m, p.n, o.ldc), p.side)
	fill := check.FillRandom[T]
	if p.ints {
		fill = func(x []T, seed uint64) { check.FillInts(x, seed, 4) }
	}
	fill(o.a, p.seed)
	fill(o.b, p.seed+1)
	for i, v := range o.b {
		if p.bf16 {
			o.b[i] = T(math.Float32frombits(math.Float32bits(float32(v)) &^ 0xffff))
		}
	}
	fill(o.c, p.seed+2)
	if p.bias || p.clamped {
		o.e = &EpilogueOf[T]{}
	}
	if p.bias {
		o.e.Bias = check.Alloc[T](o.arena, "bias", p.n, p.side)
		fill(o.e.Bias, p.seed+3)
	}
	if p.clamped {
		o.e.Clamp, o.e.Lo, o.e.Hi = true, -1, 2
	}
	o.y, o.cond = ref.Gemm(bool(p.tA), bool(p.tB), p.m, p.n, p.k, float64(p.alpha), o.a, o.lda, o.b, o.ldb, float64(p.beta), o.c, o.ldc)
	for i := range p.m {
		for j := range p.n {
			x := i*o.ldc + j
			if p.bias {
				o.y[x] += float64(o.e.Bias[j])
				o.cond[x] += math.Abs(float64(o.e.Bias[j]))
			}
			if p.clamped {
				o.y[x] = min(max(o.y[x], -1), 2)
			}
			if p.beta == 0 {
				o.c[x] = T(math.NaN())
			}
		}
	}
	return o
}

// verify compares C and what lies between its rows.
func (o *operands[T]) verify() {
	if o.ints {
		check.Exact(o.t, fmt.Sprintf("%v: c", o.arena), o.c, check.RoundTo[T](o.y))
	} else {
		depth := o.k // and a rounding for each of these
		for _, more := range []bool{o.alpha != 1, o.beta != 0, o.bias} {
			if more {
				depth++
			}
		}
		check.Bound(o.t, fmt.Sprintf("%v: c", o.arena), o.c, o.y, o.cond, depth)
	}
}

// run runs the problem on both types; short runs leave half of those on float64 out.
func (p problem) run(t testing.TB, set *asm.Set, w *Workspace) {
	t.Helper()
	runAs(p, t, set, w, w.Sgemm, w.MulPacked, PackB)
	if !testing.Short() || p.seed%2 == 0 {
		runAs(p, t, set, w, w.Dgemm, w.MulPacked64, PackB64)
	}
	if !bool(p.tA) && p.alpha == 1 {
		p.run16(t, set, w)
	}
}

// run16 runs the problem with weights in bfloat16.
func (p problem) run16(t testing.TB, set *asm.Set, w *Workspace) {
	t.Helper()
	p.bf16 = true
	o := operandsOf[float32](p, t, fmt.Sprintf("gemm bfloat16 on %v", set.ISA))
	defer o.arena.Close()
	var packed *PackedBF16
	var err error
	o.arena.Run(func() { packed, err = PackBF16(set, p.tB, p.k, p.n, o.b, o.ldb) })
	require.NoError(t, err)
	o.arena.Run(func() { w.MulPackedBF16(p.m, o.a, o.lda, packed, p.beta, o.c, o.ldc, o.e) })
	o.verify()
}

// engineOf is what a workspace has for a type of element.
func engineOf[T asm.Float](w *Workspace) *engine[T] {
	if e, ok := any(&w.f32).(*engine[T]); ok {
		return e
	}
	w.enter64()
	w.busy.Leave()
	return any(&w.f64).(*engine[T])
}

func runAs[T asm.Float](p problem, t testing.TB, set *asm.Set, w *Workspace,
	gemm func(tA, tB Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int),
	mulPacked func(tA Transpose, m int, alpha T, a []T, lda int, b *PackedOf[T], beta T, c []T, ldc int, e *EpilogueOf[T]),
	pack func(kernels *asm.Set, tB Transpose, k, n int, b []T, ldb int) (*PackedOf[T], error)) {
	o := operandsOf[T](p, t, fmt.Sprintf("gemm %T on %v", T(0), set.ISA))
	defer o.arena.Close()
	before := append([]T(nil), o.c...)
	if o.e == nil {
		family := engineOf[T](w).family
		most := family.smallMax
		for _, family.smallMax = range []int{most, 0} { // the short way and the long one
			o.arena.Run(func() {
				gemm(p.tA, p.tB, p.m, p.n, p.k, T(p.alpha), o.a, o.lda, o.b, o.ldb, T(p.beta), o.c, o.ldc)
			})
			o.verify()
			copy(o.c, before)
		}
		family.smallMax = most
	}
	var packed *PackedOf[T]
	var err error
	o.arena.Run(func() { packed, err = pack(set, p.tB, p.k, p.n, o.b, o.ldb) })
	require.NoError(t, err)
	o.arena.Run(func() { mulPacked(p.tA, p.m, T(p.alpha), o.a, o.lda, packed, T(p.beta), o.c, o.ldc, o.e) })
	o.verify()
}

func eachSet(t *testing.T, f func(t *testing.T, set *asm.Set)) {
	for _, isa := range asm.Supported() {
		t.Run(isa.String(), func(t *testing.T) {
			set, err := asm.For(isa)
			require.NoError(t, err)
			f(t, set)
		})
	}
}

// TestSizes goes through sizes around those of the tiles, with all transposes.
func TestSizes(t *testing.T) {
	eachSet(t, func(t *testing.T, set *asm.Set) {
		f := familyOf[float32](set) // twice as wide as those for float64
		w := NewWorkspaceFor(set, 1)
		around := func(n int) []int { return []int{n - 1, n, n + 1, 2*n + 3} }
		ms := append(around(f.mr), 1, 2, 0)
		ns := append(around(f.nr), 1, 0)
		for _, p := range f.panels[1:] {
			ns = append(ns, p.nr, p.nr+1, f.nr+p.nr)
		}
		seed := uint64(0)
		for _, m := range ms {
			for _, n := range ns {
				for _, k := range []int{0, 1, 3, 4, 17} {
					seed++
					p := problem{
						tA: seed&1 != 0, tB: seed&2 != 0, m: m, n: n, k: k, alpha: 1, ints: true, seed: seed,
						padA: int(seed % 3), padB: int(seed % 5), padC: int(seed % 4), side: check.Side(seed >> 2 & 1),
						bias: seed%3 == 0, clamped: seed%7 == 0,
					}
					p.run(t, set, w)
				}
			}
		}
	})
}

// TestScalars goes through alpha, beta, transposes and both kinds of data.
func TestScalars(t *testing.T) {
	eachSet(t, func(t *testing.T, set *asm.Set) {
		w := NewWorkspaceFor(set, 1)
		seed := uint64(100)
		for _, alpha := range []float32{0, 1, -1, 0.5} {
			for _, beta := range []float32{0, 1, -1, 0.5} {
				for v := range 8 {
					seed++
					problem{
						tA: v&1 != 0, tB: v&2 != 0, ints: v&4 != 0, m: 29, n: 37, k: 41, alpha: alpha, beta: beta,
						padA: 1, padB: 2, padC: 3, seed: seed, side: check.Side(seed & 1), bias: seed%5 == 0, clamped: seed%3 == 0,
					}.run(t, set, w)
				}
			}
		}
	})
}

// TestBlocks makes the blocks small, so that there are several of each kind.
func TestBlocks(t *testing.T) {
	eachSet(t, func(t *testing.T, set *asm.Set) {
		testBlocks(t, set, (*Workspace).Sgemm)
		testBlocks(t, set, (*Workspace).Dgemm)
	})
}

func testBlocks[T asm.Float](t *testing.T, set *asm.Set, gemm func(w *Workspace, tA, tB Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int)) {
	for v := range 4 {
		w := NewWorkspaceFor(set, 1)
		f := engineOf[T](w).family
		f.limits = limits{kMax: 20, bMax: 20 * 2 * f.nr, aMax: 40 * f.mr, spanMax: 20 * 3 * f.nr, chunkMax: 40, l1: 64, l2: 64}
		o := operandsOf[T](problem{
			tA: v&1 != 0, tB: v&2 != 0, m: 5*f.mr + 3, n: 7*f.nr + 5, k: 70, alpha: 0.5, beta: -1,
			seed: uint64(v), side: check.Tail,
		}, t, fmt.Sprintf("gemm %T on %v", T(0), set.ISA))
		o.arena.Run(func() {
			gemm(w, o.tA, o.tB, o.m, o.n, o.k, T(o.alpha), o.a, o.lda, o.b, o.ldb, T(o.beta), o.c, o.ldc)
		})
		o.verify()
	}
}

// TestLarge has rows that are pages apart (where rows of A are copied) and more than one block of K.
func TestLarge(t *testing.T) {
	eachSet(t, func(t *testing.T, set *asm.Set) {
		w := NewWorkspaceFor(set, 1)
		m, n, k := 47, 70, 1024
		if set.ISA == asm.Generic {
			m, n = 9, 13
		}
		problem{m: m, n: n, k: k, alpha: 1, beta: 1, ints: true, seed: 1, side: check.Tail}.run(t, set, w)
		problem{m: m, n: n, k: k, alpha: 1, seed: 2, tB: true, side: check.Tail, bias: true}.run(t, set, w)
		problem{m: m, n: n, k: 700, alpha: -1, padA: 324, seed: 3, tA: true, side: check.Head}.run(t, set, w)
	})
}

// TestFar has rows of A that fall into one set of the cache, and few columns.
func TestFar(t *testing.T) {
	eachSet(t, func(t *testing.T, set *asm.Set) {
		w := NewWorkspaceFor(set, 1)
		for i, m := range []int{9, 14, 25, 130} {
			for _, n := range []int{20, 32, 100, 140} {
				problem{m: m, n: n, k: 1000, padA: 24, alpha: 1, beta: float32(i & 1), ints: true, seed: 1, side: check.Tail, tB: i > 1}.run(t, set, w)
			}
		}
	})
}

// TestVector has one row or one column.
func TestVector(t *testing.T) {
	eachSet(t, func(t *testing.T, set *asm.Set) {
		w := NewWorkspaceFor(set, 1)
		seed := uint64(0)
		for _, n := range []int{1, 3, 16, 31, 130, 300} {
			for _, k := range []int{1, 9, 70, 600} {
				for v := range 4 {
					seed++
					p := problem{
						tA: v&1 != 0, tB: v&2 != 0, m: 1, n: n, k: k, alpha: 1, ints: true, seed: seed, side: check.Side(seed & 1),
						padA: int(seed % 3), padB: int(seed % 2), padC: int(seed % 4), bias: seed%3 == 0, clamped: seed%5 == 0,
					}
					if seed%4 == 0 {
						p.alpha, p.beta = -2, 0.5
					}
					p.run(t, set, w)
					p.m, p.n = n, 1
					p.run(t, set, w)
				}
			}
		}
		// Beyond the second cache, rows that are not whole lines apart.
		problem{m: 1, n: 1003, k: 300, alpha: 1, ints: true, side: check.Tail}.run(t, set, w)
		problem{m: 1, n: 1003, k: 300, tB: true, padB: 1, alpha: 1, ints: true, side: check.Tail}.run(t, set, w)
		// More columns than a call of the kernel takes.
		problem{m: 1, n: 3, k: asm.MaxWork/64 + 5, tB: true, alpha: 1, ints: true, side: check.Tail}.run(t, set, w)
	})
}

// TestNarrow has a vector times matrices of few columns, whose rows follow each other or nearly.
func TestNarrow(t *testing.T) {
	eachSet(t, func(t *testing.T, set *asm.Set) {
		w := NewWorkspaceFor(set, 1)
		seed := uint64(0)
		for _, n := range []int{2, 3, 4, 5, 8, 9, 16, 17} {
			for _, k := range []int{191, 192, 195, 601, 4099} {
				for v := range 4 {
					seed++
					p := problem{tA: v&1 != 0, m: 1, n: n, k: k, alpha: 1, ints: seed%2 == 0, seed: seed, side: check.Side(v >> 1), padA: int(seed / 2 % 2), padB: int(seed / 5 % 2)}
					if seed%3 == 0 {
						p.alpha, p.beta = -2, 0.5
					}
					p.run(t, set, w)
				}
			}
		}
	})
}

// TestFew has a few rows times a transposed matrix, and a matrix times a few columns.
func TestFew(t *testing.T) {
	eachSet(t, func(t *testing.T, set *asm.Set) {
		w := NewWorkspaceFor(set, 1)
		seed := uint64(0)
		for _, x := range []int{2, 3, 4, 5, 7, 8, 9, 16, 17} {
			for _, n := range []int{1, 9, 40, 70} {
				for _, k := range []int{60, 280, 1100} {
					seed++
					p := problem{
						tA: seed%4 == 0, tB: true, m: x, n: n, k: k, alpha: 1, ints: k < 1000, seed: seed, side: check.Side(seed & 1),
						padA: int(seed % 3), padB: int(seed % 2), padC: int(seed % 4),
					}
					if seed%5 == 0 {
						p.alpha, p.beta = -2, 0.5
					}
					p.run(t, set, w)
					p.m, p.n, p.tA, p.tB, p.bias, p.clamped = n, x, false, seed%3 == 0, seed%3 == 1, seed%4 == 0
					p.run(t, set, w)
				}
			}
		}
		// Rows of B as they stand; then with 4 KB between them.
		for m := 2; m <= 9; m++ {
			problem{tA: m&1 != 0, m: m, n: 131, k: 530, padB: m & 2, padC: m & 3, alpha: 1, beta: float32(m & 1), ints: true, side: check.Tail}.run(t, set, w)
			problem{tA: m&1 == 0, m: m, n: 1000, k: 67, padB: 24, alpha: 2, ints: true, side: check.Side(m & 1)}.run(t, set, w)
		}
		// More rows or columns than a task takes.
		problem{m: 3, n: 2100, k: 33, alpha: 1, ints: true, side: check.Tail}.run(t, set, w)
		problem{m: 4, n: 1100, k: 80, tB: true, alpha: 1, ints: true, side: check.Tail}.run(t, set, w)
		problem{m: 1100, n: 4, k: 80, alpha: 1, ints: true, side: check.Tail}.run(t, set, w)
	})
}

// TestAcross has a transposed A and few columns, where C is made by way of its transpose.
func TestAcross(t *testing.T) {
	require.True(t, isAcross(Trans, 512, 2, 512))
	require.True(t, isAcross(Trans, 24, 9, 512))
	require.False(t, isAcross(NoTrans, 512, 2, 512))
	require.False(t, isAcross(Trans, 512, 1, 512))
	require.False(t, isAcross(Trans, 512, 33, 512))
	eachSet(t, func(t *testing.T, set *asm.Set) {
		w := NewWorkspaceFor(set, 1)
		seed := uint64(0)
		for _, n := range []int{2, 3, 4, 8, 9, 16, 17} {
			for _, m := range []int{2 * n, 35, 70, 300} {
				for _, k := range []int{7, 8, 60, 280, 1100} {
					seed++
					p := problem{
						tA: true, tB: seed&1 != 0, m: m, n: n, k: k, alpha: 1, ints: k < 1000, seed: seed, side: check.Side(seed >> 1 & 1),
						padA: int(seed % 3), padB: int(seed % 2), padC: int(seed % 4), bias: seed%6 == 0, clamped: seed%7 == 0,
					}
					switch seed % 5 {
					case 0:
						p.alpha, p.beta = -2, 0.5
					case 1:
						p.beta = 1
					}
					p.run(t, set, w)
				}
			}
		}
	})
}

// TestThreads wants the same bits from any number of threads.
func TestThreads(t *testing.T) {
	testThreads(t, (*Workspace).Sgemm, (*Workspace).MulPacked, PackB)
	testThreads(t, (*Workspace).Dgemm, (*Workspace).MulPacked64, PackB64)
}

func testThreads[T asm.Float](t *testing.T,
	gemm func(w *Workspace, tA, tB Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int),
	mulPacked func(w *Workspace, tA Transpose, m int, alpha T, a []T, lda int, b *PackedOf[T], beta T, c []T, ldc int, e *EpilogueOf[T]),
	pack func(kernels *asm.Set, tB Transpose, k, n int, b []T, ldb int) (*PackedOf[T], error)) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	for _, s := range [][3]int{{200, 150, 1100}, {15, 800, 600}, {1000, 33, 300}, {1, 3000, 1100}, {3000, 1, 700}, {5, 2000, 700}, {3, 4200, 100}, {2000, 6, 700}, {700, 12, 400}, {1, 1, 5000}} {
		for v := range 2 {
			m, n, k := s[0], s[1], s[2]
			a, b := make([]T, m*k), make([]T, k*n)
			check.FillRandom(a, 1)
			check.FillRandom(b, 2)
			lda, ldb := k, n
			if v == 1 {
				lda, ldb = m, k
			}
			tr := Transpose(v == 1)
			var want, wantPacked []T
			for _, threads := range []int{1, 2, 3, 8} {
				w := NewWorkspace(threads)
				c := make([]T, m*n)
				check.FillNaN(c)
				gemm(w, tr, tr, m, n, k, 1, a, lda, b, ldb, 0, c, n)
				if want == nil {
					want = slices.Clone(c)
				}
				check.Exact(t, fmt.Sprintf("m%dn%dk%d on %d threads", m, n, k, threads), c, want)
				packed, err := pack(nil, tr, k, n, b, ldb)
				require.NoError(t, err)
				check.FillNaN(c)
				mulPacked(w, tr, m, 1, a, lda, packed, 0, c, n, nil)
				if wantPacked == nil {
					wantPacked = slices.Clone(c)
				}
				check.Exact(t, fmt.Sprintf("packed m%dn%dk%d on %d threads", m, n, k, threads), c, wantPacked)
			}
		}
	}
}

func TestNoAllocation(t *testing.T) {
	const n = 150
	a, b, c := make([]float32, n*n), make([]float32, n*n), make([]float32, n*n)
	a64, c64 := make([]float64, n*n), make([]float64, n*n)
	e := &Epilogue{Bias: make([]float32, n), Clamp: true, Hi: 6}
	for _, threads := range []int{1, 2} {
		w := NewWorkspace(threads)
		packed, err := PackB(nil, NoTrans, n, n, b, n)
		require.NoError(t, err)
		for v := range 4 {
			tA, tB := Transpose(v&1 != 0), Transpose(v&2 != 0)
			check.NoAllocs(t, func() { w.Sgemm(tA, tB, n, n, n, 1, a, n, b, n, 0, c, n) })
			check.NoAllocs(t, func() { w.Sgemm(tA, tB, 5, n, n, 1, a, n, b, n, 0, c, n) })
			check.NoAllocs(t, func() { w.Sgemm(tA, tB, 3, n, n, 1, a, n, b, n, 0, c, n) })
			check.NoAllocs(t, func() { w.Sgemm(tA, tB, n, 5, n, 1, a, n, b, n, 0, c, n) })
			check.NoAllocs(t, func() { w.Dgemm(tA, tB, n, n, n, 1, a64, n, a64, n, 0, c64, n) })
			check.NoAllocs(t, func() { w.Dgemm(tA, tB, 5, n, n, 1, a64, n, a64, n, 0, c64, n) })
			check.NoAllocs(t, func() { w.MulPacked(tA, n, 1, a, n, packed, 0, c, n, e) })
		}
	}
}

// TestNaN: what is in C does not matter with beta = 0, nor what is in A and B with alpha = 0, and NaN
// passes through the clamp.
func TestNaN(t *testing.T) {
	eachSet(t, func(t *testing.T, set *asm.Set) {
		const m, n, k = 17, 41, 9
		a, b, c := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
		check.FillNaN(a)
		check.FillNaN(b)
		check.FillNaN(c)
		w := NewWorkspaceFor(set, 1)
		w.Sgemm(NoTrans, NoTrans, m, n, k, 0, a, k, b, n, 0, c, n)
		check.Exact(t, "alpha = beta = 0", c, make([]float32, m*n))
		w.Sgemm(NoTrans, NoTrans, m, n, k, 0, nil, k, nil, n, 0, c, n)
		check.Exact(t, "no operands", c, make([]float32, m*n))
		packed, err := PackB(set, NoTrans, k, n, b, n)
		require.NoError(t, err)
		w.MulPacked(NoTrans, m, 1, a, k, packed, 0, c, n, &Epilogue{Clamp: true, Lo: -1, Hi: 1})
		for i, v := range c {
			require.True(t, v != v, "element %d is %v", i, v)
		}
		a64, c64 := make([]float64, m*n), make([]float64, m*n)
		check.FillNaN(a64)
		check.FillNaN(c64)
		w.Dgemm(NoTrans, NoTrans, m, n, k, 0, a64, k, a64, n, 0, c64, n)
		check.Exact(t, "float64, alpha = beta = 0", c64, make([]float64, m*n))
		w.Dgemm(NoTrans, NoTrans, m, n, k, 1, a64, k, make([]float64, k*n), n, 0, c64, n)
		for i, v := range c64 {
			require.True(t, v != v, "float64, element %d is %v", i, v)
		}
		e := &Epilogue{Bias: make([]float32, n)}
		for i := range e.Bias {
			e.Bias[i] = float32(i)
		}
		w.MulPacked(NoTrans, m, 0, a, k, packed, 0, c, n, e)
		for i, v := range c {
			require.Equal(t, float32(i%n), v)
		}
	})
}

func TestArguments(t *testing.T) {
	x, x64 := make([]float32, 12), make([]float64, 12)
	packed, err := PackB(nil, NoTrans, 3, 4, x, 4)
	require.NoError(t, err)
	require.Equal(t, []int{3, 4}, []int{packed.K(), packed.N()})
	w := NewWorkspace(1)
	for _, c := range []struct {
		want string
		call func()
	}{
		{badM, func() { Sgemm(NoTrans, NoTrans, -1, 1, 1, 1, x, 1, x, 1, 0, x, 1) }},
		{badN, func() { Sgemm(NoTrans, NoTrans, 1, -1, 1, 1, x, 1, x, 1, 0, x, 1) }},
		{badK, func() { Sgemm(NoTrans, NoTrans, 1, 1, -1, 1, x, 1, x, 1, 0, x, 1) }},
		{badLdaK, func() { Sgemm(NoTrans, NoTrans, 1, 1, 2, 1, x, 1, x, 1, 0, x, 1) }},
		{badLdaM, func() { Sgemm(Trans, NoTrans, 2, 1, 1, 1, x, 1, x, 1, 0, x, 1) }},
		{badLdbN, func() { Sgemm(NoTrans, NoTrans, 1, 2, 1, 1, x, 1, x, 1, 0, x, 2) }},
		{badLdbK, func() { Sgemm(NoTrans, Trans, 1, 1, 2, 1, x, 2, x, 1, 0, x, 1) }},
		{badLdcN, func() { Sgemm(NoTrans, NoTrans, 1, 2, 1, 1, x, 1, x, 2, 0, x, 1) }},
		{shortA, func() { Sgemm(NoTrans, NoTrans, 4, 1, 3, 1, x[:11], 3, x, 1, 0, x, 1) }},
		{shortC, func() { Sgemm(NoTrans, NoTrans, math.MaxInt, 1, 3, 1, x, 3, x, 1, 0, x, 1) }},
		{shortB, func() { Sgemm(NoTrans, NoTrans, 1, 4, 3, 1, x, 3, x[:11], 4, 0, x, 4) }},
		{shortB, func() { Sgemm(NoTrans, Trans, 1, 4, 3, 1, x, 3, x[:11], 3, 0, x, 4) }},
		{shortC, func() { Sgemm(NoTrans, NoTrans, 4, 3, 1, 1, x, 1, x, 3, 0, x[:11], 3) }},
		{shortC, func() { Sgemm(NoTrans, NoTrans, 3, 4, 1, 1, x, 1, x, 4, 0, x, math.MaxInt) }},
		{nilPacked, func() { w.MulPacked(NoTrans, 1, 1, x, 3, nil, 0, x, 4, nil) }},
		{badM, func() { w.MulPacked(NoTrans, -1, 1, x, 3, packed, 0, x, 4, nil) }},
		{shortA, func() { w.MulPacked(NoTrans, 3, 1, x[:8], 3, packed, 0, x, 4, nil) }},
		{badLdcN, func() { w.MulPacked(NoTrans, 3, 1, x, 3, packed, 0, x, 3, nil) }},
		{wrongBias, func() { w.MulPacked(NoTrans, 3, 1, x, 3, packed, 0, x, 4, &Epilogue{Bias: x[:3]}) }},
		{wrongBias, func() { w.MulPacked(NoTrans, 3, 1, x, 3, packed, 0, x, 4, &Epilogue{Bias: x[:5]}) }},
		{badLdaK, func() { Dgemm(NoTrans, NoTrans, 1, 1, 2, 1, x64, 1, x64, 1, 0, x64, 1) }},
		{shortB, func() { Dgemm(NoTrans, Trans, 1, 4, 3, 1, x64, 3, x64[:11], 3, 0, x64, 4) }},
		{overlapA, func() { Dgemm(NoTrans, NoTrans, 2, 2, 2, 1, x64, 3, make([]float64, 4), 2, 0, x64[4:], 3) }},
		{nilPacked, func() { w.MulPacked64(NoTrans, 1, 1, x64, 3, nil, 0, x64, 4, nil) }},
		{"simdnn: threads is negative, want 0 for GOMAXPROCS or a number of threads", func() { NewWorkspace(-1) }},
		{badKernels, func() { NewWorkspaceFor(&asm.Set{}, 1) }},
		{badClamp, func() {
			w.MulPacked(NoTrans, 1, 1, x, 3, packed, 0, make([]float32, 4), 4, &Epilogue{Clamp: true, Lo: 1})
		}},
		{badClamp, func() {
			w.MulPacked(NoTrans, 1, 1, x, 3, packed, 0, make([]float32, 4), 4, &Epilogue{Clamp: true, Hi: float32(math.NaN())})
		}},
	} {
		require.PanicsWithValue(t, c.want, c.call)
	}
	for _, c := range []struct {
		want      string
		tB        Transpose
		k, n, ldb int
	}{
		{"gemm: k is -1, want at least 0", NoTrans, -1, 1, 1},
		{"gemm: n is -1, want at least 0", NoTrans, 1, -1, 1},
		{"gemm: ldb is 3, want at least 1 and n = 4", NoTrans, 1, 4, 3},
		{"gemm: ldb is 3, want at least 1 and k = 4", Trans, 4, 1, 3},
		{"gemm: len(b) is 12, want 4 rows of 3 elements, 4 apart", NoTrans, 4, 3, 4},
	} {
		_, err := PackB(nil, c.tB, c.k, c.n, x, c.ldb)
		require.EqualError(t, err, c.want)
	}
}

// FuzzSgemm compares products of integers, bit for bit.
func FuzzSgemm(f *testing.F) {
	f.Add(uint8(0), uint16(14), uint16(32), uint16(8), uint64(1))
	f.Add(uint8(7), uint16(29), uint16(49), uint16(600), uint64(2))
	f.Fuzz(func(t *testing.T, flags uint8, m, n, k uint16, seed uint64) {
		p := problem{
			tA: flags&1 != 0, tB: flags&2 != 0, m: int(m % 64), n: int(n % 128), k: int(k % 700), alpha: 1, ints: true,
			padA: int(seed % 3), padB: int(seed % 7), padC: int(seed % 5), seed: seed, side: check.Side(flags >> 2 & 1),
			bias: flags&8 != 0, clamped: flags&16 != 0,
		}
		if flags&32 != 0 {
			p.beta = -1
		}
		for _, isa := range asm.Supported() {
			set, err := asm.For(isa)
			require.NoError(t, err)
			p.run(t, set, NewWorkspaceFor(set, 1))
		}
	})
}

// TestOverlap: C may lie between the rows of A or B, or beside their columns, but not on their elements.
func TestOverlap(t *testing.T) {
	x := make([]float32, 200*200)
	b, err := PackB(nil, NoTrans, 4, 4, x, 4)
	require.NoError(t, err)
	w := NewWorkspace(1)
	for _, n := range []int{4, 90} { // a small product, and another
		for _, c := range []struct {
			a, b, c  []float32
			ldb, ldc int
			want     any
		}{
			{x, x[20000:], x[10000:], 100, 100, nil},
			{x, x[20000:], x, 100, 100, overlapA},
			{x, x[20000:], x[n-1:], 100, 100, overlapA},
			{x, x[20000:], x[(n-1)*100+n-1:], 100, 100, overlapA},
			{x[20000:], x, x, 100, 100, overlapB},
			{x[20000:], x, x[(n-1)*100+n-1:], 100, 100, overlapB},
			{x, x[(n-1)*100+n:], x[n*100:], 100, 100, map[int]any{4: nil, 90: overlapB}[n]},
			{x[20000:], x, x[20000-((n-1)*n+n):], n, n, nil},
			{x[20000:], x, x[20000-((n-1)*n+n)+1:], n, n, overlapA},
		} {
			call := func() { w.Sgemm(NoTrans, NoTrans, n, n, n, 1, c.a, 100, c.b, c.ldb, 0, c.c, c.ldc) }
			if c.want == nil {
				call()
			} else {
				require.PanicsWithValue(t, c.want, call)
			}
		}
		w.Sgemm(NoTrans, NoTrans, n, n, n, 0, x, 100, x, 100, 0, x, 100) // neither is read
		require.PanicsWithValue(t, overlapA, func() { w.MulPacked(NoTrans, n, 1, x, 100, b, 0, x[3:], 100, nil) })
		w.MulPacked(NoTrans, n, 1, x, 100, b, 0, x[4:], 100, nil)
	}
	// A block of an array is updated from the blocks beside it and above it.
	w.Sgemm(NoTrans, NoTrans, 90, 90, 90, -1, x[90*200:], 200, x[90:], 200, 1, x[90*200+90:], 200)
	require.PanicsWithValue(t, overlapB, func() { Sgemm(Trans, Trans, 3, 80, 2, 1, x, 3, x[10:], 2, 0, x[10+159:], 80) })
	require.PanicsWithValue(t, overlapA, func() { Sgemm(Trans, Trans, 3, 80, 2, 1, x, 3, x[1000:], 2, 0, x[5:], 80) })
	Sgemm(Trans, Trans, 3, 80, 2, 1, x, 3, x[1000:], 2, 0, x[6:], 80)
}

// TestOneCallAtATime: a workspace that is in use is not touched, and one that a panic has left serves again.
func TestOneCallAtATime(t *testing.T) {
	const n = 100
	x, y := make([]float32, n*n), make([]float32, n*n)
	check.FillInts(x, 1, 3)
	packed, err := PackB(nil, NoTrans, n, n, x, n)
	require.NoError(t, err)
	small, err := PackB(nil, NoTrans, 4, 4, x, 4)
	require.NoError(t, err)
	broken := *packed
	broken.data = nil
	w := NewWorkspace(2)
	calls := []func(){
		func() { w.Sgemm(NoTrans, NoTrans, 4, 4, 4, 1, x, 4, x, 4, 0, y, 4) },
		func() { w.Sgemm(NoTrans, Trans, n, n, n, 1, x, n, x, n, 0, y, n) },
		func() { w.MulPacked(NoTrans, n, 1, x, n, packed, 0, y, n, nil) },
		func() { w.MulPacked(NoTrans, 4, 1, x, 4, small, 0, y, 4, nil) },
	}
	for i, call := range calls {
		call()
		want := slices.Clone(y)
		w.enter()
		check.FillNaN(y)
		require.PanicsWithValue(t, busyWorkspace, call)
		require.True(t, y[0] != y[0], "call %d wrote", i)
		w.busy.Leave()
		require.Panics(t, func() { w.MulPacked(NoTrans, n, 1, x, n, &broken, 0, y, n, nil) })
		require.Panics(t, func() { w.Sgemm(NoTrans, NoTrans, -1, 4, 4, 1, x, 4, x, 4, 0, y, 4) })
		copy(y, want)
		y[0]++
		call()
		check.Exact(t, "after a panic", y, want)
	}
	for _, none := range []*Workspace{nil, {}} {
		require.PanicsWithValue(t, noWorkspace, func() { none.Sgemm(NoTrans, NoTrans, 4, 4, 4, 1, x, 4, x, 4, 0, y, 4) })
		require.PanicsWithValue(t, noWorkspace, func() { none.Dgemm(NoTrans, NoTrans, 1, 1, 1, 1, nil, 1, nil, 1, 0, nil, 1) })
		require.PanicsWithValue(t, noWorkspace, func() { none.MulPacked(NoTrans, 4, 1, x, 4, small, 0, y, 4, nil) })
	}
	require.PanicsWithValue(t, nilPacked, func() { w.MulPacked(NoTrans, 4, 1, x, 4, new(Packed), 0, y, 4, nil) })

	want := make([]float32, n*n)
	NewWorkspace(1).Sgemm(NoTrans, NoTrans, n, n, n, 1, x, n, x, n, 0, want, n)
	check.Shared(t, busyWorkspace, func() (call, verify func()) {
		y := make([]float32, n*n)
		return func() { w.Sgemm(NoTrans, NoTrans, n, n, n, 1, x, n, x, n, 0, y, n) }, func() { check.Exact(t, "shared", y, want) }
	})
}

// TestHostile gives PackB arguments that it should not have: an error says which.
func TestHostile(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	refused := 0
	for range 5000 {
		c := struct {
			Kernels   *asm.Set
			TB        bool
			K, N, Ldb int
			B         []float32
		}{K: rng.IntN(9), N: rng.IntN(9), Ldb: 1 + rng.IntN(12), B: make([]float32, rng.IntN(100))}
		check.Hostile(rng, &c, 1+rng.IntN(3))
		p, err := PackB(c.Kernels, Transpose(c.TB), c.K, c.N, c.B, c.Ldb)
		check.Refusal(t, "gemm", err, c)
		if t.Failed() {
			return
		}
		if err != nil {
			refused++
			continue
		}
		if c.N < 1<<20 {
			y := make([]float32, 3*c.N)
			NewWorkspace(1).MulPacked(NoTrans, 3, 1, make([]float32, 3*min(c.K, 1<<20)), max(c.K, 1), p, 0, y, max(c.N, 1), nil)
		}
	}
	require.Greater(t, refused, 2000)
}
