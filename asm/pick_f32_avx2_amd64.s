//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Rows of elements of 4 bytes that are found by a table, as PickArgs says, AVX2.
//
//	func pickF32_8_avx2(a *PickArgs)
//
// Needs AVX2; clobbers AX BX CX DX SI DI R8-R14, Y1-Y7, Y9-Y12.
//
//	Y1       the table's numbers for 8 columns
//	Y2 Y3    elements
//	Y4-Y6    temporaries; Y6 the columns of the second load
//	Y7       the value in the columns that want it, else 0
//	Y9       the columns that want an element
//	Y10 Y11  the elements of a first and of a second load
//	Y12      the value
//	SI R14   X, and its element of the least number
//	DI DX    Y, and its row
//	R8 R9    numbers left, starts
//	R10 R11  LdY, columns left
//	R12 R13  start of the row, its number
//
// Columns come 8 at a time, the last ones with some that are done before, with all their rows one after the other. Where the numbers are less than 8 apart, a row's elements are one load and a
// permutation, less than 16 two of both: 2 to 4 cycles a row. Others are gathered, 8 cycles or more. Only what the numbers lie between is loaded: the masks suppress
// the faults of the rest. Fewer than 8 columns come one by one: masked stores are slow on some processors.

#define NEXTROW(again) \
	ADDQ R10, DX; \
	INCQ R13; \
	CMPQ R13, PickArgs_Rows(AX); \
	JLT  again; \
	JMP  next

// The least or the largest of Y1 to a register.
#define REDUCE(OP, r) \
	VEXTRACTI128 $1, Y1, X4; \
	OP X4, X1, X4; \
	VPSHUFD $0x4E, X4, X5; \
	OP X5, X4, X4; \
	VPSHUFD $0xB1, X4, X5; \
	OP X5, X4, X4; \
	VMOVD X4, r

// The mask of the first n of 8 lanes, for n in a register, which changes, as R12 does.
#define FIRST(n, mask) \
	NEGQ n; \
	LEAQ ·laneMask+32(SB), R12; \
	VMOVDQU (R12)(n*4), mask

TEXT ·pickF32_8_avx2(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ PickArgs_X(AX), SI
	MOVQ PickArgs_Y(AX), DI
	MOVQ PickArgs_Index(AX), R8
	MOVQ PickArgs_Starts(AX), R9
	MOVQ PickArgs_LdY(AX), R10
	MOVQ PickArgs_N(AX), R11
	VPBROADCASTD PickArgs_Value(AX), Y12
	CMPQ R11, $8
	JLT  few

block:
	VMOVDQU (R8), Y1
	VPCMPEQD Y4, Y4, Y4
	VPCMPGTD Y4, Y1, Y9
	VPANDN Y12, Y9, Y7
	MOVQ DI, DX
	XORL R13, R13
	VPTEST Y9, Y9
	JZ   fill
	REDUCE(VPMINUD, BX)             // -1 is the largest without a sign, and the least with it
	REDUCE(VPMAXSD, CX)
	SUBL BX, CX
	CMPL CX, $16
	JAE  gather
	VMOVD BX, X4
	VPBROADCASTD X4, Y4
	VPSUBD Y4, Y1, Y1
	LEAQ (SI)(BX*4), R14
	INCQ CX
	MOVL $8, BX
	CMPQ CX, BX
	CMOVQLT CX, BX
	SUBQ BX, CX                     // elements of the first load and of the second
	FIRST(BX, Y10)
	TESTQ CX, CX
	JNZ  two

one:
	MOVQ (R9)(R13*8), R12
	VPMASKMOVD (R14)(R12*4), Y10, Y2
	VPERMD Y2, Y1, Y2
	VPAND Y9, Y2, Y2
	VPOR Y7, Y2, Y2
	VMOVDQU Y2, (DX)
	NEXTROW(one)

two:
	FIRST(CX, Y11)
	VPSLLD $28, Y1, Y6              // the number's bit for 8 is the sign

both:
	MOVQ (R9)(R13*8), R12
	VPMASKMOVD (R14)(R12*4), Y10, Y2
	VPMASKMOVD 32(R14)(R12*4), Y11, Y3
	VPERMD Y2, Y1, Y2
	VPERMD Y3, Y1, Y3
	VBLENDVPS Y6, Y3, Y2, Y2
	VPAND Y9, Y2, Y2
	VPOR Y7, Y2, Y2
	VMOVDQU Y2, (DX)
	NEXTROW(both)

gather:
	MOVQ (R9)(R13*8), R12
	LEAQ (SI)(R12*4), R12
	VMOVDQA Y7, Y2
	VMOVDQA Y9, Y3
	VPGATHERDD Y3, (R12)(Y1*4), Y2
	VMOVDQU Y2, (DX)
	NEXTROW(gather)

fill:
	VMOVDQU Y12, (DX)
	NEXTROW(fill)

next:
	ADDQ $32, R8
	ADDQ $32, DI
	SUBQ $8, R11
	JLE  done
	CMPQ R11, $8
	JGE  block
	LEAQ -32(R8)(R11*4), R8         // the last 8 columns
	LEAQ -32(DI)(R11*4), DI
	MOVL $8, R11
	JMP  block

few:                                    // row by row
	XORL R13, R13

row:
	MOVQ (R9)(R13*8), R12
	LEAQ (SI)(R12*4), R12
	XORL BX, BX

single:
	MOVL PickArgs_Value(AX), DX
	MOVLQSX (R8)(BX*4), CX
	TESTQ CX, CX
	JLT  store
	MOVL (R12)(CX*4), DX

store:
	MOVL DX, (DI)(BX*4)
	INCQ BX
	CMPQ BX, R11
	JLT  single
	ADDQ R10, DI
	INCQ R13
	CMPQ R13, PickArgs_Rows(AX)
	JLT  row

done:
	VZEROUPPER
	RET
