//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Sums of two weighted rows of float32, as BlendArgs says, NEON.
//
//	func blendF32_16_neon(a *BlendArgs)
//
// Needs NEON; clobbers R0-R11, V0-V7, V30, V31.
//
//	V0-V3    b, then sums              V4-V7    a
//	V30 V31  the weights P, Q
//	R1 R2    A, B                      R9 R10   their rows
//	R3 R7    a row of Y, LdY           R11      where it is written
//	R4 R5    tap, rows left
//	R6 R8    elements of a row, those left
//
// block takes 4 vectors, vector one, tail the last two and one. A vector is two loads, a store and two operations: one cycle on two pipes,
// or the bandwidth of the cache it comes from.

#define BLEND(a, b) FMUL4(31, b, b); FMLA4(30, a, b)

TEXT ·blendF32_16_neon(SB), NOSPLIT, $0-8
	MOVD a+0(FP), R0
	MOVD BlendArgs_A(R0), R1
	MOVD BlendArgs_B(R0), R2
	MOVD BlendArgs_Y(R0), R3
	MOVD BlendArgs_Taps(R0), R4
	MOVD BlendArgs_Rows(R0), R5
	MOVD BlendArgs_N(R0), R6
	MOVD BlendArgs_LdY(R0), R7

row:
	MOVD BlendTap_A(R4), R9
	MOVD BlendTap_B(R4), R10
	ADD  R1, R9
	ADD  R2, R10
	ADD  $BlendTap_P, R4, R0
	LD1R4(0, 30)
	ADD  $BlendTap_Q, R4, R0
	LD1R4(0, 31)
	MOVD R3, R11
	SUBS $16, R6, R8
	BLT  rest

block:
	FMOVQ (R10), F0
	FMOVQ 16(R10), F1
	FMOVQ 32(R10), F2
	FMOVQ 48(R10), F3
	FMOVQ (R9), F4
	FMOVQ 16(R9), F5
	FMOVQ 32(R9), F6
	FMOVQ 48(R9), F7
	ADD   $64, R10
	ADD   $64, R9
	BLEND(4, 0)
	BLEND(5, 1)
	BLEND(6, 2)
	BLEND(7, 3)
	FMOVQ F0, (R11)
	FMOVQ F1, 16(R11)
	FMOVQ F2, 32(R11)
	FMOVQ F3, 48(R11)
	ADD   $64, R11
	SUBS  $16, R8
	BGE   block

rest:
	ADDS $12, R8
	BLT  tail

vector:
	FMOVQ.P 16(R10), F0
	FMOVQ.P 16(R9), F4
	BLEND(4, 0)
	FMOVQ.P F0, 16(R11)
	SUBS  $4, R8
	BGE   vector

tail:                                   // the low bits of R8 are those of N
	TBZ   $1, R8, one
	FMOVD.P 8(R10), F0
	FMOVD.P 8(R9), F4
	BLEND(4, 0)
	FMOVD.P F0, 8(R11)

one:
	TBZ   $0, R8, next
	FMOVS (R10), F0
	FMOVS (R9), F4
	BLEND(4, 0)
	FMOVS F0, (R11)

next:
	ADD  $BlendTap__size, R4
	ADD  R7, R3
	SUBS $1, R5
	BNE  row
	RET
