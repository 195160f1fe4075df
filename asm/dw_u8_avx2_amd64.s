//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Depthwise convolution, bytes, AVX2, 16 channels, any window.
//
//	func dwU8_16xn_avx2(a *DwU8Args)
//
// DwU8Args (dwu8.go) has the contract. Needs AVX2. Clobbers Y0 to Y5 and Y9 to Y15 and all general registers but BP and SP. Blocks of fewer than 16 channels
// go through a copy on the stack.
//
// A tap is 16 bytes of X widened to 32 bits, which VPMADDWD multiplies with weights whose upper half is 0.
//
//	Y0 Y1 sums    Y2 Y3 a tap    Y4 Y5 biases    Y9 Y10 scales    Y11 flip of X    Y12 zero point    Y13 Y14 limits    Y15 flip of Y
//	AX args    BX weights of the block: biases, scales, taps    R11 channels of it    R12 weights, next tap    DX from column to column
//	R14 X of the pixel    R13 its next row    SI its next tap    CX taps of the row left    R15 rows left    DI Y of the pixel    R8 to R10 scratch
//
// Loops: block > pixel > row > tap. A tap costs 8 vector operations for 16 products: bound by the three vector pipes, 2.7 cycles.

#define FLIP(arg, op, y) MOVBLZX arg, CX; VMOVD CX, X0; op X0, y

// R11 bytes, 1 to 15, from R8 to R9.
#define COPY \
	TESTL $8, R11; JZ 5(PC); MOVQ (R8), R10; MOVQ R10, (R9); ADDQ $8, R8; ADDQ $8, R9; \
	TESTL $4, R11; JZ 5(PC); MOVL (R8), R10; MOVL R10, (R9); ADDQ $4, R8; ADDQ $4, R9; \
	TESTL $2, R11; JZ 5(PC); MOVW (R8), R10; MOVW R10, (R9); ADDQ $2, R8; ADDQ $2, R9; \
	TESTL $1, R11; JZ 3(PC); MOVB (R8), R10; MOVB R10, (R9)

#define LOAD VPMOVZXBD (SI), Y2; VPMOVZXBD 8(SI), Y3
#define LOADSOME MOVQ SI, R8; LEAQ buf-16(SP), R9; COPY; VPMOVZXBD buf-16(SP), Y2; VPMOVZXBD buf-8(SP), Y3
#define STORE VMOVDQU X0, (DI)
#define STORESOME VMOVDQU X0, buf-16(SP); LEAQ buf-16(SP), R8; MOVQ DI, R9; COPY

// All pixels of a block; the last arguments are labels.
#define PIXELS(load, store, pixel, row, tap) \
	MOVQ DwU8Args_Pixels(AX), CX; \
	MOVQ CX, DwU8Args_pixelsLeft(AX); \
	MOVQ DwU8Args_blockX(AX), R14; \
	MOVQ DwU8Args_blockY(AX), DI; \
pixel: \
	VMOVDQA Y4, Y0; \
	VMOVDQA Y5, Y1; \
	MOVQ R14, R13; \
	LEAQ 128(BX), R12; \
	MOVQ DwU8Args_NY(AX), R15; \
row: \
	MOVQ R13, SI; \
	MOVQ DwU8Args_NX(AX), CX; \
tap: \
	load; \
	VPXOR Y11, Y2, Y2; \
	VPXOR Y11, Y3, Y3; \
	VPMADDWD (R12), Y2, Y2; \
	VPMADDWD 32(R12), Y3, Y3; \
	VPADDD Y2, Y0, Y0; \
	VPADDD Y3, Y1, Y1; \
	ADDQ $64, R12; \
	ADDQ DX, SI; \
	DECQ CX; \
	JNZ  tap; \
	ADDQ DwU8Args_RowX(AX), R13; \
	DECQ R15; \
	JNZ  row; \
	VCVTDQ2PS Y0, Y0; \
	VCVTDQ2PS Y1, Y1; \
	VMULPS Y9, Y0, Y0; \
	VMULPS Y10, Y1, Y1; \
	VCVTPS2DQ Y0, Y0; \
	VCVTPS2DQ Y1, Y1; \
	VPACKSSDW Y1, Y0, Y0; \
	VPADDSW Y12, Y0, Y0; \
	VPACKUSWB Y0, Y0, Y0; \
	VPMAXUB Y13, Y0, Y0; \
	VPMINUB Y14, Y0, Y0; \
	VPXOR Y15, Y0, Y0; \
	VEXTRACTI128 $1, Y0, X2; \
	VPUNPCKLDQ X2, X0, X0; \
	store; \
	ADDQ DwU8Args_PixX(AX), R14; \
	ADDQ DwU8Args_PixY(AX), DI; \
	DECQ DwU8Args_pixelsLeft(AX); \
	JNZ  pixel

TEXT ·dwU8_16xn_avx2(SB), NOSPLIT, $16-8
	MOVQ a+0(FP), AX
	MOVQ DwU8Args_W(AX), BX
	MOVQ DwU8Args_X(AX), SI
	MOVQ SI, DwU8Args_blockX(AX)
	MOVQ DwU8Args_Y(AX), DI
	MOVQ DI, DwU8Args_blockY(AX)
	MOVQ DwU8Args_C(AX), R11
	MOVQ R11, DwU8Args_channels(AX)
	MOVQ DwU8Args_ColX(AX), DX
	FLIP(DwU8Args_FlipX(AX), VPBROADCASTD, Y11)
	FLIP(DwU8Args_FlipY(AX), VPBROADCASTB, Y15)
	VPBROADCASTW DwU8Args_Zero(AX), Y12
	VPBROADCASTB DwU8Args_Lo(AX), Y13
	VPBROADCASTB DwU8Args_Hi(AX), Y14

block:
	VMOVDQU (BX), Y4
	VMOVDQU 32(BX), Y5
	VMOVUPS 64(BX), Y9
	VMOVUPS 96(BX), Y10
	MOVQ DwU8Args_channels(AX), R11
	CMPQ R11, $16
	JLT  some
	PIXELS(LOAD, STORE, pixel, row, tap)
	ADDQ $16, DwU8Args_blockX(AX)
	ADDQ $16, DwU8Args_blockY(AX)
	MOVQ R12, BX                    // the end of the block's weights
	SUBQ $16, DwU8Args_channels(AX)
	JG   block
	VZEROUPPER
	RET

some:
	PIXELS(LOADSOME, STORESOME, somepixel, somerow, sometap)
	VZEROUPPER
	RET
