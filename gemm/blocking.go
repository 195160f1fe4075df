package gemm

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/cpu"
	"github.com/simdnn/simdnn/internal/par"
)

// How a product is cut, and what lies where:
//
//	for k0 in blocks of kc steps                    one pass over C for each
//	  for span in columns                           those that are packed at a time
//	    pack B[k0:k0+kc][span]
//	    for task in rows x columns of the span
//	      for block in rows of the task             block x kc of A
//	        copy it, where rows must be turned or would thrash
//	        for panel of NR columns                 kc x NR of B
//	          for chunk of tiles (MR rows each)     the micro-kernel: chunk x panel of C, kc steps
//
// A block of A stays in the second cache, the panels of B pass by once for each block: they come from the third
// cache, and the kernels ask for the next one line by line while they work on one. A B that fits half of
// the second cache stays there instead, and the order is the other one: chunks of A that fit the first
// cache pass by, and each meets all panels.

// family is a Set's micro-kernels for a type of element as they are looked up: by width, then by rows.
type family struct {
	set    *asm.Set
	size   int            // bytes of an element
	mr     int            // most rows of a tile
	nr     int            // columns of a full panel
	panels []panel        // full ones, and narrower ones for the last columns, widest first
	gemv   []*asm.GemvRow // widest vectors first
	gemvs  *asm.GemvRow   // for few rows
	gemvt  []*asm.GemvtRow
	dot    [6]*asm.DotRow // [vectors left, 5 and more in the last]; nil where this level has none
	axpy   [6]*asm.AxpyRow
	gemvp  *asm.GemvpRow // nil when there is none for panels of nr columns
	limits
}

// panel is what multiplies and packs panels of one width.
type panel struct {
	nr   int
	rows []*asm.BrgRow // [rows of the tile]; [0] is nil
	pack *asm.PackRow
}

// limits are the sizes of blocks, in elements.
type limits struct {
	kMax        int // steps of k
	bMax        int // of a B that stays in the second cache
	aMax        int // of a block of A that stays there
	spanMax     int // of the columns of B that are packed at a time
	chunkMax    int // steps times tiles of a chunk of A that stays in the first cache
	smallMax    int // multiply-adds of a small product
	directTiles int // most tiles of rows for which B is not packed
	directMax   int // steps of k then
	l1          int // the caches
	l2          int
}

// familyOf takes the tile with the most multiply-adds per element read, and beside it the narrower ones with as many
// rows for the end of the rows of B.
func familyOf[T asm.Float](set *asm.Set) *family {
	size, kernels := int(unsafe.Sizeof(T(0))), asm.Products[T](set)
	f := &family{set: set, size: size, gemv: kernels.Gemv, gemvs: kernels.Gemvs[0], gemvt: kernels.Gemvt, limits: cacheLimits(size)}
	for _, r := range kernels.Brg {
		if r.MR*r.NR*(f.mr+f.nr) > f.mr*f.nr*(r.MR+r.NR) || f.nr == 0 {
			f.mr, f.nr = r.MR, r.NR
		}
	}
	for _, r := range kernels.Pack { // widest first
		p := panel{nr: r.Width, rows: make([]*asm.BrgRow, f.mr+1), pack: r}
		for _, r := range kernels.Brg {
			if r.NR == p.nr && r.MR <= f.mr {
				p.rows[r.MR] = r
			}
		}
		if p.nr <= f.nr && p.rows[f.mr] != nil {
			f.panels = append(f.panels, p)
		}
	}
	for _, r := range kernels.Dot {
		if r.ISA == asm.Generic && set.ISA != asm.Generic {
			continue // tiles are quicker
		}
		f.dot[r.MR] = r
		f.dot[r.MR+2] = r // no vector remains alone
	}
	for _, r := range kernels.Axpy {
		if r.ISA == asm.Generic && set.ISA != asm.Generic {
			continue
		}
		f.axpy[r.MR] = r
		f.axpy[r.MR+2] = r
	}
	for _, r := range kernels.Gemvp {
		if r.NR == f.nr {
			f.gemvp = r
		}
	}
	return f
}

// panel is the narrowest that holds cols columns.
func (f *family) panel(cols int) *panel {
	i := len(f.panels) - 1
	for f.panels[i].nr < cols {
		i--
	}
	return &f.panels[i]
}

// padded is n columns and the zeros that fill their last panel.
func (f *family) padded(n int) int {
	r := n % f.nr
	if r == 0 {
		return n
	}
	return n - r + f.panel(r).nr
}

// kBlock is the number of steps of a block of K. It depends on k and the kernels alone, never on the
// number of threads: the bits of a result depend on it.
func (f *family) kBlock(k int) int { return kBlock(k, f.kMax) }

func kBlock(k, most int) int {
	blocks := max(1, (k+most-1)/most)
	return max(4, ((k+blocks-1)/blocks+3)&^3)
}

// blocking is how a product is cut.
type blocking struct {
	kc          int // steps of k in a block
	span        int // columns packed at a time
	nc          int // columns in a task
	tiles       int // rows are cut in tiles as even as can be: there is no small tile at the end
	base, extra int // the first extra tiles have base+1 rows, the others base
	parts       int // parts of the rows that are tasks of their own
	block       int // tiles of a block of A
	chunk       int // tiles of one kernel call
	packCols    int // columns and
	packSteps   int // steps of a task of packing
	workers     int
	direct      bool // B is read where it is
	nextPanel   int  // bytes to the next panel then, if it is asked for
	stream      bool // panels of B pass by a block of A, not chunks of A by B
	copyA       bool // rows of A are copied for the kernel
	fetchC      int  // flag for the kernel
}

// cacheLimits cuts blocks so that what passes by finds room in the second cache beside what stays there.
// 512 steps rather than 256 halve the passes over C, and the panels need not stay in the first cache:
// the kernels run at full speed from the second.
func cacheLimits(size int) limits {
	c := cpu.CacheSizes()
	directTiles := 32
	if size == 8 {
		directTiles = 8 // of a B twice as large more comes from memory: it should come in order, once, sooner
	}
	return limits{
		kMax: 512, bMax: c.L2 / size / 2, aMax: c.L2 / size / 3, spanMax: 8 << 20 / size, chunkMax: 2048 / size, smallMax: 1 << 18, directTiles: directTiles, directMax: 1024,
		l1: c.L1D / size, l2: c.L2 / size,
	}
}

// serialWork is the number of multiply-adds that are not worth waking a thread for.
const serialWork = 1 << 21

// copyPanels is the number of panels from which on it pays to copy rows of A that would not thrash.
const copyPanels = 24

// nearRows is the number of rows in one set of the first cache that find room there beside B, and fewPanels the number of
// panels up to which it does not pay to copy rows that thrash.
const nearRows, fewPanels = 10, 4

// shortSteps is the number of steps below which what follows the sums of a tile is a large part of the work. The next tile
// begins meanwhile, if tiles have no more than shortRows rows.
const shortSteps, shortRows = 64, 10

// aloneRows is the number of rows up to which the memory binds where B is not packed, and the processor sees by itself what comes next:
// to ask for it is only more work.
const aloneRows = 8

func (j *job[T]) plan(threads int) {
	f := j.f
	j.tiles = (j.m + f.mr - 1) / f.mr
	// Few rows do not pay for packing: the kernels are as quick where B lies. But where its rows fall into few sets of the caches, tiles
	// after the first do not find them there again.
	// The rows of a panel should find room in half of the second cache: those that lie a power of two apart have a few sets of it.
	direct, steps := f.directTiles, min(f.directMax, max(128, f.l2/2/max(1, j.ldb&-j.ldb)))
	crowded := f.crowds(j.ldb)
	if crowded {
		direct, steps = max(1, f.nr/8), f.kMax
	}
	j.direct = j.packed == nil && !bool(j.tB) && j.k > 0 && j.tiles <= direct
	j.kc = f.kBlock(j.k)
	j.nextPanel = 0
	if j.direct {
		j.kc = kBlock(j.k, steps)
		if (j.m > aloneRows || crowded) && j.k*j.n > f.l2 {
			j.nextPanel = f.size * f.nr
		}
	}
	if j.kc < shortSteps && f.mr > shortRows {
		j.tiles = (j.m + shortRows - 1) / shortRows
	}
	j.base, j.extra = j.m/j.tiles, j.m%j.tiles
	j.workers = 1
	if float64(j.m)*float64(j.n)*float64(j.k) > serialWork {
		j.workers = par.Limit(threads)
	}
	panels := (j.n + f.nr - 1) / f.nr

	j.stream = panels > f.bMax/(j.kc*f.nr)
	// Where A fits beside them, few enough columns are packed at a time that they stay in the second cache.
	inL2 := j.stream && j.packed == nil && !j.direct && max(j.m, f.nr)*j.kc <= f.l2/4
	j.stream = j.stream && !inL2
	// Many panels pay for neat rows: in few pages, and never thrashing.
	j.copyA = bool(j.tA) || j.n > f.nr && f.thrashes(j.lda) || j.stream && panels >= copyPanels

	if !bool(j.tA) && !j.stream && panels <= fewPanels && f.thrashes(j.lda) {
		// To copy takes longer than what it saves. Lower tiles do not thrash.
		j.copyA = false
		j.tiles = (j.m + nearRows - 1) / nearRows
		j.base, j.extra = j.m/j.tiles, j.m%j.tiles
	}
	// A panel where it lies meets all tiles while it is in the first cache. After short sums C binds, and should come row by row.
	j.stream = j.stream || j.direct && j.kc >= shortSteps
	j.span = panels * f.nr
	if j.packed == nil && !j.direct {
		most := max(1, f.spanMax/(j.kc*f.nr)) // panels of a span
		if inL2 {
			most = f.l2 / 4 / (j.kc * f.nr) * j.workers
		}
		spans := (panels + most - 1) / most
		j.span = (panels + spans - 1) / spans * f.nr
	}
	j.packSteps, j.packCols = 32, j.span
	if j.tB {
		j.packSteps, j.packCols = j.kc, max(packCols/f.nr, 1)*f.nr
	}

	j.chunk = max(1, min(f.chunkMax/j.kc, asm.MaxWork/(f.mr*f.nr*j.kc)))
	if j.kc < 64 && f.thrashes(j.ldc) {
		// C binds. Along its rows it comes in order; down its columns every row is another page, in the same set.
		j.chunk = 1
	}
	j.block = j.chunk
	if j.stream {
		j.chunk = max(1, asm.MaxWork/(f.mr*f.nr*j.kc))
	}
	if j.stream || j.copyA {
		j.block = max(1, f.aMax/(f.mr*j.kc))
	}
	j.parts, j.nc = 1, j.span
	if j.workers > 1 {
		// Rows are shared out first; a B that passes by should meet some tiles each time.
		least := 1
		if j.stream {
			least = 4
		}
		j.parts = max(1, min(4*j.workers, j.tiles/least))
		cols := min(j.span/f.nr, (4*j.workers+j.parts-1)/j.parts)
		j.nc = (j.span/f.nr + cols - 1) / cols * f.nr
	}
	j.fetchC = 0
	if j.m*min(j.n, f.l1) > f.l1/2 {
		j.fetchC = asm.BrgFetchC
	}
}

// thrashes reports whether the rows of a tile fall into so few sets of the first cache that they
// drive each other out: lines ld apart, of which only those a multiple of 4096 bytes apart share a set.
func (f *family) thrashes(ld int) bool {
	page := 4096 / f.size          // elements
	period := page / gcd(ld, page) // rows until the first set comes again
	return (f.mr+period-1)/period > 8
}

// crowds reports whether rows of a panel, ld apart, fall into two sets of the first cache at most.
func (f *family) crowds(ld int) bool {
	page, line := 4096/f.size, 64/f.size // elements
	return page/gcd(ld, page)*f.nr <= 2*line
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// tileRow is the first row of tile t.
func (j *job[T]) tileRow(t int) int { return t*j.base + min(t, j.extra) }

// tileRows is the number of rows of tile t.
func (j *job[T]) tileRows(t int) int {
	if t < j.extra {
		return j.base + 1
	}
	return j.base
}

// chunkEnd is the end of the chunk that begins with tile s, among tiles up to end.
func (j *job[T]) chunkEnd(s, end int) int {
	e := min(s+j.chunk, end)
	if s < j.extra {
		e = min(e, j.extra) // all tiles of a chunk have the same number of rows
	}
	return e
}
