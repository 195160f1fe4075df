//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem_consts_amd64.h"
#include "elem_avx512_amd64.h"
#include "flush_amd64.h"

// Unary functions of float32: y[i] = f(x[i]), as UnaryArgs says.
//
//	func <f>F32_64_avx512(a *UnaryArgs)
//
// Needs AVX-512 F, BW, DQ and VL; clobbers AX BX CX SI DI, K1 K2, Z0-Z31.
//
//	Z0-Z3    x, then y
//	Z4-Z9    temporaries of f
//	Z10-Z31  constants of f
//	SI DI    x and y
//	CX       elements left
//	K1       mask of the last vectors
//
// block takes 4 vectors at a time, vector the rest, under a mask. Denormals count as 0, but for clamp. The functions without exp run at the
// bandwidth of the stores. The others are 15 to 44 instructions a vector on two pipes, their latencies
// (about 60 cycles) hidden by the independent vectors in flight: 8 to 22 cycles a vector.

#define SETUP \
	VBROADCASTSS UnaryArgs_A(AX), Z10; \
	VBROADCASTSS UnaryArgs_B(AX), Z11
#define F(x) \
	VMAXPS x, Z10, x; \
	VMINPS x, Z11, x
#define EXACT
TEXT ·clampF32_64_avx512(SB), NOSPLIT, $0-8
#include "unary_f32_avx512_amd64.h"

#define SETUP \
	VBROADCASTSS UnaryArgs_A(AX), Z10
#define F(x) \
	VPMOVD2M x, K2; \ // x < 0
	VMULPS Z10, x, K2, x
TEXT ·leakyreluF32_64_avx512(SB), NOSPLIT, $8-8
#include "unary_f32_avx512_amd64.h"

#define SETUP SIGMOIDSETUP
#define F(x) SIGMOID(x)
TEXT ·sigmoidF32_64_avx512(SB), NOSPLIT, $8-8
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
TEXT ·tanhF32_64_avx512(SB), NOSPLIT, $8-8
#include "unary_f32_avx512_amd64.h"

#define SETUP SILUSETUP
#define F(x) SILU(x)
TEXT ·siluF32_64_avx512(SB), NOSPLIT, $8-8
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
TEXT ·hardsigmoidF32_64_avx512(SB), NOSPLIT, $8-8
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
TEXT ·hardswishF32_64_avx512(SB), NOSPLIT, $8-8
#include "unary_f32_avx512_amd64.h"

#define SETUP \
	EXPSETUP; \
	VBROADCASTSS UnaryArgs_A(AX), Z10; \
	VPXORD Z11, Z11, Z11; \
	VBROADCASTSS EXPM1LO, Z27
#define F(x) \
	VPMOVD2M x, K2; \ // x < 0
	VMINPS x, Z11, Z6; \
	VMAXPS Z6, Z27, Z6; \
	EXPM1(Z6); \
	VMULPS Z10, Z6, K2, x
TEXT ·eluF32_64_avx512(SB), NOSPLIT, $8-8
#include "unary_f32_avx512_amd64.h"

// The normal law's tail h below -t, for t = |x|: exp(-t²/2)·C(u)·q with q = 1/(t+2.5) and u = 1 - 5q. Then
// it is x·h or x·(1-h), by the sign, h being lifted (see LIFT). What t²/2 loses in rounding is added to the remainder of the
// reduction.
#define SETUP \
	EXPSETUP; \
	VBROADCASTSS SIGN, Z26; \
	VBROADCASTSS PHIHI, Z27; \
	VBROADCASTSS PHIC9, Z28; \
	VBROADCASTSS PHIC8, Z29; \
	VBROADCASTSS PHIC7, Z30; \
	VBROADCASTSS PHIC6, Z31; \
	VBROADCASTSS PHIC5, Z10; \
	VBROADCASTSS PHIC4, Z11; \
	VBROADCASTSS PHIC3, Z12; \
	VBROADCASTSS PHIC2, Z13; \
	VBROADCASTSS PHIC1, Z14; \
	VBROADCASTSS PHIC0, Z15
#define F(x) \
	VANDNPS x, Z26, Z6; \ // t
	VMINPS Z6, Z27, Z6; \
	VMULPS.BCST MHALF, Z6, Z7; \
	VMULPS Z6, Z7, Z8; \ // -t²/2
	VFMSUB213PS Z8, Z6, Z7; \ // what that lost
	REDUCE(Z8); \
	VADDPS Z7, Z8, Z8; \
	EXPPOLY(Z8); \
	VMULPS Z8, Z4, Z4; \
	VFMADD213PS Z8, Z8, Z4; \ // p = exp(r) - 1
	VADDPS.BCST PHIK, Z6, Z6; \
	VDIVPS Z6, Z25, Z6; \ // q
	VMOVAPS Z25, Z7; \
	VFNMADD231PS.BCST PHI2K, Z6, Z7; \ // u
	VMOVAPS Z29, Z9; \
	VFMADD231PS Z28, Z7, Z9; \
	VFMADD213PS Z30, Z7, Z9; \
	VFMADD213PS Z31, Z7, Z9; \
	VFMADD213PS Z10, Z7, Z9; \
	VFMADD213PS Z11, Z7, Z9; \
	VFMADD213PS Z12, Z7, Z9; \
	VFMADD213PS Z13, Z7, Z9; \
	VFMADD213PS Z14, Z7, Z9; \
	VFMADD213PS Z15, Z7, Z9; \
	VMULPS Z6, Z9, Z9; \ // C(u)·q
	VFMADD213PS Z9, Z9, Z4; \ // (1+p)·C(u)·q
	LIFT(Z5); \
	VSCALEFPS Z5, Z4, Z4; \ // h, lifted
	VPMOVD2M x, K2; \
	VMOVAPS Z25, Z5; \
	VFNMADD231PS.BCST UNLIFTF, Z4, Z5; \
	VBLENDMPS Z4, Z5, K2, Z4; \
	VMULPS Z4, x, x; \
	UNLIFT(x)
TEXT ·geluF32_64_avx512(SB), NOSPLIT, $8-8
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
TEXT ·gelutanhF32_64_avx512(SB), NOSPLIT, $8-8
#include "unary_f32_avx512_amd64.h"

#define SETUP \
	EXPSETUP; \
	VBROADCASTSS EXPLO, Z26; \
	VBROADCASTSS EXPHI, Z27
#define F(x) \
	VMAXPS x, Z26, x; \
	VMINPS x, Z27, x; \
	EXP(x)
TEXT ·expF32_64_avx512(SB), NOSPLIT, $8-8
#include "unary_f32_avx512_amd64.h"
