//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Sums to bytes in fixed point, AVX-512.
//
//	func fixedU8_16_avx512(a *QuantArgs)
//
// QuantArgs (quant.go) has the contract. Needs AVX-512 F. Clobbers Z0 to Z8, Z16 to Z23, K1 to K3 and AX BX CX DX SI DI R8 to R13. The last elements of a row,
// fewer than 16, go through a mask.
//
//	AX args    SI A    BX multipliers    DX shifts    DI Y, of a row from R9 and R10 on    CX elements left    R8 offset in bytes of Y    R11 rows left
//	Z16 2^30, 64 bits    Z17 1    Z18 zero point    Z19 Z20 limits    Z21 flip    Z22 0
//	K1 elements    K2 odd ones
//
// 16 elements take 26 vector operations: two products of 64 bits (each two cycles on one port), their halves put together, and the rounding shift.

// The products of the even and of the odd elements of Z0 and Z1, plus 2^30, over 2^31: they lie in bits 31 to 62.
#define HIGH \
	VPMULDQ Z1, Z0, Z3; \
	VPSRLQ $32, Z0, Z4; \
	VPSRLQ $32, Z1, Z5; \
	VPMULDQ Z5, Z4, Z4; \
	VPADDQ Z16, Z3, Z3; \
	VPADDQ Z16, Z4, Z4; \
	VPSRLQ $31, Z3, Z3; \
	VPADDQ Z4, Z4, Z4; \
	VPBLENDMD Z4, Z3, K2, Z0

// 16 elements, or those of K1.
#define FIXED \
	VMOVDQU32.Z (SI)(R8*4), K1, Z0; \
	VMOVDQU32.Z (BX)(R8*4), K1, Z1; \
	VMOVDQU32.Z (DX)(R8*4), K1, Z2; \
	VPMAXSD Z22, Z2, Z6; \
	VPSLLVD Z6, Z0, Z0; \
	HIGH; \
	VPSUBD Z2, Z22, Z2; \
	VPMAXSD Z22, Z2, Z2; \
	VPSLLVD Z2, Z17, Z6; \
	VPSUBD Z17, Z6, Z6; \
	VPANDD Z6, Z0, Z7; \
	VPSRLD $1, Z6, Z6; \
	VPSRLD $31, Z0, Z8; \
	VPADDD Z8, Z6, Z6; \
	VPCMPGTD Z6, Z7, K3; \
	VPSRAVD Z2, Z0, Z0; \
	VPADDD Z17, Z0, K3, Z0; \
	VPADDD Z18, Z0, Z0; \
	VPMAXSD Z19, Z0, Z0; \
	VPMINSD Z20, Z0, Z0; \
	VPXORD Z21, Z0, Z0; \
	VPMOVDB Z0, K1, (DI)(R8*1)

TEXT ·fixedU8_16_avx512(SB), NOSPLIT, $0-8
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
	VPBROADCASTQ R8, Z16
	MOVL $1, R8
	VPBROADCASTD R8, Z17
	VPBROADCASTD QuantArgs_ZeroY(AX), Z18
	VPBROADCASTD QuantArgs_Lo(AX), Z19
	VPBROADCASTD QuantArgs_Hi(AX), Z20
	MOVBLZX QuantArgs_FlipY(AX), R8
	VPBROADCASTD R8, Z21
	VPXORD Z22, Z22, Z22
	MOVL $0xAAAA, R8
	KMOVW R8, K2

	// The elements of the last turn of a row.
	MOVQ R12, CX
	DECQ CX
	ANDQ $15, CX
	MOVL $2, R13
	SHLL CX, R13
	DECL R13

row:
	XORL R8, R8
	MOVQ R12, CX
	KXNORW K1, K1, K1
	SUBQ $16, CX
	JLE  rest

next:
	FIXED
	ADDQ $16, R8
	SUBQ $16, CX
	JG   next

rest:
	ADDQ $16, CX
	JLE  over
	KMOVW R13, K1
	FIXED

over:
	ADDQ R9, SI
	ADDQ R10, DI
	DECQ R11
	JNZ  row
	VZEROUPPER
	RET
