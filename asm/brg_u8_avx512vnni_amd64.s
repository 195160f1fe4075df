//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Batch-reduce GEMM, bytes, AVX-512 VNNI: C[MR x NR] = end of (bias + sum over taps of A[MR x K] · B[K x NR]).
//
//	func brgU8_<MR>x<NR>_avx512vnni(a *BrgU8Args)     MR 14 to 1, NR 32 or 16
//
// BrgU8Args (brgu8.go) has the contract. Needs AVX-512 F, BW, VL and VNNI. Clobbers all vector and mask registers and all general registers but
// BP and SP. Columns beyond N are masked in C; the last 1 to 3 bytes of k are loaded through a mask, which suppresses faults.
//
// The tile, of 14 rows, with NR = 32; VPDPBUSD multiplies four bytes of A, u8, by four of B, s8, and adds all four products to a sum:
//
//	             Z28 = B[k][0:16]   Z29 = B[k][16:32]
//	 row  0            Z0                 Z1
//	 row  1            Z2                 Z3            += broadcast A[row][k:k+4] (Z30) times B
//	  ...             ...                ...
//	 row 13           Z26                Z27
//
//	AX args       BX B, next k     CX k left       DX lda       Z31 0x80 in all bytes where A is s8, else 0
//	SI R8 R9 R10 R11  A of rows 0 3 6 9 12, next k (two more rows each through DX)
//	DI C of the next row, R8 ldc after the sums    R12 tiles left    R13 A of the tile    R14 next tap    R15 taps left
//	K1 N columns as bytes, K2 K3 as two vectors of 32 bits    K4 the bytes of the last step of k
//
// Loops: tile > tap > k16 (16 k a turn), then k4. A step, 4 k, costs 2·MR products and MR+2 loads at two a cycle each: bound by the
// multipliers, MR cycles. They have a latency of 5 cycles: 10 sums, 5 rows, fill them.
//
// The end: a row of sums is scaled and rounded in two vectors, which VPACKSSDW makes one of words. It takes 4 columns of one vector, then 4 of the other,
// in each 128 bits: so place 16v+4i+e of B, Bias and Scale holds column 8i+4v+e, and the words are in order. Words saturate far outside
// the bytes: after the zero point and the limits it shows nowhere. Where A is s8 it is turned over by VPXORD, which takes the place of the
// broadcast, but also a turn of one of the multipliers: a second loop for it.
//
// With NR = 16 the two registers of a row take the steps in turn and are added at the end, so that 5 rows still fill the multipliers; the MR+1 loads of
// a step bind, (MR+1)/2 cycles. The columns are in order, and 32 bits become a byte in one instruction: what is clamped has not met the zero point
// yet, so that the sum cannot wrap below the bytes, and where it wraps above them VPMOVUSDB reads a large number.

// The rows, their pointers and their steps are those of float32: four bytes of k stand where one of its elements does.
#define SIZE 4
#define VBROADCAST VPBROADCASTD
#define FMA(c0, c1) DOT(c0, c1)
#include "brg_avx512_amd64.h"

#define NRB 128

// Masks of N, and of K beyond whole steps.
#define PREPARE \
	MOVQ  BrgU8Args_N(AX), CX; \
	MOVQ  $1, BX; \
	SHLQ  CX, BX; \
	DECQ  BX; \
	KMOVD BX, K1; \
	KMOVW BX, K2; \
	SHRQ  $16, BX; \
	KMOVW BX, K3; \
	MOVQ  BrgU8Args_K(AX), CX; \
	ANDQ  $3, CX; \
	MOVQ  $1, BX; \
	SHLQ  CX, BX; \
	DECQ  BX; \
	KMOVD BX, K4

#define LOADBIAS VMOVDQU32 (R8), Z28; VMOVDQU32 64(R8), Z29
#define INIT(c0, c1, a) VMOVDQA32 Z28, c0; VMOVDQA32 Z29, c1
#define LOADFLIP(r) VPBROADCASTD r, Z31
#define LOADB(s) VMOVDQU32 (s*NRB)(BX), Z28; VMOVDQU32 (s*NRB+64)(BX), Z29
#define DOT(c0, c1) VPDPBUSD Z28, Z30, c0; VPDPBUSD Z29, Z30, c1

// A step with A turned over: of one row, the four bytes of A at a displacement. Then steps of all rows.
#define ROWFLIP0(c0, c1, a) VPXORD.BCST 0 a, Z31, Z30; DOT(c0, c1)
#define ROWFLIP1(c0, c1, a) VPXORD.BCST 4 a, Z31, Z30; DOT(c0, c1)
#define ROWFLIP2(c0, c1, a) VPXORD.BCST 8 a, Z31, Z30; DOT(c0, c1)
#define ROWFLIP3(c0, c1, a) VPXORD.BCST 12 a, Z31, Z30; DOT(c0, c1)
#define ROWREST(c0, c1, a) VMOVDQU8.Z 0 a, K4, X30; VPBROADCASTD X30, Z30; VPXORD Z31, Z30, Z30; DOT(c0, c1)
#define TURN0 LOADB(0); ROWS(STEP0)
#define TURN1 LOADB(1); ROWS(STEP1)
#define TURN2 LOADB(2); ROWS(STEP2)
#define TURN3 LOADB(3); ROWS(STEP3)
#define FLIP0 LOADB(0); ROWS(ROWFLIP0)
#define FLIP1 LOADB(1); ROWS(ROWFLIP1)
#define FLIP2 LOADB(2); ROWS(ROWFLIP2)
#define FLIP3 LOADB(3); ROWS(ROWFLIP3)
#define STEPREST LOADB(0); ROWS(ROWREST)

// The end.
#define BEGINSTORE
#define ENDSTORE
#define LOADSCALE VMOVUPS (R9), Z28; VMOVUPS 64(R9), Z29
#define SCALE(c0, c1, a) VCVTDQ2PS c0, c0; VCVTDQ2PS c1, c1; VMULPS Z28, c0, c0; VMULPS Z29, c1, c1
#define WORDS(c0, c1, a) SCALE(c0, c1, a); VCVTPS2DQ c0, c0; VCVTPS2DQ c1, c1; VPACKSSDW c1, c0, c0
#define LIMITS VPBROADCASTW BrgU8Args_Zero(AX), Z28; VPBROADCASTW BrgU8Args_Lo(AX), Z29; VPBROADCASTW BrgU8Args_Hi(AX), Z30
#define STOREU8(c0, c1, a) VPADDSW Z28, c0, c0; VPMAXSW Z29, c0, c0; VPMOVUSWB c0, K1, (DI); ADDQ R8, DI
#define STORE8(c0, c1, a) VPADDSW Z28, c0, c0; VPMAXSW Z29, c0, c0; VPMINSW Z30, c0, c0; VPMOVWB c0, K1, (DI); ADDQ R8, DI

// Columns in order: 128 bits of c0, 128 of c1, and so on.
#define STORE32(c0, c1, a) \
	VSHUFI64X2 $0x44, c1, c0, Z28; \
	VSHUFI64X2 $0xEE, c1, c0, Z29; \
	VSHUFI64X2 $0xD8, Z28, Z28, Z28; \
	VSHUFI64X2 $0xD8, Z29, Z29, Z29; \
	VMOVDQU32 Z28, K2, (DI); \
	VMOVDQU32 Z29, K3, 64(DI); \
	ADDQ R8, DI

#define MR 14
#define ROWS(op) ROWS14(op)
#define PTRS(op) PTRS14(op)
TEXT ·brgU8_14x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 13
#define ROWS(op) ROWS13(op)
#define PTRS(op) PTRS13(op)
TEXT ·brgU8_13x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 12
#define ROWS(op) ROWS12(op)
#define PTRS(op) PTRS12(op)
TEXT ·brgU8_12x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 11
#define ROWS(op) ROWS11(op)
#define PTRS(op) PTRS11(op)
TEXT ·brgU8_11x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 10
#define ROWS(op) ROWS10(op)
#define PTRS(op) PTRS10(op)
TEXT ·brgU8_10x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 9
#define ROWS(op) ROWS9(op)
#define PTRS(op) PTRS9(op)
TEXT ·brgU8_9x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 8
#define ROWS(op) ROWS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgU8_8x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgU8_7x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgU8_6x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgU8_5x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgU8_4x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgU8_3x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgU8_2x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgU8_1x32_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

// Tiles of one vector of columns.
#undef NRB
#undef LOADBIAS
#undef INIT
#undef LOADB
#undef DOT
#undef TURN1
#undef TURN3
#undef FLIP1
#undef FLIP3
#undef BEGINSTORE
#undef LOADSCALE
#undef SCALE
#undef WORDS
#undef LIMITS
#undef STOREU8
#undef STORE8
#undef STORE32

#define NRB 64
#define LOADBIAS VMOVDQU32 (R8), Z28
#define INIT(c0, c1, a) VMOVDQA32 Z28, c0; VPXORD c1, c1, c1
#define LOADB(s) VMOVDQU32 (s*NRB)(BX), Z28
#define DOT(c0, c1) VPDPBUSD Z28, Z30, c0
#define ODDSTEP1(c0, c1, a) STEP1(c1, c0, a)
#define ODDSTEP3(c0, c1, a) STEP3(c1, c0, a)
#define ODDFLIP1(c0, c1, a) ROWFLIP1(c1, c0, a)
#define ODDFLIP3(c0, c1, a) ROWFLIP3(c1, c0, a)
#define TURN1 LOADB(1); ROWS(ODDSTEP1)
#define TURN3 LOADB(3); ROWS(ODDSTEP3)
#define FLIP1 LOADB(1); ROWS(ODDFLIP1)
#define FLIP3 LOADB(3); ROWS(ODDFLIP3)
#define MERGE(c0, c1, a) VPADDD c1, c0, c0
#define BEGINSTORE ROWS(MERGE)
#define LOADSCALE VMOVUPS (R9), Z28
#define SCALE(c0, c1, a) VCVTDQ2PS c0, c0; VMULPS Z28, c0, c0
#define WORDS(c0, c1, a) SCALE(c0, c1, a); VCVTPS2DQ c0, c0
#define LIMITS \
	VPBROADCASTD BrgU8Args_Zero(AX), Z28; \
	VPBROADCASTD BrgU8Args_Lo(AX), Z29; \
	VPBROADCASTD BrgU8Args_Hi(AX), Z30; \
	VPSUBD Z28, Z29, Z29; \
	VPSUBD Z28, Z30, Z30
#define STOREU8(c0, c1, a) VPMAXSD Z29, c0, c0; VPADDD Z28, c0, c0; VPMOVUSDB c0, K1, (DI); ADDQ R8, DI
#define STORE8(c0, c1, a) VPMAXSD Z29, c0, c0; VPMINSD Z30, c0, c0; VPADDD Z28, c0, c0; VPMOVDB c0, K1, (DI); ADDQ R8, DI
#define STORE32(c0, c1, a) VMOVDQU32 c0, K2, (DI); ADDQ R8, DI

#define MR 14
#define ROWS(op) ROWS14(op)
#define PTRS(op) PTRS14(op)
TEXT ·brgU8_14x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 13
#define ROWS(op) ROWS13(op)
#define PTRS(op) PTRS13(op)
TEXT ·brgU8_13x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 12
#define ROWS(op) ROWS12(op)
#define PTRS(op) PTRS12(op)
TEXT ·brgU8_12x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 11
#define ROWS(op) ROWS11(op)
#define PTRS(op) PTRS11(op)
TEXT ·brgU8_11x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 10
#define ROWS(op) ROWS10(op)
#define PTRS(op) PTRS10(op)
TEXT ·brgU8_10x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 9
#define ROWS(op) ROWS9(op)
#define PTRS(op) PTRS9(op)
TEXT ·brgU8_9x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 8
#define ROWS(op) ROWS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgU8_8x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgU8_7x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgU8_6x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgU8_5x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgU8_4x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgU8_3x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgU8_2x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgU8_1x16_avx512vnni(SB), NOSPLIT, $0-8
#include "brg_u8_amd64.h"
