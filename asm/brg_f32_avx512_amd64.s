//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Batch-reduce GEMM, float32, AVX-512: C[MR x NR] (+)= sum over taps of A[MR x K] · B[K x NR].
//
//	func brgF32_<MR>x<NR>_avx512(a *BrgArgs)        MR 14 to 1, NR 32 or 16
//
// BrgArgs (brg.go) has the contract. Needs AVX-512 F. Clobbers all vector and mask registers and all
// general registers but BP and SP. Columns beyond N are masked in C, Bias and Res (K1, K2), which
// suppresses their faults; B is read in whole vectors.
//
// The tile, with NR = 32:
//
//	             Z28 = B[k][0:16]   Z29 = B[k][16:32]
//	 row  0            Z0                 Z1
//	 row  1            Z2                 Z3            += broadcast A[row][k] (Z30) times B
//	  ...             ...                ...
//	 row 13           Z26                Z27
//
//	AX args       BX B, next k     CX k left       DX lda
//	SI R8 R9 R10 R11  A of rows 0 3 6 9 12, next k (two more rows each through DX)
//	DI next tap   R12 taps left    R13 A of the tile, tap offset 0    R14 ldb   R15 3·ldb
//	after the sums: SI runs down the rows of C, Res or Bias, R8 is their stride
//
// Loops: tile > tap > k4 (4 k a turn), then k1. A step of k costs 2·MR fused multiply-adds and MR+2 loads
// (broadcasts are loads) at two a cycle each: bound by the multipliers, MR cycles with NR = 32. The
// accumulators hide a latency of 4 cycles from 4x32 on. With NR = 16 the MR+1 loads bind: (MR+1)/2 cycles.

#define NR32

#define MR 14
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op); ROW11(op); ROW12(op); ROW13(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op); PTR12(op)
TEXT ·brgF32_14x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 13
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op); ROW11(op); ROW12(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op); PTR12(op)
TEXT ·brgF32_13x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 12
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op); ROW11(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op)
TEXT ·brgF32_12x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 11
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op)
TEXT ·brgF32_11x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 10
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op)
TEXT ·brgF32_10x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 9
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op)
#define PTRS(op) PTR3(op); PTR6(op)
TEXT ·brgF32_9x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 8
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op)
#define PTRS(op) PTR3(op); PTR6(op)
TEXT ·brgF32_8x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 7
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op)
#define PTRS(op) PTR3(op); PTR6(op)
TEXT ·brgF32_7x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 6
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_6x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_5x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_4x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op)
#define PTRS(op) 
TEXT ·brgF32_3x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROW0(op); ROW1(op)
#define PTRS(op) 
TEXT ·brgF32_2x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROW0(op)
#define PTRS(op) 
TEXT ·brgF32_1x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS
#undef NR32

#define MR 14
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op); ROW11(op); ROW12(op); ROW13(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op); PTR12(op)
TEXT ·brgF32_14x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 13
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op); ROW11(op); ROW12(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op); PTR12(op)
TEXT ·brgF32_13x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 12
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op); ROW11(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op)
TEXT ·brgF32_12x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 11
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op)
TEXT ·brgF32_11x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 10
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op)
TEXT ·brgF32_10x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 9
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op)
#define PTRS(op) PTR3(op); PTR6(op)
TEXT ·brgF32_9x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 8
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op)
#define PTRS(op) PTR3(op); PTR6(op)
TEXT ·brgF32_8x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 7
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op)
#define PTRS(op) PTR3(op); PTR6(op)
TEXT ·brgF32_7x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 6
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_6x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_5x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_4x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op)
#define PTRS(op) 
TEXT ·brgF32_3x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROW0(op); ROW1(op)
#define PTRS(op) 
TEXT ·brgF32_2x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROW0(op)
#define PTRS(op) 
TEXT ·brgF32_1x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS
