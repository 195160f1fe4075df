//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "quant_arm64.h"

// Quantised numbers, NEON: conversions from and to float32, the sum of two, a table, and sums to bytes in fixed point.
//
//	func quantizeU8_8_neon(a *QuantArgs)
//	func dequantizeU8_8_neon(a *QuantArgs)
//	func addU8_8_neon(a *QuantArgs)
//	func lookupU8_16_neon(a *QuantArgs)
//	func fixedU8_4_neon(a *QuantArgs)
//
// QuantArgs (quant.go) has the contract. Needs NEON. Clobbers R0 to R9 and vector registers, of the table all.
//
//	R0 args    R1 A    R2 B    R3 Y    R4 elements left    R8 R9 scratch
//	V4 V5 zero points of A and B    V6 V7 their scales    V16 V17 their flips, bytes
//	V18 scale of Y    V19 V20 limits less the zero point, float32    V21 zero point    V22 flip, bytes
//
// next takes 8 elements, one what is left of them. Divisions bind, or in the sum 33 operations of the vector pipes.

#define ALL4(arg, d) MOVW arg(R0), R8; VDUP R8, d
#define FLOATS4(arg, d) ADD $arg, R0, R8; LD1R4(8, d)
#define BYTES16(arg, d) MOVBU arg(R0), R8; VDUP R8, d
#define LIMIT(arg, f, d) MOVW arg(R0), R8; SUB R9, R8; SCVTFWS R8, f; DUPE4(d, 0, d)
#define NUMBERS \
	OPERANDS; \
	MOVD QuantArgs_B(R0), R2; \
	ALL4(QuantArgs_ZeroA, V4.S4); \
	ALL4(QuantArgs_ZeroB, V5.S4); \
	FLOATS4(QuantArgs_ScaleA, 6); \
	FLOATS4(QuantArgs_ScaleB, 7); \
	BYTES16(QuantArgs_FlipA, V16.B16); \
	BYTES16(QuantArgs_FlipB, V17.B16); \
	FLOATS4(QuantArgs_ScaleY, 18); \
	MOVW QuantArgs_ZeroY(R0), R9; \
	LIMIT(QuantArgs_Lo, F19, 19); \
	LIMIT(QuantArgs_Hi, F20, 20); \
	VDUP R9, V21.S4; \
	BYTES16(QuantArgs_FlipY, V22.B16)

// The numbers that the bytes of lo stand for, in lo and hi.
#define NUMBER(flip, zero, scale, lo, hi) \
	EOR16(flip, lo, lo); \
	UXTL8(lo, lo); \
	UXTL24(lo, hi); \
	UXTL4(lo, lo); \
	SUB4(zero, lo, lo); \
	SUB4(zero, hi, hi); \
	SCVTF4(lo, lo); \
	SCVTF4(hi, hi); \
	FMUL4(scale, lo, lo); \
	FMUL4(scale, hi, hi)

// V0 and V1 as bytes in V0. The maximum of NaN and a number is the number.
#define END \
	FDIV4(18, 0, 0); \
	FDIV4(18, 1, 1); \
	FMAXNM4(19, 0, 0); \
	FMAXNM4(19, 1, 1); \
	FMIN4(20, 0, 0); \
	FMIN4(20, 1, 1); \
	FCVTNS4(0, 0); \
	FCVTNS4(1, 1); \
	ADD4(21, 0, 0); \
	ADD4(21, 1, 1); \
	SQXTN4(0, 0); \
	SQXTN24(1, 0); \
	XTN8(0, 0); \
	EOR16(22, 0, 0)

#define BYTE(p, f) MOVBU.P 1(p), R8; FMOVS R8, f
#define STOREBYTE FMOVS F0, R8; MOVB.P R8, 1(R3)

#define QUANTIZE8 FMOVQ.P 16(R1), F0; FMOVQ.P 16(R1), F1; END; FMOVD.P F0, 8(R3)
#define QUANTIZE1 FMOVS.P 4(R1), F0; MOVI0(1); END; STOREBYTE
TEXT ·quantizeU8_8_neon(SB), NOSPLIT, $0-8
	LOOP(NUMBERS, QUANTIZE8, QUANTIZE1)

#define DEQUANTIZE8 FMOVD.P 8(R1), F0; NUMBER(16, 4, 6, 0, 1); FMOVQ.P F0, 16(R3); FMOVQ.P F1, 16(R3)
#define DEQUANTIZE1 BYTE(R1, F0); NUMBER(16, 4, 6, 0, 1); FMOVS.P F0, 4(R3)
TEXT ·dequantizeU8_8_neon(SB), NOSPLIT, $0-8
	LOOP(NUMBERS, DEQUANTIZE8, DEQUANTIZE1)

#define SUM NUMBER(16, 4, 6, 0, 1); NUMBER(17, 5, 7, 2, 3); FADD4(2, 0, 0); FADD4(3, 1, 1); END
#define ADD8 FMOVD.P 8(R1), F0; FMOVD.P 8(R2), F2; SUM; FMOVD.P F0, 8(R3)
#define ADD1 BYTE(R1, F0); BYTE(R2, F2); SUM; STOREBYTE
TEXT ·addU8_8_neon(SB), NOSPLIT, $0-8
	LOOP(NUMBERS, ADD8, ADD1)

// A table of 256 bytes is four of 64, in V16 to V31: an index is looked up in the first, and, less 64 each time, in the others, where one that is
// too large leaves what there is. Few elements are looked up in memory.
//
//	V0 16 indices    V1 what was found    V2 64 in all bytes    R2 table
TEXT ·lookupU8_16_neon(SB), NOSPLIT, $0-8
	OPERANDS
	MOVD QuantArgs_Table(R0), R2
	CMP  $64, R4
	BLT  few
	MOVD R2, R8
	VLD1.P 64(R8), [V16.B16, V17.B16, V18.B16, V19.B16]
	VLD1.P 64(R8), [V20.B16, V21.B16, V22.B16, V23.B16]
	VLD1.P 64(R8), [V24.B16, V25.B16, V26.B16, V27.B16]
	VLD1   (R8), [V28.B16, V29.B16, V30.B16, V31.B16]
	MOVD   $64, R8
	VDUP   R8, V2.B16
	SUB    $16, R4
	PCALIGN $32

sixteen:
	FMOVQ.P 16(R1), F0
	VTBL    V0.B16, [V16.B16, V17.B16, V18.B16, V19.B16], V1.B16
	VSUB    V2.B16, V0.B16, V0.B16
	VTBX    V0.B16, [V20.B16, V21.B16, V22.B16, V23.B16], V1.B16
	VSUB    V2.B16, V0.B16, V0.B16
	VTBX    V0.B16, [V24.B16, V25.B16, V26.B16, V27.B16], V1.B16
	VSUB    V2.B16, V0.B16, V0.B16
	VTBX    V0.B16, [V28.B16, V29.B16, V30.B16, V31.B16], V1.B16
	FMOVQ.P F1, 16(R3)
	SUBS    $16, R4
	BGE     sixteen
	ADD     $16, R4

few:
	CBZ R4, looked

byte:
	MOVBU.P 1(R1), R8
	MOVBU   (R2)(R8), R8
	MOVB.P  R8, 1(R3)
	SUBS    $1, R4
	BGT     byte

looked:
	RET

// Fixed point: the doubling product that rounds is the first of its two roundings. The second shifts and rounds ties upward; one less before it makes
// them those away from zero of what is negative and is shifted; no product is the least number of 32 bits.
//
//	R1 R2 R3 R7 A, multipliers, Y and shifts    R5 A and R6 Y of the row    R4 elements left    R10 rows left
//	V0 sums    V1 multipliers    V2 shifts, then those to the right    V3 those to the left    V4 0    V5 zero point    V6 V7 limits    V22 flip
#define FIXED(LOAD) \
	LOAD(R1, F0); \
	LOAD(R2, F1); \
	LOAD(R7, F2); \
	SMAX4(4, 2, 3); \
	SMIN4(4, 2, 2); \
	SSHL4(3, 0, 0); \
	SQRDMULH4(1, 0, 0); \
	AND16(2, 0, 3); \
	SSHR4(31, 3, 3); \
	ADD4(3, 0, 0); \
	SRSHL4(2, 0, 0); \
	ADD4(5, 0, 0); \
	SMAX4(6, 0, 0); \
	SMIN4(7, 0, 0); \
	SQXTN4(0, 0); \
	XTN8(0, 0); \
	EOR16(22, 0, 0)
#define LOAD4(p, f) FMOVQ.P 16(p), f
#define LOAD1(p, f) FMOVS.P 4(p), f
TEXT ·fixedU8_4_neon(SB), NOSPLIT, $0-8
	OPERANDS
	MOVD  R1, R5
	MOVD  R3, R6
	MOVD  QuantArgs_Rows(R0), R10
	MOVI0(4)
	ALL4(QuantArgs_ZeroY, V5.S4)
	ALL4(QuantArgs_Lo, V6.S4)
	ALL4(QuantArgs_Hi, V7.S4)
	BYTES16(QuantArgs_FlipY, V22.B16)

row:
	MOVD QuantArgs_B(R0), R2
	MOVD QuantArgs_Table(R0), R7
	MOVD QuantArgs_N(R0), R4
	SUBS $4, R4
	BLT  rest

next:
	FIXED(LOAD4)
	FMOVS.P F0, 4(R3)
	SUBS    $4, R4
	BGE     next

rest:
	ADDS $4, R4
	BEQ  end

one:
	FIXED(LOAD1)
	STOREBYTE
	SUBS $1, R4
	BGT  one

end:
	MOVD QuantArgs_StepA(R0), R8
	MOVD QuantArgs_StepY(R0), R9
	ADD  R8, R5
	ADD  R9, R6
	MOVD R5, R1
	MOVD R6, R3
	SUBS $1, R10
	BGT  row
	RET
