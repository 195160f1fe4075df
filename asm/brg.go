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
//
// A kernel for float64 does the same with elements of 8 bytes, and its scalars are Alpha64, Beta64, Lo64 and Hi64.
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

	Alpha64, Beta64, Lo64, Hi64 float64 // of kernels for float64
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

// Float is the element type of kernels that are there for both: the portable ones have one text.
type Float interface{ float32 | float64 }

// elem returns the element i places after p.
func elem[T Float](p unsafe.Pointer, i int) *T {
	return (*T)(unsafe.Add(p, i*int(unsafe.Sizeof(T(0)))))
}

// vector returns n elements from p on.
func vector[T Float](p unsafe.Pointer, n int) []T { return unsafe.Slice((*T)(p), n) }

// Scalars are the places of Alpha, Beta, Lo and Hi of kernels for an element type.
func Scalars[T Float](a *BrgArgs) (alpha, beta, lo, hi *T) {
	if unsafe.Sizeof(T(0)) == 4 {
		return (*T)(unsafe.Pointer(&a.Alpha)), (*T)(unsafe.Pointer(&a.Beta)), (*T)(unsafe.Pointer(&a.Lo)), (*T)(unsafe.Pointer(&a.Hi))
	}
	return (*T)(unsafe.Pointer(&a.Alpha64)), (*T)(unsafe.Pointer(&a.Beta64)), (*T)(unsafe.Pointer(&a.Lo64)), (*T)(unsafe.Pointer(&a.Hi64))
}

// brgStore finishes the sums of row r from s, as the contract says.
func brgStore[T Float](a *BrgArgs, r int, s *[4]T) {
	alpha, beta, lo, hi := Scalars[T](a)
	c := unsafe.Add(a.C, r*a.LdC)
	for j := 0; j < a.N; j++ {
		y := s[j]
		if a.Flags&BrgAlpha != 0 {
			y *= *alpha
		}
		if a.Flags&BrgAccumulate != 0 {
			y += *elem[T](c, j) * *beta
		}
		if a.Flags&BrgBias != 0 {
			y += *elem[T](a.Bias, j)
		}
		if a.Flags&BrgBiasRow != 0 {
			y += *elem[T](a.Bias, r)
		}
		if a.Flags&BrgResidual != 0 {
			res := unsafe.Add(a.Res, r*a.LdRes)
			if a.Flags&BrgRes16 != 0 {
				y += T(fromBF16(*(*uint16)(unsafe.Add(res, 2*j))))
			} else {
				y += *elem[T](res, j)
			}
		}
		if a.Flags&BrgClamp != 0 {
			if y < *lo {
				y = *lo
			}
			if y > *hi {
				y = *hi
			}
		}
		if a.Flags&BrgOut16 != 0 {
			*(*uint16)(unsafe.Add(c, 2*j)) = toBF16(float32(y))
		} else {
			*elem[T](c, j) = y
		}
	}
}

// sums is the number of taps to sum: without steps of k there is nothing where their offsets lead, and no pointer is made.
func (a *BrgArgs) sums() int {
	if a.K == 0 {
		return 0
	}
	return a.NTap
}

func (a *BrgArgs) tap(i int) (pa, pb unsafe.Pointer) {
	t := (*Tap)(unsafe.Add(unsafe.Pointer(a.Taps), i*int(unsafe.Sizeof(Tap{}))))
	return unsafe.Add(a.A, a.AOff+t.A), unsafe.Add(a.B, t.B)
}

// brgRowB is row k of B, with zeros beyond what may be read.
func brgRowB[T Float](a *BrgArgs, pb unsafe.Pointer, k int) (b [4]T) {
	p := unsafe.Add(pb, k*a.LdB)
	if a.N == 4 || a.Flags&BrgMaskB == 0 {
		return *(*[4]T)(p)
	}
	for j := range a.N {
		b[j] = *elem[T](p, j)
	}
	return b
}

// The portable kernels keep their sums in scalars, which the compiler keeps in registers. They take
// the tiles in pairs of rows: four rows of four sums would not fit the 16 registers of amd64.

func brgF32_4x4_generic(a *BrgArgs) { brgGenericTiles[float32](a, 4) }
func brgF32_3x4_generic(a *BrgArgs) { brgGenericTiles[float32](a, 3) }
func brgF32_2x4_generic(a *BrgArgs) { brgGenericTiles[float32](a, 2) }
func brgF32_1x4_generic(a *BrgArgs) { brgGenericTiles[float32](a, 1) }

func brgF64_4x4_generic(a *BrgArgs) { brgGenericTiles[float64](a, 4) }
func brgF64_3x4_generic(a *BrgArgs) { brgGenericTiles[float64](a, 3) }
func brgF64_2x4_generic(a *BrgArgs) { brgGenericTiles[float64](a, 2) }
func brgF64_1x4_generic(a *BrgArgs) { brgGenericTiles[float64](a, 1) }

func brgGenericTiles[T Float](a *BrgArgs, mr int) {
	var s [2][4]T
	rows := a.Tiles * mr
	r := 0
	for ; r+1 < rows; r += 2 {
		brgPair(a, r, &s)
		brgStore(a, r, &s[0])
		brgStore(a, r+1, &s[1])
	}
	if r < rows {
		brgSingle(a, r, &s[0])
		brgStore(a, r, &s[0])
	}
}

// brgPair sums rows r and r+1.
func brgPair[T Float](a *BrgArgs, r int, s *[2][4]T) {
	var s00, s01, s02, s03, s10, s11, s12, s13 T
	for t := range a.sums() {
		pa, pb := a.tap(t)
		x0 := unsafe.Add(pa, r*a.LdA)
		x1 := unsafe.Add(x0, a.LdA)
		for k := range a.K {
			b := brgRowB[T](a, pb, k)
			x, y := *elem[T](x0, k), *elem[T](x1, k)
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
	s[0] = [4]T{s00, s01, s02, s03}
	s[1] = [4]T{s10, s11, s12, s13}
}

// brgSingle sums row r.
func brgSingle[T Float](a *BrgArgs, r int, s *[4]T) {
	var s0, s1, s2, s3 T
	for t := range a.sums() {
		pa, pb := a.tap(t)
		pa = unsafe.Add(pa, r*a.LdA)
		for k := range a.K {
			b := brgRowB[T](a, pb, k)
			x := *elem[T](pa, k)
			s0 += x * b[0]
			s1 += x * b[1]
			s2 += x * b[2]
			s3 += x * b[3]
		}
	}
	*s = [4]T{s0, s1, s2, s3}
}
