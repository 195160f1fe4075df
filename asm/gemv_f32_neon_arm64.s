//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "elem32_arm64.h"

// Matrix times vector, float32, NEON.
//
//	func gemvF32_8x4_neon(a *GemvArgs)        Y[r] = sum over c of W[r][c]·X[c]
//	func gemvsF32_1x4_neon(a *GemvArgs)       the same
//	func gemvtF32_8x4_neon(a *GemvArgs)       Y[c] += sum over r of W[r][c]·X[r]
//	func gemvpF32_4x12_neon(a *GemvpArgs)     Y[p][j] += sum over k of W[p][k][j]·X[k], 4 panels p
//
// GemvArgs and GemvpArgs (gemv.go) have the contracts. Needs NEON. Clobbers R0-R16, R19-R21, R26, V0-V31.
//
// gemv and gemvt take 8 rows at a time: 8 streams keep the memory busy. Their loops (gemv_arm64.h):
// 8 rows > 4 columns, then 1. gemv holds 8 sums, V0 to V7, and a last block of fewer rows does its last row
// again and again. gemvt holds 8 elements of X in V24 and V25, and goes row by row at the end.
//
//	R1 X (gemv), Y (gemvt), and R8 to R15 the rows, at the end of their whole vectors; R5 from there, negative, to 0
//	R2 Y (gemv), X (gemvt), of the block    R3 bytes between rows      R4 rows left   R19 W of the block, R21 the vector with the columns
//	R20 columns of the tail, R26 bytes of the others, negative         R5 in the tail: columns left    V16 of W    V26 of X or Y
//
// A step costs 9 loads for 8 multiply-adds, 4.5 cycles for 128 bytes of W: bound by memory from the second
// or third cache on.

// The rows: their sums, their pointers by number and by name.
#define ROWS(op) op(0, 8, R8); op(1, 9, R9); op(2, 10, R10); op(3, 11, R11); op(4, 12, R12); op(5, 13, R13); op(6, 14, R14); op(7, 15, R15)
// Row n of the block, or row n-1 again when there are no more.
#define ROW(n, prev, p) ADD R3, prev, p; CMP $n, R4; CSEL GT, p, prev, p

// gemv: Vn is a sum.
#define DOT
#define BEGIN(n, r, p) MOVI0(n)
#define FMA(n, r, p) LDQX(5, r, 16); FMLA4(16, 26, n)
#define FMAONE(n, r, p) FMOVS.P 4(p), F16; FMLA4(16, 26, n)
#define SETUP
#define SAVE
#define SAVEONE
#define ADDPAIRS FADDP4(1, 0, 0); FADDP4(3, 2, 2); FADDP4(5, 4, 4); FADDP4(7, 6, 6); FADDP4(2, 0, 0); FADDP4(6, 4, 4)
#define PUT8 FMOVQ F0, (R2); FMOVQ F4, 16(R2)
#define PUTLAST \
	TBZ  $2, R4, two; \
	FMOVQ.P F0, 16(R2); \
	MOV16(4, 0); \
two: \
	TBZ  $1, R4, one; \
	FMOVD.P F0, 8(R2); \
	DUPE4(0, 2, 0); \
one: \
	TBZ  $0, R4, done; \
	FMOVS F0, (R2)
TEXT ·gemvF32_8x4_neon(SB), NOSPLIT, $0-8
#include "gemv_arm64.h"
#undef DOT
#undef BEGIN
#undef FMA
#undef FMAONE
#undef SETUP
#undef SAVE
#undef SAVEONE

// gemvt: the lanes of V24 and V25 are elements of X, V26 is of Y.
#define BEGIN(r, p, v, lane)
#define FMA(r, p, v, lane) LDQX(5, r, 16); FMLAE4(v, lane, 16, 26)
#define FMAONE(r, p, v, lane) FMOVS.P 4(p), F16; FMLAE4(v, lane, 16, 26)
#define SINGLE FMA(8, R8, 24, 0)
#define SINGLEONE FMAONE(8, R8, 24, 0)
#define SETUP FMOVQ (R2), F24; FMOVQ 16(R2), F25
#define SAVE STQX(5, 1, 26)
#define SAVEONE FMOVS F26, -4(R1)
#undef ROWS
#define ROWS(op) op(8, R8, 24, 0); op(9, R9, 24, 1); op(10, R10, 24, 2); op(11, R11, 24, 3); op(12, R12, 25, 0); op(13, R13, 25, 1); op(14, R14, 25, 2); op(15, R15, 25, 3)
TEXT ·gemvtF32_8x4_neon(SB), NOSPLIT, $0-8
#include "gemv_arm64.h"

// gemvs: one row at a time, with 8 sums in V0 to V7 for vectors that follow each other. A vector costs two loads: bound by them. R8 W, R9 X, next column.
#define SUM FADDP4(0, 0, 0); FADDP4(0, 0, 0)
TEXT ·gemvsF32_1x4_neon(SB), NOSPLIT, $0-8
#include "gemvs_arm64.h"

// gemvp: R8 to R11 the panels, R1 X, R2 Y, R5 k left; V0 to V11 the sums, V12 to V23 of W, V24 of X. A step costs 12
// loads and multiply-adds.
#define PANELS(lane) \
	VLD1.P 48(R8), [V12.S4, V13.S4, V14.S4]; FMLAE4(24, lane, 12, 0); FMLAE4(24, lane, 13, 1); FMLAE4(24, lane, 14, 2); \
	VLD1.P 48(R9), [V15.S4, V16.S4, V17.S4]; FMLAE4(24, lane, 15, 3); FMLAE4(24, lane, 16, 4); FMLAE4(24, lane, 17, 5); \
	VLD1.P 48(R10), [V18.S4, V19.S4, V20.S4]; FMLAE4(24, lane, 18, 6); FMLAE4(24, lane, 19, 7); FMLAE4(24, lane, 20, 8); \
	VLD1.P 48(R11), [V21.S4, V22.S4, V23.S4]; FMLAE4(24, lane, 21, 9); FMLAE4(24, lane, 22, 10); FMLAE4(24, lane, 23, 11)
#define SUMS(op) op(0, 0(R2)); op(1, 16(R2)); op(2, 32(R2)); op(3, 48(R2)); op(4, 64(R2)); op(5, 80(R2)); op(6, 96(R2)); op(7, 112(R2)); op(8, 128(R2)); op(9, 144(R2)); op(10, 160(R2)); op(11, 176(R2))
#define TAKE(n, y) FMOVQ y, F(n)
#define PUT(n, y) FMOVQ F(n), y

TEXT ·gemvpF32_4x12_neon(SB), NOSPLIT, $0-8
	MOVD a+0(FP), R0
	MOVD GemvpArgs_W(R0), R8
	MOVD GemvpArgs_Panel(R0), R3
	MOVD GemvpArgs_X(R0), R1
	MOVD GemvpArgs_Y(R0), R2
	MOVD GemvpArgs_K(R0), R5
	ADD  R3, R8, R9
	ADD  R3, R9, R10
	ADD  R3, R10, R11
	SUMS(TAKE)
	SUBS $4, R5
	BLT  rest
	PCALIGN $32

k4:
	FMOVQ.P 16(R1), F24
	PANELS(0)
	PANELS(1)
	PANELS(2)
	PANELS(3)
	SUBS $4, R5
	BGE  k4

rest:
	ADDS $4, R5
	BLE  done

k1:
	FMOVS.P 4(R1), F24
	PANELS(0)
	SUBS $1, R5
	BGT  k1

done:
	SUMS(PUT)
	RET
