//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "brg_u8_ends_arm64.h"

// Batch-reduce GEMM, bytes, NEON with dot products: C[MR x NR] = end of (bias + sum over taps of A[MR x K] · B[K x NR]).
//
//	func brgU8_<MR>x8_neondot(a *BrgU8Args)            MR 8 to 1
//
// BrgU8Args (brgu8.go) has the contract. Needs NEON and SDOT (FEAT_DotProd, most processors since 2018). Clobbers all vector registers, R1 to R17 and R19 to R26.
//
// Both sides are s8: A, where it is u8, has its top bits turned over. SDOT adds the products of four k of four columns to their sums of 32 bits: B holds four bytes of
// k of each column together, and a row of A gives four of its bytes to all.
//
// The tile, of 8 rows:
//
//	             V16 = B[k:k+4][0:4]    V17 = B[k:k+4][4:8]
//	 row 0          V0                     V1               += A[row][k:k+4] (a part of V18 to V25) times B
//	 ...
//	 row 7          V14                    V15
//
//	R0 args       R1 B, next k     R2 k left      R3 lda      R5 next tap     R6 taps left    R7 A of the tile
//	R8 to R11, R14, R15, R17 and R21 A of rows 0 to 7, next k     R12 R13 R16 scratch     R19 what is written
//	R20 C of the next row, R26 its stride     R22 N     R24 tiles left     R25 B     V31 what A is turned over with
//	after the sums: V24 V25 biases, V26 V27 scales, V28 zero point, V29 V30 limits, of 16 bits
//
// Loops: tile > tap > k16 (16 k a turn) > k4 (4 k). A turn of 16 k costs, of 8 rows, 64 dot products, 8 exclusive ors and 16 loads for 1024 products: 89% of the vector
// pipes multiply.

#define ROW0(op) op(0, 1, 18, 0, R8, 8)
#define ROW1(op) op(2, 3, 19, 0, R9, 9)
#define ROW2(op) op(4, 5, 20, 0, R10, 10)
#define ROW3(op) op(6, 7, 21, 0, R11, 11)
#define ROW4(op) op(8, 9, 22, 0, R14, 14)
#define ROW5(op) op(10, 11, 23, 0, R15, 15)
#define ROW6(op) op(12, 13, 24, 0, R17, 17)
#define ROW7(op) op(14, 15, 25, 0, R21, 21)
#define ROWS1(op) ROW0(op)
#define ROWS2(op) ROWS1(op); ROW1(op)
#define ROWS3(op) ROWS2(op); ROW2(op)
#define ROWS4(op) ROWS3(op); ROW3(op)
#define ROWS5(op) ROWS4(op); ROW4(op)
#define ROWS6(op) ROWS5(op); ROW5(op)
#define ROWS7(op) ROWS6(op); ROW6(op)
#define ROWS8(op) ROWS7(op); ROW7(op)
#define POINT(prev, p) ADD R3, prev, p
#define PTRS1(op)
#define PTRS2(op) op(R8, R9)
#define PTRS3(op) PTRS2(op); op(R9, R10)
#define PTRS4(op) PTRS3(op); op(R10, R11)
#define PTRS5(op) PTRS4(op); op(R11, R14)
#define PTRS6(op) PTRS5(op); op(R14, R15)
#define PTRS7(op) PTRS6(op); op(R15, R17)
#define PTRS8(op) PTRS7(op); op(R17, R21)

#define ZERO(a, b, x, d, p, n) MOVI0(a); MOVI0(b)
#define DOT(a, b) VEOR V31.B16, V18.B16, V18.B16; SDOT4(18, 16, a); SDOT4(18, 17, b)
#define STEP(a, b, x, d, p, n) LD1R4(n, 18); ADD $4, p; DOT(a, b)

// 16 k: a row's bytes are loaded once, and a quarter of them is multiplied with four k of B.
#define LOAD(a, b, x, d, p, n) FMOVQ.P 16(p), F(x); EOR16(31, x, x)
#define DOT0(a, b, x, d, p, n) SDOTE(x, 0, 16, a); SDOTE(x, 0, 17, b)
#define DOT1(a, b, x, d, p, n) SDOTE(x, 1, 16, a); SDOTE(x, 1, 17, b)
#define DOT2(a, b, x, d, p, n) SDOTE(x, 2, 16, a); SDOTE(x, 2, 17, b)
#define DOT3(a, b, x, d, p, n) SDOTE(x, 3, 16, a); SDOTE(x, 3, 17, b)
#define LOADB(i) FMOVQ (32*i)(R1), F16; FMOVQ (32*i+16)(R1), F17
#define SIXTEENS \
	SUBS $16, R2; \
	BLT  last; \
	PCALIGN $32; \
k16: \
	ROWS(LOAD); \
	LOADB(0); \
	ROWS(DOT0); \
	LOADB(1); \
	ROWS(DOT1); \
	LOADB(2); \
	ROWS(DOT2); \
	LOADB(3); \
	ROWS(DOT3); \
	ADD  $128, R1; \
	SUBS $16, R2; \
	BGE  k16; \
last: \
	ADD  $16, R2

// One to three bytes of k.
#define REST(a, b, x, d, p, n) \
	MOVBU (p), R12; \
	CMP  $2, R2; \
	BLT  7(PC); \
	MOVBU 1(p), R13; \
	ORR  R13<<8, R12; \
	CMP  $2, R2; \
	BEQ  3(PC); \
	MOVBU 2(p), R13; \
	ORR  R13<<16, R12; \
	VDUP R12, V18.S4; \
	DOT(a, b)

#define JOIN(a, b, x, d, p, n) ADD4(24, a, a); ADD4(25, b, b)

#define MR 8
#define ROWS(op) ROWS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgU8_8x8_neondot(SB), NOSPLIT, $0-8
#include "brg_u8_arm64.h"

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgU8_7x8_neondot(SB), NOSPLIT, $0-8
#include "brg_u8_arm64.h"

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgU8_6x8_neondot(SB), NOSPLIT, $0-8
#include "brg_u8_arm64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgU8_5x8_neondot(SB), NOSPLIT, $0-8
#include "brg_u8_arm64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgU8_4x8_neondot(SB), NOSPLIT, $0-8
#include "brg_u8_arm64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgU8_3x8_neondot(SB), NOSPLIT, $0-8
#include "brg_u8_arm64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgU8_2x8_neondot(SB), NOSPLIT, $0-8
#include "brg_u8_arm64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgU8_1x8_neondot(SB), NOSPLIT, $0-8
#include "brg_u8_arm64.h"
