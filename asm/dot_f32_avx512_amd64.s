//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem32_amd64.h"

// Matrix times the transpose of a few rows, float32, AVX-512.
//
//	func dotF32_3x8_avx512(a *DotArgs)    Y[i][r] += sum over c of W[r][c]·X[i][c], 3 rows i
//	func dotF32_2x8_avx512(a *DotArgs)    2 rows
//
// DotArgs (dot.go) has the contract. Needs AVX-512 F, DQ and VL. Clobbers Z0 to Z28, K1, K2 and all general registers
// but BP and SP.
//
// 8 rows of W at a time, as in gemv: 8 streams keep the memory busy. Sums and what they are made of:
//
//	             Z24 = X[0]   Z25 = X[1]   Z26 = X[2]
//	 row  0          Z0           Z8          Z16
//	 row  1          Z1           Z9          Z17          += W[row] (Z27) times X, 16 columns at a time
//	  ...           ...          ...          ...
//	 row  7          Z7          Z15          Z23
//
//	SI R8 to R14  the rows of W, BX AX DI  the rows of X, at the end of their whole vectors
//	CX from there, negative, to 0        DX bytes between rows of W      R15 rows left
//	K1 columns of the tail               K2 rows of the block
//	after the sums: AX args, DI the block's place in Y, CX bytes between rows of Y
//
// Loops (dot_amd64.h): 8 rows > 16 columns; a last block of fewer rows does its last row again and again. A step costs 8+MR
// loads for 8·MR multiply-adds: bound by the multipliers, 4·MR cycles for 512 bytes of W, or by the memory.

// Pairs of neighbours are added, rows side by side, and lanes: 8 sums for a row of Y at DI.
#define REDUCE \
	VHADDPS Y1, Y0, Y0; VHADDPS Y3, Y2, Y2; VHADDPS Y5, Y4, Y4; VHADDPS Y7, Y6, Y6 \
	VHADDPS Y2, Y0, Y0; VHADDPS Y6, Y4, Y4 \
	VPERM2F128 $0x20, Y4, Y0, Y1; VPERM2F128 $0x31, Y4, Y0, Y2; VADDPS Y2, Y1, Y0 \
	VADDPS (DI), Y0, K2, Y0; VMOVUPS Y0, K2, (DI)

#include "dot3_avx512_amd64.h"
TEXT ·dotF32_3x8_avx512(SB), NOSPLIT, $0-8
#include "dot_amd64.h"

#include "dot2_avx512_amd64.h"
TEXT ·dotF32_2x8_avx512(SB), NOSPLIT, $0-8
#include "dot_amd64.h"
