//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "elem64_arm64.h"

// Batch-reduce GEMM, float64, NEON: C[MR x NR] (+)= sum over taps of A[MR x K] · B[K x NR].
//
//	func brgF64_<MR>x<NR>_neon(a *BrgArgs)          MR 7 to 1, NR 6, 4 or 2
//
// brg_f32_neon_arm64.s with elements of twice the size: it has the contract, the registers, the loops and the bound. A tile of as
// many rows has half the columns, and a register holds 2 steps of A. Needs NEON.

#include "brg_neon_arm64.h"

// The A of a row: the first 2 steps of a turn, and the others.
#define LOADA01(c0, c1, c2, a, p) FMOVQ (p), F(a)
#define LOADA23(c0, c1, c2, a, p) FMOVQ 16(p), F(a); ADD $32, p

// One k of one row: c += a[k]·b[k][0:NR], for the k of lane 0 or 1.
#define STEP0(c0, c1, c2, a, p) FMA(c0, c1, c2, a, 0)
#define STEP1(c0, c1, c2, a, p) FMA(c0, c1, c2, a, 1)

#define STEP 4
#define STEPS \
	ROWS(LOADA01); LOADB; ROWS(STEP0); LOADB; ROWS(STEP1); ROWS(LOADA23); LOADB; ROWS(STEP0); LOADB; ROWS(STEP1)

#include "brg3_neon_arm64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF64_7x6_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF64_6x6_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF64_5x6_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF64_4x6_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF64_3x6_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF64_2x6_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF64_1x6_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#include "brg2_neon_arm64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF64_7x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF64_6x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF64_5x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF64_4x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF64_3x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF64_2x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF64_1x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#include "brg1_neon_arm64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF64_7x2_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF64_6x2_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF64_5x2_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF64_4x2_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF64_3x2_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF64_2x2_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF64_1x2_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"
