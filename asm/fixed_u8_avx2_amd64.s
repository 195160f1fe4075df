//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Sums to bytes in fixed point, AVX2.
//
//	func fixedU8_8_avx2(a *QuantArgs)
//
// QuantArgs (quant.go) has the contract. Needs AVX2. Clobbers Y0 to Y15, and AX BX CX DX SI DI R8 to R14. The last elements of a row, fewer than 8, are read through
// a mask and written one by one.
//
//	AX args    SI A    BX multipliers    DX shifts    DI Y, of a row from R9 and R10 on    CX elements left    R8 offset in bytes of Y    R11 rows left
//	Y8 the mask of elements    Y9 0    Y10 2^30, 64 bits    Y11 1    Y12 zero point    Y13 Y14 limits    X15 flip, bytes
//
// 8 elements take 33 vector operations.

#define FIXED(LOAD) \
	LOAD(SI, Y0); \
	LOAD(BX, Y1); \
	LOAD(DX, Y2); \
	VPMAXSD Y9, Y2, Y6; \
	VPSLLVD Y6, Y0, Y0; \
	VPMULDQ Y1, Y0, Y3; \
	VPSRLQ $32, Y0, Y4; \
	VPSRLQ $32, Y1, Y5; \
	VPMULDQ Y5, Y4, Y4; \
	VPADDQ Y10, Y3, Y3; \
	VPADDQ Y10, Y4, Y4; \
	VPSRLQ $31, Y3, Y3; \
	VPADDQ Y4, Y4, Y4; \
	VPBLENDD $0xAA, Y4, Y3, Y0; \
	VPSUBD Y2, Y9, Y2; \
	VPMAXSD Y9, Y2, Y2; \
	VPSLLVD Y2, Y11, Y6; \
	VPSUBD Y11, Y6, Y6; \
	VPAND Y6, Y0, Y7; \
	VPSRLD $1, Y6, Y6; \
	VPSRLD $31, Y0, Y4; \
	VPADDD Y4, Y6, Y6; \
	VPCMPGTD Y6, Y7, Y7; \
	VPSRAVD Y2, Y0, Y0; \
	VPSUBD Y7, Y0, Y0; \
	VPADDD Y12, Y0, Y0; \
	VPMAXSD Y13, Y0, Y0; \
	VPMINSD Y14, Y0, Y0; \
	VPACKSSDW Y0, Y0, Y0; \
	VPACKUSWB Y0, Y0, Y0; \
	VEXTRACTI128 $1, Y0, X1; \
	VPUNPCKLDQ X1, X0, X0; \
	VPXOR X15, X0, X0

#define ALL(p, y) VMOVDQU (p)(R8*4), y
#define SOME(p, y) VPMASKMOVD (p)(R8*4), Y8, y

TEXT ·fixedU8_8_avx2(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ QuantArgs_A(AX), SI
	MOVQ QuantArgs_B(AX), BX
	MOVQ QuantArgs_Table(AX), DX
	MOVQ QuantArgs_Y(AX), DI
	MOVQ QuantArgs_N(AX), R12
	MOVQ QuantArgs_StepA(AX), R9
	MOVQ QuantArgs_StepY(AX), R10
	MOVQ QuantArgs_Rows(AX), R11
	MOVL $0x40000000, R8
	VMOVQ R8, X10
	VPBROADCASTQ X10, Y10
	MOVL $1, R8
	VMOVD R8, X11
	VPBROADCASTD X11, Y11
	VPBROADCASTD QuantArgs_ZeroY(AX), Y12
	VPBROADCASTD QuantArgs_Lo(AX), Y13
	VPBROADCASTD QuantArgs_Hi(AX), Y14
	MOVBLZX QuantArgs_FlipY(AX), R8
	VMOVD R8, X15
	VPBROADCASTB X15, X15
	VPXOR Y9, Y9, Y9

	// The elements of the last turn of a row.
	MOVQ R12, R13
	ANDQ $7, R13
	SHLQ $2, R13
	NEGQ R13
	LEAQ ·laneMask+32(SB), R14
	VMOVDQU (R14)(R13*1), Y8

row:
	XORL R8, R8
	MOVQ R12, CX
	SUBQ $8, CX
	JLT  rest

next:
	FIXED(ALL)
	VMOVQ X0, (DI)(R8*1)
	ADDQ $8, R8
	SUBQ $8, CX
	JGE  next

rest:
	ADDQ $8, CX
	JLE  over
	FIXED(SOME)
	VMOVQ X0, R14
	ADDQ DI, R8

byte:
	MOVB R14, (R8)
	SHRQ $8, R14
	INCQ R8
	DECQ CX
	JNZ  byte

over:
	ADDQ R9, SI
	ADDQ R10, DI
	DECQ R11
	JNZ  row
	VZEROUPPER
	RET
