//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Parts even from odd elements, float32, AVX2: 8 pairs at a time, then one by one.
//
//	func unzipF32_8_avx2(a *UnzipArgs)
//
// UnzipArgs (unzip.go) has the contract. Needs AVX2. Clobbers Y0-Y3, AX, BX, CX, DX, SI, DI, R8.
//
//	Y0 Y1   X[0:8] X[8:16]      Y2 Y3   even, odd
//	SI X    DI Even    DX Odd   CX pairs left
//
// VSHUFPS works within halves of 4: its result has the quarters in the order 0 2 1 3. A turn costs
// 4 shuffles and 2 stores, one store a cycle: 2 cycles.

TEXT ·unzipF32_8_avx2(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ UnzipArgs_X(AX), SI
	MOVQ UnzipArgs_Even(AX), DI
	MOVQ UnzipArgs_Odd(AX), DX
	MOVQ UnzipArgs_N(AX), CX
	SUBQ $8, CX
	JLT  rest

pairs8:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VSHUFPS $0x88, Y1, Y0, Y2       // 0 2 8 10   4 6 12 14
	VSHUFPS $0xdd, Y1, Y0, Y3       // 1 3 9 11   5 7 13 15
	VPERMPD $0xd8, Y2, Y2           // 0 2 4 6    8 10 12 14
	VPERMPD $0xd8, Y3, Y3           // 1 3 5 7    9 11 13 15
	VMOVUPS Y2, (DI)
	VMOVUPS Y3, (DX)
	ADDQ $64, SI
	ADDQ $32, DI
	ADDQ $32, DX
	SUBQ $8, CX
	JGE  pairs8

rest:
	ADDQ $8, CX
	JZ   end

pairs1:
	MOVL (SI), BX
	MOVL 4(SI), R8
	MOVL BX, (DI)
	MOVL R8, (DX)
	ADDQ $8, SI
	ADDQ $4, DI
	ADDQ $4, DX
	DECQ CX
	JNZ  pairs1

end:
	VZEROUPPER
	RET
