//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

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

#define BUF 336

// Rows of N floats at R8, R9 bytes apart, to the stack; then R8 and R9 are those of the copy.
#define COPYIN(rows, loop) \
	MOVD $buf-BUF(SP), R10; MOVD $rows, R11; \
loop: MOVD R8, R12; MOVD R10, R13; COPYROW(R12, R13); ADD R9, R8; ADD $(4*NR), R10; SUBS $1, R11; BGT loop; \
	MOVD $buf-BUF(SP), R8; MOVD $(4*NR), R9

// N floats, N up to 12, by the bits of N.
#define COPYROW(src, dst) \
	TBZ $3, R22, 5(PC); FMOVQ.P 16(src), F24; FMOVQ.P F24, 16(dst); FMOVQ.P 16(src), F24; FMOVQ.P F24, 16(dst); \
	TBZ $2, R22, 3(PC); FMOVQ.P 16(src), F24; FMOVQ.P F24, 16(dst); \
	TBZ $1, R22, 3(PC); FMOVD.P 8(src), F24; FMOVD.P F24, 8(dst); \
	TBZ $0, R22, 3(PC); FMOVS.P 4(src), F24; FMOVS.P F24, 4(dst)

// The pointers of rows 1 to 6, each with the one before it.
#define PTR1(op) op(R8, R9)
#define PTR2(op) op(R9, R10)
#define PTR3(op) op(R10, R11)
#define PTR4(op) op(R11, R12)
#define PTR5(op) op(R12, R13)
#define PTR6(op) op(R13, R14)
#define POINT(prev, p) ADD R3, prev, p

// The rows, and the pointers beyond the first, of a tile.
#define ROWS1(op) ROW0(op)
#define ROWS2(op) ROWS1(op); ROW1(op)
#define ROWS3(op) ROWS2(op); ROW2(op)
#define ROWS4(op) ROWS3(op); ROW3(op)
#define ROWS5(op) ROWS4(op); ROW4(op)
#define ROWS6(op) ROWS5(op); ROW5(op)
#define ROWS7(op) ROWS6(op); ROW6(op)
#define PTRS1(op)
#define PTRS2(op) PTR1(op)
#define PTRS3(op) PTRS2(op); PTR2(op)
#define PTRS4(op) PTRS3(op); PTR3(op)
#define PTRS5(op) PTRS4(op); PTR4(op)
#define PTRS6(op) PTRS5(op); PTR5(op)
#define PTRS7(op) PTRS6(op); PTR6(op)

// The A of a row: 4 steps of k, or one.
#define LOADA(c0, c1, c2, a, p) FMOVQ (p), F(a); ADD $16, p
#define LOADA1(c0, c1, c2, a, p) FMOVS.P 4(p), F(a)

// One k of one row: c += a[k]·b[k][0:NR], for the k of lane 0 to 3.
#define STEP0(c0, c1, c2, a, p) FMA(c0, c1, c2, a, 0)
#define STEP1(c0, c1, c2, a, p) FMA(c0, c1, c2, a, 1)
#define STEP2(c0, c1, c2, a, p) FMA(c0, c1, c2, a, 2)
#define STEP3(c0, c1, c2, a, p) FMA(c0, c1, c2, a, 3)

#define STEP 4
#define STEPS \
	ROWS(LOADA); LOADB; ROWS(STEP0); LOADB; ROWS(STEP1); LOADB; ROWS(STEP2); LOADB; ROWS(STEP3)

// Tiles of 12 columns: the rows, and what is done to their columns.
#define ROW0(op) op(0, 1, 2, 24, R8)
#define ROW1(op) op(3, 4, 5, 25, R9)
#define ROW2(op) op(6, 7, 8, 26, R10)
#define ROW3(op) op(9, 10, 11, 27, R11)
#define ROW4(op) op(12, 13, 14, 28, R12)
#define ROW5(op) op(15, 16, 17, 29, R13)
#define ROW6(op) op(18, 19, 20, 30, R14)
#define LOADB VLD1.P (R1)(R4), [V21.S4, V22.S4, V23.S4]
#define FMA(c0, c1, c2, a, lane) FMLAE4(a, lane, 21, c0); FMLAE4(a, lane, 22, c1); FMLAE4(a, lane, 23, c2)
#define ZERO(c0, c1, c2, a, p) MOVI0(c0); MOVI0(c1); MOVI0(c2)
#define SCALE(c0, c1, c2, a, p) FMULE4(31, 0, c0, c0); FMULE4(31, 0, c1, c1); FMULE4(31, 0, c2, c2)
#define FETCH(c0, c1, c2, a, p) PRFM (R8), PSTL1KEEP; PRFM 40(R8), PSTL1KEEP; ADD R26, R8
#define ADDC(c0, c1, c2, a, p) FMOVQ (R8), F24; FMOVQ 16(R8), F25; FMOVQ 32(R8), F26; ADD R9, R8; FMLAE4(31, 0, 24, c0); FMLAE4(31, 0, 25, c1); FMLAE4(31, 0, 26, c2)
#define LOADBIAS FMOVQ (R8), F24; FMOVQ 16(R8), F25; FMOVQ 32(R8), F26
#define ADDBIAS(c0, c1, c2, a, p) FADD4(24, c0, c0); FADD4(25, c1, c1); FADD4(26, c2, c2)
#define ADDBIASROW(c0, c1, c2, a, p) LD1R4(23, 24); ADD $4, R23; FADD4(24, c0, c0); FADD4(24, c1, c1); FADD4(24, c2, c2)
#define ADDRES(c0, c1, c2, a, p) FMOVQ (R8), F24; FMOVQ 16(R8), F25; FMOVQ 32(R8), F26; ADD R9, R8; FADD4(24, c0, c0); FADD4(25, c1, c1); FADD4(26, c2, c2)
#define CLAMP(c0, c1, c2, a, p) FMAX4(30, c0, c0); FMAX4(30, c1, c1); FMAX4(30, c2, c2); FMIN4(31, c0, c0); FMIN4(31, c1, c1); FMIN4(31, c2, c2)
#define STORE(c0, c1, c2, a, p) FMOVQ F(c0), (R8); FMOVQ F(c1), 16(R8); FMOVQ F(c2), 32(R8); ADD R9, R8
#define NR 12

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF32_7x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x12_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#undef ROW0
#undef ROW1
#undef ROW2
#undef ROW3
#undef ROW4
#undef ROW5
#undef ROW6
#undef LOADB
#undef FMA
#undef ZERO
#undef SCALE
#undef FETCH
#undef ADDC
#undef LOADBIAS
#undef ADDBIAS
#undef ADDBIASROW
#undef ADDRES
#undef CLAMP
#undef STORE
#undef NR

// Tiles of 8 columns.
#define ROW0(op) op(0, 1, 0, 24, R8)
#define ROW1(op) op(2, 3, 0, 25, R9)
#define ROW2(op) op(4, 5, 0, 26, R10)
#define ROW3(op) op(6, 7, 0, 27, R11)
#define ROW4(op) op(8, 9, 0, 28, R12)
#define ROW5(op) op(10, 11, 0, 29, R13)
#define ROW6(op) op(12, 13, 0, 30, R14)
#define LOADB VLD1.P (R1)(R4), [V16.S4, V17.S4]
#define FMA(c0, c1, c2, a, lane) FMLAE4(a, lane, 16, c0); FMLAE4(a, lane, 17, c1)
#define ZERO(c0, c1, c2, a, p) MOVI0(c0); MOVI0(c1)
#define SCALE(c0, c1, c2, a, p) FMULE4(31, 0, c0, c0); FMULE4(31, 0, c1, c1)
#define FETCH(c0, c1, c2, a, p) PRFM (R8), PSTL1KEEP; ADD R26, R8
#define ADDC(c0, c1, c2, a, p) FMOVQ (R8), F24; FMOVQ 16(R8), F25; ADD R9, R8; FMLAE4(31, 0, 24, c0); FMLAE4(31, 0, 25, c1)
#define LOADBIAS FMOVQ (R8), F24; FMOVQ 16(R8), F25
#define ADDBIAS(c0, c1, c2, a, p) FADD4(24, c0, c0); FADD4(25, c1, c1)
#define ADDBIASROW(c0, c1, c2, a, p) LD1R4(23, 24); ADD $4, R23; FADD4(24, c0, c0); FADD4(24, c1, c1)
#define ADDRES(c0, c1, c2, a, p) FMOVQ (R8), F24; FMOVQ 16(R8), F25; ADD R9, R8; FADD4(24, c0, c0); FADD4(25, c1, c1)
#define CLAMP(c0, c1, c2, a, p) FMAX4(30, c0, c0); FMAX4(30, c1, c1); FMIN4(31, c0, c0); FMIN4(31, c1, c1)
#define STORE(c0, c1, c2, a, p) FMOVQ F(c0), (R8); FMOVQ F(c1), 16(R8); ADD R9, R8
#define NR 8

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF32_7x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x8_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#undef ROW0
#undef ROW1
#undef ROW2
#undef ROW3
#undef ROW4
#undef ROW5
#undef ROW6
#undef LOADB
#undef FMA
#undef ZERO
#undef SCALE
#undef FETCH
#undef ADDC
#undef LOADBIAS
#undef ADDBIAS
#undef ADDBIASROW
#undef ADDRES
#undef CLAMP
#undef STORE
#undef NR

// Tiles of 4 columns.
#define ROW0(op) op(0, 0, 0, 24, R8)
#define ROW1(op) op(1, 0, 0, 25, R9)
#define ROW2(op) op(2, 0, 0, 26, R10)
#define ROW3(op) op(3, 0, 0, 27, R11)
#define ROW4(op) op(4, 0, 0, 28, R12)
#define ROW5(op) op(5, 0, 0, 29, R13)
#define ROW6(op) op(6, 0, 0, 30, R14)
#define LOADB VLD1.P (R1)(R4), [V16.S4]
#define FMA(c0, c1, c2, a, lane) FMLAE4(a, lane, 16, c0)
#define ZERO(c0, c1, c2, a, p) MOVI0(c0)
#define SCALE(c0, c1, c2, a, p) FMULE4(31, 0, c0, c0)
#define FETCH(c0, c1, c2, a, p) PRFM (R8), PSTL1KEEP; ADD R26, R8
#define ADDC(c0, c1, c2, a, p) FMOVQ (R8), F24; ADD R9, R8; FMLAE4(31, 0, 24, c0)
#define LOADBIAS FMOVQ (R8), F24
#define ADDBIAS(c0, c1, c2, a, p) FADD4(24, c0, c0)
#define ADDBIASROW(c0, c1, c2, a, p) LD1R4(23, 24); ADD $4, R23; FADD4(24, c0, c0)
#define ADDRES(c0, c1, c2, a, p) FMOVQ (R8), F24; ADD R9, R8; FADD4(24, c0, c0)
#define CLAMP(c0, c1, c2, a, p) FMAX4(30, c0, c0); FMIN4(31, c0, c0)
#define STORE(c0, c1, c2, a, p) FMOVQ F(c0), (R8); ADD R9, R8
#define NR 4

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF32_7x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x4_neon(SB), NOSPLIT, $BUF-8
#include "brg_f32_arm64.h"
#undef MR
#undef ROWS
#undef PTRS
