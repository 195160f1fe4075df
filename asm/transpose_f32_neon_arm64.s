//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Transpose, float32, NEON, in squares of 4 x 4: Dst[c][r] = Src[r][c].
//
//	func transposeF32_4x4_neon(a *TransposeArgs)
//
// TransposeArgs (transpose.go) has the contract. Needs NEON. Clobbers R0-R16, R19, R20, V0-V7. What is left of rows and columns
// goes element by element.
//
//	R3 R4 bytes between rows of Src and Dst     R5 rows left     R6 columns left
//	R1 R2 Src and Dst of the row of squares     R7 R8 of the square
//	R9 to R11 rows 1 to 3 of the square in Src, R12 to R14 in Dst
//
// Loops: 4 rows of Src > 4 columns. A square costs 8 interleavings, 4 loads and 4 stores: 4 cycles at one store a cycle,
// and by memory when Dst is not in the first cache.

// One column of count rows.
#define COLUMN(loop) \
	MOVD R7, R9; MOVD R8, R12; \
loop: MOVWU (R9), R15; ADD R3, R9; MOVW.P R15, 4(R12); SUBS $1, R16; BGT loop

TEXT ·transposeF32_4x4_neon(SB), NOSPLIT, $0-8
	MOVD a+0(FP), R0
	MOVD TransposeArgs_Src(R0), R1
	MOVD TransposeArgs_Dst(R0), R2
	MOVD TransposeArgs_LdSrc(R0), R3
	MOVD TransposeArgs_LdDst(R0), R4
	MOVD TransposeArgs_Rows(R0), R5
	MOVD TransposeArgs_Cols(R0), R19
	CMP  $0, R19
	BLE  done
	SUBS $4, R5
	BLT  rest

rows:
	MOVD R1, R7
	MOVD R2, R8
	SUBS $4, R19, R6
	BLT  columns

square:
	ADD  R3, R7, R9
	ADD  R3, R9, R10
	ADD  R3, R10, R11
	FMOVQ (R7), F0
	FMOVQ (R9), F1
	FMOVQ (R10), F2
	FMOVQ (R11), F3
	ZIP1S4(2, 0, 4)                 // 00 20 01 21, row and column
	ZIP2S4(2, 0, 5)                 // 02 22 03 23
	ZIP1S4(3, 1, 6)                 // 10 30 11 31
	ZIP2S4(3, 1, 7)                 // 12 32 13 33
	ZIP1S4(6, 4, 0)                 // 00 10 20 30
	ZIP2S4(6, 4, 1)
	ZIP1S4(7, 5, 2)
	ZIP2S4(7, 5, 3)
	ADD  R4, R8, R12
	ADD  R4, R12, R13
	ADD  R4, R13, R14
	FMOVQ F0, (R8)
	FMOVQ F1, (R12)
	FMOVQ F2, (R13)
	FMOVQ F3, (R14)
	ADD  $16, R7
	ADD  R4, R14, R8
	SUBS $4, R6
	BGE  square

columns:
	ADDS $4, R6
	BLE  next

column:
	MOVD $4, R16
	COLUMN(four)
	ADD  $4, R7
	ADD  R4, R8
	SUBS $1, R6
	BGT  column

next:
	ADD  R3<<2, R1
	ADD  $16, R2
	SUBS $4, R5
	BGE  rows

rest:
	ADDS $4, R5
	BLE  done
	MOVD R1, R7
	MOVD R2, R8

short:
	MOVD R5, R16
	COLUMN(some)
	ADD  $4, R7
	ADD  R4, R8
	SUBS $1, R19
	BGT  short

done:
	RET
