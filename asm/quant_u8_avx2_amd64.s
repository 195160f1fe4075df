//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Quantised numbers, AVX2: conversions from and to float32, and the sum of two.
//
//	func quantizeU8_8_avx2(a *QuantArgs)
//	func dequantizeU8_8_avx2(a *QuantArgs)
//	func addU8_8_avx2(a *QuantArgs)
//
// QuantArgs (quant.go) has the contract. Needs AVX2. Clobbers Y0 Y1 and Y4 to Y14, and AX BX CX SI DI R8 to R10. The last elements, fewer than 8, go through copies
// on the stack.
//
//	AX args    SI A    BX B    DI Y    CX elements left
//	Y4 Y5 zero points of A and B    Y6 Y7 their scales    Y8 Y9 their flips, 32 bits
//	Y10 scale of Y    Y11 Y12 limits less the zero point, float32    Y13 zero point    X14 flip, bytes
//
// 8 elements a turn, bound by the division (5 cycles) or, in the sum, by 24 vector operations.

#define FLIP(arg, op, x, y) MOVBLZX arg, R8; VMOVD R8, x; op x, y
#define NUMBERS \
	MOVQ a+0(FP), AX; \
	MOVQ QuantArgs_A(AX), SI; \
	MOVQ QuantArgs_B(AX), BX; \
	MOVQ QuantArgs_Y(AX), DI; \
	MOVQ QuantArgs_N(AX), CX; \
	VPBROADCASTD QuantArgs_ZeroA(AX), Y4; \
	VPBROADCASTD QuantArgs_ZeroB(AX), Y5; \
	VBROADCASTSS QuantArgs_ScaleA(AX), Y6; \
	VBROADCASTSS QuantArgs_ScaleB(AX), Y7; \
	FLIP(QuantArgs_FlipA(AX), VPBROADCASTD, X8, Y8); \
	FLIP(QuantArgs_FlipB(AX), VPBROADCASTD, X9, Y9); \
	VBROADCASTSS QuantArgs_ScaleY(AX), Y10; \
	VPBROADCASTD QuantArgs_ZeroY(AX), Y13; \
	FLIP(QuantArgs_FlipY(AX), VPBROADCASTB, X14, X14); \
	VPBROADCASTD QuantArgs_Lo(AX), Y11; \
	VPBROADCASTD QuantArgs_Hi(AX), Y12; \
	VPSUBD Y13, Y11, Y11; \
	VPSUBD Y13, Y12, Y12; \
	VCVTDQ2PS Y11, Y11; \
	VCVTDQ2PS Y12, Y12

#define NUMBER(p, flip, zero, scale, y) VPMOVZXBD (p), y; VPXOR flip, y, y; VPSUBD zero, y, y; VCVTDQ2PS y, y; VMULPS scale, y, y
#define END \
	VDIVPS Y10, Y0, Y0; VMAXPS Y11, Y0, Y0; VMINPS Y12, Y0, Y0; VCVTPS2DQ Y0, Y0; VPADDD Y13, Y0, Y0; \
	VPACKSSDW Y0, Y0, Y0; VPACKUSWB Y0, Y0, Y0; VEXTRACTI128 $1, Y0, X1; VPUNPCKLDQ X1, X0, X0; VPXOR X14, X0, X0; VMOVQ X0, (DI)

#define QUANTIZE VMOVUPS (SI), Y0; END
#define DEQUANTIZE NUMBER(SI, Y8, Y4, Y6, Y0); VMOVUPS Y0, (DI)
#define ADD NUMBER(SI, Y8, Y4, Y6, Y0); NUMBER(BX, Y9, Y5, Y7, Y1); VADDPS Y1, Y0, Y0; END

// CX elements of some bytes, from src to dst.
#define COPY(size, src, dst, byte) \
	IMUL3Q $size, CX, R8; \
byte: \
	MOVB -1(src)(R8*1), R10; \
	MOVB R10, -1(dst)(R8*1); \
	DECQ R8; \
	JNZ  byte

// A conversion of elements of sizeA bytes to such of sizeY.
#define CONVERT(op, sizeA, sizeY) \
	NUMBERS; \
	SUBQ $8, CX; \
	JLT  rest; \
next: \
	op; \
	ADDQ $(8*sizeA), SI; \
	ADDQ $(8*sizeY), DI; \
	SUBQ $8, CX; \
	JGE  next; \
rest: \
	ADDQ $8, CX; \
	JLE  done; \
	LEAQ x-96(SP), R9; \
	COPY(sizeA, SI, R9, copya); \
	MOVQ R9, SI; \
	MOVQ DI, R9; \
	LEAQ y-32(SP), DI; \
	op; \
	COPY(sizeY, DI, R9, copyy); \
done: \
	VZEROUPPER; \
	RET

TEXT ·quantizeU8_8_avx2(SB), NOSPLIT, $96-8
	CONVERT(QUANTIZE, 4, 1)

TEXT ·dequantizeU8_8_avx2(SB), NOSPLIT, $96-8
	CONVERT(DEQUANTIZE, 1, 4)

TEXT ·addU8_8_avx2(SB), NOSPLIT, $96-8
	NUMBERS
	SUBQ $8, CX
	JLT  rest

next:
	ADD
	ADDQ $8, SI
	ADDQ $8, BX
	ADDQ $8, DI
	SUBQ $8, CX
	JGE  next

rest:
	ADDQ $8, CX
	JLE  done
	LEAQ x-96(SP), R9
	COPY(1, SI, R9, copya)
	MOVQ R9, SI
	LEAQ z-64(SP), R9
	COPY(1, BX, R9, copyb)
	MOVQ R9, BX
	MOVQ DI, R9
	LEAQ y-32(SP), DI
	ADD
	COPY(1, DI, R9, copyy)

done:
	VZEROUPPER
	RET
