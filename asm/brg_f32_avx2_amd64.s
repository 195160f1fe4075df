//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "prefetchw_amd64.h"
#include "elem32_amd64.h"

// Batch-reduce GEMM, float32, AVX2 and FMA: C[MR x NR] (+)= sum over taps of A[MR x K] · B[K x NR].
//
//	func brgF32_<MR>x<NR>_avx2(a *BrgArgs)          MR 6 to 1, NR 16 or 8; MR 4 to 1, NR 24
//
// BrgArgs (brg.go) has the contract. Needs AVX2 and FMA. Clobbers all vector registers and all general
// registers but BP, SP, R10, R11. Columns beyond N are masked in C, Bias and Res by VMASKMOVPS; B is
// read in whole vectors, with BrgMaskB under the same masks. Masked stores are slow on some machines: tiles with N = NR do without.
//
// The tile, with NR = 16:
//
//	             Y12 = B[k][0:8]    Y13 = B[k][8:16]
//	 row 0             Y0                 Y1
//	 row 1             Y2                 Y3            += broadcast A[row][k] (Y14) times B
//	  ...             ...                ...
//	 row 5             Y10                Y11
//
// With NR = 24 row r has Y[3r] to Y[3r+2], B is in Y12 to Y14 and the broadcast in Y15.
//
//	AX args       BX B, next k     CX k left       DX lda
//	SI R8         A of rows 0 and 3, next k (two more rows each through DX)
//	DI R12        row of C to ask for, and bytes to the next one; 0 when there is none
//	R13 A of the tile, tap offset 0    R14 ldb   R15 ahead
//	after the sums: SI runs down the rows of C, Res or Bias, R8 is their stride, Y12 Y13 the column masks (with
//	NR = 24 R9 points at the masks)
//
// With BrgFetchC each of the first turns of k4 asks for a row of C (all at once they would fill the miss buffers
// and hold up the loads of the first steps), with Ahead a turn asks for lines of B at that distance.
//
// Loops (brg_amd64.h): tile > tap > k4 (4 k a turn), then k1. A step of k costs 2·MR fused multiply-adds and MR+2 loads
// (broadcasts are loads) at two a cycle each: bound by the multipliers, MR cycles with NR = 16. The
// accumulators hide a latency of 4 cycles from 4x16 on. With NR = 8 the MR+1 loads bind: (MR+1)/2 cycles.
// With NR = 24 it is 3·MR multiply-adds for MR+3 loads, and 3x24 hides the latency: for rows that are short.

#include "brg_avx2_amd64.h"

#include "brg2_avx2_amd64.h"

// The largest tile asks in any case, without Ahead for the line at hand: decoding binds it on older processors. Lower
// ones have no load to spare.
#define ASKROW PREFETCHT1 (BX)(R15*1)
#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x16_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef ASKROW
#define ASKROW TESTQ R15, R15; JZ 2(PC); PREFETCHT1 (BX)(R15*1)

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x16_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x16_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x16_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x16_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x16_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#include "brg1_avx2_amd64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x8_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x8_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x8_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x8_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x8_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x8_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#include "brg3_avx2_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x24_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x24_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x24_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x24_avx2(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
