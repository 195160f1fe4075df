//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Matrix times the transpose of a few rows, float32, AVX2 and FMA.
//
//	func dotF32_3x4_avx2(a *DotArgs)    Y[i][r] += sum over c of W[r][c]·X[i][c], 3 rows i
//	func dotF32_2x4_avx2(a *DotArgs)    2 rows
//
// DotArgs (dot.go) has the contract. Needs AVX2 and FMA. Clobbers all vector registers and all general registers but BP
// and SP.
//
// 4 rows of W at a time, as many sums as the registers hold. Sums and what they are made of:
//
//	             Y12 = X[0]   Y13 = X[1]   Y14 = X[2]
//	 row  0          Y0           Y4           Y8
//	  ...           ...          ...          ...         += W[row] (Y15) times X, 8 columns at a time
//	 row  3          Y3           Y7          Y11
//
//	SI R8 R9 R10  the rows of W, BX AX DI  the rows of X, at the end of their whole vectors
//	CX from there, negative, to 0        DX bytes between rows of W      R15 rows left
//	R11 address of the mask of the tail's columns, R12 of the block's rows
//	after the sums: AX args, DI the block's place in Y, CX bytes between rows of Y
//
// Loops (dot_f32_amd64.h): 4 rows > 8 columns; a last block of fewer rows does its last row again and again. A step costs 4+MR
// loads for 4·MR multiply-adds: bound by the multipliers, 2·MR cycles for 128 bytes of W, or by the memory.

#define STEP 32
#define BLOCK 4
#define LAST R10
#define MASK LEAQ ·laneMask+32(SB), R11; SHLQ $2, CX; SUBQ CX, R11
#define MASKROWS MOVQ $4, R8; CMPQ R15, R8; CMOVQLT R15, R8; SHLQ $2, R8; LEAQ ·laneMask+32(SB), R12; SUBQ R8, R12; VMOVUPS (R12), X15

// Row n of the block, or row n-1 again when there are no more.
#define ROW(n, prev, p) LEAQ (prev)(DX*1), AX; MOVQ prev, p; CMPQ R15, $n; CMOVQGT AX, p
#define POINT ROW(1, SI, R8); ROW(2, R8, R9); ROW(3, R9, R10)

// The rows: their pointers and sums.
#define ROWS(op) op(SI, Y0, Y4, Y8); op(R8, Y1, Y5, Y9); op(R9, Y2, Y6, Y10); op(R10, Y3, Y7, Y11)
#define FMA(p, v0, v1, v2) VMOVUPS (p)(CX*1), Y15; MULADD(v0, v1, v2)
#define FMATAIL(p, v0, v1, v2) VMOVUPS (R11), Y15; VMASKMOVPS (p), Y15, Y15; MULADD(v0, v1, v2)

// Pairs of neighbours are added, rows side by side, then lanes: 4 sums for a row of Y at DI.
#define REDUCE(y0, y1, y2, y3, x0) \
	VHADDPS y1, y0, y0; VHADDPS y3, y2, y2; VHADDPS y2, y0, y0; VEXTRACTF128 $1, y0, X14; VADDPS X14, x0, x0 \
	VMASKMOVPS (DI), X15, X14; VADDPS X14, x0, x0; VMASKMOVPS x0, X15, (DI)
#define ADDROW0 REDUCE(Y0, Y1, Y2, Y3, X0)
#define ADDROW1 ADDQ CX, DI; REDUCE(Y4, Y5, Y6, Y7, X4)
#define ADDROW2 ADDQ CX, DI; REDUCE(Y8, Y9, Y10, Y11, X8)

#define CLEAR2(p, v0, v1, v2) VXORPS v0, v0, v0; VXORPS v1, v1, v1
#define CLEAR3(p, v0, v1, v2) CLEAR2(p, v0, v1, v2); VXORPS v2, v2, v2

#define ZERO ROWS(CLEAR3)
#define LOADX VMOVUPS (BX)(CX*1), Y12; VMOVUPS (AX)(CX*1), Y13; VMOVUPS (DI)(CX*1), Y14
#define LOADXTAIL VMOVUPS (R11), Y15; VMASKMOVPS (BX), Y15, Y12; VMASKMOVPS (AX), Y15, Y13; VMASKMOVPS (DI), Y15, Y14
#define MULADD(v0, v1, v2) VFMADD231PS Y15, Y12, v0; VFMADD231PS Y15, Y13, v1; VFMADD231PS Y15, Y14, v2
#define ADDROWS ADDROW0; ADDROW1; ADDROW2
TEXT ·dotF32_3x4_avx2(SB), NOSPLIT, $0-8
#include "dot_f32_amd64.h"
#undef ZERO
#undef LOADX
#undef LOADXTAIL
#undef MULADD
#undef ADDROWS

#define ZERO ROWS(CLEAR2)
#define LOADX VMOVUPS (BX)(CX*1), Y12; VMOVUPS (AX)(CX*1), Y13
#define LOADXTAIL VMOVUPS (R11), Y15; VMASKMOVPS (BX), Y15, Y12; VMASKMOVPS (AX), Y15, Y13
#define MULADD(v0, v1, v2) VFMADD231PS Y15, Y12, v0; VFMADD231PS Y15, Y13, v1
#define ADDROWS ADDROW0; ADDROW1
TEXT ·dotF32_2x4_avx2(SB), NOSPLIT, $0-8
#include "dot_f32_amd64.h"
