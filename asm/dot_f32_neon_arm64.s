//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "elem32_arm64.h"

// Matrix times the transpose of a few rows, float32, NEON.
//
//	func dotF32_3x8_neon(a *DotArgs)    Y[i][r] += sum over c of W[r][c]·X[i][c], 3 rows i
//	func dotF32_2x8_neon(a *DotArgs)    2 rows
//
// DotArgs (dot.go) has the contract. Needs NEON. Clobbers R0-R16, R19-R26, V0-V28.
//
// 8 rows of W at a time, as in gemv: 8 streams keep the memory busy. Sums and what they are made of:
//
//	             V24 = X[0]   V25 = X[1]   V26 = X[2]
//	 row  0          V0           V8          V16
//	 row  1          V1           V9          V17          += W[row] (V27) times X, 4 columns at a time
//	  ...           ...          ...          ...
//	 row  7          V7          V15          V23
//
//	R8 to R15 the rows of W, R1 R21 R22 the rows of X, at the end of their whole vectors; R5 from there, negative, to 0
//	R3 R23 R24 bytes between rows of W, X, Y       R4 rows left        R19 W of the next block     R25 X
//	R20 columns of the tail, R26 bytes of the others, negative         R5 in the tail: columns left
//	after the sums: R7 a row of Y, R2 the first, R6 rows of the block
//
// Loops (dot_arm64.h): 8 rows > 4 columns, then 1; a last block of fewer rows does its last row again and again. A step costs
// 8+MR loads for 8·MR multiply-adds: where two vector operations begin in a cycle they bind, 4·MR cycles for 128 bytes of W.

// Row n of the block, or row n-1 again when there are no more.
#define ROW(n, prev, p) ADD R3, prev, p; CMP $n, R4; CSEL GT, p, prev, p

// The rows: their pointers, by number and by name, and sums.
#define ROWS(op) op(8, R8, 0, 8, 16); op(9, R9, 1, 9, 17); op(10, R10, 2, 10, 18); op(11, R11, 3, 11, 19); op(12, R12, 4, 12, 20); op(13, R13, 5, 13, 21); op(14, R14, 6, 14, 22); op(15, R15, 7, 15, 23)
#define FMA(r, p, v0, v1, v2) LDQX(5, r, 27); MULADD(v0, v1, v2)
#define FMAONE(r, p, v0, v1, v2) FMOVS.P 4(p), F27; MULADD(v0, v1, v2)

// Pairs of neighbours are added, rows side by side: 8 sums for a row of Y.
#define ADDROW(v0, v1, v2, v3, v4, v5, v6, v7, four, two, one, next) \
	FADDP4(v1, v0, v0); FADDP4(v3, v2, v2); FADDP4(v5, v4, v4); FADDP4(v7, v6, v6); FADDP4(v2, v0, v0); FADDP4(v6, v4, v4); \
	TBZ $3, R6, four; \
	FMOVQ (R7), F28; FADD4(28, v0, v0); FMOVQ F(v0), (R7); FMOVQ 16(R7), F28; FADD4(28, v4, v4); FMOVQ F(v4), 16(R7); \
	B next; \
four: \
	TBZ $2, R6, two; \
	FMOVQ (R7), F28; FADD4(28, v0, v0); FMOVQ F(v0), (R7); MOV16(v4, v0); \
two: \
	AND $4, R6, R16; ADD R16<<2, R7, R16; \
	TBZ $1, R6, one; \
	FMOVD (R16), F28; FADD4(v0, 28, 28); FMOVD.P F28, 8(R16); DUPE4(v0, 2, v0); \
one: \
	TBZ $0, R6, next; \
	FMOVS (R16), F28; FADD4(v0, 28, 28); FMOVS F28, (R16); \
next:
#define ADDROW0 ADDROW(0, 1, 2, 3, 4, 5, 6, 7, four0, two0, one0, next0)
#define ADDROW1 ADD R24, R7; ADDROW(8, 9, 10, 11, 12, 13, 14, 15, four1, two1, one1, next1)
#define ADDROW2 ADD R24, R7; ADDROW(16, 17, 18, 19, 20, 21, 22, 23, four2, two2, one2, next2)

#define ZERO(r, p, v0, v1, v2) MOVI0(v0); MOVI0(v1); MOVI0(v2)
#define LOADX LDQX(5, 1, 24); LDQX(5, 21, 25); LDQX(5, 22, 26)
#define LOADXONE FMOVS.P 4(R1), F24; FMOVS.P 4(R21), F25; FMOVS.P 4(R22), F26
#define MULADD(v0, v1, v2) FMLA4(27, 24, v0); FMLA4(27, 25, v1); FMLA4(27, 26, v2)
#define ADDROWS ADDROW0; ADDROW1; ADDROW2
TEXT ·dotF32_3x8_neon(SB), NOSPLIT, $0-8
#include "dot_arm64.h"
#undef ZERO
#undef LOADX
#undef LOADXONE
#undef MULADD
#undef ADDROWS

#define ZERO(r, p, v0, v1, v2) MOVI0(v0); MOVI0(v1)
#define LOADX LDQX(5, 1, 24); LDQX(5, 21, 25)
#define LOADXONE FMOVS.P 4(R1), F24; FMOVS.P 4(R21), F25
#define MULADD(v0, v1, v2) FMLA4(27, 24, v0); FMLA4(27, 25, v1)
#define ADDROWS ADDROW0; ADDROW1
TEXT ·dotF32_2x8_neon(SB), NOSPLIT, $0-8
#include "dot_arm64.h"
