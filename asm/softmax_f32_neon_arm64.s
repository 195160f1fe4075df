//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "elem_consts_arm64.h"
#include "elem_arm64.h"

// The steps of softmax over a row of float32: its maximum, exponentials and their sum, scale or shift, as
// SoftmaxArgs says.
//
//	func <step>F32_16_neon(a *SoftmaxArgs)
//
// Needs NEON; clobbers R0-R3, R5, R6, V0-V9, V12-V29.
//
//	V0-V3    x, then y
//	V4-V7    temporaries of exp
//	V12-V15  accumulators
//	V16-V27  constants
//	V28 V29  the maximum, the sum
//	R1 R2    x and y
//	R3       elements left
//
// block takes 4 vectors at a time, one for each accumulator; vector takes the whole ones of the rest; one takes single
// elements, in all lanes. The steps with exp take 26 instructions a vector, the others run at the bandwidth of
// loads and stores.

#define ZEROSUMS MOVI0(12); MOVI0(13); MOVI0(14); MOVI0(15)

// x = exp(x - max), where the difference is at most 0
#define EXPDIFF(x) FSUB4(28, x, x); FMAX4(27, x, x); EXP(x)
#define EXPDIFFSETUP EXPSETUP(MAGIC2); CONST(EXPLO, 27); PARAM(SoftmaxArgs_Max, 28); ZEROSUMS

// The lanes of all accumulators, and what Sum was.
#define STORESUM \
	FADD4(13, 12, 12); \
	FADD4(15, 14, 14); \
	FADD4(14, 12, 12); \
	FADDP4(12, 12, 12); \
	FADDP2(12, 12); \
	FMOVS SoftmaxArgs_Sum(R0), F13; \
	FADDS F13, F12, F12; \
	FMOVS F12, SoftmaxArgs_Sum(R0)

#define SETUP PARAM(SoftmaxArgs_Max, 12); MOV16(12, 13); MOV16(12, 14); MOV16(12, 15)
#define STEP(x)
#define PUT(st, x, y)
#define TAKE(x, acc) FMAX4(x, acc, acc)
#define TAKEONE FMAX4(0, 12, 12)
#define FINISH FMAX4(13, 12, 12); FMAX4(15, 14, 14); FMAX4(14, 12, 12); FMAXV4(12, 12); FMOVS F12, SoftmaxArgs_Max(R0)
TEXT ·rowmaxF32_16_neon(SB), NOSPLIT, $0-8
#include "softmax_f32_arm64.h"

#define SETUP EXPDIFFSETUP
#define STEP(x) EXPDIFF(x)
#define PUT(st, x, y) st x, y
#define TAKE(x, acc) FADD4(x, acc, acc)
#define TAKEONE FMOVS F0, F0; FADD4(0, 12, 12) // the other lanes are zero
#define FINISH STORESUM
TEXT ·rowexpF32_16_neon(SB), NOSPLIT, $0-8
#include "softmax_f32_arm64.h"

#define SETUP EXPDIFFSETUP
#define STEP(x) EXPDIFF(x)
#define PUT(st, x, y)
#define TAKE(x, acc) FADD4(x, acc, acc)
#define TAKEONE FMOVS F0, F0; FADD4(0, 12, 12)
#define FINISH STORESUM
TEXT ·rowsumexpF32_16_neon(SB), NOSPLIT, $0-8
#include "softmax_f32_arm64.h"

#define SETUP PARAM(SoftmaxArgs_Sum, 29)
#define STEP(x) FMUL4(29, x, x)
#define PUT(st, x, y) st x, y
#define TAKE(x, acc)
#define TAKEONE
#define FINISH
TEXT ·rowscaleF32_16_neon(SB), NOSPLIT, $0-8
#include "softmax_f32_arm64.h"

#define SETUP PARAM(SoftmaxArgs_Max, 28); PARAM(SoftmaxArgs_Sum, 29)
#define STEP(x) FSUB4(28, x, x); FSUB4(29, x, x)
#define PUT(st, x, y) st x, y
#define TAKE(x, acc)
#define TAKEONE
#define FINISH
TEXT ·rowshiftF32_16_neon(SB), NOSPLIT, $0-8
#include "softmax_f32_arm64.h"
