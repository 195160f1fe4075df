//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Matrix times the transpose of a few rows, float32, NEON.
//
//	func dotF32_3x8_neon(a *DotArgs)    Y[i][r] += sum over c of W[r][c]·X[i][c], 3 rows i
//	func dotF32_2x8_neon(a *DotArgs)    2 rows
//
// DotArgs (dot.go) has the contract. Needs NEON. Clobbers R0-R6, R8-R15, R19-R24, V0-V27.
//
// 8 rows of W at a time, as many sums as the registers hold. Sums and what they are made of:
//
//	             V24 = X[0]   V25 = X[1]   V26 = X[2]
//	 row  0          V0           V8          V16
//	  ...           ...          ...          ...         += W[row] (V27) times X, 4 columns at a time
//	 row  7          V7          V15          V23
//
//	R1 R2 R6  the rows of X, next columns; after the sums those of Y, of the block
//	R3 bytes between rows of W      R4 rows left      R5 columns left      R8 to R15  the rows of W, next columns
//	R19 W of the block      R20 columns      R21 X      R22 bytes between its rows      R23 Y, R24 the same
//
// Loops (dot_f32_arm64.h): 8 rows > 4 columns, then 1; a last block of fewer rows does its last row again and again. A step
// costs 8+MR loads for 8·MR multiply-adds: bound by the multipliers, or by the memory.

// Row n of the block, or row n-1 again when there are no more.
#define ROW(n, prev, p) ADD R3, prev, p; CMP $n, R4; CSEL GT, p, prev, p

// The rows: their sums, pointer.
#define ROWS(op) op(0, 8, 16, R8); op(1, 9, 17, R9); op(2, 10, 18, R10); op(3, 11, 19, R11); op(4, 12, 20, R12); op(5, 13, 21, R13); op(6, 14, 22, R14); op(7, 15, 23, R15)
#define FMA(s0, s1, s2, p) FMOVQ.P 16(p), F27; MULADD(s0, s1, s2)
#define FMAONE(s0, s1, s2, p) FMOVS.P 4(p), F27; MULADD(s0, s1, s2)

// Pairs of neighbours are added, rows side by side: the sums of rows 0 to 3 in s0, of 4 to 7 in s4.
#define PAIRS(s0, s1, s2, s3, s4, s5, s6, s7) FADDP4(s1, s0, s0); FADDP4(s3, s2, s2); FADDP4(s5, s4, s4); FADDP4(s7, s6, s6); FADDP4(s2, s0, s0); FADDP4(s6, s4, s4)
#define ADDROW(s0, s4, p) FMOVQ (p), F24; FADD4(s0, 24, 24); FMOVQ F24, (p); FMOVQ 16(p), F24; FADD4(s4, 24, 24); FMOVQ F24, 16(p)

// The same for 1 to 7 rows, with labels for the parts.
#define ADDPART(s0, s4, p, two, one, end) \
	TBZ $2, R4, two; FMOVQ (p), F24; FADD4(s0, 24, 24); FMOVQ.P F24, 16(p); MOV16(s4, s0); \
two: \
	TBZ $1, R4, one; FMOVD (p), F24; FADD4(s0, 24, 24); FMOVD.P F24, 8(p); DUPE4(s0, 2, s0); \
one: \
	TBZ $0, R4, end; FMOVS (p), F24; FADD4(s0, 24, 24); FMOVS F24, (p); \
end:

#define ZERO(s0, s1, s2, p) MOVI0(s0); MOVI0(s1); MOVI0(s2)
#define LOADX(load) load(R1), F24; load(R2), F25; load(R6), F26
#define MULADD(s0, s1, s2) FMLA4(27, 24, s0); FMLA4(27, 25, s1); FMLA4(27, 26, s2)
#define REDUCE PAIRS(0, 1, 2, 3, 4, 5, 6, 7); PAIRS(8, 9, 10, 11, 12, 13, 14, 15); PAIRS(16, 17, 18, 19, 20, 21, 22, 23)
#define ADDROWS ADDROW(0, 4, R1); ADDROW(8, 12, R2); ADDROW(16, 20, R6)
#define ADDPARTS ADDPART(0, 4, R1, two0, one0, end0); ADDPART(8, 12, R2, two1, one1, end1); ADDPART(16, 20, R6, two2, one2, end2)
TEXT ·dotF32_3x8_neon(SB), NOSPLIT, $0-8
#include "dot_f32_arm64.h"
#undef ZERO
#undef LOADX
#undef MULADD
#undef REDUCE
#undef ADDROWS
#undef ADDPARTS

#define ZERO(s0, s1, s2, p) MOVI0(s0); MOVI0(s1)
#define LOADX(load) load(R1), F24; load(R2), F25
#define MULADD(s0, s1, s2) FMLA4(27, 24, s0); FMLA4(27, 25, s1)
#define REDUCE PAIRS(0, 1, 2, 3, 4, 5, 6, 7); PAIRS(8, 9, 10, 11, 12, 13, 14, 15)
#define ADDROWS ADDROW(0, 4, R1); ADDROW(8, 12, R2)
#define ADDPARTS ADDPART(0, 4, R1, two0, one0, end0); ADDPART(8, 12, R2, two1, one1, end1)
TEXT ·dotF32_2x8_neon(SB), NOSPLIT, $0-8
#include "dot_f32_arm64.h"
