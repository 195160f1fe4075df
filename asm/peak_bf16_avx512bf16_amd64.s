//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "evex_amd64.h"

// peakBF16_24x16_avx512bf16: the rate of VDPBF16PS on registers.
//
//	func peakBF16_24x16_avx512bf16(a *PeakArgs)
//
// Contract: PeakArgs in peak.go. Needs AVX-512 F and BF16; clobbers AX BX CX and the vector registers.
//
//	Z0 to Z23    24 chains of 16 floats
//	Z30 X, Z31 Y   as bfloat16, in both halves of all lanes
//	CX           steps left

#define CHAINS(op) \
	op(Z0, 0); op(Z1, 1); op(Z2, 2); op(Z3, 3); op(Z4, 4); op(Z5, 5); \
	op(Z6, 6); op(Z7, 7); op(Z8, 8); op(Z9, 9); op(Z10, 10); op(Z11, 11); \
	op(Z12, 12); op(Z13, 13); op(Z14, 14); op(Z15, 15); op(Z16, 16); op(Z17, 17); \
	op(Z18, 18); op(Z19, 19); op(Z20, 20); op(Z21, 21); op(Z22, 22); op(Z23, 23)

#define ZERO(c, n) VPXORD c, c, c
#define DOT(c, n) VDPBF16PS(30, 31, n)
#define STORE(c, n) VMOVUPS c, (BX); ADDQ $64, BX

TEXT ·peakBF16_24x16_avx512bf16(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ PeakArgs_Out(AX), BX
	MOVQ PeakArgs_Steps(AX), CX
	VBROADCASTSS PeakArgs_X(AX), Z30
	VBROADCASTSS PeakArgs_Y(AX), Z31
	VCVTNE2PS2BF16(30, 30, 30)
	VCVTNE2PS2BF16(31, 31, 31)
	CHAINS(ZERO)
	PCALIGN $64

step:
	CHAINS(DOT)
	DECQ CX
	JNZ  step

	CHAINS(STORE)
	VZEROUPPER
	RET
