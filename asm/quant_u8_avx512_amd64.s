//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Quantised numbers, AVX-512: conversions from and to float32, and the sum of two.
//
//	func quantizeU8_16_avx512(a *QuantArgs)
//	func dequantizeU8_16_avx512(a *QuantArgs)
//	func addU8_64_avx512(a *QuantArgs)
//
// QuantArgs (quant.go) has the contract. Needs AVX-512 F and BW. Clobbers Z0 to Z31, K1 and all general registers but BP and SP. The last elements,
// fewer than 16, go through a mask.
//
//	AX args    SI A    BX B    DI Y    CX elements left
//	Z16 Z17 zero points of A and B    Z18 Z19 their scales    Z20 Z21 their flips, 32 bits
//	Z22 scale of Y    Z23 Z24 limits less the zero point, float32    Z25 zero point    Z26 flip
//
// quantize and dequantize take 16 elements a turn: 8 and 5 vector operations and a division of 16 cycles, or memory. addU8 takes 64, where
// both operands are u8 and results are near enough to the limits that 16 bits saturate rightly: of its 66 operations 12 are quotients.
//
// The quotient of sums v by the scale s is made without VDIVPS: with y = 1/s rounded, q = v·y is off by no more than 2 units in the last place, and
// q + (v - q·s)·y by 2^-22 more than the true quotient's rounding. That gives another integer only where v/s lies so near to the middle between
// a half and the float32 beside it: a search over all s but those with a significand of ones, and all halves up to 256, found none where it does.

#define FLIP(arg, z) MOVBLZX arg, R8; VPBROADCASTD R8, z
#define NUMBERS \
	MOVQ a+0(FP), AX; \
	MOVQ QuantArgs_A(AX), SI; \
	MOVQ QuantArgs_B(AX), BX; \
	MOVQ QuantArgs_Y(AX), DI; \
	MOVQ QuantArgs_N(AX), CX; \
	VPBROADCASTD QuantArgs_ZeroA(AX), Z16; \
	VPBROADCASTD QuantArgs_ZeroB(AX), Z17; \
	VBROADCASTSS QuantArgs_ScaleA(AX), Z18; \
	VBROADCASTSS QuantArgs_ScaleB(AX), Z19; \
	FLIP(QuantArgs_FlipA(AX), Z20); \
	FLIP(QuantArgs_FlipB(AX), Z21); \
	VBROADCASTSS QuantArgs_ScaleY(AX), Z22; \
	VPBROADCASTD QuantArgs_ZeroY(AX), Z25; \
	FLIP(QuantArgs_FlipY(AX), Z26); \
	VPBROADCASTD QuantArgs_Lo(AX), Z23; \
	VPBROADCASTD QuantArgs_Hi(AX), Z24; \
	VPSUBD Z25, Z23, Z23; \
	VPSUBD Z25, Z24, Z24; \
	VCVTDQ2PS Z23, Z23; \
	VCVTDQ2PS Z24, Z24; \
	KXNORW K1, K1, K1

// The elements that are left: what stands beyond them is not touched.
#define LAST \
	MOVQ  $1, R8; \
	SHLQ  CX, R8; \
	DECQ  R8; \
	KMOVW R8, K1

#define NUMBER(p, flip, zero, scale, z) VPMOVZXBD.Z (p), K1, z; VPXORD flip, z, z; VPSUBD zero, z, z; VCVTDQ2PS z, z; VMULPS scale, z, z
#define END(z) VDIVPS Z22, z, z; VMAXPS Z23, z, z; VMINPS Z24, z, z; VCVTPS2DQ z, z; VPADDD Z25, z, z; VPXORD Z26, z, z; VPMOVDB z, K1, (DI)

// 16 elements, or those of K1.
#define QUANTIZE VMOVUPS.Z (SI), K1, Z0; END(Z0)
#define DEQUANTIZE NUMBER(SI, Z20, Z16, Z18, Z0); VMOVUPS Z0, K1, (DI)
#define ADD NUMBER(SI, Z20, Z16, Z18, Z0); NUMBER(BX, Z21, Z17, Z19, Z1); VADDPS Z1, Z0, Z0; END(Z0)

TEXT ·quantizeU8_16_avx512(SB), NOSPLIT, $0-8
	NUMBERS
	SUBQ $16, CX
	JLT  rest

next:
	QUANTIZE
	ADDQ $64, SI
	ADDQ $16, DI
	SUBQ $16, CX
	JGE  next

rest:
	ADDQ $16, CX
	JLE  done
	LAST
	QUANTIZE

done:
	VZEROUPPER
	RET

TEXT ·dequantizeU8_16_avx512(SB), NOSPLIT, $0-8
	NUMBERS
	SUBQ $16, CX
	JLT  rest

next:
	DEQUANTIZE
	ADDQ $16, SI
	ADDQ $64, DI
	SUBQ $16, CX
	JGE  next

rest:
	ADDQ $16, CX
	JLE  done
	LAST
	DEQUANTIZE

done:
	VZEROUPPER
	RET

// The sum of 16 in scales of A and B, divided: Z27 is 1/s.
#define SUM(o, x, z) \
	VPMOVZXBD o(SI), x; VPMOVZXBD o(BX), z; VPSUBD Z16, x, x; VPSUBD Z17, z, z; VCVTDQ2PS x, x; VCVTDQ2PS z, z; VMULPS Z18, x, x; VMULPS Z19, z, z; \
	VADDPS z, x, x; QUOTIENT(x, z, Z12); VCVTPS2DQ z, x
#define QUOTIENT(v, q, r) \
	VMULPS Z27, v, q; \
	VMOVAPS v, r; \
	VFNMADD231PS Z22, q, r; \
	VFMADD231PS Z27, r, q

TEXT ·addU8_64_avx512(SB), NOSPLIT, $0-8
	NUMBERS
	CMPQ CX, $64
	JLT  sixteens

	// Of u8, with 2^-90 < s < 2^90, no significand of ones, and |v/s| < 2^14?
	MOVBLZX QuantArgs_FlipA(AX), R8
	MOVBLZX QuantArgs_FlipB(AX), R9
	MOVBLZX QuantArgs_FlipY(AX), R10
	ORL  R9, R8
	ORL  R10, R8
	JNZ  sixteens
	MOVL QuantArgs_ScaleY(AX), R8
	SUBL $0x12800000, R8
	CMPL R8, $0x5A000000
	JCC  sixteens
	ANDL $0x7FFFFF, R8
	CMPL R8, $0x7FFFFF
	JEQ  sixteens
	MOVL $0x42800000, R8            // 64: 255 of each make less than 2^14
	VMOVD R8, X0
	VMULSS X22, X0, X0
	MOVL $0x7FFFFFFF, R8
	VMOVD R8, X3
	VANDPS X3, X18, X1
	VANDPS X3, X19, X2
	VADDSS X2, X1, X1
	VUCOMISS X1, X0                 // 64·s against the scales: above, or unordered
	JLS  sixteens
	MOVL $0x3F800000, R8
	VPBROADCASTD R8, Z27
	VDIVPS Z22, Z27, Z27
	VPBROADCASTW QuantArgs_ZeroY(AX), Z28
	VPBROADCASTB QuantArgs_Lo(AX), Z29
	VPBROADCASTB QuantArgs_Hi(AX), Z30
	VMOVDQU32 ·byteOrder(SB), Z31
	PCALIGN $64

next64:
	SUM(0, Z0, Z4)
	SUM(16, Z1, Z5)
	SUM(32, Z2, Z6)
	SUM(48, Z3, Z7)
	VPACKSSDW Z1, Z0, Z0
	VPACKSSDW Z3, Z2, Z2
	VPADDSW Z28, Z0, Z0
	VPADDSW Z28, Z2, Z2
	VPACKUSWB Z2, Z0, Z0
	VPMAXUB Z29, Z0, Z0
	VPMINUB Z30, Z0, Z0
	VPERMD Z0, Z31, Z0
	VMOVDQU32 Z0, (DI)
	ADDQ $64, SI
	ADDQ $64, BX
	ADDQ $64, DI
	SUBQ $64, CX
	CMPQ CX, $64
	JGE  next64

sixteens:
	SUBQ $16, CX
	JLT  rest

next:
	ADD
	ADDQ $16, SI
	ADDQ $16, BX
	ADDQ $16, DI
	SUBQ $16, CX
	JGE  next

rest:
	ADDQ $16, CX
	JLE  done
	LAST
	ADD

done:
	VZEROUPPER
	RET
