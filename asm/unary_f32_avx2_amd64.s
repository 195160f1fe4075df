//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem_consts_amd64.h"
#include "elem_avx2_amd64.h"
#include "flush_amd64.h"

// Unary functions of float32: y[i] = f(x[i]), as UnaryArgs says.
//
//	func <f>F32_32_avx2(a *UnaryArgs)
//
// Needs AVX2 and FMA; clobbers AX BX CX SI DI, Y0-Y14.
//
//	Y0-Y3    x, then y
//	Y4-Y9    temporaries of f
//	Y10-Y13  parameters and constants of f; the others are memory operands
//	Y14      mask of the tail
//	SI DI    x and y
//	CX       elements left
//
// block takes 4 vectors at a time, vector the whole ones of the rest, tail the last elements under a
// mask. Denormals count as 0, but for clamp. The functions without exp run at the bandwidth of the stores. The others are 20 to 45
// instructions a vector, with the division beside them.

#define SETUP \
	VBROADCASTSS UnaryArgs_A(AX), Y10; \
	VBROADCASTSS UnaryArgs_B(AX), Y11
#define F(x) \
	VMAXPS x, Y10, x; \
	VMINPS x, Y11, x
#define EXACT
TEXT ·clampF32_32_avx2(SB), NOSPLIT, $0-8
#include "unary_f32_avx2_amd64.h"

#define SETUP \
	VBROADCASTSS UnaryArgs_A(AX), Y10
#define F(x) \
	VMULPS Y10, x, Y4; \
	VBLENDVPS x, Y4, x, x
TEXT ·leakyreluF32_32_avx2(SB), NOSPLIT, $8-8
#include "unary_f32_avx2_amd64.h"

#define SETUP SIGMOIDSETUP
#define F(x) SIGMOID(x)
TEXT ·sigmoidF32_32_avx2(SB), NOSPLIT, $8-8
#include "unary_f32_avx2_amd64.h"

// With e = exp(-2|x|) - 1 it is -e/(e+2), given the sign of x.
#define SETUP \
	VMOVUPS SIGN, Y12; \
	VMOVUPS EXPM1LO, Y13
#define F(x) \
	VORPS Y12, x, Y8; \
	VADDPS Y8, Y8, Y8; \
	VMAXPS Y8, Y13, Y8; \
	EXPM1(Y8); \
	VADDPS TWO, Y8, Y4; \
	VDIVPS Y4, Y8, Y8; \
	VANDNPS Y8, Y12, Y8; \
	VANDPS Y12, x, x; \
	VORPS Y8, x, x
TEXT ·tanhF32_32_avx2(SB), NOSPLIT, $8-8
#include "unary_f32_avx2_amd64.h"

#define SETUP SILUSETUP
#define F(x) SILU(x)
TEXT ·siluF32_32_avx2(SB), NOSPLIT, $8-8
#include "unary_f32_avx2_amd64.h"

#define SETUP \
	VBROADCASTSS UnaryArgs_A(AX), Y10; \
	VBROADCASTSS UnaryArgs_B(AX), Y11; \
	VXORPS Y12, Y12, Y12; \
	VMOVUPS ONE, Y13
#define F(x) \
	VFMADD213PS Y11, Y10, x; \
	VMAXPS x, Y12, x; \
	VMINPS x, Y13, x
TEXT ·hardsigmoidF32_32_avx2(SB), NOSPLIT, $8-8
#include "unary_f32_avx2_amd64.h"

#define SETUP \
	VMOVUPS THREE, Y10; \
	VMOVUPS SIX, Y11; \
	VXORPS Y12, Y12, Y12; \
	VMOVUPS SIXTH, Y13
#define F(x) \
	VADDPS Y10, x, Y4; \
	VMAXPS Y4, Y12, Y4; \
	VMINPS Y4, Y11, Y4; \
	VMULPS Y13, Y4, Y4; \
	VMULPS Y4, x, x
TEXT ·hardswishF32_32_avx2(SB), NOSPLIT, $8-8
#include "unary_f32_avx2_amd64.h"

#define SETUP \
	VBROADCASTSS UnaryArgs_A(AX), Y10; \
	VXORPS Y11, Y11, Y11; \
	VMOVUPS EXPM1LO, Y13
#define F(x) \
	VMINPS x, Y11, Y8; \
	VMAXPS Y8, Y13, Y8; \
	EXPM1(Y8); \
	VMULPS Y10, Y8, Y8; \
	VBLENDVPS x, Y8, x, x
TEXT ·eluF32_32_avx2(SB), NOSPLIT, $8-8
#include "unary_f32_avx2_amd64.h"

// The normal law's tail h below -t, for t = |x|: exp(-t²/2)·C(u)·q with q = 1/(t+2.5) and u = 1 - 5q. Then
// it is x·h or x·(1-h), by the sign, h being lifted (see LIFT). What t²/2 loses in rounding is added to the remainder of the
// reduction.
#define SETUP \
	VMOVUPS SIGN, Y12; \
	VMOVUPS PHIHI, Y13; \
	VMOVUPS ONE, Y11
#define F(x) \
	VANDNPS x, Y12, Y8; \ // t
	VMINPS Y8, Y13, Y8; \
	VMULPS MHALF, Y8, Y7; \
	VMULPS Y8, Y7, Y9; \ // -t²/2
	VFMSUB213PS Y9, Y8, Y7; \ // what that lost
	REDUCE(Y9, MAGIC2); \
	VADDPS Y7, Y9, Y9; \
	EXPPOLY(Y9); \
	VMULPS Y9, Y4, Y4; \
	VFMADD213PS Y9, Y9, Y4; \ // p = exp(r) - 1
	VADDPS PHIK, Y8, Y8; \
	VDIVPS Y8, Y11, Y8; \ // q
	VMOVAPS Y11, Y7; \
	VFNMADD231PS PHI2K, Y8, Y7; \ // u
	VMOVUPS PHIC9, Y9; \
	VFMADD213PS PHIC8, Y7, Y9; \
	VFMADD213PS PHIC7, Y7, Y9; \
	VFMADD213PS PHIC6, Y7, Y9; \
	VFMADD213PS PHIC5, Y7, Y9; \
	VFMADD213PS PHIC4, Y7, Y9; \
	VFMADD213PS PHIC3, Y7, Y9; \
	VFMADD213PS PHIC2, Y7, Y9; \
	VFMADD213PS PHIC1, Y7, Y9; \
	VFMADD213PS PHIC0, Y7, Y9; \
	VMULPS Y8, Y9, Y9; \ // C(u)·q
	VFMADD213PS Y9, Y9, Y4; \ // (1+p)·C(u)·q
	LIFT; \
	SCALE(Y4, Y4); \ // h, lifted
	VMOVAPS Y11, Y5; \
	VFNMADD231PS UNLIFTF, Y4, Y5; \
	VBLENDVPS x, Y4, Y5, Y4; \
	VMOVAPS x, Y7; \
	VMULPS Y4, x, x; \
	UNLIFT(Y7, x)
TEXT ·geluF32_32_avx2(SB), NOSPLIT, $8-8
#include "unary_f32_avx2_amd64.h"

#define SETUP \
	SIGMOIDSETUP; \
	VMOVUPS GELUA, Y10; \
	VMOVUPS GELUB, Y11
#define F(x) \
	VMULPS x, x, Y8; \
	VFMADD213PS Y10, Y11, Y8; \
	VMULPS x, Y8, Y8; \
	SIGMOID(Y8); \
	VMULPS Y8, x, x
TEXT ·gelutanhF32_32_avx2(SB), NOSPLIT, $8-8
#include "unary_f32_avx2_amd64.h"

#define SETUP \
	VMOVUPS EXPLO, Y12; \
	VMOVUPS EXPHI, Y13
#define F(x) \
	VMAXPS x, Y12, x; \
	VMINPS x, Y13, x; \
	EXP(x)
TEXT ·expF32_32_avx2(SB), NOSPLIT, $8-8
#include "unary_f32_avx2_amd64.h"
