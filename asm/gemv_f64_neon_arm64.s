//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "elem64_arm64.h"

// Matrix times vector, float64, NEON.
//
//	func gemvF64_8x2_neon(a *GemvArgs)     Y[r] = sum over c of W[r][c]·X[c]
//	func gemvsF64_1x2_neon(a *GemvArgs)    the same
//	func gemvtF64_8x2_neon(a *GemvArgs)    Y[c] += sum over r of W[r][c]·X[r]
//
// gemv_f32_neon_arm64.s with elements of twice the size, 2 columns at a time: it has the contract, the registers, the loops and the bound. gemvt
// holds 8 elements of X in V22 to V25. Needs NEON.

// The rows: their sums, their pointers by number and by name.
#define ROWS(op) op(0, 8, R8); op(1, 9, R9); op(2, 10, R10); op(3, 11, R11); op(4, 12, R12); op(5, 13, R13); op(6, 14, R14); op(7, 15, R15)
// Row n of the block, or row n-1 again when there are no more.
#define ROW(n, prev, p) ADD R3, prev, p; CMP $n, R4; CSEL GT, p, prev, p

// gemv: Vn is a sum.
#define DOT
#define BEGIN(n, r, p) MOVI0(n)
#define FMA(n, r, p) LDQX(5, r, 16); FMLA(16, 26, n)
#define FMAONE(n, r, p) FMOVD.P 8(p), F16; FMLA(16, 26, n)
#define SETUP
#define SAVE
#define SAVEONE
#define ADDPAIRS FADDPD2(1, 0, 0); FADDPD2(3, 2, 2); FADDPD2(5, 4, 4); FADDPD2(7, 6, 6)
#define PUT8 FMOVQ F0, (R2); FMOVQ F2, 16(R2); FMOVQ F4, 32(R2); FMOVQ F6, 48(R2)
#define PUTLAST \
	TBZ  $2, R4, two; \
	FMOVQ.P F0, 16(R2); \
	FMOVQ.P F2, 16(R2); \
	MOV16(4, 0); \
	MOV16(6, 2); \
two: \
	TBZ  $1, R4, one; \
	FMOVQ.P F0, 16(R2); \
	MOV16(2, 0); \
one: \
	TBZ  $0, R4, done; \
	FMOVD F0, (R2)
TEXT ·gemvF64_8x2_neon(SB), NOSPLIT, $0-8
#include "gemv_arm64.h"
#undef DOT
#undef BEGIN
#undef FMA
#undef FMAONE
#undef SETUP
#undef SAVE
#undef SAVEONE

// gemvt: the lanes of V22 to V25 are elements of X, V26 is of Y.
#define BEGIN(r, p, v, lane)
#define FMA(r, p, v, lane) LDQX(5, r, 16); FMLAE(v, lane, 16, 26)
#define FMAONE(r, p, v, lane) FMOVD.P 8(p), F16; FMLAE(v, lane, 16, 26)
#define SINGLE FMA(8, R8, 24, 0)
#define SINGLEONE FMAONE(8, R8, 24, 0)
#define SETUP FMOVQ (R2), F22; FMOVQ 16(R2), F23; FMOVQ 32(R2), F24; FMOVQ 48(R2), F25
#define SAVE STQX(5, 1, 26)
#define SAVEONE FMOVD F26, -8(R1)
#undef ROWS
#define ROWS(op) op(8, R8, 22, 0); op(9, R9, 22, 1); op(10, R10, 23, 0); op(11, R11, 23, 1); op(12, R12, 24, 0); op(13, R13, 24, 1); op(14, R14, 25, 0); op(15, R15, 25, 1)
TEXT ·gemvtF64_8x2_neon(SB), NOSPLIT, $0-8
#include "gemv_arm64.h"

// gemvs: one row at a time, with 8 sums in V0 to V7 for vectors that follow each other. A vector costs two loads: bound by them. R8 W, R9 X, next column.
#define SUM FADDPD2(0, 0, 0)
TEXT ·gemvsF64_1x2_neon(SB), NOSPLIT, $0-8
#include "gemvs_arm64.h"
