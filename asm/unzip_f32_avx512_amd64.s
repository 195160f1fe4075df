//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Parts even from odd elements, float32, AVX-512: 16 pairs at a time.
//
//	func unzipF32_16_avx512(a *UnzipArgs)
//
// UnzipArgs (unzip.go) has the contract. Needs AVX-512 F. Clobbers Z0-Z2, Z30, Z31, K1-K3, AX, BX, CX, DX,
// SI, DI. The last, partial turn is masked, which suppresses its faults.
//
//	Z0 Z1   X[0:16] X[16:32]      Z2   even, Z0 then odd
//	Z30 Z31 the numbers of the even and odd elements of the two
//	SI X    DI Even    DX Odd     CX pairs left
//
// A turn costs 2 loads, 2 permutations and 2 stores, one store a cycle: 2 cycles.

DATA unzipEven<>+0(SB)/8, $0x0000000200000000
DATA unzipEven<>+8(SB)/8, $0x0000000600000004
DATA unzipEven<>+16(SB)/8, $0x0000000a00000008
DATA unzipEven<>+24(SB)/8, $0x0000000e0000000c
DATA unzipEven<>+32(SB)/8, $0x0000001200000010
DATA unzipEven<>+40(SB)/8, $0x0000001600000014
DATA unzipEven<>+48(SB)/8, $0x0000001a00000018
DATA unzipEven<>+56(SB)/8, $0x0000001e0000001c
GLOBL unzipEven<>(SB), RODATA|NOPTR, $64

TEXT ·unzipF32_16_avx512(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ UnzipArgs_X(AX), SI
	MOVQ UnzipArgs_Even(AX), DI
	MOVQ UnzipArgs_Odd(AX), DX
	MOVQ UnzipArgs_N(AX), CX
	VMOVDQU32 unzipEven<>(SB), Z30
	MOVL $1, BX
	VPBROADCASTD BX, Z31
	VPADDD Z30, Z31, Z31
	SUBQ $16, CX
	JLT  rest

pairs16:
	VMOVUPS (SI), Z0
	VMOVUPS 64(SI), Z1
	VMOVAPS Z0, Z2
	VPERMT2PS Z1, Z30, Z2           // X[0], X[2] ... X[30]
	VPERMT2PS Z1, Z31, Z0           // X[1], X[3] ... X[31]
	VMOVUPS Z2, (DI)
	VMOVUPS Z0, (DX)
	ADDQ $128, SI
	ADDQ $64, DI
	ADDQ $64, DX
	SUBQ $16, CX
	JGE  pairs16

rest:
	ADDQ $16, CX
	JZ   end
	MOVL $1, BX
	SHLL CX, BX
	DECL BX
	KMOVW BX, K1                    // CX of 16 results
	ADDL CX, CX
	MOVQ $1, BX
	SHLQ CX, BX
	DECQ BX
	KMOVW BX, K2                    // 2*CX of 32 elements
	SHRQ $16, BX
	KMOVW BX, K3
	VMOVUPS.Z (SI), K2, Z0
	VMOVUPS.Z 64(SI), K3, Z1
	VMOVAPS Z0, Z2
	VPERMT2PS Z1, Z30, Z2
	VPERMT2PS Z1, Z31, Z0
	VMOVUPS Z2, K1, (DI)
	VMOVUPS Z0, K1, (DX)

end:
	VZEROUPPER
	RET
