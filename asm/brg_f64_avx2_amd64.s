//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "prefetchw_amd64.h"
#include "elem64_amd64.h"

// Batch-reduce GEMM, float64, AVX2 and FMA: C[MR x NR] (+)= sum over taps of A[MR x K] · B[K x NR].
//
//	func brgF64_<MR>x<NR>_avx2(a *BrgArgs)          MR 6 to 1, NR 8 or 4
//
// brg_f32_avx2_amd64.s with elements of twice the size: it has the contract, the registers, the loops and the bound. A tile of as
// many rows has half the columns. Needs AVX2 and FMA.

#include "brg_avx2_amd64.h"

#include "brg2_avx2_amd64.h"

// The largest tile asks in any case, without Ahead for the line at hand: decoding binds it on older processors. Lower
// ones have no load to spare.
#define ASKROW PREFETCHT1 (BX)(R15*1)
#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF64_6x8_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef ASKROW
#define ASKROW TESTQ R15, R15; JZ 2(PC); PREFETCHT1 (BX)(R15*1)

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF64_5x8_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF64_4x8_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF64_3x8_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF64_2x8_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF64_1x8_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#include "brg1_avx2_amd64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF64_6x4_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF64_5x4_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF64_4x4_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF64_3x4_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF64_2x4_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF64_1x4_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
