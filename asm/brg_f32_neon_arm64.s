//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "elem32_arm64.h"

// Batch-reduce GEMM, float32, NEON: C[MR x NR] (+)= sum over taps of A[MR x K] · B[K x NR].
//
//	func brgF32_<MR>x<NR>_neon(a *BrgArgs)          MR 7 to 1, NR 12, 8 or 4
//
// BrgArgs (brg.go) has the contract. Needs NEON, the baseline of arm64. Clobbers all vector registers, R0 to R16 and R19 to R26.
// Nothing is read or written beyond N columns of C, Bias and Res: tiles of fewer columns go through a copy on the
// stack. B is read in whole vectors, with BrgMaskB its rows go through such a copy.
//
// The tile, with MR = 7 and NR = 12:
//
//	             V21 = B[k][0:4]   V22 = B[k][4:8]   V23 = B[k][8:12]
//	 row 0             V0                V1                V2
//	 row 1             V3                V4                V5            += lane of A[row][k:k+4] (V24+row) times B
//	  ...             ...               ...               ...
//	 row 6             V18               V19               V20
//
//	R0 args       R1 B, next k     R2 k left      R3 lda      R4 ldb      R5 next tap    R6 taps left
//	R7 A of the tile, tap offset 0                R8 to R14 A of rows 0 to 6, next k     R25 B
//	R19 flags     R20 C of the tile, R26 its stride           R21 Res of the tile        R22 N
//	R23 row biases, next     R24 tiles left
//	after the sums: R8 runs down the rows of C, Res or a copy, R9 is their stride; V24 to V31 are free
//
// With BrgFetchC a tile begins by asking for its lines of C. Ahead is not used: what it is good for here is for
// measurements to say.
//
// Loops: tile > tap > steps (4 k a turn), then k1. A step of k of 7x12 costs 21 multiply-adds and 4.75 loads:
// bound by the multipliers, 10.5 cycles where there are two and 5.25 where there are four. A multiply-add has a latency
// of 4 cycles, so that two units need 8 sums and four units 16.

#include "brg_neon_arm64.h"

// The A of a row: the 4 steps of a turn.
#define LOADA(c0, c1, c2, a, p) FMOVQ (p), F(a); ADD $16, p

// One k of one row: c += a[k]·b[k][0:NR], for the k of lane 0 to 3.
#define STEP0(c0, c1, c2, a, p) FMA(c0, c1, c2, a, 0)
#define STEP1(c0, c1, c2, a, p) FMA(c0, c1, c2, a, 1)
#define STEP2(c0, c1, c2, a, p) FMA(c0, c1, c2, a, 2)
#define STEP3(c0, c1, c2, a, p) FMA(c0, c1, c2, a, 3)

#define STEP 4
#define STEPS \
	ROWS(LOADA); LOADB; ROWS(STEP0); LOADB; ROWS(STEP1); LOADB; ROWS(STEP2); LOADB; ROWS(STEP3)


#include "brg3_neon_arm64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF32_7x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#include "brg2_neon_arm64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF32_7x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#include "brg1_neon_arm64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF32_7x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_arm64.h"
