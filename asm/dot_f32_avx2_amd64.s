//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem32_amd64.h"

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
// Loops (dot_amd64.h): 4 rows > 8 columns; a last block of fewer rows does its last row again and again. A step costs 4+MR
// loads for 4·MR multiply-adds: bound by the multipliers, 2·MR cycles for 128 bytes of W, or by the memory.

// Pairs of neighbours are added, rows side by side, then lanes: 4 sums for a row of Y at DI.
#define ROWMASK VMOVUPS (R12), X15
#define REDUCE(y0, y1, y2, y3, x0) \
	VHADDPS y1, y0, y0; VHADDPS y3, y2, y2; VHADDPS y2, y0, y0; VEXTRACTF128 $1, y0, X14; VADDPS X14, x0, x0 \
	VMASKMOVPS (DI), X15, X14; VADDPS X14, x0, x0; VMASKMOVPS x0, X15, (DI)

#include "dot3_avx2_amd64.h"
TEXT ·dotF32_3x4_avx2(SB), NOSPLIT, $0-8
#include "dot_amd64.h"

#include "dot2_avx2_amd64.h"
TEXT ·dotF32_2x4_avx2(SB), NOSPLIT, $0-8
#include "dot_amd64.h"
