//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem64_amd64.h"

// A few rows times a matrix, float64, AVX-512.
//
//	func axpyF64_3x8_avx512(a *DotArgs)    Y[i][c] += sum over r of X[i][r]·W[r][c], 3 rows i
//	func axpyF64_2x8_avx512(a *DotArgs)    2 rows
//
// axpy_f32_avx512_amd64.s with elements of twice the size: it has the contract, the registers, the loops and the bound. Needs AVX-512 F.

#include "axpy3_avx512_amd64.h"
TEXT ·axpyF64_3x8_avx512(SB), NOSPLIT, $0-8
#include "axpy_amd64.h"

#include "axpy2_avx512_amd64.h"
TEXT ·axpyF64_2x8_avx512(SB), NOSPLIT, $0-8
#include "axpy_amd64.h"
