//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Sums of differences from a number, and of their squares, of rows of float32 in float64, as MomentsArgs says, AVX2 and FMA.
//
//	func momentsF32_16_avx2(a *MomentsArgs)
//
// Needs AVX2 and FMA; clobbers AX BX CX DX SI DI R8-R12, Y0-Y13.
//
//	Y0-Y3     sums             Y4-Y7    sums of squares
//	Y8        the number       Y9-Y12   differences
//	Y13       the mask of the last
//	SI R11    a row, its place
//	DX DI R8  First, Sum, Square
//	R9 R10    LdX, rows left
//	CX        elements left
//
// block takes 16 elements, vector up to 4. Four elements are a conversion, a subtraction, an addition and a fused multiply-add: 2 cycles on two
// pipes, with as many chains as hide their latency.

#define TAKE(d, s, q) \
	VSUBPD Y8, d, d; \
	VADDPD d, s, s; \
	VFMADD231PD d, d, q

// The lanes of y, and what is in memory, to memory; changes Y9 and Y10.
#define FOLD(y, x, to) \
	VEXTRACTF128 $1, y, X10; \
	VADDPD X10, x, X9; \
	VPERMILPD $1, X9, X10; \
	VADDSD X10, X9, X9; \
	VADDSD to, X9, X9; \
	VMOVSD X9, to

TEXT ·momentsF32_16_avx2(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ MomentsArgs_X(AX), SI
	MOVQ MomentsArgs_First(AX), DX
	MOVQ MomentsArgs_Sum(AX), DI
	MOVQ MomentsArgs_Square(AX), R8
	MOVQ MomentsArgs_LdX(AX), R9
	MOVQ MomentsArgs_Rows(AX), R10
	LEAQ ·laneMask+32(SB), R12

row:
	VBROADCASTSD (DX), Y8
	VXORPD X0, X0, X0
	VXORPD X1, X1, X1
	VXORPD X2, X2, X2
	VXORPD X3, X3, X3
	VXORPD X4, X4, X4
	VXORPD X5, X5, X5
	VXORPD X6, X6, X6
	VXORPD X7, X7, X7
	MOVQ SI, R11
	MOVQ MomentsArgs_N(AX), CX
	SUBQ $16, CX
	JLT  rest
	PCALIGN $64

block:
	VCVTPS2PD (R11), Y9
	VCVTPS2PD 16(R11), Y10
	VCVTPS2PD 32(R11), Y11
	VCVTPS2PD 48(R11), Y12
	TAKE(Y9, Y0, Y4)
	TAKE(Y10, Y1, Y5)
	TAKE(Y11, Y2, Y6)
	TAKE(Y12, Y3, Y7)
	ADDQ $64, R11
	SUBQ $16, CX
	JGE  block

rest:
	ADDQ $16, CX
	JLE  fold

vector:
	MOVL $4, BX
	CMPQ CX, BX
	CMOVQLT CX, BX
	NEGQ BX
	VMOVDQU (R12)(BX*4), X13        // the first 4 of what is left
	VMASKMOVPS (R11), X13, X9
	VCVTPS2PD X9, Y9
	VPMOVSXDQ X13, Y13
	VSUBPD Y8, Y9, Y9
	VANDPD Y13, Y9, Y9
	VADDPD Y9, Y0, Y0
	VFMADD231PD Y9, Y9, Y4
	ADDQ $16, R11
	SUBQ $4, CX
	JGT  vector

fold:
	VADDPD Y1, Y0, Y0
	VADDPD Y3, Y2, Y2
	VADDPD Y5, Y4, Y4
	VADDPD Y7, Y6, Y6
	VADDPD Y2, Y0, Y0
	VADDPD Y6, Y4, Y4
	FOLD(Y0, X0, (DI))
	FOLD(Y4, X4, (R8))
	ADDQ R9, SI
	ADDQ $8, DX
	ADDQ $8, DI
	ADDQ $8, R8
	DECQ R10
	JNZ  row
	VZEROUPPER
	RET
