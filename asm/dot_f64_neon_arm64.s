//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "elem64_arm64.h"

// Matrix times the transpose of a few rows, float64, NEON.
//
//	func dotF64_3x8_neon(a *DotArgs)    Y[i][r] += sum over c of W[r][c]·X[i][c], 3 rows i
//	func dotF64_2x8_neon(a *DotArgs)    2 rows
//
// dot_f32_neon_arm64.s with elements of twice the size, 2 columns at a time: it has the contract, the registers, the loops and the bound. Needs NEON.

// Row n of the block, or row n-1 again when there are no more.
#define ROW(n, prev, p) ADD R3, prev, p; CMP $n, R4; CSEL GT, p, prev, p

// The rows: their pointers, by number and by name, and sums.
#define ROWS(op) op(8, R8, 0, 8, 16); op(9, R9, 1, 9, 17); op(10, R10, 2, 10, 18); op(11, R11, 3, 11, 19); op(12, R12, 4, 12, 20); op(13, R13, 5, 13, 21); op(14, R14, 6, 14, 22); op(15, R15, 7, 15, 23)
#define FMA(r, p, v0, v1, v2) LDQX(5, r, 27); MULADD(v0, v1, v2)
#define FMAONE(r, p, v0, v1, v2) FMOVD.P 8(p), F27; MULADD(v0, v1, v2)

// Pairs of neighbours are added, rows side by side: 8 sums for a row of Y, in v0 v2 v4 v6.
#define ADDTO(v) FMOVQ (R16), F28; FADDL(28, v, 28); FMOVQ.P F28, 16(R16)
#define ADDROW(v0, v1, v2, v3, v4, v5, v6, v7, four, two, one, next) \
	FADDPD2(v1, v0, v0); FADDPD2(v3, v2, v2); FADDPD2(v5, v4, v4); FADDPD2(v7, v6, v6); \
	MOVD R7, R16; \
	TBZ $3, R6, four; \
	ADDTO(v0); ADDTO(v2); ADDTO(v4); ADDTO(v6); \
	B next; \
four: \
	TBZ $2, R6, two; \
	ADDTO(v0); ADDTO(v2); MOV16(v4, v0); MOV16(v6, v2); \
two: \
	TBZ $1, R6, one; \
	ADDTO(v0); MOV16(v2, v0); \
one: \
	TBZ $0, R6, next; \
	FMOVD (R16), F28; FADDL(v0, 28, 28); FMOVD F28, (R16); \
next:
#define ADDROW0 ADDROW(0, 1, 2, 3, 4, 5, 6, 7, four0, two0, one0, next0)
#define ADDROW1 ADD R24, R7; ADDROW(8, 9, 10, 11, 12, 13, 14, 15, four1, two1, one1, next1)
#define ADDROW2 ADD R24, R7; ADDROW(16, 17, 18, 19, 20, 21, 22, 23, four2, two2, one2, next2)

#define ZERO(r, p, v0, v1, v2) MOVI0(v0); MOVI0(v1); MOVI0(v2)
#define LOADX LDQX(5, 1, 24); LDQX(5, 21, 25); LDQX(5, 22, 26)
#define LOADXONE FMOVD.P 8(R1), F24; FMOVD.P 8(R21), F25; FMOVD.P 8(R22), F26
#define MULADD(v0, v1, v2) FMLA(27, 24, v0); FMLA(27, 25, v1); FMLA(27, 26, v2)
#define ADDROWS ADDROW0; ADDROW1; ADDROW2
TEXT ·dotF64_3x8_neon(SB), NOSPLIT, $0-8
#include "dot_arm64.h"
#undef ZERO
#undef LOADX
#undef LOADXONE
#undef MULADD
#undef ADDROWS

#define ZERO(r, p, v0, v1, v2) MOVI0(v0); MOVI0(v1)
#define LOADX LDQX(5, 1, 24); LDQX(5, 21, 25)
#define LOADXONE FMOVD.P 8(R1), F24; FMOVD.P 8(R21), F25
#define MULADD(v0, v1, v2) FMLA(27, 24, v0); FMLA(27, 25, v1)
#define ADDROWS ADDROW0; ADDROW1
TEXT ·dotF64_2x8_neon(SB), NOSPLIT, $0-8
#include "dot_arm64.h"
