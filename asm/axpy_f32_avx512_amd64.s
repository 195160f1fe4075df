//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem32_amd64.h"

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
// Loops (axpy_amd64.h): 8 rows > 16 columns, then single rows. A step costs 8+MR loads and 8 lines asked for, MR stores and 8·MR
// multiply-adds: bound by the multipliers, 4·MR cycles for 512 bytes of W, or by the memory. Asking for what is 512 bytes on enters
// the next page of a row ahead of time.

#include "axpy3_avx512_amd64.h"
TEXT ·axpyF32_3x8_avx512(SB), NOSPLIT, $0-8
#include "axpy_amd64.h"

#include "axpy2_avx512_amd64.h"
TEXT ·axpyF32_2x8_avx512(SB), NOSPLIT, $0-8
#include "axpy_amd64.h"
