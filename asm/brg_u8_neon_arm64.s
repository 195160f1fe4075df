//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "brg_u8_ends_arm64.h"

// Batch-reduce GEMM, bytes, NEON: C[MR x NR] = end of (bias + sum over taps of A[MR x K] · B[K x NR]).
//
//	func brgU8_<MR>x8_neon(a *BrgU8Args)            MR 4 to 1
//
// BrgU8Args (brgu8.go) has the contract. Needs NEON, the baseline of arm64. Clobbers all vector registers, R1 to R16 and R19 to R26.
//
// Both sides are s8: A, where it is u8, has its top bits turned over. SMULL multiplies eight bytes, four of k of two columns, to 16 bits, which hold each
// product; SADALP adds them in pairs to sums of 32 bits, two for each column, which meet in the end.
//
// The tile, of 4 rows:
//
//	             V16 = B[k][0:4]    V17 = B[k][4:8]
//	 row 0          V0  V1             V2  V3
//	 row 1          V4  V5             V6  V7             += A[row][k:k+4] in all lanes (V18) times B
//	 row 2          V8  V9             V10 V11
//	 row 3          V12 V13            V14 V15
//
//	R0 args       R1 B, next k     R2 k left      R3 lda      R5 next tap     R6 taps left    R7 A of the tile
//	R8 to R11 A of rows 0 to 3, next k     R12 to R14 scratch     R19 what is written
//	R20 C of the next row, R26 its stride     R22 N     R24 tiles left     R25 B     V31 what A is turned over with
//	after the sums: V24 V25 biases, V26 V27 scales, V28 zero point, V29 V30 limits, of 16 bits
//
// Loops: tile > tap > k4 (4 k a turn). A step costs 32 multiplications and additions of 8 and 6 loads for 128 products: bound by the
// vector pipes.

#define PTR1(op) op(R8, R9)
#define PTR2(op) op(R9, R10)
#define PTR3(op) op(R10, R11)
#define POINT(prev, p) ADD R3, prev, p
#define ROW0(op) op(0, 1, 2, 3, R8, 8)
#define ROW1(op) op(4, 5, 6, 7, R9, 9)
#define ROW2(op) op(8, 9, 10, 11, R10, 10)
#define ROW3(op) op(12, 13, 14, 15, R11, 11)
#define ROWS1(op) ROW0(op)
#define ROWS2(op) ROWS1(op); ROW1(op)
#define ROWS3(op) ROWS2(op); ROW2(op)
#define ROWS4(op) ROWS3(op); ROW3(op)
#define PTRS1(op)
#define PTRS2(op) PTR1(op)
#define PTRS3(op) PTRS2(op); PTR2(op)
#define PTRS4(op) PTRS3(op); PTR3(op)

#define ZERO(a, b, c, d, p, n) MOVI0(a); MOVI0(b); MOVI0(c); MOVI0(d)
#define DOT(a, b, c, d) \
	VEOR V31.B16, V18.B16, V18.B16; \
	SMULL8(18, 16, 19); SMULL28(18, 16, 20); SMULL8(18, 17, 21); SMULL28(18, 17, 22); \
	SADALP4(19, a); SADALP4(20, b); SADALP4(21, c); SADALP4(22, d)
#define STEP(a, b, c, d, p, n) LD1R4(n, 18); ADD $4, p; DOT(a, b, c, d)

// One to three bytes of k.
#define REST(a, b, c, d, p, n) \
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
	DOT(a, b, c, d)

// The sums of a row: each column's two, and the bias.
#define JOIN(a, b, c, d, p, n) ADDP4(b, a, a); ADDP4(d, c, b); ADD4(24, a, a); ADD4(25, b, b)
#define SIXTEENS

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgU8_4x8_neon(SB), NOSPLIT, $0-8
#include "brg_u8_arm64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgU8_3x8_neon(SB), NOSPLIT, $0-8
#include "brg_u8_arm64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgU8_2x8_neon(SB), NOSPLIT, $0-8
#include "brg_u8_arm64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgU8_1x8_neon(SB), NOSPLIT, $0-8
#include "brg_u8_arm64.h"
