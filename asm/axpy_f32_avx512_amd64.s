//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// A few rows times a matrix, float32, AVX-512.
//
//	func axpyF32_3x8_avx512(a *DotArgs)    Y[i][c] += sum over r of X[i][r]·W[r][c], 3 rows i
//	func axpyF32_2x8_avx512(a *DotArgs)    2 rows
//
// AxpyRow (dot.go) has the contract. Needs AVX-512 F. Clobbers Z0 to Z27, K1 and all general registers but BP and SP.
//
// 8 rows of W at a time, as in gemvt; what it holds and what passes by:
//
//	             Z24 = Y[0]   Z25 = Y[1]   Z26 = Y[2]         16 columns
//	 row  0          Z0           Z8          Z16
//	 row  1          Z1           Z9          Z17          += broadcast X times W[row] (Z27)
//	  ...           ...          ...          ...
//	 row  7          Z7          Z15          Z23
//
//	SI R8 to R14  the rows of W, BX AX DI  the rows of Y, at the end of their whole vectors
//	CX from there, negative, to 0        DX bytes between rows of W      R15 rows left, less 8
//	K1 columns of the tail
//
// Loops (axpy_f32_amd64.h): 8 rows > 16 columns, then single rows. A step costs 8+MR loads and 8 lines asked for, MR stores and 8·MR
// multiply-adds: bound by the multipliers, 4·MR cycles for 512 bytes of W, or by the memory. Asking for what is 512 bytes on enters
// the next page of a row ahead of time.

#define STEP 64
#define BLOCK 8
#define LAST R14
#define MASK MOVQ $1, AX; SHLQ CX, AX; DECQ AX; KMOVW AX, K1
#define POINT LEAQ (SI)(DX*1), R8; LEAQ (SI)(DX*2), R9; LEAQ (R8)(DX*2), R10; LEAQ (R9)(DX*2), R11; LEAQ (R10)(DX*2), R12; LEAQ (R11)(DX*2), R13; LEAQ (R12)(DX*2), R14

// The next n elements of each row of X are at (DI), (DI)(AX*1), (DI)(AX*2). Then AX and DI are rows of Y, and CX runs to 0 over
// whole vectors; TAILCOLS are the others.
#define XVECTORS(n) MOVQ a+0(FP), CX; MOVQ DotArgs_next(CX), DI; ADDQ $(4*n), DotArgs_next(CX); MOVQ DotArgs_LdX(CX), AX
#define YROWS MOVQ a+0(FP), CX; MOVQ DotArgs_LdY(CX), AX; LEAQ (BX)(AX*2), DI; ADDQ BX, AX; MOVQ DotArgs_Cols(CX), CX; ANDQ $~(STEP/4-1), CX; SHLQ $2, CX; NEGQ CX
#define TAILCOLS MOVQ a+0(FP), CX; MOVQ DotArgs_Cols(CX), CX; ANDQ $(STEP/4-1), CX

// The rows: their pointers, the displacement in X, its broadcasts.
#define ROW0(op) op(SI, 0, Z0, Z8, Z16)
#define ROWS(op) \
	op(SI, 0, Z0, Z8, Z16); op(R8, 4, Z1, Z9, Z17); op(R9, 8, Z2, Z10, Z18); op(R10, 12, Z3, Z11, Z19) \
	op(R11, 16, Z4, Z12, Z20); op(R12, 20, Z5, Z13, Z21); op(R13, 24, Z6, Z14, Z22); op(R14, 28, Z7, Z15, Z23)
#define ASK(p, d, x0, x1, x2) PREFETCHT0 512(p)(CX*1)
#define MULADD(p, d, x0, x1, x2) VMOVUPS (p)(CX*1), Z27; FMA(x0, x1, x2)
#define MULADDTAIL(p, d, x0, x1, x2) VMOVUPS.Z (p), K1, Z27; FMA(x0, x1, x2)

#define LOADX(p, d, x0, x1, x2) VBROADCASTSS d(DI), x0; VBROADCASTSS d(DI)(AX*1), x1; VBROADCASTSS d(DI)(AX*2), x2
#define LOADY VMOVUPS (BX)(CX*1), Z24; VMOVUPS (AX)(CX*1), Z25; VMOVUPS (DI)(CX*1), Z26
#define SAVEY VMOVUPS Z24, (BX)(CX*1); VMOVUPS Z25, (AX)(CX*1); VMOVUPS Z26, (DI)(CX*1)
#define LOADYTAIL VMOVUPS.Z (BX), K1, Z24; VMOVUPS.Z (AX), K1, Z25; VMOVUPS.Z (DI), K1, Z26
#define SAVEYTAIL VMOVUPS Z24, K1, (BX); VMOVUPS Z25, K1, (AX); VMOVUPS Z26, K1, (DI)
#define FMA(x0, x1, x2) VFMADD231PS Z27, x0, Z24; VFMADD231PS Z27, x1, Z25; VFMADD231PS Z27, x2, Z26
TEXT ·axpyF32_3x8_avx512(SB), NOSPLIT, $0-8
#include "axpy_f32_amd64.h"
#undef LOADX
#undef LOADY
#undef SAVEY
#undef LOADYTAIL
#undef SAVEYTAIL
#undef FMA

#define LOADX(p, d, x0, x1, x2) VBROADCASTSS d(DI), x0; VBROADCASTSS d(DI)(AX*1), x1
#define LOADY VMOVUPS (BX)(CX*1), Z24; VMOVUPS (AX)(CX*1), Z25
#define SAVEY VMOVUPS Z24, (BX)(CX*1); VMOVUPS Z25, (AX)(CX*1)
#define LOADYTAIL VMOVUPS.Z (BX), K1, Z24; VMOVUPS.Z (AX), K1, Z25
#define SAVEYTAIL VMOVUPS Z24, K1, (BX); VMOVUPS Z25, K1, (AX)
#define FMA(x0, x1, x2) VFMADD231PS Z27, x0, Z24; VFMADD231PS Z27, x1, Z25
TEXT ·axpyF32_2x8_avx512(SB), NOSPLIT, $0-8
#include "axpy_f32_amd64.h"
