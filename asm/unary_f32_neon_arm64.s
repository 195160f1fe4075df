//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "elem_consts_arm64.h"
#include "elem_arm64.h"

// Unary functions of float32: y[i] = f(x[i]), as UnaryArgs says.
//
//	func <f>F32_16_neon(a *UnaryArgs)
//
// Needs NEON; clobbers R0-R3, R5, R6, R8-R11, all vector registers.
//
//	V0-V3    x, then y
//	V4-V11   temporaries of f
//	V12-V31  parameters and constants of f
//	R1 R2    x and y
//	R3       elements left
//
// block takes 4 vectors at a time, vector the whole ones of the rest, tail the last two and one elements in a vector
// whose other lanes are zero. The functions without exp run at the bandwidth of the stores. The others are 20 to
// 50 instructions a vector, with the division beside them.

// By comparisons, which leave -0 alone where a bound is 0.
#define SETUP PARAM(UnaryArgs_A, 28); PARAM(UnaryArgs_B, 29)
#define F(x) FCMGT4(x, 28, 4); BIT16(4, 28, x); FCMGT4(29, x, 4); BIT16(4, 29, x)
TEXT ·clampF32_16_neon(SB), NOSPLIT, $0-8
#include "unary_f32_arm64.h"

#define SETUP PARAM(UnaryArgs_A, 28)
#define F(x) FMUL4(28, x, 4); FCMLTZ4(x, 5); BIT16(5, 4, x)
TEXT ·leakyreluF32_16_neon(SB), NOSPLIT, $0-8
#include "unary_f32_arm64.h"

#define SETUP SIGMOIDSETUP
#define F(x) SIGMOID(x)
TEXT ·sigmoidF32_16_neon(SB), NOSPLIT, $0-8
#include "unary_f32_arm64.h"

// With e = exp(-2|x|) - 1 it is -e/(e+2), given the sign of x.
#define SETUP EXPSETUP(MAGIC1); CONST(SIGN, 26); CONST(EXPM1LO, 27); CONST(TWO, 28)
#define F(x) \
	ORR16(26, x, 8); \
	FADD4(8, 8, 8); \
	FMAX4(27, 8, 8); \
	EXPM1(8); \
	FADD4(28, 8, 9); \
	FDIV4(9, 8, 8); \
	FABS4(8, 8); \
	AND16(26, x, x); \
	ORR16(8, x, x)
TEXT ·tanhF32_16_neon(SB), NOSPLIT, $0-8
#include "unary_f32_arm64.h"

#define SETUP SIGMOIDSETUP
#define F(x) MOV16(x, 10); SIGMOID(10); FMUL4(10, x, x)
TEXT ·siluF32_16_neon(SB), NOSPLIT, $0-8
#include "unary_f32_arm64.h"

#define SETUP CONSTS; CONST(ONE, 25); PARAM(UnaryArgs_A, 28); PARAM(UnaryArgs_B, 29); MOVI0(30)
#define F(x) MOV16(29, 4); FMLA4(28, x, 4); FMAX4(30, 4, 4); FMIN4(25, 4, x)
TEXT ·hardsigmoidF32_16_neon(SB), NOSPLIT, $0-8
#include "unary_f32_arm64.h"

#define SETUP CONSTS; CONST(THREE, 28); CONST(SIX, 29); MOVI0(30); CONST(SIXTH, 31)
#define F(x) FADD4(28, x, 4); FMAX4(30, 4, 4); FMIN4(29, 4, 4); FMUL4(31, 4, 4); FMUL4(4, x, x)
TEXT ·hardswishF32_16_neon(SB), NOSPLIT, $0-8
#include "unary_f32_arm64.h"

#define SETUP EXPSETUP(MAGIC1); CONST(EXPM1LO, 27); PARAM(UnaryArgs_A, 28); MOVI0(30)
#define F(x) FMIN4(30, x, 8); FMAX4(27, 8, 8); EXPM1(8); FMUL4(28, 8, 8); FCMLTZ4(x, 9); BIT16(9, 8, x)
TEXT ·eluF32_16_neon(SB), NOSPLIT, $0-8
#include "unary_f32_arm64.h"

// The normal law's tail h below -t, for t = |x|: exp(-t²/2)·C(u)·q with q = 1/(t+2.5) and u = 1 - 5q. Then
// it is x·h or x·(1-h), by the sign. What t²/2 loses in rounding is added to the remainder of the
// reduction. Four coefficients of C have no register: R8 to R11 point to them.
#define SETUP \
	EXPSETUP(MAGIC2); \
	CONST(PHIHI, 26); \
	CONST(MHALF, 27); \
	CONST(PHIK, 28); \
	CONST(PHI2K, 29); \
	CONST(PHIC9, 12); \
	CONST(PHIC8, 13); \
	CONST(PHIC7, 14); \
	CONST(PHIC6, 15); \
	CONST(PHIC5, 30); \
	CONST(PHIC4, 31); \
	ADD $PHIC3, R5, R8; \
	ADD $PHIC2, R5, R9; \
	ADD $PHIC1, R5, R10; \
	ADD $PHIC0, R5, R11
#define F(x) \
	FABS4(x, 8); \
	FMIN4(26, 8, 8); \ // t
	FMUL4(27, 8, 9); \
	FMUL4(8, 9, 10); \ // -t²/2
	FNEG4(10, 11); \
	FMLA4(8, 9, 11); \ // what that lost
	REDUCE(10); \
	FADD4(11, 10, 10); \
	EXPPOLY(10); \
	FMUL4(10, 7, 7); \
	MOV16(10, 4); \
	FMLA4(7, 10, 4); \ // p = exp(r) - 1
	FADD4(28, 8, 8); \
	FDIV4(8, 25, 8); \ // q
	MOV16(25, 9); \
	FMLS4(29, 8, 9); \ // u
	MOV16(13, 6); \
	FMLA4(12, 9, 6); \
	MOV16(14, 10); \
	FMLA4(6, 9, 10); \
	MOV16(15, 6); \
	FMLA4(10, 9, 6); \
	MOV16(30, 10); \
	FMLA4(6, 9, 10); \
	MOV16(31, 6); \
	FMLA4(10, 9, 6); \
	LD1R4(8, 10); \
	FMLA4(6, 9, 10); \
	LD1R4(9, 6); \
	FMLA4(10, 9, 6); \
	LD1R4(10, 10); \
	FMLA4(6, 9, 10); \
	LD1R4(11, 6); \
	FMLA4(10, 9, 6); \
	FMUL4(8, 6, 6); \ // C(u)·q
	MOV16(6, 7); \
	FMLA4(4, 6, 7); \ // (1+p)·C(u)·q
	SCALE2(7, 7); \ // h
	FSUB4(7, 25, 5); \
	FCMLTZ4(x, 6); \
	BIF16(6, 5, 7); \
	FMUL4(7, x, x)
TEXT ·geluF32_16_neon(SB), NOSPLIT, $0-8
#include "unary_f32_arm64.h"

#define SETUP SIGMOIDSETUP; CONST(GELUA, 28); CONST(GELUB, 29)
#define F(x) \
	FMUL4(x, x, 10); \
	MOV16(28, 11); \
	FMLA4(29, 10, 11); \
	FMUL4(x, 11, 10); \
	SIGMOID(10); \
	FMUL4(10, x, x)
TEXT ·gelutanhF32_16_neon(SB), NOSPLIT, $0-8
#include "unary_f32_arm64.h"

#define SETUP EXPSETUP(MAGIC2); CONST(EXPLO, 27); CONST(EXPHI, 28)
#define F(x) FMAX4(27, x, x); FMIN4(28, x, x); EXP(x)
TEXT ·expF32_16_neon(SB), NOSPLIT, $0-8
#include "unary_f32_arm64.h"
