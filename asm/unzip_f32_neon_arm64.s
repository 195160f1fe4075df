//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Parts even from odd elements, float32, NEON: 8 pairs at a time, then one by one.
//
//	func unzipF32_8_neon(a *UnzipArgs)
//
// UnzipArgs (unzip.go) has the contract. Needs NEON. Clobbers R0-R6, V0-V3.
//
//	V0 V1, V2 V3   even and odd of 4 pairs
//	R1 X    R2 Even    R3 Odd   R4 pairs left
//
// LD2 parts the elements as it loads them; two loads and four stores a turn, at one store a cycle 4 cycles.

TEXT ·unzipF32_8_neon(SB), NOSPLIT, $0-8
	MOVD a+0(FP), R0
	MOVD UnzipArgs_X(R0), R1
	MOVD UnzipArgs_Even(R0), R2
	MOVD UnzipArgs_Odd(R0), R3
	MOVD UnzipArgs_N(R0), R4
	SUBS $8, R4
	BLT  rest

pairs8:
	VLD2.P 32(R1), [V0.S4, V1.S4]
	VLD2.P 32(R1), [V2.S4, V3.S4]
	FMOVQ F0, (R2)
	FMOVQ F2, 16(R2)
	FMOVQ F1, (R3)
	FMOVQ F3, 16(R3)
	ADD  $32, R2
	ADD  $32, R3
	SUBS $8, R4
	BGE  pairs8

rest:
	ADDS $8, R4
	BLE  end

pairs1:
	MOVWU.P 4(R1), R5
	MOVWU.P 4(R1), R6
	MOVW.P R5, 4(R2)
	MOVW.P R6, 4(R3)
	SUBS $1, R4
	BGT  pairs1

end:
	RET
