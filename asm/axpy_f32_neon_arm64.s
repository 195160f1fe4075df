//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "elem32_arm64.h"

// A few rows times a matrix, float32, NEON.
//
//	func axpyF32_3x8_neon(a *DotArgs)    Y[i][c] += sum over r of X[i][r]·W[r][c], 3 rows i
//	func axpyF32_2x8_neon(a *DotArgs)    2 rows
//
// AxpyRow (dot.go) has the contract. Needs NEON. Clobbers R0-R5, R8-R16, R19-R26, V16-V21, V24-V27.
//
// 8 rows of W at a time, as in gemvt; what it holds and what passes by:
//
//	               V24 = Y[0]        V25 = Y[1]        V26 = Y[2]           4 columns
//	 row  0       V16 lane 0        V18 lane 0        V20 lane 0
//	  ...             ...               ...               ...              += lane of X times W[row] (V27)
//	 row  7       V17 lane 3        V19 lane 3        V21 lane 3
//
//	R8 to R15 the rows of W, R1 R21 R22 the rows of Y, at the end of their whole vectors; R5 from there, negative, to 0
//	R3 R23 R24 bytes between rows of W, X, Y       R4 rows left, less 8       R19 W of the next block     R25 Y     R2 X, next row
//	R20 columns of the tail, R26 bytes of the others, negative                R5 in the tail: columns left
//
// Loops (axpy_arm64.h): 8 rows > 4 columns, then 1; then single rows. A step costs 8+MR loads, MR stores and 8·MR multiply-adds,
// 4·MR cycles where two begin in a cycle, for 128 bytes of W. Those of a row of Y wait for each other: several steps must be under way.

// The rows: their pointers, by number and by name, and their elements of X.
#define ROW0(op) op(8, R8, 16, 18, 20, 0)
#define ROWS(op) \
	op(8, R8, 16, 18, 20, 0); op(9, R9, 16, 18, 20, 1); op(10, R10, 16, 18, 20, 2); op(11, R11, 16, 18, 20, 3); \
	op(12, R12, 17, 19, 21, 0); op(13, R13, 17, 19, 21, 1); op(14, R14, 17, 19, 21, 2); op(15, R15, 17, 19, 21, 3)
#define FMA(r, p, x0, x1, x2, lane) LDQX(5, r, 27); MULADD(x0, x1, x2, lane)
#define FMAONE(r, p, x0, x1, x2, lane) FMOVS.P 4(p), F27; MULADD(x0, x1, x2, lane)
#define YROWS MOVD R25, R1; ADD R24, R1, R21; ADD R24, R21, R22; MOVD R26, R5

#define LOADX FMOVQ (R2), F16; FMOVQ 16(R2), F17; ADD R23, R2, R16; FMOVQ (R16), F18; FMOVQ 16(R16), F19; ADD R23, R16; FMOVQ (R16), F20; FMOVQ 16(R16), F21; ADD $32, R2
#define LOADXONE ADD R23, R2, R16; FMOVS (R16), F18; ADD R23, R16; FMOVS (R16), F20; FMOVS.P 4(R2), F16
#define LOADY LDQX(5, 1, 24); LDQX(5, 21, 25); LDQX(5, 22, 26)
#define SAVEY STQX(5, 1, 24); STQX(5, 21, 25); STQX(5, 22, 26)
#define LOADYONE FMOVS (R1), F24; FMOVS (R21), F25; FMOVS (R22), F26
#define SAVEYONE FMOVS.P F24, 4(R1); FMOVS.P F25, 4(R21); FMOVS.P F26, 4(R22)
#define MULADD(x0, x1, x2, lane) FMLAE4(x0, lane, 27, 24); FMLAE4(x1, lane, 27, 25); FMLAE4(x2, lane, 27, 26)
TEXT ·axpyF32_3x8_neon(SB), NOSPLIT, $0-8
#include "axpy_arm64.h"
#undef LOADX
#undef LOADXONE
#undef LOADY
#undef SAVEY
#undef LOADYONE
#undef SAVEYONE
#undef MULADD

#define LOADX FMOVQ (R2), F16; FMOVQ 16(R2), F17; ADD R23, R2, R16; FMOVQ (R16), F18; FMOVQ 16(R16), F19; ADD $32, R2
#define LOADXONE ADD R23, R2, R16; FMOVS (R16), F18; FMOVS.P 4(R2), F16
#define LOADY LDQX(5, 1, 24); LDQX(5, 21, 25)
#define SAVEY STQX(5, 1, 24); STQX(5, 21, 25)
#define LOADYONE FMOVS (R1), F24; FMOVS (R21), F25
#define SAVEYONE FMOVS.P F24, 4(R1); FMOVS.P F25, 4(R21)
#define MULADD(x0, x1, x2, lane) FMLAE4(x0, lane, 27, 24); FMLAE4(x1, lane, 27, 25)
TEXT ·axpyF32_2x8_neon(SB), NOSPLIT, $0-8
#include "axpy_arm64.h"
