//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Sums of differences from a number, and of their squares, of rows of float32 in float64, as MomentsArgs says, NEON.
//
//	func momentsF32_8_neon(a *MomentsArgs)
//
// Needs NEON; clobbers R0-R10, V0-V8, V16-V19.
//
//	V0-V3     sums             V4-V7    sums of squares
//	V8        the number       V16-V19  differences
//	R1 R2     a row, its place
//	R3 R4 R5  First, Sum, Square
//	R6 R7     LdX, rows left
//	R8        elements left
//
// block takes 8 elements, one what is left of them. Two elements are a conversion, a subtraction, an addition and a fused multiply-add: 2 cycles on two
// pipes, with as many chains as hide their latency.

#define TAKE(d, s, q) \
	FSUB2(8, d, d); \
	FADD2(d, s, s); \
	FMLA2(d, d, q)

// The lanes of v, and what is in memory, to memory.
#define FOLD(v, f, p) \
	FADDPD2(v, v, v); \
	FMOVD (p), F16; \
	FADDD F16, f, f; \
	FMOVD.P f, 8(p)

TEXT ·momentsF32_8_neon(SB), NOSPLIT, $0-8
	MOVD a+0(FP), R0
	MOVD MomentsArgs_X(R0), R1
	MOVD MomentsArgs_First(R0), R3
	MOVD MomentsArgs_Sum(R0), R4
	MOVD MomentsArgs_Square(R0), R5
	MOVD MomentsArgs_LdX(R0), R6
	MOVD MomentsArgs_Rows(R0), R7

row:
	LD1R2(3, 8)
	ADD $8, R3
	MOVI0(0)
	MOVI0(1)
	MOVI0(2)
	MOVI0(3)
	MOVI0(4)
	MOVI0(5)
	MOVI0(6)
	MOVI0(7)
	MOVD R1, R2
	MOVD MomentsArgs_N(R0), R8
	SUBS $8, R8
	BLT  rest
	PCALIGN $32

block:
	FMOVQ.P 16(R2), F16
	FMOVQ.P 16(R2), F18
	FCVTL22(16, 17)
	FCVTL2(16, 16)
	FCVTL22(18, 19)
	FCVTL2(18, 18)
	TAKE(16, 0, 4)
	TAKE(17, 1, 5)
	TAKE(18, 2, 6)
	TAKE(19, 3, 7)
	SUBS $8, R8
	BGE  block

rest:
	ADDS $8, R8
	BEQ  fold

one:
	FMOVS.P 4(R2), F16
	FCVTSD F16, F16
	FSUBD  F8, F16, F16             // the other lane is 0
	FADD2(16, 0, 0)
	FMLA2(16, 16, 4)
	SUBS   $1, R8
	BGT    one

fold:
	FADD2(1, 0, 0)
	FADD2(3, 2, 2)
	FADD2(5, 4, 4)
	FADD2(7, 6, 6)
	FADD2(2, 0, 0)
	FADD2(6, 4, 4)
	FOLD(0, F0, R4)
	FOLD(4, F4, R5)
	ADD  R6, R1
	SUBS $1, R7
	BGT  row
	RET
