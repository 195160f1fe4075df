//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "prefetchw_amd64.h"
#include "elem64_amd64.h"

// Batch-reduce GEMM, float64, AVX-512: C[MR x NR] (+)= sum over taps of A[MR x K] · B[K x NR].
//
//	func brgF64_<MR>x<NR>_avx512(a *BrgArgs)        MR 14 to 1, NR 16 or 8
//
// brg_f32_avx512_amd64.s with elements of twice the size: it has the contract, the registers, the loops and the bound. A tile of as
// many rows has half the columns. Needs AVX-512 F.

#include "brg_avx512_amd64.h"

#include "brg2_avx512_amd64.h"

#define MR 14
#define ROWS(op) ROWS14(op)
#define PTRS(op) PTRS14(op)
TEXT ·brgF64_14x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 13
#define ROWS(op) ROWS13(op)
#define PTRS(op) PTRS13(op)
TEXT ·brgF64_13x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 12
#define ROWS(op) ROWS12(op)
#define PTRS(op) PTRS12(op)
TEXT ·brgF64_12x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 11
#define ROWS(op) ROWS11(op)
#define PTRS(op) PTRS11(op)
TEXT ·brgF64_11x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 10
#define ROWS(op) ROWS10(op)
#define PTRS(op) PTRS10(op)
TEXT ·brgF64_10x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 9
#define ROWS(op) ROWS9(op)
#define PTRS(op) PTRS9(op)
TEXT ·brgF64_9x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 8
#define ROWS(op) ROWS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgF64_8x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF64_7x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF64_6x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF64_5x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF64_4x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF64_3x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF64_2x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF64_1x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#include "brg1_avx512_amd64.h"

#define MR 14
#define ROWS(op) ROWS14(op)
#define PTRS(op) PTRS14(op)
TEXT ·brgF64_14x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 13
#define ROWS(op) ROWS13(op)
#define PTRS(op) PTRS13(op)
TEXT ·brgF64_13x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 12
#define ROWS(op) ROWS12(op)
#define PTRS(op) PTRS12(op)
TEXT ·brgF64_12x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 11
#define ROWS(op) ROWS11(op)
#define PTRS(op) PTRS11(op)
TEXT ·brgF64_11x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 10
#define ROWS(op) ROWS10(op)
#define PTRS(op) PTRS10(op)
TEXT ·brgF64_10x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 9
#define ROWS(op) ROWS9(op)
#define PTRS(op) PTRS9(op)
TEXT ·brgF64_9x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 8
#define ROWS(op) ROWS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgF64_8x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF64_7x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF64_6x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF64_5x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF64_4x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF64_3x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF64_2x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF64_1x8_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
