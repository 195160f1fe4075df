//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Conversions between float32 and bfloat16, AVX-512.
//
//	func narrowBF16_16_avx512(a *QuantArgs)
//	func widenBF16_16_avx512(a *QuantArgs)
//
// QuantArgs (quant.go) has the contract. Needs AVX-512 F and BW. Clobbers Z0 to Z2, Z16 to Z18, K1, K2 and AX CX SI DI R8. The last elements, fewer
// than 16, go through a mask. By integers, which flush no denormals: 16 elements cost 6 operations, or memory.
//
//	SI A    DI Y    CX elements left    Z16 0x7FFF    Z17 1    Z18 0x400000, what makes a NaN quiet

#define ARGS \
	MOVQ a+0(FP), AX; \
	MOVQ QuantArgs_A(AX), SI; \
	MOVQ QuantArgs_Y(AX), DI; \
	MOVQ QuantArgs_N(AX), CX; \
	KXNORW K1, K1, K1
#define CONST(v, z) MOVL $(v), R8; VPBROADCASTD R8, z
#define LAST MOVQ $1, R8; SHLQ CX, R8; DECQ R8; KMOVW R8, K1

// 16 elements, or those of K1.
#define NARROW \
	VMOVDQU32.Z (SI), K1, Z0       \
	VCMPPS $3, Z0, Z0, K2          \
	VPSRLD $16, Z0, Z1             \
	VPANDD Z17, Z1, Z1             \
	VPADDD Z16, Z1, Z1             \
	VPADDD Z0, Z1, Z1              \
	VPORD Z18, Z0, K2, Z1          \
	VPSRLD $16, Z1, Z1             \
	VPMOVDW Z1, K1, (DI)
#define WIDEN VPMOVZXWD.Z (SI), K1, Z0; VPSLLD $16, Z0, Z0; VMOVDQU32 Z0, K1, (DI)

TEXT ·narrowBF16_16_avx512(SB), NOSPLIT, $0-8
	ARGS
	CONST(0x7FFF, Z16)
	CONST(1, Z17)
	CONST(0x400000, Z18)
	SUBQ $16, CX
	JLT  rest

next:
	NARROW
	ADDQ $64, SI
	ADDQ $32, DI
	SUBQ $16, CX
	JGE  next

rest:
	ADDQ $16, CX
	JLE  done
	LAST
	NARROW

done:
	VZEROUPPER
	RET

TEXT ·widenBF16_16_avx512(SB), NOSPLIT, $0-8
	ARGS
	SUBQ $16, CX
	JLT  rest

next:
	WIDEN
	ADDQ $32, SI
	ADDQ $64, DI
	SUBQ $16, CX
	JGE  next

rest:
	ADDQ $16, CX
	JLE  done
	LAST
	WIDEN

done:
	VZEROUPPER
	RET
