//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Sums of differences from a number, and of their squares, of rows of float32 in float64, as MomentsArgs says, AVX-512.
//
//	func momentsF32_32_avx512(a *MomentsArgs)
//
// Needs AVX-512 F; clobbers AX BX CX DX SI DI R8-R11, K1, Z0-Z12.
//
//	Z0-Z3     sums             Z4-Z7    sums of squares
//	Z8        the number       Z9-Z12   differences
//	SI R11    a row, its place
//	DX DI R8  First, Sum, Square
//	R9 R10    LdX, rows left
//	CX K1     elements left, the mask of the last
//
// block takes 32 elements, vector up to 8. Eight elements are a conversion, a subtraction, an addition and a fused multiply-add: 2 cycles on two
// pipes, with as many chains as hide their latency.

#define TAKE(d, s, q) \
	VSUBPD Z8, d, d; \
	VADDPD d, s, s; \
	VFMADD231PD d, d, q

// The lanes of z, and what is in memory, to memory; changes Z9 and Z10.
#define FOLD(z, to) \
	VEXTRACTF64X4 $1, z, Y9; \
	VEXTRACTF64X4 $0, z, Y10; \
	VADDPD Y9, Y10, Y9; \
	VEXTRACTF128 $1, Y9, X10; \
	VADDPD X10, X9, X9; \
	VPERMILPD $1, X9, X10; \
	VADDSD X10, X9, X9; \
	VADDSD to, X9, X9; \
	VMOVSD X9, to

TEXT ·momentsF32_32_avx512(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ MomentsArgs_X(AX), SI
	MOVQ MomentsArgs_First(AX), DX
	MOVQ MomentsArgs_Sum(AX), DI
	MOVQ MomentsArgs_Square(AX), R8
	MOVQ MomentsArgs_LdX(AX), R9
	MOVQ MomentsArgs_Rows(AX), R10

row:
	VBROADCASTSD (DX), Z8
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
	SUBQ $32, CX
	JLT  rest
	PCALIGN $64

block:
	VCVTPS2PD (R11), Z9
	VCVTPS2PD 32(R11), Z10
	VCVTPS2PD 64(R11), Z11
	VCVTPS2PD 96(R11), Z12
	TAKE(Z9, Z0, Z4)
	TAKE(Z10, Z1, Z5)
	TAKE(Z11, Z2, Z6)
	TAKE(Z12, Z3, Z7)
	ADDQ $128, R11
	SUBQ $32, CX
	JGE  block

rest:
	ADDQ $32, CX
	JLE  fold

vector:
	MOVL $1, BX
	SHLL CX, BX                     // CX is less than 32
	DECL BX
	MOVBLZX BX, BX
	KMOVW BX, K1                    // the first 8 of what is left
	VMOVUPS.Z (R11), K1, Z9
	VCVTPS2PD Y9, Z9
	VSUBPD.Z Z8, Z9, K1, Z9
	VADDPD Z9, Z0, Z0
	VFMADD231PD Z9, Z9, Z4
	ADDQ $32, R11
	SUBQ $8, CX
	JGT  vector

fold:
	VADDPD Z1, Z0, Z0
	VADDPD Z3, Z2, Z2
	VADDPD Z5, Z4, Z4
	VADDPD Z7, Z6, Z6
	VADDPD Z2, Z0, Z0
	VADDPD Z6, Z4, Z4
	FOLD(Z0, (DI))
	FOLD(Z4, (R8))
	ADDQ R9, SI
	ADDQ $8, DX
	ADDQ $8, DI
	ADDQ $8, R8
	DECQ R10
	JNZ  row
	VZEROUPPER
	RET
