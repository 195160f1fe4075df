//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Conversions between float32 and bfloat16, AVX2.
//
//	func narrowBF16_8_avx2(a *QuantArgs)
//	func widenBF16_8_avx2(a *QuantArgs)
//
// QuantArgs (quant.go) has the contract. Needs AVX2. Clobbers Y0 to Y7 and AX BX CX SI DI. The last elements, fewer than 8, go one by one.
//
//	SI A    DI Y    CX elements left    Y5 0x7FFF    Y6 1    Y7 0x400000, what makes a NaN quiet

#define ARGS \
	MOVQ a+0(FP), AX; \
	MOVQ QuantArgs_A(AX), SI; \
	MOVQ QuantArgs_Y(AX), DI; \
	MOVQ QuantArgs_N(AX), CX
#define CONST(v, x, y) MOVL $(v), AX; VMOVD AX, x; VPBROADCASTD x, y

TEXT ·narrowBF16_8_avx2(SB), NOSPLIT, $0-8
	ARGS
	CONST(0x7FFF, X5, Y5)
	CONST(1, X6, Y6)
	CONST(0x400000, X7, Y7)
	SUBQ $8, CX
	JLT  rest

next:
	VMOVUPS   (SI), Y0
	VCMPPS    $3, Y0, Y0, Y2
	VPSRLD    $16, Y0, Y1
	VPAND     Y6, Y1, Y1
	VPADDD    Y5, Y1, Y1
	VPADDD    Y0, Y1, Y1
	VPOR      Y7, Y0, Y3
	VPBLENDVB Y2, Y3, Y1, Y1
	VPSRLD    $16, Y1, Y1
	VPACKUSDW Y1, Y1, Y1
	VPERMQ    $0x08, Y1, Y1
	VMOVDQU   X1, (DI)
	ADDQ      $32, SI
	ADDQ      $16, DI
	SUBQ      $8, CX
	JGE       next

rest:
	ADDQ $8, CX
	JLE  done

one:
	MOVL (SI), AX
	MOVL AX, BX
	ANDL $0x7FFFFFFF, BX
	CMPL BX, $0x7F800000
	JHI  nan
	MOVL AX, BX
	SHRL $16, BX
	ANDL $1, BX
	LEAL 0x7FFF(AX)(BX*1), AX
	JMP  store

nan:
	ORL $0x400000, AX

store:
	SHRL $16, AX
	MOVW AX, (DI)
	ADDQ $4, SI
	ADDQ $2, DI
	DECQ CX
	JNZ  one

done:
	VZEROUPPER
	RET

TEXT ·widenBF16_8_avx2(SB), NOSPLIT, $0-8
	ARGS
	SUBQ $8, CX
	JLT  rest

next:
	VPMOVZXWD (SI), Y0
	VPSLLD    $16, Y0, Y0
	VMOVDQU   Y0, (DI)
	ADDQ      $16, SI
	ADDQ      $32, DI
	SUBQ      $8, CX
	JGE       next

rest:
	ADDQ $8, CX
	JLE  done

one:
	MOVWLZX (SI), AX
	SHLL    $16, AX
	MOVL    AX, (DI)
	ADDQ    $2, SI
	ADDQ    $4, DI
	DECQ    CX
	JNZ     one

done:
	VZEROUPPER
	RET
