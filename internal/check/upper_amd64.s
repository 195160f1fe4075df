//go:build !purego

// The probe for dirty upper halves of vector registers; upper_amd64.go says what it looks at.

#include "textflag.h"

// XINUSE into AX; clobbers CX and DX.
#define GETXINUSE MOVL $1, CX; XGETBV; SHLQ $32, DX; ORQ DX, AX

// func cpuid(leaf, sub uint32) (eax, ebx, ecx, edx uint32)
TEXT ·cpuid(SB), NOSPLIT, $0-24
	MOVL leaf+0(FP), AX
	MOVL sub+4(FP), CX
	CPUID
	MOVL AX, eax+8(FP)
	MOVL BX, ebx+12(FP)
	MOVL CX, ecx+16(FP)
	MOVL DX, edx+20(FP)
	RET

// func takeUpper() uint64
TEXT ·takeUpper(SB), NOSPLIT, $0-8
	GETXINUSE
	MOVQ AX, ret+0(FP)
	VZEROUPPER
	RET

// func soilY() uint64
TEXT ·soilY(SB), NOSPLIT, $0-8
	VPCMPEQD Y0, Y0, Y0
	GETXINUSE
	MOVQ AX, ret+0(FP)
	VZEROUPPER
	RET

// func soilCleanY() uint64
TEXT ·soilCleanY(SB), NOSPLIT, $0-8
	VPCMPEQD Y0, Y0, Y0
	VZEROUPPER
	GETXINUSE
	MOVQ AX, ret+0(FP)
	RET

// func soilZ() uint64
TEXT ·soilZ(SB), NOSPLIT, $0-8
	VPTERNLOGD $0xff, Z0, Z0, Z0
	VPTERNLOGD $0xff, Z16, Z16, Z16
	GETXINUSE
	MOVQ AX, ret+0(FP)
	VZEROUPPER
	RET

// func soilCleanZ() uint64
TEXT ·soilCleanZ(SB), NOSPLIT, $0-8
	VPTERNLOGD $0xff, Z0, Z0, Z0
	VPTERNLOGD $0xff, Z16, Z16, Z16
	VZEROUPPER
	GETXINUSE
	MOVQ AX, ret+0(FP)
	RET

// func loadY(p *float32)
TEXT ·loadY(SB), NOSPLIT, $0-8
	MOVQ p+0(FP), AX
	VMOVUPS (AX), Y1
	RET

// func loadZ(p *float32)
TEXT ·loadZ(SB), NOSPLIT, $0-8
	MOVQ p+0(FP), AX
	VMOVUPS (AX), Z1
	RET
