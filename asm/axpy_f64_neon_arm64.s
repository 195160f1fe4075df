//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "elem64_arm64.h"

// A few rows times a matrix, float64, NEON.
//
//	func axpyF64_3x8_neon(a *DotArgs)    Y[i][c] += sum over r of X[i][r]·W[r][c], 3 rows i
//	func axpyF64_2x8_neon(a *DotArgs)    2 rows
//
// axpy_f32_neon_arm64.s with elements of twice the size, 2 columns at a time: it has the contract, the loops, the bound and the registers, but that
// the 8 elements of a row of X are in four: V0 to V3, V4 to V7, V16 to V19. Needs NEON.

// The rows: their pointers, by number and by name, and their elements of X.
#define ROW0(op) op(8, R8, 0, 4, 16, 0)
#define ROWS(op) \
	op(8, R8, 0, 4, 16, 0); op(9, R9, 0, 4, 16, 1); op(10, R10, 1, 5, 17, 0); op(11, R11, 1, 5, 17, 1); \
	op(12, R12, 2, 6, 18, 0); op(13, R13, 2, 6, 18, 1); op(14, R14, 3, 7, 19, 0); op(15, R15, 3, 7, 19, 1)
#define FMA(r, p, x0, x1, x2, lane) LDQX(5, r, 27); MULADD(x0, x1, x2, lane)
#define FMAONE(r, p, x0, x1, x2, lane) FMOVD.P 8(p), F27; MULADD(x0, x1, x2, lane)
#define YROWS MOVD R25, R1; ADD R24, R1, R21; ADD R24, R21, R22; MOVD R26, R5

#define LOAD8(p, v0, v1, v2, v3) FMOVQ (p), F(v0); FMOVQ 16(p), F(v1); FMOVQ 32(p), F(v2); FMOVQ 48(p), F(v3)
#define LOADX ADD R23, R2, R16; LOAD8(R16, 4, 5, 6, 7); ADD R23, R16; LOAD8(R16, 16, 17, 18, 19); LOAD8(R2, 0, 1, 2, 3); ADD $64, R2
#define LOADXONE ADD R23, R2, R16; FMOVD (R16), F4; ADD R23, R16; FMOVD (R16), F16; FMOVD.P 8(R2), F0
#define LOADY LDQX(5, 1, 24); LDQX(5, 21, 25); LDQX(5, 22, 26)
#define SAVEY STQX(5, 1, 24); STQX(5, 21, 25); STQX(5, 22, 26)
#define LOADYONE FMOVD (R1), F24; FMOVD (R21), F25; FMOVD (R22), F26
#define SAVEYONE FMOVD.P F24, 8(R1); FMOVD.P F25, 8(R21); FMOVD.P F26, 8(R22)
#define MULADD(x0, x1, x2, lane) FMLAE(x0, lane, 27, 24); FMLAE(x1, lane, 27, 25); FMLAE(x2, lane, 27, 26)
TEXT ·axpyF64_3x8_neon(SB), NOSPLIT, $0-8
#include "axpy_arm64.h"
#undef LOADX
#undef LOADXONE
#undef LOADY
#undef SAVEY
#undef LOADYONE
#undef SAVEYONE
#undef MULADD

#define LOADX ADD R23, R2, R16; LOAD8(R16, 4, 5, 6, 7); LOAD8(R2, 0, 1, 2, 3); ADD $64, R2
#define LOADXONE ADD R23, R2, R16; FMOVD (R16), F4; FMOVD.P 8(R2), F0
#define LOADY LDQX(5, 1, 24); LDQX(5, 21, 25)
#define SAVEY STQX(5, 1, 24); STQX(5, 21, 25)
#define LOADYONE FMOVD (R1), F24; FMOVD (R21), F25
#define SAVEYONE FMOVD.P F24, 8(R1); FMOVD.P F25, 8(R21)
#define MULADD(x0, x1, x2, lane) FMLAE(x0, lane, 27, 24); FMLAE(x1, lane, 27, 25)
TEXT ·axpyF64_2x8_neon(SB), NOSPLIT, $0-8
#include "axpy_arm64.h"
