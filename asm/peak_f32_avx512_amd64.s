//go:build !purego

// peakF32_24x16_avx512: the rate of multiply-adds on registers.
//
//	func peakF32_24x16_avx512(a *PeakArgs)
//
// Contract: PeakArgs in peak.go. Needs AVX-512F; clobbers AX BX CX DX and the vector registers.
//
// Registers:
//
//	Z0 to Z23  24 chains of 16 floats
//	Z30 X, Z31 Y   in all lanes
//	CX           steps left
//
// A step is 24 independent FMAs. With a latency of 4 cycles and 2 units, 8 chains would do; more
// chains leave room for longer latencies and for loops that start late. Bound: the FMA units.

#include "go_asm.h"
#include "textflag.h"

#define CHAINS(op) \
	op(Z0); op(Z1); op(Z2); op(Z3); op(Z4); op(Z5); \
	op(Z6); op(Z7); op(Z8); op(Z9); op(Z10); op(Z11); \
	op(Z12); op(Z13); op(Z14); op(Z15); op(Z16); op(Z17); \
	op(Z18); op(Z19); op(Z20); op(Z21); op(Z22); op(Z23)

#define ZERO(c) VPXORD c, c, c
#define FMA(c) VFMADD213PS Z31, Z30, c     // c = c·X + Y
#define STORE(c) VMOVUPS c, (BX); ADDQ $64, BX

TEXT ·peakF32_24x16_avx512(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ PeakArgs_Out(AX), BX
	MOVQ PeakArgs_Steps(AX), CX
	VBROADCASTSS PeakArgs_X(AX), Z30
	VBROADCASTSS PeakArgs_Y(AX), Z31
	CHAINS(ZERO)
	PCALIGN $64

step:
	CHAINS(FMA)
	DECQ CX
	JNZ  step

	CHAINS(STORE)
	VZEROUPPER
	RET
