package gemm

import (
	"math/bits"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
)

// Workspace is the scratch memory of products and the number of threads they may use. It grows with
// the problems it meets; calls that need no more than earlier ones allocate nothing. A workspace serves
// one call at a time.
type Workspace struct {
	busy    par.Busy
	kernels *asm.Set
	threads int
	f32     engine[float32]
	f64     engine[float64] // made by the first call that needs it
	mixed   mixed           // of products with weights in bfloat16
}

// engine is what a workspace has for a type of element.
type engine[T asm.Float] struct {
	threads int
	family  *family
	workers []*worker[T]
	b       mem.Slab[T] // a span of B, packed
	job     job[T]
	pack    packTask[T]
	mul     mulTask[T]
	vec     vectorTask[T]
	x, y    mem.Slab[T] // strided vectors
	across  mem.Slab[T] // the transpose of C
	batch   batchTask[T]
}

// worker is what each thread has of its own.
type worker[T asm.Float] struct {
	brg    asm.BrgArgs
	tap    asm.Tap
	mover  mover[T]
	a      mem.Slab[T] // a block of A, copied
	copied [2]int      // which: its first step and its first tile
	flags  int         // of all kernel calls in hand
	gemv   asm.GemvArgs
	gemvp  asm.GemvpArgs
	dot    asm.DotArgs
	y      mem.Slab[T] // elements of a product with a vector
	part   [64]T
	_      [128]byte // others write to theirs at the same time
}

// NewWorkspace makes a workspace for products on up to threads threads, with the kernels that asm.Kernels
// chooses; 0 means GOMAXPROCS, and a negative number panics.
func NewWorkspace(threads int) *Workspace { return NewWorkspaceFor(nil, threads) }

// NewWorkspaceFor is NewWorkspace with given kernels, and with the memory that these products need, which then allocate nothing; nil means asm.Kernels().
func NewWorkspaceFor(kernels *asm.Set, threads int, products ...Product) *Workspace {
	kernels = checked(kernels)
	par.Limit(threads) // panics if it is negative
	w := &Workspace{kernels: kernels, threads: threads}
	w.f32.begin(kernels, threads)
	s := w.f32.family.needs(threads, products)
	w.f32.reserve(s)
	w.mixed.reserve(s.mixed)
	return w
}

func (w *engine[T]) begin(kernels *asm.Set, threads int) {
	w.threads, w.family, w.workers = threads, familyOf[T](kernels), []*worker[T]{new(worker[T])}
	w.pack.w, w.mul.w, w.vec.w = w, w, w
}

// Sgemm is the package's Sgemm with the workspace's memory, kernels and threads. It also panics when the workspace is in use.
func (w *Workspace) Sgemm(tA, tB Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	w.enter()
	if !w.f32.quick(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) {
		defer w.busy.Leave()
		w.f32.gemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	w.busy.Leave()
}

// Dgemm is Sgemm for float64.
func (w *Workspace) Dgemm(tA, tB Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	f64 := w.enter64()
	if !f64.quick(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) {
		defer w.busy.Leave()
		f64.gemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	w.busy.Leave()
}

// quick does a small product, and reports whether it was one. The smallest would notice each check on its own, and each call.
func (w *engine[T]) quick(tA, tB Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) bool {
	const far = 1 << (bits.UintSize - 24) // keeps products of sizes from overflowing
	f := w.family
	if !bool(tA) && !bool(tB) && alpha != 0 &&
		uint(m-1) < smallSide && uint(n-1) < smallSide && uint(k-1) < uint(f.kMax) && k <= lda && n <= ldb && n <= ldc && lda|ldb|ldc < far &&
		(m-1)*lda+k <= len(a) && (k-1)*ldb+n <= len(b) && (m-1)*ldc+n <= len(c) && mem.Apart(c, a) && mem.Apart(c, b) && f.isSmall(NoTrans, NoTrans, m, n, k) && !(m == 1 && f.isNarrow(n, k, ldb)) {
		w.workers[0].small(f, m, n, k, alpha, unsafe.SliceData(a), lda, unsafe.SliceData(b), ldb, beta, unsafe.SliceData(c), ldc, nil)
		return true
	}
	return false
}

// enter begins a call.
func (w *Workspace) enter() {
	if w == nil || w.kernels == nil {
		panic(noWorkspace)
	}
	w.busy.Enter(busyWorkspace)
}

// enter64 begins a call with float64.
func (w *Workspace) enter64() *engine[float64] {
	w.enter()
	if w.f64.family == nil {
		w.f64.begin(w.kernels, w.threads)
	}
	return &w.f64
}

// gemm computes other products.
func (w *engine[T]) gemm(tA, tB Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	checkSizes(m, n, k)
	checkA(tA, m, k, lda)
	checkB(tB, n, k, ldb)
	checkC(m, n, c, ldc)
	if m == 0 || n == 0 {
		return
	}
	if alpha == 0 {
		k = 0
	}
	if k > 0 {
		checkLenA(tA, m, k, a, lda)
		checkLenB(tB, n, k, b, ldb)
		checkOverlap(m, n, c, ldc, tA, m, k, a, lda, overlapA)
		checkOverlap(m, n, c, ldc, tB, k, n, b, ldb, overlapB)
		if isAcross(tA, m, n, k) {
			w.mulAcross(w.family, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, nil)
			return
		}
	}
	w.multiply(w.family, tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

// multiply does what has been checked.
func (w *engine[T]) multiply(f *family, tA, tB Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	if f.joins(tA, tB, m, n, k, lda, ldb) {
		w.narrow(f, n, k, alpha, a, b, beta, c)
		return
	}
	if k > 0 && f.isSmall(tA, tB, m, n, k) {
		w.small(f, tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	j := &w.job
	j.f = f
	j.tA, j.m, j.n, j.k = tA, m, n, k
	j.alpha, j.a, j.lda = alpha, a, lda
	j.tB, j.b, j.ldb = tB, b, ldb
	j.beta, j.c, j.ldc = beta, c, ldc
	j.packed, j.e = nil, nil
	w.run()
}

// MulPacked computes C = alpha*op(A)*B + beta*C with packed weights B (PackB), then the epilogue: op(A) is
// m x k, C is m x n, with k and n those of B. e may be nil. The rules are those of Sgemm, and the kernels
// those that B was packed for. A fully connected layer with weights W[n][k] is PackB(nil, Trans, k, n, W, k)
// and MulPacked with a batch of m rows.
func (w *Workspace) MulPacked(tA Transpose, m int, alpha float32, a []float32, lda int, b *Packed, beta float32, c []float32, ldc int, e *Epilogue) {
	w.enter()
	defer w.busy.Leave()
	w.f32.mulPacked(tA, m, alpha, a, lda, b, beta, c, ldc, e)
}

// MulPacked64 is MulPacked for float64.
func (w *Workspace) MulPacked64(tA Transpose, m int, alpha float64, a []float64, lda int, b *Packed64, beta float64, c []float64, ldc int, e *Epilogue64) {
	f64 := w.enter64()
	defer w.busy.Leave()
	f64.mulPacked(tA, m, alpha, a, lda, b, beta, c, ldc, e)
}

func (w *engine[T]) mulPacked(tA Transpose, m int, alpha T, a []T, lda int, b *PackedOf[T], beta T, c []T, ldc int, e *EpilogueOf[T]) {
	if b == nil || b.f == nil {
		panic(nilPacked)
	}
	n, k := b.n, b.k
	checkSizes(m, n, k)
	checkA(tA, m, k, lda)
	checkC(m, n, c, ldc)
	e.check(n)
	if m == 0 || n == 0 {
		return
	}
	if alpha == 0 {
		k = 0
	}
	if k > 0 {
		checkLenA(tA, m, k, a, lda)
		checkOverlap(m, n, c, ldc, tA, m, k, a, lda, overlapA)
		if b.rows != nil && isAcross(tA, m, n, k) {
			w.mulAcross(b.f, Trans, m, n, k, alpha, a, lda, b.rows, k, beta, c, ldc, e)
			return
		}
		if b.f.isSmall(tA, NoTrans, m, n, k) {
			v := w.workers[0]
			if tA {
				a, lda = v.turn(b.f, m, k, a, lda)
			}
			v.small(b.f, m, n, k, alpha, unsafe.SliceData(a), lda, unsafe.SliceData(b.data), 0, beta, unsafe.SliceData(c), ldc, e)
			return
		}
	}
	j := &w.job
	j.f = b.f
	j.tA, j.m, j.n, j.k = tA, m, n, k
	j.alpha, j.a, j.lda = alpha, a, lda
	j.tB, j.b, j.ldb = NoTrans, nil, 0
	j.beta, j.c, j.ldc = beta, c, ldc
	j.packed, j.e = b, e
	w.run()
}

// job is the product in hand.
type job[T asm.Float] struct {
	f           *family
	tA, tB      Transpose
	m, n, k     int
	alpha, beta T
	a, b, c     []T
	lda         int
	ldb, ldc    int
	packed      *PackedOf[T]
	e           *EpilogueOf[T]

	blocking
	vector[T]
	// In hand: columns j0 to j0+nb, steps k0 to k0+kb, and a copy of that part of B.
	j0, nb, k0, kb int
	bp             []T
}

func (w *engine[T]) run() {
	if w.job.isVector() {
		w.runVector()
	} else {
		w.runTiles()
	}
	// The operands are the caller's: do not keep them alive.
	j := &w.job
	j.a, j.b, j.c, j.bp, j.packed, j.e = nil, nil, nil, nil, nil, nil
}

// planTiles plans the job, and says what it needs.
func (j *job[T]) planTiles(threads int) need {
	j.plan(threads)
	s := need{workers: j.workers}
	if j.k > 0 && j.packed == nil && !j.direct {
		s.b = j.f.padded(min(j.span, j.n)) * j.kc
	}
	if j.k > 0 && j.copyA {
		s.a = j.block * j.f.mr * j.f.strideA(j.kc)
	}
	return s
}

func (w *engine[T]) runTiles() {
	j := &w.job
	s := j.planTiles(w.threads)
	w.reserve(s)
	if s.b > 0 {
		j.bp = w.b.Get(s.b)
	}
	for i := range j.workers {
		w.workers[i].copied = [2]int{-1, -1}
	}
	for j.k0 = 0; ; j.k0 += j.kc {
		j.kb = min(j.kc, j.k-j.k0)
		for j.j0 = 0; j.j0 < j.n; j.j0 += j.span {
			j.nb = min(j.span, j.n-j.j0)
			w.getB()
			par.Run(&w.mul, (j.nb+j.nc-1)/j.nc*j.parts, j.workers)
		}
		if j.k0+j.kb >= j.k {
			break
		}
	}
	for i := range j.workers {
		g := &w.workers[i].brg
		g.A, g.B, g.C, g.Bias = nil, nil, nil, nil
	}
}

// getB makes the columns and steps in hand ready for the kernels.
func (w *engine[T]) getB() {
	j := &w.job
	switch {
	case j.kb == 0 || j.direct:
	case j.packed != nil:
		j.bp = j.packed.block(j.k0, j.kb, j.j0)
	default:
		par.Run(&w.pack, (j.nb+j.packCols-1)/j.packCols*((j.kb+j.packSteps-1)/j.packSteps), j.workers)
	}
}

type packTask[T asm.Float] struct{ w *engine[T] }

// Do packs some steps of some columns.
func (t *packTask[T]) Do(id, task int) {
	j := &t.w.job
	parts := (j.kb + j.packSteps - 1) / j.packSteps
	p, s := task/parts*j.packCols, task%parts*j.packSteps
	t.w.workers[id].mover.packB(j.f, j.bp[p*j.kb:], j.kb, s, min(s+j.packSteps, j.kb), j.tB, j.b, j.ldb, j.k0, j.j0+p, min(j.packCols, j.nb-p))
}

type mulTask[T asm.Float] struct{ w *engine[T] }

// Do multiplies some rows with some columns of those in hand.
func (t *mulTask[T]) Do(id, task int) {
	w := t.w.workers[id]
	j := &t.w.job
	t0, t1 := par.Split(j.tiles, j.parts, task%j.parts)
	n0 := task / j.parts * j.nc // from j0
	n1 := min(n0+j.nc, j.nb)
	g := &w.brg
	g.Taps, g.NTap = &w.tap, min(1, j.kb)
	g.K = j.kb
	w.flags = j.flags(g)
	size := int(unsafe.Sizeof(T(0)))
	g.LdA, g.LdC = size*j.lda, size*j.ldc
	var a []T // row first of op(A), step k0
	first := 0
	if j.kb > 0 {
		a = j.a[j.k0:]
	}
	for b0 := t0; b0 < t1; b0 += j.block {
		b1 := min(b0+j.block, t1)
		if j.copyA && j.kb > 0 {
			first = j.tileRow(b0)
			ld := j.f.strideA(j.kb)
			a = w.a.Get(j.block * j.f.mr * ld)
			if key := [2]int{j.k0, b0}; key != w.copied {
				w.copied = key
				w.mover.packA(j.f, a, ld, j.tA, j.a, j.lda, first, j.tileRow(b1)-first, j.k0, j.kb)
			}
			g.LdA = size * ld
		}
		if j.stream {
			for n := n0; n < n1; n += j.f.nr {
				// A single tile meets every line of B once, and the processor sees that by itself.
				ahead := 0
				switch {
				case j.direct:
					ahead = j.nextPanel
				case b1-b0 == 1:
				case n+j.f.nr < n1:
					ahead = size * j.f.nr * j.kb // bytes to the next panel
				default:
					ahead = size * (n0 - n) * j.kb // which the next block begins with
				}
				for s0, s1 := b0, 0; s0 < b1; s0 = s1 {
					s1 = j.chunkEnd(s0, b1)
					if j.direct && ahead != 0 {
						s1 = s0 + 1 // to ask once
					}
					w.mul(j, a, first, s0, s1, n, n1, ahead)
					// The kernel asks for every other line: the second chunk for the others.
					if s0 == b0 && ahead != 0 {
						ahead += 64
					} else {
						ahead = 0
					}
				}
			}
			continue
		}
		for s0, s1 := b0, 0; s0 < b1; s0 = s1 {
			s1 = j.chunkEnd(s0, b1)
			w.mulRow(j, a, first, s0, s1, n0, n1)
		}
	}
}

// mulRow multiplies tiles s0 to s1 with the panels of columns n0 to n1.
func (w *worker[T]) mulRow(j *job[T], a []T, first, s0, s1, n0, n1 int) {
	f, g := j.f, &w.brg
	i := j.tileRow(s0)*j.ldc + j.j0
	full := f.panels[0].rows[j.tileRows(s0)]
	for n := n0; n < n1; n += f.nr {
		if n == n0 || n+f.nr > n1 || j.kb == 0 {
			w.mul(j, a, first, s0, s1, n, n1, 0)
			continue
		}
		// The rest is as it was. Of short sums to set all of it again would be a fifth.
		if j.direct {
			g.B = unsafe.Pointer(&j.b[j.k0*j.ldb+j.j0+n])
		} else {
			g.B = unsafe.Pointer(&j.bp[n*j.kb])
		}
		g.C = unsafe.Pointer(&j.c[i+n])
		if g.Flags&asm.BrgBias != 0 {
			g.Bias = unsafe.Pointer(&j.e.Bias[j.j0+n])
		}
		full.Call(g)
	}
}

// mul multiplies tiles s0 to s1 with the panel of column n from j0, of columns up to n1. a holds op(A) from row
// first on. It asks for what lies ahead bytes behind the panel.
func (w *worker[T]) mul(j *job[T], a []T, first, s0, s1, n, n1, ahead int) {
	f, g := j.f, &w.brg
	size := int(unsafe.Sizeof(T(0)))
	i, rows := j.tileRow(s0), j.tileRows(s0)
	g.Tiles = s1 - s0
	g.N = min(f.nr, n1-n)
	panel := f.panel(g.N)
	g.LdB = size * panel.nr
	g.Ahead = ahead
	g.Flags = w.flags
	switch {
	case j.kb == 0:
	case j.direct:
		g.B = unsafe.Pointer(&j.b[j.k0*j.ldb+j.j0+n])
		g.LdB = size * j.ldb
		if g.N < panel.nr {
			g.Flags |= asm.BrgMaskB
		}
	default:
		g.B = unsafe.Pointer(&j.bp[n*j.kb])
	}
	if j.kb > 0 {
		g.A = unsafe.Pointer(&a[(i-first)*(g.LdA/size)])
	}
	g.C = unsafe.Pointer(&j.c[i*j.ldc+j.j0+n])
	if g.Flags&asm.BrgBias != 0 {
		g.Bias = unsafe.Pointer(&j.e.Bias[j.j0+n])
	}
	panel.rows[rows].Call(g)
}

// flags sets the scalars of the block in hand and returns its flags.
func (j *job[T]) flags(g *asm.BrgArgs) int {
	f := j.fetchC
	alpha, beta, _, _ := asm.Scalars[T](g)
	if j.alpha != 1 && j.kb > 0 {
		f |= asm.BrgAlpha
		*alpha = j.alpha
	}
	if j.k0 > 0 {
		f |= asm.BrgAccumulate
		*beta = 1
	} else if j.beta != 0 {
		f |= asm.BrgAccumulate
		*beta = j.beta
	}
	if j.e != nil && j.k0+j.kb >= j.k {
		f |= j.e.flags(g)
	}
	return f
}

// check panics if the epilogue is not one for n columns.
func (e *EpilogueOf[T]) check(n int) {
	if e != nil && e.Bias != nil && len(e.Bias) != n {
		panic(wrongBias)
	}
	if e != nil && e.Clamp && !(e.Lo <= e.Hi) {
		panic(badClamp)
	}
}

// flags sets the scalars and returns the flags.
func (e *EpilogueOf[T]) flags(g *asm.BrgArgs) int {
	f := 0
	if e.Bias != nil {
		f = asm.BrgBias
	}
	if e.Clamp {
		f |= asm.BrgClamp
		_, _, lo, hi := asm.Scalars[T](g)
		*lo, *hi = e.Lo, e.Hi
	}
	return f
}
