//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem_consts_amd64.h"
#include "elem_avx512_amd64.h"

// Unary functions of float32: y[i] = f(x[i]), as UnaryArgs says.
//
//	func <f>F32_64_avx512(a *UnaryArgs)
//
// Needs AVX-512 F, BW, DQ and VL; clobbers AX BX CX SI DI, K1 K2, Z0-Z29.
//
//	Z0-Z3    x, then y
//	Z4-Z9    temporaries of f
//	Z10-Z29  constants of f
//	SI DI    x and y
//	CX       elements left
//	K1       mask of the last vectors
//
// block takes 4 vectors at a time, vector the rest, under a mask. The functions without exp run at the
// bandwidth of the stores. The others are 15 to 36 instructions a vector on two pipes, their latencies
// (about 60 cycles) hidden by the independent vectors in flight: 8 to 18 cycles a vector.

#define SETUP \
	VBROADCASTSS UnaryArgs_A(AX), Z10; \
	VBROADCASTSS UnaryArgs_B(AX), Z11
#define F(x) \
	VMAXPS x, Z10, x; \
	VMINPS x, Z11, x
TEXT ·clampF32_64_avx512(SB), NOSPLIT, $0-8
#include "unary_f32_avx512_amd64.h"

#define SETUP \
	VBROADCASTSS UnaryArgs_A(AX), Z10; \
	VPXORD Z11, Z11, Z11
#define F(x) \
	VCMPPS $17, Z11, x, K2; \ // x < 0
	VMULPS Z10, x, K2, x
TEXT ·leakyreluF32_64_avx512(SB), NOSPLIT, $0-8
#include "unary_f32_avx512_amd64.h"

#define SETUP SIGMOIDSETUP
#define F(x) SIGMOID(x)
TEXT ·sigmoidF32_64_avx512(SB), NOSPLIT, $0-8
#include "unary_f32_avx512_amd64.h"

// With e = exp(-2|x|) - 1 it is -e/(e+2), given the sign of x: 0xca takes x's where Z26 has ones and the quotient's elsewhere.
#define SETUP \
	EXPSETUP; \
	VBROADCASTSS SIGN, Z26; \
	VBROADCASTSS EXPM1LO, Z27; \
	VBROADCASTSS TWO, Z28
#define F(x) \
	VORPS Z26, x, Z6; \
	VADDPS Z6, Z6, Z6; \
	VMAXPS Z6, Z27, Z6; \
	EXPM1(Z6); \
	VADDPS Z28, Z6, Z4; \
	VDIVPS Z4, Z6, Z6; \
	VMOVAPS Z26, Z4; \
	VPTERNLOGD $0xca, Z6, x, Z4; \
	VMOVAPS Z4, x
TEXT ·tanhF32_64_avx512(SB), NOSPLIT, $0-8
#include "unary_f32_avx512_amd64.h"

#define SETUP SIGMOIDSETUP
#define F(x) \
	VMOVAPS x, Z6; \
	SIGMOID(Z6); \
	VMULPS Z6, x, x
TEXT ·siluF32_64_avx512(SB), NOSPLIT, $0-8
#include "unary_f32_avx512_amd64.h"

#define SETUP \
	VBROADCASTSS UnaryArgs_A(AX), Z10; \
	VBROADCASTSS UnaryArgs_B(AX), Z11; \
	VPXORD Z12, Z12, Z12; \
	VBROADCASTSS ONE, Z13
#define F(x) \
	VFMADD213PS Z11, Z10, x; \
	VMAXPS x, Z12, x; \
	VMINPS x, Z13, x
TEXT ·hardsigmoidF32_64_avx512(SB), NOSPLIT, $0-8
#include "unary_f32_avx512_amd64.h"

#define SETUP \
	VBROADCASTSS THREE, Z10; \
	VBROADCASTSS SIX, Z11; \
	VPXORD Z12, Z12, Z12; \
	VBROADCASTSS SIXTH, Z13
#define F(x) \
	VADDPS Z10, x, Z4; \
	VMAXPS Z4, Z12, Z4; \
	VMINPS Z4, Z11, Z4; \
	VMULPS Z13, Z4, Z4; \
	VMULPS Z4, x, x
TEXT ·hardswishF32_64_avx512(SB), NOSPLIT, $0-8
#include "unary_f32_avx512_amd64.h"

#define SETUP \
	EXPSETUP; \
	VBROADCASTSS UnaryArgs_A(AX), Z10; \
	VPXORD Z11, Z11, Z11; \
	VBROADCASTSS EXPM1LO, Z27
#define F(x) \
	VCMPPS $2, Z11, x, K2; \ // x <= 0
	VMINPS x, Z11, Z6; \
	VMAXPS Z6, Z27, Z6; \
	EXPM1(Z6); \
	VMULPS Z10, Z6, K2, x
TEXT ·eluF32_64_avx512(SB), NOSPLIT, $0-8
#include "unary_f32_avx512_amd64.h"

// With t = |x| and h = exp(-t²/2)·P(t)/Q(t) it is x·h or x·(1-h), by the sign. What t²/2 loses in
// rounding is added to the remainder of the reduction.
#define SETUP \
	EXPSETUP; \
	VBROADCASTSS SIGN, Z26; \
	VBROADCASTSS PHIHI, Z27; \
	VBROADCASTSS MHALF, Z28; \
	VPXORD Z29, Z29, Z29; \
	VBROADCASTSS PHIP4, Z10; \
	VBROADCASTSS PHIP3, Z11; \
	VBROADCASTSS PHIP2, Z12; \
	VBROADCASTSS PHIP1, Z13; \
	VBROADCASTSS PHIQ5, Z14; \
	VBROADCASTSS PHIQ4, Z15; \
	VBROADCASTSS PHIQ3, Z30; \
	VBROADCASTSS PHIQ2, Z31
#define F(x) \
	VANDNPS x, Z26, Z6; \ // t
	VMINPS Z6, Z27, Z6; \
	VMULPS Z28, Z6, Z7; \ // -t/2
	VMULPS Z6, Z7, Z8; \ // -t²/2
	VFMSUB213PS Z8, Z6, Z7; \ // what that lost
	REDUCE(Z8); \
	VADDPS Z7, Z8, Z8; \
	EXPSCALE(Z8); \
	VMOVAPS Z11, Z4; \
	VFMADD231PS Z10, Z6, Z4; \
	VFMADD213PS Z12, Z6, Z4; \
	VFMADD213PS Z13, Z6, Z4; \
	VFMSUB213PS Z28, Z6, Z4; \
	VMOVAPS Z15, Z5; \
	VFMADD231PS Z14, Z6, Z5; \
	VFMADD213PS Z30, Z6, Z5; \
	VFMADD213PS Z31, Z6, Z5; \
	VFMADD213PS.BCST PHIQ1, Z6, Z5; \
	VFMADD213PS Z25, Z6, Z5; \
	VMULPS Z4, Z8, Z8; \
	VDIVPS Z5, Z8, Z8; \
	VCMPPS $13, Z29, x, K2; \ // x >= 0
	VSUBPS Z8, Z25, K2, Z8; \
	VMULPS Z8, x, x
TEXT ·geluF32_64_avx512(SB), NOSPLIT, $0-8
#include "unary_f32_avx512_amd64.h"

#define SETUP \
	SIGMOIDSETUP; \
	VBROADCASTSS GELUA, Z28; \
	VBROADCASTSS GELUB, Z29
#define F(x) \
	VMULPS x, x, Z6; \
	VFMADD213PS Z28, Z29, Z6; \
	VMULPS x, Z6, Z6; \
	SIGMOID(Z6); \
	VMULPS Z6, x, x
TEXT ·gelutanhF32_64_avx512(SB), NOSPLIT, $0-8
#include "unary_f32_avx512_amd64.h"

#define SETUP \
	EXPSETUP; \
	VBROADCASTSS EXPLO, Z26; \
	VBROADCASTSS EXPHI, Z27
#define F(x) \
	VMAXPS x, Z26, x; \
	VMINPS x, Z27, x; \
	EXP(x)
TEXT ·expF32_64_avx512(SB), NOSPLIT, $0-8
#include "unary_f32_avx512_amd64.h"
