//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem_consts_amd64.h"
#include "elem_avx512_amd64.h"
#include "flush_amd64.h"

// The steps of softmax over a row of float32: its maximum, exponentials and their sum, scale or shift, as
// SoftmaxArgs says.
//
//	func <step>F32_64_avx512(a *SoftmaxArgs)
//
// Needs AVX-512 F; clobbers AX BX CX SI DI, K1, Z0-Z5 Z10-Z13 Z16-Z27.
//
//	Z0-Z3    x, then y
//	Z4-Z5    temporaries of exp
//	Z10-Z13  accumulators
//	Z16-Z27  constants of exp, its least argument, the maximum
//	SI DI    x and y
//	CX       elements left
//	K1       mask of the last vectors
//
// block takes 4 vectors at a time, one for each accumulator; vector takes the rest, under a mask. The
// steps with exp take 18 instructions a vector, the others run at the bandwidth of loads and stores.

// The maximum of all lanes of all accumulators to the lowest lane of the first, and their sum.
#define MAXLANES \
	VMAXPS Z11, Z10, Z10; \
	VMAXPS Z13, Z12, Z12; \
	VMAXPS Z12, Z10, Z10; \
	VEXTRACTF64X4 $1, Z10, Y11; \
	VMAXPS Y11, Y10, Y10; \
	VEXTRACTF128 $1, Y10, X11; \
	VMAXPS X11, X10, X10; \
	VPERMILPS $0x4e, X10, X11; \
	VMAXPS X11, X10, X10; \
	VPERMILPS $0xb1, X10, X11; \
	VMAXPS X11, X10, X10
#define SUMLANES \
	VADDPS Z11, Z10, Z10; \
	VADDPS Z13, Z12, Z12; \
	VADDPS Z12, Z10, Z10; \
	VEXTRACTF64X4 $1, Z10, Y11; \
	VADDPS Y11, Y10, Y10; \
	VEXTRACTF128 $1, Y10, X11; \
	VADDPS X11, X10, X10; \
	VPERMILPS $0x4e, X10, X11; \
	VADDPS X11, X10, X10; \
	VPERMILPS $0xb1, X10, X11; \
	VADDPS X11, X10, X10

#define ZEROSUMS VPXORD Z10, Z10, Z10; VPXORD Z11, Z11, Z11; VPXORD Z12, Z12, Z12; VPXORD Z13, Z13, Z13

// x = exp(x - max), where the difference is at most 0
#define EXPDIFF(x) VSUBPS Z27, x, x; VMAXPS x, Z26, x; EXP(x)

// What an accumulator makes of the last vector, and what becomes of the accumulators.
#define ADDTAIL(x, acc) VADDPS x, acc, K1, acc
#define STORESUM SUMLANES; VADDSS SoftmaxArgs_Sum(AX), X10, X10; VMOVSS X10, SoftmaxArgs_Sum(AX)

#define SETUP VBROADCASTSS SoftmaxArgs_Max(AX), Z10; VBROADCASTSS SoftmaxArgs_Max(AX), Z11; VBROADCASTSS SoftmaxArgs_Max(AX), Z12; VBROADCASTSS SoftmaxArgs_Max(AX), Z13
#define F(x)
#define PUT(x, y)
#define PUTTAIL(x, y)
#define TAKE(x, acc) VMAXPS x, acc, acc
#define TAKETAIL(x, acc) VMAXPS x, acc, K1, acc
#define FINISH MAXLANES; VMOVSS X10, SoftmaxArgs_Max(AX)
TEXT ·rowmaxF32_64_avx512(SB), NOSPLIT, $8-8
#include "softmax_f32_avx512_amd64.h"

#define SETUP EXPSETUP; VBROADCASTSS EXPLO, Z26; VBROADCASTSS SoftmaxArgs_Max(AX), Z27; ZEROSUMS
#define F(x) EXPDIFF(x)
#define PUT(x, y) VMOVUPS x, y
#define PUTTAIL(x, y) VMOVUPS x, K1, y
#define TAKE(x, acc) VADDPS x, acc, acc
#define TAKETAIL(x, acc) ADDTAIL(x, acc)
#define FINISH STORESUM
TEXT ·rowexpF32_64_avx512(SB), NOSPLIT, $8-8
#include "softmax_f32_avx512_amd64.h"

#define SETUP EXPSETUP; VBROADCASTSS EXPLO, Z26; VBROADCASTSS SoftmaxArgs_Max(AX), Z27; ZEROSUMS
#define F(x) EXPDIFF(x)
#define PUT(x, y)
#define PUTTAIL(x, y)
#define TAKE(x, acc) VADDPS x, acc, acc
#define TAKETAIL(x, acc) ADDTAIL(x, acc)
#define FINISH STORESUM
TEXT ·rowsumexpF32_64_avx512(SB), NOSPLIT, $8-8
#include "softmax_f32_avx512_amd64.h"

#define SETUP VBROADCASTSS SoftmaxArgs_Sum(AX), Z27
#define F(x) VMULPS Z27, x, x
#define PUT(x, y) VMOVUPS x, y
#define PUTTAIL(x, y) VMOVUPS x, K1, y
#define TAKE(x, acc)
#define TAKETAIL(x, acc)
#define FINISH
TEXT ·rowscaleF32_64_avx512(SB), NOSPLIT, $8-8
#include "softmax_f32_avx512_amd64.h"

#define SETUP VBROADCASTSS SoftmaxArgs_Max(AX), Z27; VBROADCASTSS SoftmaxArgs_Sum(AX), Z26
#define F(x) VSUBPS Z27, x, x; VSUBPS Z26, x, x
#define PUT(x, y) VMOVUPS x, y
#define PUTTAIL(x, y) VMOVUPS x, K1, y
#define TAKE(x, acc)
#define TAKETAIL(x, acc)
#define FINISH
TEXT ·rowshiftF32_64_avx512(SB), NOSPLIT, $8-8
#include "softmax_f32_avx512_amd64.h"
