//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// readF32_8x4_neon: the rate of reading memory, by adding all of it.
//
//	func readF32_8x4_neon(a *ReadArgs)
//
// Contract: ReadArgs in peak.go, Block = 32. Needs NEON; clobbers R0-R2 and V0 to V15.
//
//	V0 to V7  sums of the eight vectors of a block     V8 to V15  those vectors
//	R1        next block     R2  floats left
//
// A block is 8 loads, in pairs, and 8 additions in as many chains: 128 bytes. Bound: the load units while the data
// are in the first cache, beyond it the cache or the memory.

TEXT ·readF32_8x4_neon(SB), NOSPLIT, $0-8
	MOVD a+0(FP), R0
	MOVD ReadArgs_X(R0), R1
	MOVD ReadArgs_N(R0), R2
	MOVI0(0)
	MOVI0(1)
	MOVI0(2)
	MOVI0(3)
	MOVI0(4)
	MOVI0(5)
	MOVI0(6)
	MOVI0(7)
	PCALIGN $32

block:
	FLDPQ (R1), (F8, F9)
	FLDPQ 32(R1), (F10, F11)
	FLDPQ 64(R1), (F12, F13)
	FLDPQ 96(R1), (F14, F15)
	ADD   $128, R1
	FADD4(8, 0, 0)
	FADD4(9, 1, 1)
	FADD4(10, 2, 2)
	FADD4(11, 3, 3)
	FADD4(12, 4, 4)
	FADD4(13, 5, 5)
	FADD4(14, 6, 6)
	FADD4(15, 7, 7)
	SUBS $32, R2
	BGT  block

	FADD4(1, 0, 0)
	FADD4(3, 2, 2)
	FADD4(5, 4, 4)
	FADD4(7, 6, 6)
	FADD4(2, 0, 0)
	FADD4(6, 4, 4)
	FADD4(4, 0, 0)
	FADDP4(0, 0, 0)
	FADDP2(0, 0)
	FMOVS F0, ReadArgs_Sum(R0)
	RET
