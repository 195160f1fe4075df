//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Transpose, float64, NEON, in squares of 2 x 2: Dst[c][r] = Src[r][c].
//
//	func transposeF64_2x2_neon(a *TransposeArgs)
//
// TransposeArgs (transpose.go) has the contract. Needs NEON. Clobbers R0-R10, R12, R15, R19, V0-V3. What is left of rows and columns
// goes element by element.
//
//	R3 R4 bytes between rows of Src and Dst     R5 rows left     R6 columns left
//	R1 R2 Src and Dst of the pair of rows       R7 R8 of the square, R9 its second row in Src, R12 in Dst
//
// Loops: 2 rows of Src > 2 columns. A square costs 2 interleavings, 2 loads and 2 stores: 2 cycles at one store a cycle,
// and by memory when Dst is not in the first cache.

TEXT ·transposeF64_2x2_neon(SB), NOSPLIT, $0-8
	MOVD a+0(FP), R0
	MOVD TransposeArgs_Src(R0), R1
	MOVD TransposeArgs_Dst(R0), R2
	MOVD TransposeArgs_LdSrc(R0), R3
	MOVD TransposeArgs_LdDst(R0), R4
	MOVD TransposeArgs_Rows(R0), R5
	MOVD TransposeArgs_Cols(R0), R19
	CMP  $0, R19
	BLE  done
	SUBS $2, R5
	BLT  rest

rows:
	MOVD R1, R7
	ADD  R3, R1, R9
	MOVD R2, R8
	SUBS $2, R19, R6
	BLT  column

square:
	ADD  R4, R8, R12
	FMOVQ.P 16(R7), F0
	FMOVQ.P 16(R9), F1
	ZIP1D2(1, 0, 2)                 // 00 10, row and column
	ZIP2D2(1, 0, 3)                 // 01 11
	FMOVQ F2, (R8)
	FMOVQ F3, (R12)
	ADD  R4, R12, R8
	SUBS $2, R6
	BGE  square

column:
	TBZ  $0, R19, next
	MOVD (R7), R15
	MOVD R15, (R8)
	MOVD (R9), R15
	MOVD R15, 8(R8)

next:
	ADD  R3<<1, R1
	ADD  $16, R2
	SUBS $2, R5
	BGE  rows

rest:
	TBZ  $0, R5, done

short:
	MOVD.P 8(R1), R15
	MOVD R15, (R2)
	ADD  R4, R2
	SUBS $1, R19
	BGT  short

done:
	RET
