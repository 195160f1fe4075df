//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Binary functions of rows of float32: y[i] = min(max(f(a[i], b[i]), lo), hi), as BinaryArgs says.
//
//	func <f>F32_16_neon(a *BinaryArgs)
//
// Needs NEON; clobbers R0-R15, V0-V7, V30, V31.
//
//	V0-V3      a, then y
//	V4-V7      b
//	V30 V31    lo, hi
//	R1 R2 R4   rows of a, b and y, R8 R9 R10 bytes apart; R5 R6 R15 along them
//	R11 R12    bytes from vector to vector of a and b: 16, or 0 where one number serves a row
//	R13 R14    where such numbers are spread
//	R7 R3      rows left, elements left
//
// block takes 4 vectors at a time, vector the whole ones of the rest, tail the last two and one. A vector is two
// loads, a store and three operations: 1.5 cycles on two pipes, or the bandwidth of the cache it comes from. FMAX and
// FMIN pass a NaN of either operand on.

#define OP(b, a) FADD4(b, a, a)
TEXT ·addF32_16_neon(SB), NOSPLIT, $32-8
#include "binary_f32_arm64.h"

#define OP(b, a) FSUB4(b, a, a)
TEXT ·subF32_16_neon(SB), NOSPLIT, $32-8
#include "binary_f32_arm64.h"

#define OP(b, a) FMUL4(b, a, a)
TEXT ·mulF32_16_neon(SB), NOSPLIT, $32-8
#include "binary_f32_arm64.h"

#define OP(b, a) FMAX4(b, a, a)
TEXT ·maxF32_16_neon(SB), NOSPLIT, $32-8
#include "binary_f32_arm64.h"

#define OP(b, a) FMIN4(b, a, a)
TEXT ·minF32_16_neon(SB), NOSPLIT, $32-8
#include "binary_f32_arm64.h"

// Divisions bind.
#define OP(b, a) FDIV4(b, a, a)
TEXT ·divF32_16_neon(SB), NOSPLIT, $32-8
#include "binary_f32_arm64.h"
