//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "prefetchw_amd64.h"
#include "elem32_amd64.h"

// Batch-reduce GEMM, float32, AVX-512: C[MR x NR] (+)= sum over taps of A[MR x K] · B[K x NR].
//
//	func brgF32_<MR>x<NR>_avx512(a *BrgArgs)        MR 14 to 1, NR 32 or 16; MR 8 to 1, NR 48
//
// BrgArgs (brg.go) has the contract. Needs AVX-512 F. Clobbers all vector and mask registers and all
// general registers but BP and SP. Columns beyond N are masked in C, Bias and Res (K1 to K3), which
// suppresses their faults; B is read in whole vectors, with BrgMaskB it is masked as well. Tiles with N = NR are
// stored without masks, and a Hi of +Inf is not compared with: of short sums what follows them is a fifth.
//
// The tile, with NR = 32:
//
//	             Z28 = B[k][0:16]   Z29 = B[k][16:32]
//	 row  0            Z0                 Z1
//	 row  1            Z2                 Z3            += broadcast A[row][k] (Z30) times B
//	  ...             ...                ...
//	 row 13           Z26                Z27
//
// With NR = 48 row r has Z[3r] to Z[3r+2], and B is in Z24 to Z26.
//
//	AX args       BX B, next k     CX k left       DX lda
//	SI R8 R9 R10 R11  A of rows 0 3 6 9 12, next k (two more rows each through DX)
//	DI R12        row of C to ask for, and bytes to the next one; 0 when there is none, and DI A to ask for, or 0
//	R13 A of the tile, tap offset 0    R14 ldb   R15 ahead
//	after the sums: SI runs down the rows of C, Res or Bias, R8 is their stride
//
// With BrgFetchC each of the first turns of k4 asks for a row of C (all at once they would fill the miss buffers
// and hold up the loads of the first steps), with BrgFetchA each turn after those asks for four lines of A, with Ahead each step or turn asks
// for lines of B at that distance.
//
// Loops (brg_amd64.h): tile > tap > k4 (4 k a turn), then k1. A step of k costs 2·MR fused multiply-adds and MR+2 loads
// (broadcasts are loads) at two a cycle each: bound by the multipliers, MR cycles with NR = 32. The
// accumulators hide a latency of 4 cycles from 4x32 on. With NR = 16 the MR+1 loads bind: (MR+1)/2 cycles.
// With NR = 48 it is 3·MR multiply-adds for MR+3 loads, and 3x48 hides the latency.

#include "brg_avx512_amd64.h"

#include "brg2_avx512_amd64.h"

#define MR 14
#define ROWS(op) ROWS14(op)
#define PTRS(op) PTRS14(op)
TEXT ·brgF32_14x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 13
#define ROWS(op) ROWS13(op)
#define PTRS(op) PTRS13(op)
TEXT ·brgF32_13x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 12
#define ROWS(op) ROWS12(op)
#define PTRS(op) PTRS12(op)
TEXT ·brgF32_12x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 11
#define ROWS(op) ROWS11(op)
#define PTRS(op) PTRS11(op)
TEXT ·brgF32_11x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 10
#define ROWS(op) ROWS10(op)
#define PTRS(op) PTRS10(op)
TEXT ·brgF32_10x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 9
#define ROWS(op) ROWS9(op)
#define PTRS(op) PTRS9(op)
TEXT ·brgF32_9x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 8
#define ROWS(op) ROWS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgF32_8x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF32_7x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x32_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#include "brg1_avx512_amd64.h"

#define MR 14
#define ROWS(op) ROWS14(op)
#define PTRS(op) PTRS14(op)
TEXT ·brgF32_14x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 13
#define ROWS(op) ROWS13(op)
#define PTRS(op) PTRS13(op)
TEXT ·brgF32_13x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 12
#define ROWS(op) ROWS12(op)
#define PTRS(op) PTRS12(op)
TEXT ·brgF32_12x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 11
#define ROWS(op) ROWS11(op)
#define PTRS(op) PTRS11(op)
TEXT ·brgF32_11x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 10
#define ROWS(op) ROWS10(op)
#define PTRS(op) PTRS10(op)
TEXT ·brgF32_10x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 9
#define ROWS(op) ROWS9(op)
#define PTRS(op) PTRS9(op)
TEXT ·brgF32_9x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 8
#define ROWS(op) ROWS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgF32_8x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF32_7x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x16_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#include "brg3_avx512_amd64.h"

#define MR 8
#define ROWS(op) ROWS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgF32_8x48_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF32_7x48_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x48_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x48_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x48_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x48_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x48_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x48_avx512(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
