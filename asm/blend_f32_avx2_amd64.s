//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Sums of two weighted rows of float32, as BlendArgs says, AVX2.
//
//	func blendF32_32_avx2(a *BlendArgs)
//
// Needs AVX2 and FMA; clobbers AX BX CX DX SI DI R8-R13, Y0-Y8.
//
//	Y0-Y3    sums                      Y4       a of the tail
//	Y6 Y7    the weights P, Q          Y8       mask of the last vector
//	SI DX    A, B                      R12 R13  their rows
//	DI R11   a row of Y, LdY
//	R8 R9    tap, rows left
//	R10 CX   bytes of the whole vectors of a row, of those before the last 4
//	BX       bytes done
//	AX       elements of the last vector, 0 where there is none
//
// block takes 4 vectors, vector one, tail the last elements under a mask. A vector is two loads and a store: one cycle, or
// the bandwidth of the cache it comes from.

TEXT ·blendF32_32_avx2(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), BX
	MOVQ BlendArgs_A(BX), SI
	MOVQ BlendArgs_B(BX), DX
	MOVQ BlendArgs_Y(BX), DI
	MOVQ BlendArgs_Taps(BX), R8
	MOVQ BlendArgs_Rows(BX), R9
	MOVQ BlendArgs_N(BX), R10
	MOVQ BlendArgs_LdY(BX), R11
	MOVQ R10, AX
	ANDQ $7, AX
	MOVQ AX, CX
	NEGQ CX
	LEAQ ·laneMask+32(SB), BX
	VMOVUPS (BX)(CX*4), Y8          // the first AX of 8
	SHRQ $3, R10
	SHLQ $5, R10
	LEAQ -128(R10), CX

row:
	MOVQ BlendTap_A(R8), R12
	MOVQ BlendTap_B(R8), R13
	ADDQ SI, R12
	ADDQ DX, R13
	VBROADCASTSS BlendTap_P(R8), Y6
	VBROADCASTSS BlendTap_Q(R8), Y7
	XORL BX, BX
	TESTQ CX, CX
	JLT  rest

block:
	VMULPS (R13)(BX*1), Y7, Y0
	VMULPS 32(R13)(BX*1), Y7, Y1
	VMULPS 64(R13)(BX*1), Y7, Y2
	VMULPS 96(R13)(BX*1), Y7, Y3
	VFMADD231PS (R12)(BX*1), Y6, Y0
	VFMADD231PS 32(R12)(BX*1), Y6, Y1
	VFMADD231PS 64(R12)(BX*1), Y6, Y2
	VFMADD231PS 96(R12)(BX*1), Y6, Y3
	VMOVUPS Y0, (DI)(BX*1)
	VMOVUPS Y1, 32(DI)(BX*1)
	VMOVUPS Y2, 64(DI)(BX*1)
	VMOVUPS Y3, 96(DI)(BX*1)
	ADDQ $128, BX
	CMPQ BX, CX
	JLE  block

rest:
	CMPQ BX, R10
	JGE  tail

vector:
	VMULPS (R13)(BX*1), Y7, Y0
	VFMADD231PS (R12)(BX*1), Y6, Y0
	VMOVUPS Y0, (DI)(BX*1)
	ADDQ $32, BX
	CMPQ BX, R10
	JLT  vector

tail:
	TESTQ AX, AX
	JZ   next
	VMASKMOVPS (R13)(BX*1), Y8, Y0
	VMASKMOVPS (R12)(BX*1), Y8, Y4
	VMULPS Y0, Y7, Y0
	VFMADD231PS Y4, Y6, Y0
	VMASKMOVPS Y0, Y8, (DI)(BX*1)

next:
	ADDQ $BlendTap__size, R8
	ADDQ R11, DI
	DECQ R9
	JNZ  row
	VZEROUPPER
	RET
