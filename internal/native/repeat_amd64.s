//go:build linux || darwin

#include "go_asm.h"
#include "textflag.h"

// callMany calls a C function many times over. It is itself called as a C function, on the system
// stack, with the System V convention: DI points to a Repeat. So the way from Go into C is paid
// once for many calls, and small problems can be timed as they are from C.
//
// BX  the Repeat, R12  calls left, R13  the results or-ed together
TEXT ·callMany(SB), NOSPLIT|NOFRAME, $0
	PUSHQ BX
	PUSHQ R12
	PUSHQ R13
	SUBQ  $64, SP                   // with the return address: a multiple of 16
	MOVQ  DI, BX
	MOVQ  Repeat_calls(BX), R12
	XORL  R13, R13

call:
	MOVQ  (Repeat_Stack+0)(BX), AX
	MOVQ  AX, 0(SP)
	MOVQ  (Repeat_Stack+8)(BX), AX
	MOVQ  AX, 8(SP)
	MOVQ  (Repeat_Stack+16)(BX), AX
	MOVQ  AX, 16(SP)
	MOVQ  (Repeat_Stack+24)(BX), AX
	MOVQ  AX, 24(SP)
	MOVQ  (Repeat_Stack+32)(BX), AX
	MOVQ  AX, 32(SP)
	MOVQ  (Repeat_Stack+40)(BX), AX
	MOVQ  AX, 40(SP)
	MOVQ  (Repeat_Ints+0)(BX), DI
	MOVQ  (Repeat_Ints+8)(BX), SI
	MOVQ  (Repeat_Ints+16)(BX), DX
	MOVQ  (Repeat_Ints+24)(BX), CX
	MOVQ  (Repeat_Ints+32)(BX), R8
	MOVQ  (Repeat_Ints+40)(BX), R9
	MOVSD (Repeat_Floats+0)(BX), X0
	MOVSD (Repeat_Floats+8)(BX), X1
	MOVQ  Repeat_Fn(BX), AX
	CALL  AX
	ORQ   AX, R13
	DECQ  R12
	JNZ   call

	MOVQ R13, Repeat_result(BX)
	ADDQ $64, SP
	POPQ R13
	POPQ R12
	POPQ BX
	RET

DATA ·callManyPC+0(SB)/8, $·callMany(SB)
GLOBL ·callManyPC(SB), NOPTR|RODATA, $8
