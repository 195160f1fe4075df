//go:build !purego

// readF32_8x8_avx2: the rate of reading memory, by adding all of it.
//
//	func readF32_8x8_avx2(a *ReadArgs)
//
// Contract: ReadArgs in peak.go, Block = 64. Needs AVX2; clobbers AX BX CX and Y0 to Y7.
//
// Registers:
//
//	Y0 to Y7  sums of the eight vectors of a block
//	BX        next block
//	CX        floats left
//
// A block is 8 loads, each the operand of an addition, in as many chains: 256 bytes. Bound: the load
// units (2 a cycle) while the data are in the first cache, beyond it the cache or the memory.

#include "go_asm.h"
#include "textflag.h"

TEXT ·readF32_8x8_avx2(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ ReadArgs_X(AX), BX
	MOVQ ReadArgs_N(AX), CX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	PCALIGN $64

block:
	VADDPS (BX), Y0, Y0
	VADDPS 32(BX), Y1, Y1
	VADDPS 64(BX), Y2, Y2
	VADDPS 96(BX), Y3, Y3
	VADDPS 128(BX), Y4, Y4
	VADDPS 160(BX), Y5, Y5
	VADDPS 192(BX), Y6, Y6
	VADDPS 224(BX), Y7, Y7
	ADDQ $256, BX
	SUBQ $64, CX
	JG   block

	VADDPS Y1, Y0, Y0
	VADDPS Y3, Y2, Y2
	VADDPS Y5, Y4, Y4
	VADDPS Y7, Y6, Y6
	VADDPS Y2, Y0, Y0
	VADDPS Y6, Y4, Y4
	VADDPS Y4, Y0, Y0               // one vector
	VEXTRACTF128 $1, Y0, X1
	VADDPS X1, X0, X0               // 4 lanes
	VHADDPS X0, X0, X0
	VHADDPS X0, X0, X0
	VMOVSS X0, ReadArgs_Sum(AX)
	VZEROUPPER
	RET
