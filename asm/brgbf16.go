package asm

import (
	"math"
	"unsafe"
)

// The kernels for bfloat16 take BrgArgs and GemvpArgs too. Where their weights are bfloat16 a step of k is a pair: B has [K][NR][2] of
// them, LdB = 4*NR bytes a step, and two elements of a row of A follow each other: bfloat16, 4 bytes, of Set.BrgBF16, float32, 8 bytes, of
// Set.BrgMixed. In Go, for one element of a tile of the former:
//
//	for _, t := range Taps[:NTap] {
//		for k := range K {
//			a, b := A[AOff+t.A+r*LdA+4*k:], B[t.B+k*LdB+4*j:]
//			s = fma(a[2:], b[2:], s)                       // the odd one of a pair first
//			s = fma(a[0:], b[0:], s)
//		}
//	}
//
// Products of two bfloat16 are exact in float32, so each of the two is one rounding, to the nearest even. That is what VDPBF16PS does, but for
// denormals, which it reads and writes as zeros, of operands, sums and the bfloat16 that are stored: a sum may be off by what they add, at
// most 2^-126 for each that is a sum, and as much as the product with the largest number for each that is an operand. A BrgMixed kernel adds
// the even one of a pair first, and flushes nothing.
//
// What follows the sums is that of BrgArgs, with C, Bias and Res in float32, unless these flags are given:
const (
	BrgRes16 = 1 << (16 + iota) // of Set.BrgBF16: Res is bfloat16, LdRes in bytes all the same
	BrgOut16                    // C is written as bfloat16, rounded to nearest even, NaN kept; not with BrgAccumulate
)

// BrgMaskB has no effect: rows of B have NR pairs. Tiles*NTap*K*MR*NR must not exceed MaxWork, of BrgMixed half of it.
//
// A kernel of Set.GemvpMixed has panels [K][NR][2] of bfloat16, and 2*K elements of X: 8*K*NR must not exceed MaxWork.

// fromBF16 is the number whose bits are the upper half of a float32's.
func fromBF16(b uint16) float32 { return math.Float32frombits(uint32(b) << 16) }

// toBF16 rounds to the nearest bfloat16, ties to even. A NaN stays one, and becomes quiet.
func toBF16(f float32) uint16 {
	b := math.Float32bits(f)
	if f != f {
		return uint16(b>>16 | 0x40)
	}
	return uint16((b + 0x7fff + b>>16&1) >> 16)
}

func narrowBF16_1_generic(a *QuantArgs) {
	for i := range a.N {
		*(*uint16)(unsafe.Add(a.Y, 2*i)) = toBF16(*at(a.A, 4*i))
	}
}

func widenBF16_1_generic(a *QuantArgs) {
	for i := range a.N {
		*at(a.Y, 4*i) = fromBF16(*(*uint16)(unsafe.Add(a.A, 2*i)))
	}
}

func brgBF16_4x4_generic(a *BrgArgs) { brgPairTiles(a, 4, 2) }
func brgBF16_3x4_generic(a *BrgArgs) { brgPairTiles(a, 3, 2) }
func brgBF16_2x4_generic(a *BrgArgs) { brgPairTiles(a, 2, 2) }
func brgBF16_1x4_generic(a *BrgArgs) { brgPairTiles(a, 1, 2) }

func brgmixedBF16_4x4_generic(a *BrgArgs) { brgPairTiles(a, 4, 4) }
func brgmixedBF16_3x4_generic(a *BrgArgs) { brgPairTiles(a, 3, 4) }
func brgmixedBF16_2x4_generic(a *BrgArgs) { brgPairTiles(a, 2, 4) }
func brgmixedBF16_1x4_generic(a *BrgArgs) { brgPairTiles(a, 1, 4) }

// brgPairTiles sums tiles of mr rows whose elements of A have so many bytes.
func brgPairTiles(a *BrgArgs, mr, sizeA int) {
	for r := range a.Tiles * mr {
		var s [4]float32
		for t := range a.sums() {
			pa, pb := a.tap(t)
			pa = unsafe.Add(pa, r*a.LdA)
			if sizeA == 2 {
				brgDot(a.K, pa, pb, &s)
			} else {
				brgMixed(a.K, pa, pb, &s)
			}
		}
		brgStore(a, r, &s)
	}
}

// brgDot adds the products of pairs of bfloat16. They are exact: nothing is lost where the compiler does not fuse.
func brgDot(k int, pa, pb unsafe.Pointer, s *[4]float32) {
	for i := range k {
		x := (*[2]uint16)(unsafe.Add(pa, 4*i))
		b := (*[4][2]uint16)(unsafe.Add(pb, 16*i))
		x0, x1 := fromBF16(x[0]), fromBF16(x[1])
		for j := range s {
			s[j] += x1 * fromBF16(b[j][1])
			s[j] += x0 * fromBF16(b[j][0])
		}
	}
}

// brgMixed adds the products of pairs of float32 and bfloat16.
func brgMixed(k int, pa, pb unsafe.Pointer, s *[4]float32) {
	for i := range k {
		x := (*[2]float32)(unsafe.Add(pa, 8*i))
		b := (*[4][2]uint16)(unsafe.Add(pb, 16*i))
		for j := range s {
			s[j] += x[0] * fromBF16(b[j][0])
			s[j] += x[1] * fromBF16(b[j][1])
		}
	}
}

func gemvpmixedBF16_4x4_generic(a *GemvpArgs) {
	for p := range 4 {
		if a.K == 0 {
			return // the panels need not be there
		}
		brgMixed(a.K, a.X, unsafe.Add(a.W, p*a.Panel), (*[4]float32)(unsafe.Add(a.Y, 16*p)))
	}
}
