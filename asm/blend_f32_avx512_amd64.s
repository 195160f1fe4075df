//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Sums of two weighted rows of float32, as BlendArgs says, AVX-512.
//
//	func blendF32_64_avx512(a *BlendArgs)
//
// Needs AVX-512 F; clobbers AX BX CX DX SI DI R8-R13, K1, Z0-Z7.
//
//	Z0-Z3    sums                      Z4       a of the tail
//	Z6 Z7    the weights P, Q
//	SI DX    A, B                      R12 R13  their rows
//	DI R11   a row of Y, LdY
//	R8 R9    tap, rows left
//	R10 CX   bytes of the whole vectors of a row, of those before the last 4
//	BX       bytes done
//	AX K1    mask of the last vector, 0 where there is none
//
// block takes 4 vectors, vector one, tail the last elements under a mask. A vector is two loads and a store: one cycle, or
// the bandwidth of the cache it comes from. A row of one vector takes about 5.

TEXT ·blendF32_64_avx512(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), BX
	MOVQ BlendArgs_A(BX), SI
	MOVQ BlendArgs_B(BX), DX
	MOVQ BlendArgs_Y(BX), DI
	MOVQ BlendArgs_Taps(BX), R8
	MOVQ BlendArgs_Rows(BX), R9
	MOVQ BlendArgs_N(BX), R10
	MOVQ BlendArgs_LdY(BX), R11
	MOVQ R10, CX
	ANDQ $15, CX
	MOVL $1, AX
	SHLL CX, AX
	DECL AX
	KMOVW AX, K1
	SHRQ $4, R10
	SHLQ $6, R10
	LEAQ -256(R10), CX

row:
	MOVQ BlendTap_A(R8), R12
	MOVQ BlendTap_B(R8), R13
	ADDQ SI, R12
	ADDQ DX, R13
	VBROADCASTSS BlendTap_P(R8), Z6
	VBROADCASTSS BlendTap_Q(R8), Z7
	XORL BX, BX
	TESTQ CX, CX
	JLT  rest

block:
	VMULPS (R13)(BX*1), Z7, Z0
	VMULPS 64(R13)(BX*1), Z7, Z1
	VMULPS 128(R13)(BX*1), Z7, Z2
	VMULPS 192(R13)(BX*1), Z7, Z3
	VFMADD231PS (R12)(BX*1), Z6, Z0
	VFMADD231PS 64(R12)(BX*1), Z6, Z1
	VFMADD231PS 128(R12)(BX*1), Z6, Z2
	VFMADD231PS 192(R12)(BX*1), Z6, Z3
	VMOVUPS Z0, (DI)(BX*1)
	VMOVUPS Z1, 64(DI)(BX*1)
	VMOVUPS Z2, 128(DI)(BX*1)
	VMOVUPS Z3, 192(DI)(BX*1)
	ADDQ $256, BX
	CMPQ BX, CX
	JLE  block

rest:
	CMPQ BX, R10
	JGE  tail

vector:
	VMULPS (R13)(BX*1), Z7, Z0
	VFMADD231PS (R12)(BX*1), Z6, Z0
	VMOVUPS Z0, (DI)(BX*1)
	ADDQ $64, BX
	CMPQ BX, R10
	JLT  vector

tail:
	TESTL AX, AX
	JZ   next
	VMOVUPS.Z (R13)(BX*1), K1, Z0
	VMOVUPS.Z (R12)(BX*1), K1, Z4
	VMULPS Z0, Z7, Z0
	VFMADD231PS Z4, Z6, Z0
	VMOVUPS Z0, K1, (DI)(BX*1)

next:
	ADDQ $BlendTap__size, R8
	ADDQ R11, DI
	DECQ R9
	JNZ  row
	VZEROUPPER
	RET
