package gemm

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
)

// Product is the size of a product C = op(A)*op(B) of float32, as far as it decides how much scratch memory that takes: the arguments of Sgemm, or with Packed those
// of MulPacked, where N, K, TB and LdB are not looked at.
type Product struct {
	TA, TB        Transpose
	M, N, K       int
	LdA, LdB, LdC int
	Packed        *Packed
	BF16          *PackedBF16 // the same of MulPackedBF16
}

// job is the product without operands.
func (p *Product) job(f *family) job[float32] {
	j := job[float32]{f: f, tA: p.TA, m: p.M, k: p.K, n: p.N, lda: p.LdA, tB: p.TB, ldb: p.LdB, ldc: p.LdC, alpha: 1}
	if b := p.Packed; b != nil {
		if b.f == nil {
			panic(nilPacked)
		}
		j.f, j.packed, j.n, j.k, j.tB, j.ldb = b.f, b, b.n, b.k, NoTrans, 0
	}
	checkSizes(j.m, j.n, j.k)
	checkA(j.tA, j.m, j.k, j.lda)
	if j.packed == nil {
		checkB(j.tB, j.n, j.k, j.ldb)
	}
	if j.ldc < max(j.n, 1) {
		panic(badLdcN)
	}
	return j
}

// need is scratch memory in elements: of all workers, and a and part of each.
type need struct {
	workers      int
	b            int // a span of B, packed
	x, y, across int // strided vectors; the transpose of C
	a, part      int // a block of A; elements of a product with a vector
	mixed        int // workers of products with weights in bfloat16
}

func (s need) max(t need) need {
	return need{max(s.workers, t.workers), max(s.b, t.b), max(s.x, t.x), max(s.y, t.y), max(s.across, t.across), max(s.a, t.a), max(s.part, t.part), max(s.mixed, t.mixed)}
}

// scratch is what the job needs: it goes the ways of gemm, mulPacked and multiply. It plans the job.
func (j *job[T]) scratch(threads int) need {
	f, s := j.f, need{workers: 1}
	switch {
	case j.m == 0 || j.n == 0 || j.k == 0:
		return s
	case (j.packed == nil || j.packed.rows != nil) && isAcross(j.tA, j.m, j.n, j.k):
		inner := job[T]{f: f, tA: !j.tB, m: j.n, n: j.m, k: j.k, lda: j.ldb, tB: NoTrans, ldb: j.lda, ldc: j.m, alpha: 1}
		if j.packed != nil {
			inner.tA, inner.lda = NoTrans, j.k
		}
		s = inner.scratch(threads)
		s.across = j.m * j.n
		return s
	case j.packed == nil && f.joins(j.tA, j.tB, j.m, j.n, j.k, j.lda, j.ldb):
		s.part, s.a = narrowJoin*narrowJoin*j.n, narrowJoin*f.strideA(min(f.kMax, j.k/narrowJoin))
		return s
	case f.isSmall(j.tA, j.tB, j.m, j.n, j.k):
		if j.tA {
			s.a = j.m * f.strideA(j.k)
		}
		if j.tB {
			s.b = f.padded(j.n) * j.k
		}
		return s
	case j.isVector():
		return j.planVector(threads)
	}
	return j.planTiles(threads)
}

// reserve makes what is needed, if it is not there.
func (w *engine[T]) reserve(s need) {
	for len(w.workers) < s.workers {
		w.workers = append(w.workers, new(worker[T]))
	}
	w.b.Get(s.b)
	w.x.Get(s.x)
	w.y.Get(s.y)
	w.across.Get(s.across)
	for _, v := range w.workers[:s.workers] {
		v.a.Get(s.a)
		v.y.Get(s.part)
	}
}

// bytes is the memory that reserve takes.
func (s need) bytes(size int) (n int) {
	taken := func(elems int) int {
		if elems == 0 {
			return 0
		}
		return mem.Taken(size * elems)
	}
	return s.mixed*int(unsafe.Sizeof(mixedWorker{})) + taken(s.b) + taken(s.x) + taken(s.y) + taken(s.across) + s.workers*(int(unsafe.Sizeof(worker[float32]{}))+taken(s.a)+taken(s.part))
}

// needs is the most that one of the products needs.
func (f *family) needs(threads int, products []Product) need {
	s := need{workers: 1}
	for i := range products {
		if b := products[i].BF16; b != nil {
			if b.set == nil {
				panic(nilPackedBF16)
			}
			s.mixed = max(s.mixed, b.workers(products[i].M, threads))
			continue
		}
		j := products[i].job(f)
		s = s.max(j.scratch(threads))
	}
	return s
}

// WorkspaceBytes is the memory that NewWorkspaceFor takes for these products.
func WorkspaceBytes(kernels *asm.Set, threads int, products ...Product) int {
	par.Limit(threads) // panics if it is negative
	f := familyOf[float32](checked(kernels))
	return int(unsafe.Sizeof(Workspace{})) + f.needs(threads, products).bytes(4)
}

// checked is the kernels of a workspace.
func checked(kernels *asm.Set) *asm.Set {
	if kernels == nil {
		return asm.MustKernels()
	}
	kernels, err := kernels.Or()
	if err != nil {
		panic(badKernels)
	}
	return kernels
}
