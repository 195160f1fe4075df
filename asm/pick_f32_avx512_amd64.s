//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Rows of elements of 4 bytes that are found by a table, as PickArgs says, AVX-512.
//
//	func pickF32_16_avx512(a *PickArgs)
//
// Needs AVX-512 F and DQ; clobbers AX BX CX DX SI DI R8-R14, K1-K4, Z1-Z8.
//
//	Z1       the table's numbers for 16 columns
//	Z2 Z3    elements
//	Z4-Z6    temporaries
//	Z7       the value in the columns that want it, else 0
//	Z8       the value
//	K1 K2    the columns that there are, those that want an element
//	K3 K4    the elements between the least number and the largest
//	SI R14   X, and its element of the least number
//	DI DX    Y, and its row
//	R8 R9    numbers left, starts
//	R10 R11  LdY, columns left
//	R12 R13  start of the row, its number
//
// Columns come 16 at a time, with all their rows one after the other. Where the numbers are less than 16 apart, a row's elements are one load and a
// permutation, less than 32 two loads and a permutation of both: 2 to 3 cycles a row. Others are gathered, 10 cycles or more. Only what the numbers lie between is
// loaded: the masks suppress the faults of the rest.

#define NEXTROW(again) \
	ADDQ R10, DX; \
	INCQ R13; \
	CMPQ R13, PickArgs_Rows(AX); \
	JLT  again; \
	JMP  next

// The least or the largest of Z1 to a register.
#define REDUCE(OP, r) \
	VEXTRACTI64X4 $1, Z1, Y4; \
	OP Y4, Y1, Y4; \
	VEXTRACTI128 $1, Y4, X5; \
	OP X5, X4, X4; \
	VPSHUFD $0x4E, X4, X5; \
	OP X5, X4, X4; \
	VPSHUFD $0xB1, X4, X5; \
	OP X5, X4, X4; \
	VMOVD X4, r

TEXT ·pickF32_16_avx512(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ PickArgs_X(AX), SI
	MOVQ PickArgs_Y(AX), DI
	MOVQ PickArgs_Index(AX), R8
	MOVQ PickArgs_Starts(AX), R9
	MOVQ PickArgs_LdY(AX), R10
	MOVQ PickArgs_N(AX), R11
	VPBROADCASTD PickArgs_Value(AX), Z8

block:
	MOVL $16, CX
	CMPQ R11, CX
	CMOVQLT R11, CX
	MOVL $1, BX
	SHLL CX, BX
	DECL BX
	KMOVW BX, K1
	VPTERNLOGD $255, Z1, Z1, Z1     // -1 in the columns that there are not
	VMOVDQU32 (R8), K1, Z1
	VPMOVD2M Z1, K3
	KNOTW K3, K2
	VMOVDQA32.Z Z8, K3, Z7
	MOVQ DI, DX
	XORL R13, R13
	KORTESTW K2, K2
	JZ   fill
	REDUCE(VPMINUD, BX)             // -1 is the largest without a sign, and the least with it
	REDUCE(VPMAXSD, CX)
	SUBL BX, CX
	CMPL CX, $32
	JAE  gather
	VPBROADCASTD BX, Z4
	VPSUBD Z4, Z1, Z1
	LEAQ (SI)(BX*4), R14
	MOVQ $2, BX
	SHLQ CX, BX
	DECQ BX
	KMOVW BX, K3
	CMPL CX, $16
	JAE  two

one:
	MOVQ (R9)(R13*8), R12
	VMOVDQU32.Z (R14)(R12*4), K3, Z2
	VPERMD.Z Z2, Z1, K2, Z2
	VPORD Z7, Z2, Z2
	VMOVDQU32 Z2, K1, (DX)
	NEXTROW(one)

two:
	SHRQ $16, BX
	KMOVW BX, K4

both:
	MOVQ (R9)(R13*8), R12
	VMOVDQU32.Z (R14)(R12*4), K3, Z2
	VMOVDQU32.Z 64(R14)(R12*4), K4, Z3
	VPERMT2D.Z Z3, Z1, K2, Z2
	VPORD Z7, Z2, Z2
	VMOVDQU32 Z2, K1, (DX)
	NEXTROW(both)

gather:
	MOVQ (R9)(R13*8), R12
	LEAQ (SI)(R12*4), R12
	VMOVDQA32 Z7, Z2
	KMOVW K2, K3
	VPGATHERDD (R12)(Z1*4), K3, Z2
	VMOVDQU32 Z2, K1, (DX)
	NEXTROW(gather)

fill:
	VMOVDQU32 Z8, K1, (DX)
	NEXTROW(fill)

next:
	ADDQ $64, R8
	ADDQ $64, DI
	SUBQ $16, R11
	JGT  block
	VZEROUPPER
	RET
