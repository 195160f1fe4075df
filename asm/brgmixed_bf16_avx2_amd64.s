//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "prefetchw_amd64.h"
#include "elem32_amd64.h"

// Batch-reduce GEMM, float32 by bfloat16, AVX2: C[MR x NR] (+)= sum over taps of A[MR x 2K] · B[2K x NR].
//
//	func brgmixedBF16_<MR>x16_avx2(a *BrgArgs)        MR 4 to 1
//
// BrgArgs (brg.go) and brgbf16.go have the contract. brg_f32_avx2_amd64.s, which has the registers and the loops, with a step of two k: Y12 and Y13
// have the row of B of the first, Y10 and Y11 that of the second, both as float32. Needs AVX2 and FMA.
//
// A step costs 4·MR multiply-adds and 6 operations that widen B. It is for the memory's sake.

#include "brg_avx2_amd64.h"

#include "brg2_avx2_amd64.h"

#undef SIZEA
#define SIZEA 8
#undef LOADB
#undef LOADBMASK
#define WIDEN(b, lo, hi) VMOVDQU b, hi; VPSLLD $16, hi, lo; VPSRLD $16, hi, hi; VPSLLD $16, hi, hi
#define LOADB(b) WIDEN(b, Y12, Y10); WIDEN(32 b, Y13, Y11)
#define LOADBMASK LOADB((BX))
#define ASKROW TESTQ R15, R15; JZ 2(PC); PREFETCHT1 (BX)(R15*1)
#undef MASKB
#define MASKB
#undef STEP0
#undef STEP1
#undef STEP2
#undef STEP3
#define STEP0(c0, c1, a) STEP(c0, c1, 0, 4, a)
#define STEP1(c0, c1, a) STEP(c0, c1, 8, 12, a)
#define STEP2(c0, c1, a) STEP(c0, c1, 16, 20, a)
#define STEP3(c0, c1, a) STEP(c0, c1, 24, 28, a)
#define STEP(c0, c1, first, second, a) \
	VBROADCASTSS first a, Y14   \
	VBROADCASTSS second a, Y15  \
	VFMADD231PS Y12, Y14, c0    \
	VFMADD231PS Y13, Y14, c1    \
	VFMADD231PS Y10, Y15, c0    \
	VFMADD231PS Y11, Y15, c1

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgmixedBF16_4x16_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgmixedBF16_3x16_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgmixedBF16_2x16_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgmixedBF16_1x16_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
