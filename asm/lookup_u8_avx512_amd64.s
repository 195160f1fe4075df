//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// A table of 256 bytes, AVX-512 with VBMI.
//
//	func lookupU8_64vbmi_avx512(a *QuantArgs)
//
// QuantArgs (quant.go) has the contract. Needs AVX-512 F, BW and VBMI. Clobbers Z0 Z1 and Z28 to Z31, K1 K2 and AX CX SI DI R8.
//
// VPERMI2B looks 7 bits up in two registers: once in the lower half of the table, once in the upper one, and the top bit says which it is. Two
// operations of two, and two more, for 64 bytes.

#define LOOK \
	VMOVDQU8.Z (SI), K1, Z0; \
	VPMOVB2M Z0, K2; \
	VMOVDQA64 Z0, Z1; \
	VPERMI2B Z29, Z28, Z0; \
	VPERMI2B Z31, Z30, Z1; \
	VMOVDQU8 Z1, K2, Z0; \
	VMOVDQU8 Z0, K1, (DI)

TEXT ·lookupU8_64vbmi_avx512(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ QuantArgs_A(AX), SI
	MOVQ QuantArgs_Y(AX), DI
	MOVQ QuantArgs_N(AX), CX
	MOVQ QuantArgs_Table(AX), AX
	VMOVDQU64 (AX), Z28
	VMOVDQU64 64(AX), Z29
	VMOVDQU64 128(AX), Z30
	VMOVDQU64 192(AX), Z31
	KXNORQ K1, K1, K1
	SUBQ $64, CX
	JLT  rest

next:
	LOOK
	ADDQ $64, SI
	ADDQ $64, DI
	SUBQ $64, CX
	JGE  next

rest:
	ADDQ $64, CX
	JLE  done
	MOVQ $1, R8
	SHLQ CX, R8
	DECQ R8
	KMOVQ R8, K1
	LOOK

done:
	VZEROUPPER
	RET
