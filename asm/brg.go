package asm

import "unsafe"

// BrgArgs are the arguments of a batch-reduce GEMM kernel: tiles of MR x NR that sum, over a list of
// taps, products of strided rows of A with panels of B. In Go, for one tile and p[i] standing for
// "the float32 i bytes after p":
//
//	for r := range MR {
//		for j := range N {
//			var s float32
//			for _, t := range Taps[:NTap] {
//				for k := range K {
//					s = fma(A[AOff+t.A+r*LdA+4*k], B[t.B+k*LdB+4*j], s)
//				}
//			}
//			y := s
//			if Flags&BrgAlpha != 0     { y = y * Alpha }
//			if Flags&BrgAccumulate != 0 { y = fma(C[r*LdC+4*j], Beta, y) }
//			if Flags&BrgBias != 0      { y += Bias[4*j] }
//			if Flags&BrgBiasRow != 0   { y += Bias[4*r] }
//			if Flags&BrgResidual != 0  { y += Res[r*LdRes+4*j] }
//			if Flags&BrgClamp != 0     { y = min(max(y, Lo), Hi) }
//			C[r*LdC+4*j] = y
//		}
//	}
//	A, C, Res advance by MR rows (and Bias by MR floats with BrgBiasRow), and the next of Tiles begins
//
// Every element is one chain of fused multiply-adds in the order of the taps and of k, whatever the
// tile: all assembly rows of an architecture give the same bits (portable rows round the product where
// the compiler does not fuse). NaN passes through the clamp. C is read only with BrgAccumulate.
//
// K may be 0 or NTap 0: the sum is then 0, and the rest is done all the same. Rows of B have NR
// readable floats, even where N is smaller, unless BrgMaskB is set; of C, Bias and Res only the N first are touched.
// Tiles*NTap*K*MR*NR must not exceed MaxWork.
type BrgArgs struct {
	A, B, C       unsafe.Pointer // somewhere in each operand: the collector sees them
	AOff          int            // bytes from A to tap offset 0 of row 0, which may lie outside A
	Taps          *Tap
	NTap          int
	K             int // steps per tap
	Tiles         int // at least 1
	N             int // columns, 1 to NR
	LdA, LdB, LdC int // bytes between rows
	Bias          unsafe.Pointer
	Res           unsafe.Pointer
	LdRes         int
	Flags         int
	Alpha, Beta   float32
	Lo, Hi        float32

	// Ahead, when it is not 0, makes the kernel ask the second cache for one line a step of k, at this distance in bytes
	// from the row of B that it reads: for weights that later calls read. Nothing need be there.
	Ahead int

	// Scratch of the kernels, not pointers to the collector: they run past the ends.
	//lint:ignore U1000 assembly uses it
	tileC, tileRes, tileBias, nextTap, nextA uintptr
	//lint:ignore U1000 assembly uses it
	tilesLeft, tapsLeft, fetchLeft int
}

// Tap is one term of the batch: byte offsets added to A and to B.
type Tap struct{ A, B int }

// Flags of BrgArgs.
const (
	BrgAlpha      = 1 << iota // scale the sum by Alpha
	BrgAccumulate             // add Beta*C
	BrgBias                   // add a bias per column
	BrgBiasRow                // add a bias per row
	BrgResidual               // add Res
	BrgClamp                  // clamp to Lo, Hi
	BrgFetchC                 // ask for the tile of C while the sums are made: for a C that is not in the first cache
	BrgMaskB                  // rows of B have no more than N readable floats
	BrgFetchA                 // ask for what follows the rows of A of a tile, line after line: for an A without gaps that comes from memory
)

// BrgRow is a batch-reduce GEMM kernel for tiles of exactly MR rows and up to NR columns.
type BrgRow struct {
	Row
	MR, NR int
	fn     func(*BrgArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *BrgRow) Call(a *BrgArgs) { r.fn(a) }

// at returns the float32 i bytes after p.
func at(p unsafe.Pointer, i int) *float32 { return (*float32)(unsafe.Add(p, i)) }

// brgStore finishes the sums of row r from s, as the contract says.
func (a *BrgArgs) brgStore(r int, s *[4]float32) {
	c := unsafe.Add(a.C, r*a.LdC)
	for j := 0; j < a.N; j++ {
		y := s[j]
		if a.Flags&BrgAlpha != 0 {
			y *= a.Alpha
		}
		if a.Flags&BrgAccumulate != 0 {
			y += *at(c, 4*j) * a.Beta
		}
		if a.Flags&BrgBias != 0 {
			y += *at(a.Bias, 4*j)
		}
		if a.Flags&BrgBiasRow != 0 {
			y += *at(a.Bias, 4*r)
		}
		if a.Flags&BrgResidual != 0 {
			y += *at(a.Res, r*a.LdRes+4*j)
		}
		if a.Flags&BrgClamp != 0 {
			if y < a.Lo {
				y = a.Lo
			}
			if y > a.Hi {
				y = a.Hi
			}
		}
		*at(c, 4*j) = y
	}
}

func (a *BrgArgs) tap(i int) (pa, pb unsafe.Pointer) {
	t := (*Tap)(unsafe.Add(unsafe.Pointer(a.Taps), i*int(unsafe.Sizeof(Tap{}))))
	return unsafe.Add(a.A, a.AOff+t.A), unsafe.Add(a.B, t.B)
}

// brgRowB is row k of B, with zeros beyond what may be read.
func (a *BrgArgs) brgRowB(pb unsafe.Pointer, k int) (b [4]float32) {
	p := unsafe.Add(pb, k*a.LdB)
	if a.N == 4 || a.Flags&BrgMaskB == 0 {
		return *(*[4]float32)(p)
	}
	for j := range a.N {
		b[j] = *at(p, 4*j)
	}
	return b
}

// The portable kernels keep their sums in scalars, which the compiler keeps in registers. They take
// the tiles in pairs of rows: four rows of four sums would not fit the 16 registers of amd64.

func brgF32_4x4_generic(a *BrgArgs) { brgGenericTiles(a, 4) }
func brgF32_3x4_generic(a *BrgArgs) { brgGenericTiles(a, 3) }
func brgF32_2x4_generic(a *BrgArgs) { brgGenericTiles(a, 2) }
func brgF32_1x4_generic(a *BrgArgs) { brgGenericTiles(a, 1) }

func brgGenericTiles(a *BrgArgs, mr int) {
	var s [2][4]float32
	rows := a.Tiles * mr
	r := 0
	for ; r+1 < rows; r += 2 {
		a.brgPair(r, &s)
		a.brgStore(r, &s[0])
		a.brgStore(r+1, &s[1])
	}
	if r < rows {
		a.brgSingle(r, &s[0])
		a.brgStore(r, &s[0])
	}
}

// brgPair sums rows r and r+1.
func (a *BrgArgs) brgPair(r int, s *[2][4]float32) {
	var s00, s01, s02, s03, s10, s11, s12, s13 float32
	for t := range a.NTap {
		pa, pb := a.tap(t)
		x0 := unsafe.Add(pa, r*a.LdA)
		x1 := unsafe.Add(x0, a.LdA)
		for k := range a.K {
			b := a.brgRowB(pb, k)
			x, y := *at(x0, 4*k), *at(x1, 4*k)
			s00 += x * b[0]
			s01 += x * b[1]
			s02 += x * b[2]
			s03 += x * b[3]
			s10 += y * b[0]
			s11 += y * b[1]
			s12 += y * b[2]
			s13 += y * b[3]
		}
	}
	s[0] = [4]float32{s00, s01, s02, s03}
	s[1] = [4]float32{s10, s11, s12, s13}
}

// brgSingle sums row r.
func (a *BrgArgs) brgSingle(r int, s *[4]float32) {
	var s0, s1, s2, s3 float32
	for t := range a.NTap {
		pa, pb := a.tap(t)
		pa = unsafe.Add(pa, r*a.LdA)
		for k := range a.K {
			b := a.brgRowB(pb, k)
			x := *at(pa, 4*k)
			s0 += x * b[0]
			s1 += x * b[1]
			s2 += x * b[2]
			s3 += x * b[3]
		}
	}
	*s = [4]float32{s0, s1, s2, s3}
}
