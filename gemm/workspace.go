package gemm

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
)

// Workspace is the scratch memory of products and the number of threads they may use. It grows with
// the problems it meets; calls that need no more than earlier ones allocate nothing. A workspace serves
// one call at a time.
type Workspace struct {
	threads int
	family  *family
	workers []*worker
	a       mem.Slab[float32] // rows of A, copied
	b       mem.Slab[float32] // a span of B, packed
	job     job
	copy    copyTask
	pack    packTask
	mul     mulTask
	vec     vectorTask
	x       mem.Slab[float32] // a strided vector
}

// worker is what each thread has of its own.
type worker struct {
	brg   asm.BrgArgs
	tap   asm.Tap
	fetch asm.FetchArgs
	mover mover
	gemv  asm.GemvArgs
	gemvp asm.GemvpArgs
	y     mem.Slab[float32] // elements of a product with a vector
	part  [64]float32
	_     [128]byte // others write to theirs at the same time
}

// NewWorkspace makes a workspace for products on up to threads threads, 0 meaning GOMAXPROCS, with
// the kernels that asm.Kernels chooses.
func NewWorkspace(threads int) *Workspace { return NewWorkspaceFor(asm.MustKernels(), threads) }

// NewWorkspaceFor is NewWorkspace with given kernels.
func NewWorkspaceFor(kernels *asm.Set, threads int) *Workspace {
	if kernels == nil {
		panic(badKernels)
	}
	if threads < 0 {
		panic(badThreads)
	}
	w := &Workspace{threads: threads, family: familyOf(kernels)}
	w.copy.w, w.pack.w, w.mul.w, w.vec.w = w, w, w, w
	return w
}

// Sgemm is the package's Sgemm with the workspace's memory, kernels and threads.
func (w *Workspace) Sgemm(tA, tB Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
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
		if !bFits(tB, n, k, b, ldb) {
			panic(shortB)
		}
	}
	j := &w.job
	j.f = w.family
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
	if b == nil {
		panic(nilPacked)
	}
	n, k := b.n, b.k
	checkSizes(m, n, k)
	checkA(tA, m, k, lda)
	checkC(m, n, c, ldc)
	if e != nil && e.Bias != nil && len(e.Bias) < n {
		panic(shortBias)
	}
	if m == 0 || n == 0 {
		return
	}
	if alpha == 0 {
		k = 0
	}
	if k > 0 {
		checkLenA(tA, m, k, a, lda)
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
type job struct {
	f           *family
	tA, tB      Transpose
	m, n, k     int
	alpha, beta float32
	a, b, c     []float32
	lda         int
	ldb, ldc    int
	packed      *Packed
	e           *Epilogue

	blocking
	vector
	// In hand: tiles t0 to t1, columns j0 to j0+nb, steps k0 to k0+kb, and copies of A and B.
	t0, t1         int
	j0, nb, k0, kb int
	ac, bp         []float32
}

func (w *Workspace) run() {
	if w.job.isVector() {
		w.runVector()
	} else {
		w.runTiles()
	}
	// The operands are the caller's: do not keep them alive.
	j := &w.job
	j.a, j.b, j.c, j.ac, j.bp, j.packed, j.e = nil, nil, nil, nil, nil, nil, nil
}

// grow makes the job's workers.
func (w *Workspace) grow() {
	for len(w.workers) < w.job.workers {
		w.workers = append(w.workers, new(worker))
	}
}

func (w *Workspace) runTiles() {
	j := &w.job
	j.plan(w.threads)
	w.grow()
	if j.k > 0 {
		switch {
		case j.direct:
			j.bp = w.b.Get(j.f.nr * j.kc)
		case j.packed == nil:
			j.bp = w.b.Get(j.f.padded(min(j.span, j.n)) * j.kc)
		}
		if j.copyA {
			j.ac = w.a.Get(j.height * j.f.mr * strideA(j.kc))
		}
	}
	for j.k0 = 0; ; j.k0 += j.kc {
		j.kb = min(j.kc, j.k-j.k0)
		for j.t0 = 0; j.t0 < j.tiles; j.t0 = j.t1 {
			j.t1 = min(j.t0+j.height, j.tiles)
			if j.copyA && j.kb > 0 {
				par.Run(&w.copy, (j.tileRow(j.t1)-j.tileRow(j.t0)+copyRows-1)/copyRows, j.workers)
			}
			w.columns()
		}
		if j.k0+j.kb >= j.k {
			break
		}
	}
	for i := range j.workers {
		g := &w.workers[i].brg
		g.A, g.B, g.C, g.Bias = nil, nil, nil, nil
		w.workers[i].fetch.P = nil
	}
}

// columns goes over the columns for the rows and steps in hand.
func (w *Workspace) columns() {
	j := &w.job
	for j.j0 = 0; j.j0 < j.n; j.j0 += j.span {
		j.nb = min(j.span, j.n-j.j0)
		blocks := (j.nb + j.nc - 1) / j.nc
		switch {
		case j.kb == 0:
		case j.packed != nil:
			j.bp = j.packed.block(j.k0, j.kb, j.j0)
		case j.direct:
			if rest := j.nb % j.f.nr; rest != 0 {
				w.workers[0].mover.packB(j.f, j.bp, j.kb, 0, j.kb, j.tB, j.b, j.ldb, j.k0, j.j0+j.nb-rest, rest)
			}
		default:
			par.Run(&w.pack, blocks*j.kParts, j.workers)
		}
		par.Run(&w.mul, blocks*min(j.parts, j.t1-j.t0), j.workers)
	}
}

// copyRows is the number of rows of A in a task.
const copyRows = 128

type copyTask struct{ w *Workspace }

// Do copies some of the rows in hand.
func (t *copyTask) Do(id, task int) {
	j := &t.w.job
	first := j.tileRow(j.t0)
	i := first + task*copyRows
	rows := min(copyRows, j.tileRow(j.t1)-i)
	ld := strideA(j.kb)
	t.w.workers[id].mover.packA(j.f, j.ac[(i-first)*ld:], ld, j.tA, j.a, j.lda, i, rows, j.k0, j.kb)
}

type packTask struct{ w *Workspace }

// Do packs some steps of a block of columns.
func (t *packTask) Do(id, task int) {
	j := &t.w.job
	p := task / j.kParts * j.nc
	s0, s1 := par.Split(j.kb, j.kParts, task%j.kParts)
	t.w.workers[id].mover.packB(j.f, j.bp[p*j.kb:], j.kb, s0, s1, j.tB, j.b, j.ldb, j.k0, j.j0+p, min(j.nc, j.nb-p))
}

type mulTask struct{ w *Workspace }

// Do multiplies some of the rows in hand with a block of columns.
func (t *mulTask) Do(id, task int) {
	w := t.w.workers[id]
	j := &t.w.job
	f := j.f
	parts := min(j.parts, j.t1-j.t0)
	t0, t1 := par.Split(j.t1-j.t0, parts, task%parts)
	t0, t1 = j.t0+t0, j.t0+t1
	n0 := task / parts * j.nc // from j0
	n1 := min(n0+j.nc, j.nb)
	panels := (n1 - n0 + f.nr - 1) / f.nr

	// Row i of op(A), from step k0 on, is a[(i-first)*lda:].
	var a []float32
	lda, first := j.lda, 0
	if j.copyA {
		a, lda, first = j.ac, strideA(j.kb), j.tileRow(j.t0)
	} else if j.kb > 0 {
		a = j.a[j.k0:]
	}
	g := &w.brg
	g.Taps, g.NTap = &w.tap, min(1, j.kb)
	g.K = j.kb
	g.LdA, g.LdC = 4*lda, 4*j.ldc
	g.Flags = j.flags(g)

	for s0 := t0; s0 < t1; {
		s1 := j.chunkEnd(s0, t1)
		i0, i1 := j.tileRow(s0), j.tileRow(s1)
		rows := j.tileRows(s0)
		g.Tiles = s1 - s0
		next := 0 // rows of the next chunk
		if j.kb > 0 {
			g.A = unsafe.Pointer(&a[(i0-first)*lda])
			if j.fetchA && s1 < t1 {
				next = j.tileRow(j.chunkEnd(s1, t1)) - i1
			}
		}
		for q := range panels {
			if r0, r1 := par.Split(next, panels, q); r1 > r0 {
				w.fetch.P = unsafe.Pointer(&a[(i1+r0-first)*lda])
				w.fetch.Rows, w.fetch.Bytes, w.fetch.Ld = r1-r0, 4*j.kb, 4*lda
				f.fetch.Call(&w.fetch)
			}
			col := n0 + q*f.nr
			g.N = min(f.nr, n1-col)
			width := f.width(g.N)
			g.LdB = 4 * width
			switch {
			case j.kb == 0:
			case !j.direct:
				g.B = unsafe.Pointer(&j.bp[col*j.kb])
			case g.N == f.nr:
				g.B = unsafe.Pointer(&j.b[j.k0*j.ldb+j.j0+col])
				g.LdB = 4 * j.ldb
			default:
				g.B = unsafe.Pointer(&j.bp[0])
			}
			g.C = unsafe.Pointer(&j.c[i0*j.ldc+j.j0+col])
			if g.Flags&asm.BrgBias != 0 {
				g.Bias = unsafe.Pointer(&j.e.Bias[j.j0+col])
			}
			if width == f.nr {
				f.rows[rows].Call(g)
			} else {
				f.narrowRows[rows].Call(g)
			}
		}
		s0 = s1
	}
}

// flags sets the scalars of the block in hand and returns its flags.
func (j *job) flags(g *asm.BrgArgs) int {
	f := j.fetchC
	if j.alpha != 1 && j.kb > 0 {
		f |= asm.BrgAlpha
		g.Alpha = j.alpha
	}
	if j.k0 > 0 {
		f |= asm.BrgAccumulate
		g.Beta = 1
	} else if j.beta != 0 {
		f |= asm.BrgAccumulate
		g.Beta = j.beta
	}
	if e := j.e; e != nil && j.k0+j.kb >= j.k {
		if e.Bias != nil {
			f |= asm.BrgBias
		}
		if e.Clamp {
			f |= asm.BrgClamp
			g.Lo, g.Hi = e.Lo, e.Hi
		}
	}
	return f
}
