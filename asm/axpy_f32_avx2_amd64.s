//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// A few rows times a matrix, float32, AVX2 and FMA.
//
//	func axpyF32_3x4_avx2(a *DotArgs)    Y[i][c] += sum over r of X[i][r]·W[r][c], 3 rows i
//	func axpyF32_2x4_avx2(a *DotArgs)    2 rows
//
// AxpyRow (dot.go) has the contract. Needs AVX2 and FMA. Clobbers all vector registers and all general registers but BP and SP.
//
// 4 rows of W at a time, as many broadcasts as the registers hold:
//
//	             Y12 = Y[0]   Y13 = Y[1]   Y14 = Y[2]         8 columns
//	 row  0          Y0           Y4           Y8
//	  ...           ...          ...          ...          += broadcast X times W[row] (Y15)
//	 row  3          Y3           Y7          Y11
//
//	SI R8 R9 R10  the rows of W, BX AX DI  the rows of Y, at the end of their whole vectors
//	CX from there, negative, to 0        DX bytes between rows of W      R15 rows left, less 4
//	R11 address of the mask of the tail's columns
//
// Loops (axpy_f32_amd64.h): 4 rows > 8 columns, then single rows. A step costs 4+MR loads, MR stores and 4·MR multiply-adds: bound by
// the multipliers, 2·MR cycles for 128 bytes of W, or by the memory.

#define STEP 32
#define BLOCK 4
#define LAST R10
#define MASK LEAQ ·laneMask+32(SB), R11; SHLQ $2, CX; SUBQ CX, R11
#define POINT LEAQ (SI)(DX*1), R8; LEAQ (SI)(DX*2), R9; LEAQ (R8)(DX*2), R10

// The next n elements of each row of X are at (DI), (DI)(AX*1), (DI)(AX*2). Then AX and DI are rows of Y, and CX runs to 0 over
// whole vectors; TAILCOLS are the others.
#define XVECTORS(n) MOVQ a+0(FP), CX; MOVQ DotArgs_next(CX), DI; ADDQ $(4*n), DotArgs_next(CX); MOVQ DotArgs_LdX(CX), AX
#define YROWS MOVQ a+0(FP), CX; MOVQ DotArgs_LdY(CX), AX; LEAQ (BX)(AX*2), DI; ADDQ BX, AX; MOVQ DotArgs_Cols(CX), CX; ANDQ $~(STEP/4-1), CX; SHLQ $2, CX; NEGQ CX
#define TAILCOLS MOVQ a+0(FP), CX; MOVQ DotArgs_Cols(CX), CX; ANDQ $(STEP/4-1), CX

// The rows: their pointers, the displacement in X, its broadcasts.
#define ROW0(op) op(SI, 0, Y0, Y4, Y8)
#define ROWS(op) op(SI, 0, Y0, Y4, Y8); op(R8, 4, Y1, Y5, Y9); op(R9, 8, Y2, Y6, Y10); op(R10, 12, Y3, Y7, Y11)
#define ASK(p, d, x0, x1, x2)
#define MULADD(p, d, x0, x1, x2) VMOVUPS (p)(CX*1), Y15; FMA(x0, x1, x2)
#define MULADDTAIL(p, d, x0, x1, x2) VMOVUPS (R11), Y15; VMASKMOVPS (p), Y15, Y15; FMA(x0, x1, x2)

#define LOADX(p, d, x0, x1, x2) VBROADCASTSS d(DI), x0; VBROADCASTSS d(DI)(AX*1), x1; VBROADCASTSS d(DI)(AX*2), x2
#define LOADY VMOVUPS (BX)(CX*1), Y12; VMOVUPS (AX)(CX*1), Y13; VMOVUPS (DI)(CX*1), Y14
#define SAVEY VMOVUPS Y12, (BX)(CX*1); VMOVUPS Y13, (AX)(CX*1); VMOVUPS Y14, (DI)(CX*1)
#define LOADYTAIL VMOVUPS (R11), Y15; VMASKMOVPS (BX), Y15, Y12; VMASKMOVPS (AX), Y15, Y13; VMASKMOVPS (DI), Y15, Y14
#define SAVEYTAIL VMOVUPS (R11), Y15; VMASKMOVPS Y12, Y15, (BX); VMASKMOVPS Y13, Y15, (AX); VMASKMOVPS Y14, Y15, (DI)
#define FMA(x0, x1, x2) VFMADD231PS Y15, x0, Y12; VFMADD231PS Y15, x1, Y13; VFMADD231PS Y15, x2, Y14
TEXT ·axpyF32_3x4_avx2(SB), NOSPLIT, $0-8
#include "axpy_f32_amd64.h"
#undef LOADX
#undef LOADY
#undef SAVEY
#undef LOADYTAIL
#undef SAVEYTAIL
#undef FMA

#define LOADX(p, d, x0, x1, x2) VBROADCASTSS d(DI), x0; VBROADCASTSS d(DI)(AX*1), x1
#define LOADY VMOVUPS (BX)(CX*1), Y12; VMOVUPS (AX)(CX*1), Y13
#define SAVEY VMOVUPS Y12, (BX)(CX*1); VMOVUPS Y13, (AX)(CX*1)
#define LOADYTAIL VMOVUPS (R11), Y15; VMASKMOVPS (BX), Y15, Y12; VMASKMOVPS (AX), Y15, Y13
#define SAVEYTAIL VMOVUPS (R11), Y15; VMASKMOVPS Y12, Y15, (BX); VMASKMOVPS Y13, Y15, (AX)
#define FMA(x0, x1, x2) VFMADD231PS Y15, x0, Y12; VFMADD231PS Y15, x1, Y13
TEXT ·axpyF32_2x4_avx2(SB), NOSPLIT, $0-8
#include "axpy_f32_amd64.h"
