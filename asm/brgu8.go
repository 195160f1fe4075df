package asm

import (
	"math"
	"unsafe"
)

// BrgU8Args are the arguments of a batch-reduce GEMM kernel on bytes: BrgArgs for activations of 8 bits and weights s8, whose sums are
// exact in 32 bits. In Go, for one tile, with p[i] standing for "the value i bytes after p":
//
//	for r := range MR {
//		for p := range NR {                                   // place p holds column j
//			j := row.Column(p)
//			s := int32(Bias[4*p])
//			for _, t := range Taps[:NTap] {
//				for k := range K {
//					a := A[AOff+t.A+r*LdA+k]                    // u8; with BrgU8SignedA s8
//					w := B[t.B+4*(k/4*NR+p)+k%4]                // s8
//					s += (int32(a) + row.Shift(Flags)) * int32(w)
//				}
//			}
//			if j >= N { continue }
//			y := float32(s) * float32(Scale[4*p])
//			q := min(max(int32(roundToEven(y)) + Zero, Lo), Hi)
//			switch Out {
//			case BrgU8OutU8, BrgU8OutS8: C[r*LdC+j] = q           // a byte
//			case BrgU8OutS32:            C[r*LdC+4*j] = s         // the sum itself
//			case BrgU8OutF32:            C[r*LdC+4*j] = y
//			}
//		}
//	}
//	A and C advance by MR rows, and the next of Tiles begins
//
// Sums wrap as int32 does, are converted by one rounding to the nearest even, multiplied by one more, and rounded to an integer by a
// third: all rows of all architectures give the same bits. The zero point is added to the integer, as ONNX has it.
//
// A kernel multiplies the bytes of A with one sign: its row's Shift says what it takes a byte of A to be beyond its value, so that a bias
// is what the layer adds less (zero point of A + Shift) times the sum of the column's weights over the taps of this call.
//
// A step of B is 4 of k: [ceil(K/4)][NR][4] for a tap, and where K is no multiple of 4 the last step is filled up with zeros. Steps of B,
// Bias and Scale have NR places, the columns in the order of the row, whatever N is. Of a row of A only the K bytes of each tap are
// read, and of a row of C only the N first elements are written; C is never read.
//
// K may be 0 or NTap 0: the sum is then the bias. Lo <= Hi and Zero are values of the type of Out (for BrgU8OutS32 and BrgU8OutF32 they
// and, for the former, Scale do not matter). |s * Scale| must stay below 2^31.
// Tiles*NTap*K*MR*NR, with K rounded up to whole steps, must not exceed the row's Work.
type BrgU8Args struct {
	A, B, C      unsafe.Pointer // somewhere in each operand: the collector sees them
	AOff         int            // bytes from A to tap offset 0 of row 0, which may lie outside A
	Taps         *Tap
	NTap         int
	K            int // bytes of A per tap
	Tiles        int // at least 1
	N            int // columns, 1 to NR
	LdA, LdC     int // bytes between rows
	Bias         unsafe.Pointer
	Scale        unsafe.Pointer
	Zero, Lo, Hi int32
	Out          int // BrgU8OutU8 and so on
	Flags        int
}

// What a batch-reduce kernel on bytes writes: BrgU8Args.Out.
const (
	BrgU8OutU8 = iota
	BrgU8OutS8
	BrgU8OutS32 // the sums
	BrgU8OutF32 // the sums times Scale
)

// Flags of BrgU8Args.
const (
	BrgU8SignedA = 1 << iota // A is s8
)

// BrgU8Row is a batch-reduce GEMM kernel on bytes for tiles of exactly MR rows and up to NR columns. The rows of a Set
// multiply with one sign, and those of one NR have one order of columns.
type BrgU8Row struct {
	Row
	MR, NR int
	Lanes  int  // columns that lie together within a vector: Column
	Signed bool // it multiplies s8 by s8: Shift
	Work   int  // the bound on one call's multiply-adds
	fn     func(*BrgU8Args)
}

// Call runs the kernel.
//
//go:noinline
func (r *BrgU8Row) Call(a *BrgU8Args) { r.fn(a) }

// Column returns the column of C that place p of a step of B, of Bias and of Scale holds. Where a tile is two vectors of several groups of
// Lanes columns, the first vector has the even groups and the second the odd ones: packing 32-bit numbers of two vectors to 16 bits, x86
// interleaves the groups, and the columns end up in order.
func (r *BrgU8Row) Column(p int) int {
	if r.Lanes == r.NR {
		return p
	}
	vector, group, e := p/(r.NR/2), p%(r.NR/2)/r.Lanes, p%r.Lanes
	return (2*group+vector)*r.Lanes + e
}

// Shift returns what the kernel adds to every byte of A: it turns the top bit over where A's sign is not that which it multiplies.
func (r *BrgU8Row) Shift(flags int) int32 {
	switch {
	case r.Signed && flags&BrgU8SignedA == 0:
		return -128
	case !r.Signed && flags&BrgU8SignedA != 0:
		return 128
	}
	return 0
}

// sums is the number of taps to sum: without bytes of k there is nothing where their offsets lead, and no pointer is made.
func (a *BrgU8Args) sums() int {
	if a.K == 0 {
		return 0
	}
	return a.NTap
}

func (a *BrgU8Args) tap(i int) (pa, pb unsafe.Pointer) {
	t := (*Tap)(unsafe.Add(unsafe.Pointer(a.Taps), i*int(unsafe.Sizeof(Tap{}))))
	return unsafe.Add(a.A, a.AOff+t.A), unsafe.Add(a.B, t.B)
}

// brgStore finishes the sum s of row r and column j, which has place p, as the contract says.
func (a *BrgU8Args) brgStore(r, j, p int, s int32) {
	c := unsafe.Add(a.C, r*a.LdC)
	switch a.Out {
	case BrgU8OutS32:
		*(*int32)(unsafe.Add(c, 4*j)) = s
		return
	case BrgU8OutF32:
		*at(c, 4*j) = float32(s) * *at(a.Scale, 4*p)
		return
	}
	y := float32(s) * *at(a.Scale, 4*p)
	q := min(max(int64(math.RoundToEven(float64(y)))+int64(a.Zero), int64(a.Lo)), int64(a.Hi))
	*(*uint8)(unsafe.Add(c, j)) = uint8(q)
}

// The portable kernels multiply u8 by s8, one row of four columns at a time.

func brgU8_4x4_generic(a *BrgU8Args) { brgU8GenericTiles(a, 4) }
func brgU8_1x4_generic(a *BrgU8Args) { brgU8GenericTiles(a, 1) }

func brgU8GenericTiles(a *BrgU8Args, mr int) {
	for r := range a.Tiles * mr {
		for j, s := range a.brgSingle(r) {
			if j < a.N {
				a.brgStore(r, j, j, s)
			}
		}
	}
}

// brgSingle sums row r.
func (a *BrgU8Args) brgSingle(r int) [4]int32 {
	bias := (*[4]int32)(a.Bias)
	s0, s1, s2, s3 := bias[0], bias[1], bias[2], bias[3]
	var flip uint8
	if a.Flags&BrgU8SignedA != 0 {
		flip = 0x80
	}
	for t := range a.sums() {
		pa, pb := a.tap(t)
		pa = unsafe.Add(pa, r*a.LdA)
		for k := range a.K {
			x := int32(*(*uint8)(unsafe.Add(pa, k)) ^ flip)
			b := (*[13]int8)(unsafe.Add(pb, k&^3*4+k&3))
			s0 += x * int32(b[0])
			s1 += x * int32(b[4])
			s2 += x * int32(b[8])
			s3 += x * int32(b[12])
		}
	}
	return [4]int32{s0, s1, s2, s3}
}
