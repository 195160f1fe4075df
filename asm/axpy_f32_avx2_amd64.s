//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem32_amd64.h"

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
// Loops (axpy_amd64.h): 4 rows > 8 columns, then single rows. A step costs 4+MR loads, MR stores and 4·MR multiply-adds: bound by
// the multipliers, 2·MR cycles for 128 bytes of W, or by the memory.

#include "axpy3_avx2_amd64.h"
TEXT ·axpyF32_3x4_avx2(SB), NOSPLIT, $0-8
#include "axpy_amd64.h"

#include "axpy2_avx2_amd64.h"
TEXT ·axpyF32_2x4_avx2(SB), NOSPLIT, $0-8
#include "axpy_amd64.h"
