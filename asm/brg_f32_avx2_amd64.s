//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Batch-reduce GEMM, float32, AVX2 and FMA: C[MR x NR] (+)= sum over taps of A[MR x K] · B[K x NR].
//
//	func brgF32_<MR>x<NR>_avx2(a *BrgArgs)          MR 6 to 1, NR 16 or 8
//
// BrgArgs (brg.go) has the contract. Needs AVX2 and FMA. Clobbers all vector registers and all general
// registers but BP, SP, R9 to R11. Columns beyond N are masked in C, Bias and Res by VMASKMOVPS; B is
// read in whole vectors. Masked stores are slow on some machines: tiles with N = NR do without.
//
// The tile, with NR = 16:
//
//	             Y12 = B[k][0:8]    Y13 = B[k][8:16]
//	 row 0             Y0                 Y1
//	 row 1             Y2                 Y3            += broadcast A[row][k] (Y14) times B
//	  ...             ...                ...
//	 row 5             Y10                Y11
//
//	AX args       BX B, next k     CX k left       DX lda
//	SI R8         A of rows 0 and 3, next k (two more rows each through DX)
//	DI next tap   R12 taps left    R13 A of the tile, tap offset 0    R14 ldb   R15 3·ldb
//	after the sums: SI runs down the rows of C, Res or Bias, R8 is their stride, Y12 Y13 the column masks
//
// Loops: tile > tap > k4 (4 k a turn), then k1. A step of k costs 2·MR fused multiply-adds and MR+2 loads
// (broadcasts are loads) at two a cycle each: bound by the multipliers, MR cycles with NR = 16. The
// accumulators hide a latency of 4 cycles from 4x16 on. With NR = 8 the MR+1 loads bind: (MR+1)/2 cycles.

// Ones, then zeros: from 64-4·N on, N lanes that are in and the rest that are out.
DATA brgMask<>+0(SB)/8, $0xffffffffffffffff
DATA brgMask<>+8(SB)/8, $0xffffffffffffffff
DATA brgMask<>+16(SB)/8, $0xffffffffffffffff
DATA brgMask<>+24(SB)/8, $0xffffffffffffffff
DATA brgMask<>+32(SB)/8, $0xffffffffffffffff
DATA brgMask<>+40(SB)/8, $0xffffffffffffffff
DATA brgMask<>+48(SB)/8, $0xffffffffffffffff
DATA brgMask<>+56(SB)/8, $0xffffffffffffffff
DATA brgMask<>+64(SB)/8, $0
DATA brgMask<>+72(SB)/8, $0
DATA brgMask<>+80(SB)/8, $0
DATA brgMask<>+88(SB)/8, $0
DATA brgMask<>+96(SB)/8, $0
DATA brgMask<>+104(SB)/8, $0
DATA brgMask<>+112(SB)/8, $0
DATA brgMask<>+120(SB)/8, $0
GLOBL brgMask<>(SB), RODATA|NOPTR, $128

#define NR16

#define MR 6
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_6x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_5x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_4x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op)
#define PTRS(op) 
TEXT ·brgF32_3x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROW0(op); ROW1(op)
#define PTRS(op) 
TEXT ·brgF32_2x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROW0(op)
#define PTRS(op) 
TEXT ·brgF32_1x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#undef NR16

#define MR 6
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_6x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_5x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_4x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op)
#define PTRS(op) 
TEXT ·brgF32_3x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROW0(op); ROW1(op)
#define PTRS(op) 
TEXT ·brgF32_2x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROW0(op)
#define PTRS(op) 
TEXT ·brgF32_1x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS
