//go:build linux || darwin

#include "go_asm.h"
#include "textflag.h"

// callMany calls a C function many times over. It is itself called as a C function, on the system
// stack, with the System V convention: DI points to a callArgs. So the way from Go into C is paid
// once for many calls, and small problems can be timed as they are from C.
//
// BX  the callArgs, R12  calls left, R13  the results or-ed together
TEXT ·callMany(SB), NOSPLIT|NOFRAME, $0
	PUSHQ BX
	PUSHQ R12
	PUSHQ R13
	SUBQ  $64, SP                   // with the return address: a multiple of 16
	MOVQ  DI, BX
	MOVQ  callArgs_calls(BX), R12
	XORL  R13, R13

call:
	MOVQ  (callArgs_stack+0)(BX), AX
	MOVQ  AX, 0(SP)
	MOVQ  (callArgs_stack+8)(BX), AX
	MOVQ  AX, 8(SP)
	MOVQ  (callArgs_stack+16)(BX), AX
	MOVQ  AX, 16(SP)
	MOVQ  (callArgs_stack+24)(BX), AX
	MOVQ  AX, 24(SP)
	MOVQ  (callArgs_stack+32)(BX), AX
	MOVQ  AX, 32(SP)
	MOVQ  (callArgs_stack+40)(BX), AX
	MOVQ  AX, 40(SP)
	MOVQ  (callArgs_ints+0)(BX), DI
	MOVQ  (callArgs_ints+8)(BX), SI
	MOVQ  (callArgs_ints+16)(BX), DX
	MOVQ  (callArgs_ints+24)(BX), CX
	MOVQ  (callArgs_ints+32)(BX), R8
	MOVQ  (callArgs_ints+40)(BX), R9
	MOVSS (callArgs_floats+0)(BX), X0
	MOVSS (callArgs_floats+4)(BX), X1
	MOVQ  callArgs_fn(BX), AX
	CALL  AX
	ORQ   AX, R13
	DECQ  R12
	JNZ   call

	MOVQ R13, callArgs_result(BX)
	ADDQ $64, SP
	POPQ R13
	POPQ R12
	POPQ BX
	RET

DATA ·callManyPC+0(SB)/8, $·callMany(SB)
GLOBL ·callManyPC(SB), NOPTR|RODATA, $8
