//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Scale and shift of float32 rows, y = min(max(x*s + t, lo), hi), s and t per column or per row, as
// AffineArgs says.
//
//	func <op>F32_16_neon(a *AffineArgs)
//
// Needs NEON; clobbers R0-R14, V0-V6, V30, V31.
//
//	V0-V3    x, then y
//	V4-V6    s and t, of a row or of a vector
//	V30 V31  lo, hi
//	R1 R2    x and y, row by row, LdX (R6) and LdY (R7) apart; R11 R12 along the row
//	R8 R9    s and t; R13 R14 along the row, where they are per column
//	R10      rows left
//	R3       columns left
//
// A row's blocks are 4 vectors, then come single ones, then the last two and one elements. A vector is one load (two
// or three with s and t per column), a store and at most three operations: 1 to 1.5 cycles on two pipes, or the
// bandwidth of the cache it comes from.
//
// OP(x, ld, d) makes the result of x, with s and t from d bytes on by the load ld. FMLA adds to its destination: the
// product joins t, and the sum goes back to x.

#define OPERANDS MOVD R9, R14
#define OP(x, ld, d) ld d(R14), F5; FADD4(5, x, x)
TEXT ·biasF32_16_neon(SB), NOSPLIT, $0-8
#include "affine_f32_arm64.h"

#define OPERANDS LD1R4(9, 5); ADD $4, R9
#define OP(x, ld, d) FADD4(5, x, x)
TEXT ·biasrowF32_16_neon(SB), NOSPLIT, $0-8
#include "affine_f32_arm64.h"

#define OPERANDS MOVD R8, R13
#define OP(x, ld, d) ld d(R13), F4; FMUL4(4, x, x)
TEXT ·scaleF32_16_neon(SB), NOSPLIT, $0-8
#include "affine_f32_arm64.h"

#define OPERANDS LD1R4(8, 4); ADD $4, R8
#define OP(x, ld, d) FMUL4(4, x, x)
TEXT ·scalerowF32_16_neon(SB), NOSPLIT, $0-8
#include "affine_f32_arm64.h"

#define OPERANDS MOVD R8, R13; MOVD R9, R14
#define OP(x, ld, d) ld d(R13), F4; ld d(R14), F5; FMLA4(4, x, 5); MOV16(5, x)
TEXT ·normF32_16_neon(SB), NOSPLIT, $0-8
#include "affine_f32_arm64.h"

#define OPERANDS LD1R4(8, 4); LD1R4(9, 6); ADD $4, R8; ADD $4, R9
#define OP(x, ld, d) MOV16(6, 5); FMLA4(4, x, 5); MOV16(5, x)
TEXT ·normrowF32_16_neon(SB), NOSPLIT, $0-8
#include "affine_f32_arm64.h"
