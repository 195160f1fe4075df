//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "prefetchw_amd64.h"
#include "elem32_amd64.h"

// Batch-reduce GEMM, float32 by bfloat16, AVX-512: C[MR x NR] (+)= sum over taps of A[MR x 2K] · B[2K x NR].
//
//	func brgmixedBF16_<MR>x32_avx512(a *BrgArgs)        MR 12 to 1
//
// BrgArgs (brg.go) and brgbf16.go have the contract. brg_f32_avx512_amd64.s, which has the registers and the loops, with a step of two
// k: Z28 and Z29 have the row of B of the first, Z26 and Z27 that of the second, both as float32. Needs AVX-512 F and BW. Clobbers K4 as well.
//
// A step costs 4·MR multiply-adds and 4 operations that widen B: with 12 rows a twelfth more than float32. It is for the memory's sake.

#include "brg_avx512_amd64.h"

#include "brg2_avx512_amd64.h"

#undef SIZEA
#define SIZEA 8
#undef MASKB
#define MASKB MOVL $0xAAAAAAAA, CX; KMOVD CX, K4
#undef LOADB
#undef LOADBMASK
#define LOADB(b) \
	VPSLLD $16, b, Z28          \
	VPSLLD $16, 64 b, Z29       \
	VMOVDQU16.Z b, K4, Z26      \
	VMOVDQU16.Z 64 b, K4, Z27
#define LOADBMASK LOADB((BX))
#undef STEP0
#undef STEP1
#undef STEP2
#undef STEP3
#define STEP0(c0, c1, a) STEP(c0, c1, 0, 4, a)
#define STEP1(c0, c1, a) STEP(c0, c1, 8, 12, a)
#define STEP2(c0, c1, a) STEP(c0, c1, 16, 20, a)
#define STEP3(c0, c1, a) STEP(c0, c1, 24, 28, a)
#define STEP(c0, c1, first, second, a) \
	VBROADCASTSS first a, Z30   \
	VBROADCASTSS second a, Z31  \
	VFMADD231PS Z28, Z30, c0    \
	VFMADD231PS Z29, Z30, c1    \
	VFMADD231PS Z26, Z31, c0    \
	VFMADD231PS Z27, Z31, c1

#define MR 12
#define ROWS(op) ROWS12(op)
#define PTRS(op) PTRS12(op)
TEXT ·brgmixedBF16_12x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 11
#define ROWS(op) ROWS11(op)
#define PTRS(op) PTRS11(op)
TEXT ·brgmixedBF16_11x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 10
#define ROWS(op) ROWS10(op)
#define PTRS(op) PTRS10(op)
TEXT ·brgmixedBF16_10x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 9
#define ROWS(op) ROWS9(op)
#define PTRS(op) PTRS9(op)
TEXT ·brgmixedBF16_9x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 8
#define ROWS(op) ROWS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgmixedBF16_8x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgmixedBF16_7x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgmixedBF16_6x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgmixedBF16_5x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgmixedBF16_4x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgmixedBF16_3x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgmixedBF16_2x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgmixedBF16_1x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
