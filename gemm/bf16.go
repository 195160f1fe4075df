package gemm

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/internal/transpose"
)

// PackedBF16 is a k x n matrix of weights rounded to bfloat16, in the order in which the kernels read it: panels of columns, in each pair after
// pair of rows. It takes half the memory of a Packed, and where that is what binds, as for a vector and the weights of a fully connected layer, half the time. It is
// not changed by products and serves any number of them at a time.
type PackedBF16 struct {
	set   *asm.Set
	k, n  int
	nr    int
	rows  []*asm.BrgRow // [rows of the tile]; [0] is nil
	gemvp *asm.GemvpRow
	words []float32 // [panel][pair of k][nr], a pair of bfloat16 each
}

// PaysBF16 reports whether MulPackedBF16 is no slower than MulPacked with these kernels, for a few rows; nil means asm.Kernels(). Portable kernels are slower, and where
// many rows pass widening the weights costs a twentieth with AVX-512, a fourth with AVX2.
func PaysBF16(kernels *asm.Set) bool {
	kernels, err := kernels.Or()
	return err == nil && kernels.BrgMixed[0].ISA != asm.Generic
}

// PackBF16 packs op(B) as PackB does, its elements rounded to the nearest bfloat16, ties to even; a NaN stays one.
func PackBF16(kernels *asm.Set, tB Transpose, k, n int, b []float32, ldb int) (*PackedBF16, error) {
	kernels, err := kernels.Or()
	if err != nil {
		return nil, fmt.Errorf("gemm: %w", err)
	}
	if err := checkPack(tB, k, n, b, ldb); err != nil {
		return nil, err
	}
	mixed := kernels.BrgMixed
	p := &PackedBF16{set: kernels, k: k, n: n, nr: mixed[0].NR, rows: make([]*asm.BrgRow, mixed[0].MR+1), gemvp: kernels.GemvpMixed[0]}
	for _, r := range mixed {
		p.rows[r.MR] = r
	}
	if k > 0 && n > math.MaxInt/4/k-p.nr {
		return nil, fmt.Errorf("gemm: k is %d and n %d, whose product overflows the address space", k, n)
	}
	p.words = mem.Floats((n + p.nr - 1) / p.nr * p.panel())
	if k == 0 || n == 0 {
		return p, nil
	}
	v := &narrower{set: kernels, words: make([]float32, p.pairs())}
	if tB {
		v.rows(p, b, ldb)
	} else {
		v.columns(p, b, ldb)
	}
	return p, nil
}

// checkPack checks the arguments of a function that packs.
func checkPack[T asm.Float](tB Transpose, k, n int, b []T, ldb int) error {
	rows, cols, least := k, n, "n"
	if tB {
		rows, cols, least = n, k, "k"
	}
	switch {
	case k < 0:
		return fmt.Errorf("gemm: k is %d, want at least 0", k)
	case n < 0:
		return fmt.Errorf("gemm: n is %d, want at least 0", n)
	case ldb < max(1, cols):
		return fmt.Errorf("gemm: ldb is %d, want at least 1 and %s = %d", ldb, least, cols)
	case !holds(len(b), rows, cols, ldb):
		return fmt.Errorf("gemm: len(b) is %d, want %d rows of %d elements, %d apart", len(b), rows, cols, ldb)
	}
	return nil
}

// K and N are the sizes of the matrix.
func (p *PackedBF16) K() int { return p.k }
func (p *PackedBF16) N() int { return p.n }

// Bytes is the memory that the packed matrix takes.
func (p *PackedBF16) Bytes() int { return mem.Taken(4 * len(p.words)) }

// pairs of k, of which the last one may be half zeros.
func (p *PackedBF16) pairs() int { return (p.k + 1) / 2 }

// panel is the words of one.
func (p *PackedBF16) panel() int { return p.pairs() * p.nr }

// narrower packs.
type narrower struct {
	set   *asm.Set
	quant asm.QuantArgs
	turn  transpose.Worker
	words []float32 // pairs of bfloat16
}

// narrow rounds src.
func (v *narrower) narrow(dst []uint16, src []float32) {
	a := &v.quant
	for len(src) > 0 {
		a.N = min(len(src), asm.MaxElems)
		a.A, a.Y = unsafe.Pointer(&src[0]), unsafe.Pointer(&dst[0])
		v.set.Quant[asm.Narrow].Call(a)
		src, dst = src[a.N:], dst[a.N:]
	}
	a.A, a.Y = nil, nil
}

// rows packs a matrix whose transpose has rows of k: rounded they are pairs already.
func (v *narrower) rows(p *PackedBF16, b []float32, ldb int) {
	pairs := p.pairs()
	block := make([]float32, p.nr*pairs)
	for j := 0; j < p.n; j += p.nr {
		cols := min(p.nr, p.n-j)
		for i := range cols {
			v.narrow(bfloats(block[i*pairs:(i+1)*pairs]), b[(j+i)*ldb:][:p.k])
		}
		transpose.Matrix(&v.turn, p.set, p.words[j*pairs:], p.nr, block, pairs, cols, pairs)
	}
}

// columns packs a matrix of rows of n, two at a time.
func (v *narrower) columns(p *PackedBF16, b []float32, ldb int) {
	even, odd := make([]uint16, p.n), make([]uint16, p.n)
	for i := range p.pairs() {
		v.narrow(even, b[2*i*ldb:][:p.n])
		if clear(odd); 2*i+1 < p.k {
			v.narrow(odd, b[(2*i+1)*ldb:][:p.n])
		}
		for j := range p.n {
			to := bfloats(p.words[j/p.nr*p.panel()+i*p.nr+j%p.nr:][:1])
			to[0], to[1] = even[j], odd[j]
		}
	}
}

// bfloats looks at words as pairs of bfloat16.
func bfloats(words []float32) []uint16 {
	return unsafe.Slice((*uint16)(unsafe.Pointer(unsafe.SliceData(words))), 2*len(words))
}

// mixed is what a workspace has for products with a PackedBF16.
type mixed struct {
	workers []*mixedWorker

	// In hand.
	b        *PackedBF16
	m        int
	a, c     []float32
	lda, ldc int
	beta     float32
	e        *Epilogue
	strips   int // of rows
}

// mixedWorker is what each thread has of its own.
type mixedWorker struct {
	brg   asm.BrgArgs
	tap   asm.Tap
	gemvp asm.GemvpArgs
	y     [4 * mixedMostNR]float32 // 4 panels of a product with a vector
	last  [2 * mixedMostMR]float32 // the last column of A and zeros, in pairs, where k is odd
	_     [128]byte                // others write to theirs at the same time
}

// MulPackedBF16 computes C = A*B + beta*C with weights B in bfloat16 (PackBF16), then the epilogue: A is m x k, C is m x n, both float32, as are the sums. e may be
// nil. The rules are those of MulPacked.
func (w *Workspace) MulPackedBF16(m int, a []float32, lda int, b *PackedBF16, beta float32, c []float32, ldc int, e *Epilogue) {
	w.enter()
	defer w.busy.Leave()
	if b == nil || b.set == nil {
		panic(nilPackedBF16)
	}
	checkSizes(m, b.n, b.k)
	checkA(NoTrans, m, b.k, lda)
	checkC(m, b.n, c, ldc)
	e.check(b.n)
	if m == 0 || b.n == 0 {
		return
	}
	if b.k > 0 {
		checkLenA(NoTrans, m, b.k, a, lda)
		checkOverlap(m, b.n, c, ldc, NoTrans, m, b.k, a, lda, overlapA)
	}
	x := &w.mixed
	x.b, x.m, x.a, x.lda, x.beta, x.c, x.ldc, x.e = b, m, a, lda, beta, c, ldc, e
	x.strips = (m + mixedRows - 1) / mixedRows
	workers := b.workers(m, w.threads)
	x.reserve(workers)
	par.Run(x, (b.n+4*b.nr-1)/(4*b.nr)*x.strips, workers)
	x.b, x.a, x.c, x.e = nil, nil, nil, nil
}

// workers is how many are worth waking for m rows.
func (p *PackedBF16) workers(m, threads int) int {
	if float64(m)*float64(p.n)*float64(p.k) > vectorWork {
		return par.Limit(threads)
	}
	return 1
}

// reserve makes workers, if they are not there.
func (x *mixed) reserve(workers int) {
	for len(x.workers) < workers {
		x.workers = append(x.workers, new(mixedWorker))
	}
}

const (
	mixedRows  = 240  // rows of a task: of all numbers of rows that tiles have a multiple, or nearly
	mixedAhead = 4096 // bytes from what is read to what is asked for
	mixedPairs = 512  // pairs of k that are summed at a time, for a few panels to stay in the second cache

	mixedMostNR, mixedMostMR = 32, 12 // of all kernels
)

// Do makes some rows of four panels of columns.
func (x *mixed) Do(id, task int) {
	b, w := x.b, x.workers[id]
	i0 := task % x.strips * mixedRows
	rows := min(mixedRows, x.m-i0)
	j0 := task / x.strips * 4 * b.nr
	cols := min(4*b.nr, b.n-j0)
	if x.m == 1 && cols == 4*b.nr && b.k > 0 {
		w.vector(x, j0)
	} else {
		w.tiles(x, i0, rows, j0, cols)
	}
	g, p := &w.brg, &w.gemvp
	g.A, g.B, g.C, g.Bias = nil, nil, nil, nil
	p.W, p.X, p.Y = nil, nil, nil
}

// tiles makes rows i0 to i0+rows of columns j0 to j0+cols.
func (w *mixedWorker) tiles(x *mixed, i0, rows, j0, cols int) {
	b, g := x.b, &w.brg
	whole := b.k / 2
	g.LdA, g.LdB, g.LdC = 4*x.lda, 4*b.nr, 4*x.ldc
	g.Taps, g.Ahead = &w.tap, mixedAhead
	g.Beta = x.beta
	for p := 0; ; p += mixedPairs {
		g.K = max(0, min(mixedPairs, whole-p))
		g.NTap = min(1, g.K)
		flags := 0
		if p > 0 || x.beta != 0 {
			flags = asm.BrgAccumulate
		}
		if p > 0 {
			g.Beta = 1
		}
		last := p+g.K >= whole
		if last && b.k%2 == 0 && x.e != nil {
			flags |= x.e.flags(g)
		}
		for j := j0; j < j0+cols; j += b.nr {
			w.panel(x, flags, i0, rows, j, j0+cols, 2*p, p)
		}
		if last {
			break
		}
	}
	if b.k%2 == 0 {
		return
	}
	// The last row of B is half of a pair, whose other half is zeros.
	flags := asm.BrgAccumulate
	g.Beta = 1
	if x.e != nil {
		flags |= x.e.flags(g)
	}
	g.K, g.NTap, g.LdA = 1, 1, 8
	for j := j0; j < j0+cols; j += b.nr {
		w.panel(x, flags, i0, rows, j, j0+cols, -1, whole)
	}
}

// panel adds the products of column k of A and what follows it with the panel of column j, from a pair on; or with k -1 those of the last column.
func (w *mixedWorker) panel(x *mixed, flags, i0, rows, j, end, k, pair int) {
	b, g := x.b, &w.brg
	g.N = min(b.nr, end-j)
	g.Flags = flags
	if g.K > 0 {
		g.B = unsafe.Pointer(&b.words[j*b.pairs()+pair*b.nr])
	}
	if flags&asm.BrgBias != 0 {
		g.Bias = unsafe.Pointer(&x.e.Bias[j])
	}
	mr := len(b.rows) - 1
	tiles := (rows + mr - 1) / mr // as even as can be
	most := max(1, asm.MaxWork/(2*max(1, g.K)*mr*b.nr))
	for i := i0; i < i0+rows; {
		left := i0 + rows - i
		height := (left + tiles - 1) / tiles
		g.Tiles = min(most, left-(height-1)*tiles) // of this height, the others have a row less
		switch {
		case k < 0:
			g.Tiles = 1
			pairs := &w.last
			for r := range height {
				pairs[2*r] = x.a[(i+r)*x.lda+b.k-1]
				pairs[2*r+1] = 0
			}
			g.A = unsafe.Pointer(&pairs[0])
		case g.K > 0:
			g.A = unsafe.Pointer(&x.a[i*x.lda+k])
		}
		g.C = unsafe.Pointer(&x.c[i*x.ldc+j])
		b.rows[height].Call(g)
		tiles -= g.Tiles
		i += g.Tiles * height
	}
}

// vector makes four panels of the one row.
func (w *mixedWorker) vector(x *mixed, j0 int) {
	b, p := x.b, &w.gemvp
	y := w.y[:4*b.nr]
	clear(y)
	p.Y, p.Panel = unsafe.Pointer(&y[0]), 4*b.panel()
	most := asm.MaxWork / (8 * b.nr)
	for k := 0; k < b.k/2; k += most {
		p.K = min(most, b.k/2-k)
		p.W = unsafe.Pointer(&b.words[j0*b.pairs()+k*b.nr])
		p.X = unsafe.Pointer(&x.a[2*k])
		b.gemvp.Call(p)
	}
	if b.k%2 != 0 {
		pair := &w.last
		pair[0], pair[1] = x.a[b.k-1], 0
		p.K = 1
		p.W, p.X = unsafe.Pointer(&b.words[j0*b.pairs()+b.k/2*b.nr]), unsafe.Pointer(&pair[0])
		b.gemvp.Call(p)
	}
	for j := range y {
		v := y[j]
		if x.beta != 0 {
			v += x.beta * x.c[j0+j]
		}
		if e := x.e; e != nil {
			if e.Bias != nil {
				v += e.Bias[j0+j]
			}
			if e.Clamp {
				if v < e.Lo {
					v = e.Lo
				}
				if v > e.Hi {
					v = e.Hi
				}
			}
		}
		x.c[j0+j] = v
	}
}
