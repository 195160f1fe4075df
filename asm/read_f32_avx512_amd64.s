//go:build !purego

// readF32_8x16_avx512: the rate of reading memory, by adding all of it.
//
//	func readF32_8x16_avx512(a *ReadArgs)
//
// Contract: ReadArgs in peak.go, Block = 128. Needs AVX-512F; clobbers AX BX CX and Z0 to Z7.
//
// Registers:
//
//	Z0 to Z7  sums of the eight vectors of a block
//	BX        next block
//	CX        floats left
//
// A block is 8 loads, each the operand of an addition, in as many chains: 512 bytes. Bound: the load
// units (2 a cycle) while the data are in the first cache, beyond it the cache or the memory.

#include "go_asm.h"
#include "textflag.h"

TEXT ·readF32_8x16_avx512(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ ReadArgs_X(AX), BX
	MOVQ ReadArgs_N(AX), CX
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	VPXORD Z4, Z4, Z4
	VPXORD Z5, Z5, Z5
	VPXORD Z6, Z6, Z6
	VPXORD Z7, Z7, Z7
	PCALIGN $64

block:
	VADDPS (BX), Z0, Z0
	VADDPS 64(BX), Z1, Z1
	VADDPS 128(BX), Z2, Z2
	VADDPS 192(BX), Z3, Z3
	VADDPS 256(BX), Z4, Z4
	VADDPS 320(BX), Z5, Z5
	VADDPS 384(BX), Z6, Z6
	VADDPS 448(BX), Z7, Z7
	ADDQ $512, BX
	SUBQ $128, CX
	JG   block

	VADDPS Z1, Z0, Z0
	VADDPS Z3, Z2, Z2
	VADDPS Z5, Z4, Z4
	VADDPS Z7, Z6, Z6
	VADDPS Z2, Z0, Z0
	VADDPS Z6, Z4, Z4
	VADDPS Z4, Z0, Z0               // one vector
	VEXTRACTF64X4 $1, Z0, Y1
	VADDPS Y1, Y0, Y0               // 8 lanes
	VEXTRACTF128 $1, Y0, X1
	VADDPS X1, X0, X0               // 4 lanes
	VHADDPS X0, X0, X0
	VHADDPS X0, X0, X0
	VMOVSS X0, ReadArgs_Sum(AX)
	VZEROUPPER
	RET
