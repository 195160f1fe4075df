//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// peakF32_24x4_neon: the rate of multiply-adds on registers.
//
//	func peakF32_24x4_neon(a *PeakArgs)
//
// Contract: PeakArgs in peak.go, with Adds: FMLA overwrites its addend. Needs NEON; clobbers R0-R2 and V0 to V23, V30, V31.
//
//	V0 to V23  24 chains of 4 floats
//	V30 X, V31 Y   in all lanes
//	R2             steps left
//
// A step is 24 independent FMLAs. With a latency of 4 cycles and 4 units, 16 chains would do. Bound: the FMA units.

#define CHAINS(op) \
	op(0); op(1); op(2); op(3); op(4); op(5); op(6); op(7); op(8); op(9); op(10); op(11); \
	op(12); op(13); op(14); op(15); op(16); op(17); op(18); op(19); op(20); op(21); op(22); op(23)

#define ZERO(c) MOVI0(c)
#define FMA(c) FMLA4(31, 30, c)
#define STORE(c) FMOVQ.P F(c), 16(R1)

TEXT ·peakF32_24x4_neon(SB), NOSPLIT, $0-8
	MOVD a+0(FP), R0
	MOVD PeakArgs_Out(R0), R1
	MOVD PeakArgs_Steps(R0), R2
	FMOVS PeakArgs_X(R0), F30
	FMOVS PeakArgs_Y(R0), F31
	DUPE4(30, 0, 30)
	DUPE4(31, 0, 31)
	CHAINS(ZERO)
	PCALIGN $32

step:
	CHAINS(FMA)
	SUBS $1, R2
	BGT  step

	CHAINS(STORE)
	RET
