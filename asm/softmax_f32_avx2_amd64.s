//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem_consts_amd64.h"
#include "elem_avx2_amd64.h"
#include "flush_amd64.h"

// The steps of softmax over a row of float32: its maximum, exponentials and their sum, scale or shift, as
// SoftmaxArgs says.
//
//	func <step>F32_32_avx2(a *SoftmaxArgs)
//
// Needs AVX2 and FMA; clobbers AX BX CX SI DI, Y0-Y14.
//
//	Y0-Y3    x, then y
//	Y4-Y7    temporaries of exp
//	Y8-Y11   accumulators
//	Y12 Y13  the maximum, the least argument of exp
//	SI DI    x and y
//	CX       elements left
//	Y14      mask of the tail
//
// block takes 4 vectors at a time, one for each accumulator; vector takes the whole ones of the rest, tail
// the last elements under a mask. The steps with exp take 22 instructions a vector, the others run at the
// bandwidth of loads and stores.

// The maximum of all lanes of all accumulators to the lowest lane of the first, and their sum.
#define MAXLANES \
	VMAXPS Y9, Y8, Y8; \
	VMAXPS Y11, Y10, Y10; \
	VMAXPS Y10, Y8, Y8; \
	VEXTRACTF128 $1, Y8, X9; \
	VMAXPS X9, X8, X8; \
	VPERMILPS $0x4e, X8, X9; \
	VMAXPS X9, X8, X8; \
	VPERMILPS $0xb1, X8, X9; \
	VMAXPS X9, X8, X8
#define SUMLANES \
	VADDPS Y9, Y8, Y8; \
	VADDPS Y11, Y10, Y10; \
	VADDPS Y10, Y8, Y8; \
	VEXTRACTF128 $1, Y8, X9; \
	VADDPS X9, X8, X8; \
	VPERMILPS $0x4e, X8, X9; \
	VADDPS X9, X8, X8; \
	VPERMILPS $0xb1, X8, X9; \
	VADDPS X9, X8, X8

#define ZEROSUMS VXORPS Y8, Y8, Y8; VXORPS Y9, Y9, Y9; VXORPS Y10, Y10, Y10; VXORPS Y11, Y11, Y11

// x = exp(x - max), where the difference is at most 0
#define EXPDIFF(x) VSUBPS Y12, x, x; VMAXPS x, Y13, x; EXP(x)

// What an accumulator makes of the last vector, and what becomes of the accumulators.
#define ADDTAIL(x, acc) VANDPS Y14, x, x; VADDPS x, acc, acc
#define STORESUM SUMLANES; VADDSS SoftmaxArgs_Sum(AX), X8, X8; VMOVSS X8, SoftmaxArgs_Sum(AX)

#define SETUP VBROADCASTSS SoftmaxArgs_Max(AX), Y8; VBROADCASTSS SoftmaxArgs_Max(AX), Y9; VBROADCASTSS SoftmaxArgs_Max(AX), Y10; VBROADCASTSS SoftmaxArgs_Max(AX), Y11
#define F(x)
#define PUT(x, y)
#define PUTTAIL(x, y)
#define TAKE(x, acc) VMAXPS x, acc, acc
#define TAKETAIL(x, acc) VBLENDVPS Y14, x, acc, x; VMAXPS x, acc, acc
#define FINISH MAXLANES; VMOVSS X8, SoftmaxArgs_Max(AX)
TEXT ·rowmaxF32_32_avx2(SB), NOSPLIT, $8-8
#include "softmax_f32_avx2_amd64.h"

#define SETUP VMOVUPS EXPLO, Y13; VBROADCASTSS SoftmaxArgs_Max(AX), Y12; ZEROSUMS
#define F(x) EXPDIFF(x)
#define PUT(x, y) VMOVUPS x, y
#define PUTTAIL(x, y) VMASKMOVPS x, Y14, y
#define TAKE(x, acc) VADDPS x, acc, acc
#define TAKETAIL(x, acc) ADDTAIL(x, acc)
#define FINISH STORESUM
TEXT ·rowexpF32_32_avx2(SB), NOSPLIT, $8-8
#include "softmax_f32_avx2_amd64.h"

#define SETUP VMOVUPS EXPLO, Y13; VBROADCASTSS SoftmaxArgs_Max(AX), Y12; ZEROSUMS
#define F(x) EXPDIFF(x)
#define PUT(x, y)
#define PUTTAIL(x, y)
#define TAKE(x, acc) VADDPS x, acc, acc
#define TAKETAIL(x, acc) ADDTAIL(x, acc)
#define FINISH STORESUM
TEXT ·rowsumexpF32_32_avx2(SB), NOSPLIT, $8-8
#include "softmax_f32_avx2_amd64.h"

#define SETUP VBROADCASTSS SoftmaxArgs_Sum(AX), Y12
#define F(x) VMULPS Y12, x, x
#define PUT(x, y) VMOVUPS x, y
#define PUTTAIL(x, y) VMASKMOVPS x, Y14, y
#define TAKE(x, acc)
#define TAKETAIL(x, acc)
#define FINISH
TEXT ·rowscaleF32_32_avx2(SB), NOSPLIT, $8-8
#include "softmax_f32_avx2_amd64.h"

#define SETUP VBROADCASTSS SoftmaxArgs_Max(AX), Y12; VBROADCASTSS SoftmaxArgs_Sum(AX), Y13
#define F(x) VSUBPS Y12, x, x; VSUBPS Y13, x, x
#define PUT(x, y) VMOVUPS x, y
#define PUTTAIL(x, y) VMASKMOVPS x, Y14, y
#define TAKE(x, acc)
#define TAKETAIL(x, acc)
#define FINISH
TEXT ·rowshiftF32_32_avx2(SB), NOSPLIT, $8-8
#include "softmax_f32_avx2_amd64.h"
