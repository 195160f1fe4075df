//go:build !purego

// peakF32_12x8_avx2: the rate of multiply-adds on registers.
//
//	func peakF32_12x8_avx2(a *PeakArgs)
//
// Contract: PeakArgs in peak.go. Needs AVX2 and FMA; clobbers AX BX CX DX and the vector registers.
//
// Registers:
//
//	Y0 to Y11  12 chains of 8 floats
//	Y14 X, Y15 Y   in all lanes
//	CX           steps left
//
// A step is 12 independent FMAs. With a latency of 4 cycles and 2 units, 8 chains would do; more
// chains leave room for longer latencies and for loops that start late. Bound: the FMA units.

#include "go_asm.h"
#include "textflag.h"

#define CHAINS(op) \
	op(Y0); op(Y1); op(Y2); op(Y3); op(Y4); op(Y5); \
	op(Y6); op(Y7); op(Y8); op(Y9); op(Y10); op(Y11)

#define ZERO(c) VXORPS c, c, c
#define FMA(c) VFMADD213PS Y15, Y14, c     // c = c·X + Y
#define STORE(c) VMOVUPS c, (BX); ADDQ $32, BX

TEXT ·peakF32_12x8_avx2(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ PeakArgs_Out(AX), BX
	MOVQ PeakArgs_Steps(AX), CX
	VBROADCASTSS PeakArgs_X(AX), Y14
	VBROADCASTSS PeakArgs_Y(AX), Y15
	CHAINS(ZERO)
	PCALIGN $64

step:
	CHAINS(FMA)
	DECQ CX
	JNZ  step

	CHAINS(STORE)
	VZEROUPPER
	RET
