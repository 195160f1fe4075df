// The body of a unary kernel: unary_f32_avx2_amd64.s says what it computes and defines F, the function
// of a vector in place, and SETUP, which loads the function's constants, and EXACT if denormals are to pass.

	MOVQ a+0(FP), AX
	MOVQ UnaryArgs_X(AX), SI
	MOVQ UnaryArgs_Y(AX), DI
	MOVQ UnaryArgs_N(AX), CX
	SETUP
#ifndef EXACT
	FLUSH
#endif
	SUBQ $32, CX
	JLT  rest
	PCALIGN $64

block:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VMOVUPS 64(SI), Y2
	VMOVUPS 96(SI), Y3
	F(Y0)
	F(Y1)
	F(Y2)
	F(Y3)
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	ADDQ $128, SI
	ADDQ $128, DI
	SUBQ $32, CX
	JGE  block

rest:
	ADDQ $24, CX
	JLT  tail

vector:
	VMOVUPS (SI), Y0
	F(Y0)
	VMOVUPS Y0, (DI)
	ADDQ $32, SI
	ADDQ $32, DI
	SUBQ $8, CX
	JGE  vector

tail:
	ADDQ $8, CX
	JLE  done
	NEGQ CX
	LEAQ ·laneMask+32(SB), BX
	VMOVUPS (BX)(CX*4), Y14         // the first CX of 8
	VMASKMOVPS (SI), Y14, Y0
	F(Y0)
	VMASKMOVPS Y0, Y14, (DI)

done:
#ifndef EXACT
	UNFLUSH
#endif
	VZEROUPPER
	RET

#ifdef EXACT
#undef EXACT
#endif
#undef F
#undef SETUP
