// The body of a unary kernel: unary_f32_avx512_amd64.s says what it computes and defines F, the function
// of a vector in place, and SETUP, which loads the function's constants, and EXACT if denormals are to pass.

	MOVQ a+0(FP), AX
	MOVQ UnaryArgs_X(AX), SI
	MOVQ UnaryArgs_Y(AX), DI
	MOVQ UnaryArgs_N(AX), CX
	SETUP
#ifndef EXACT
	FLUSH
#endif
	SUBQ $64, CX
	JLT  rest
	PCALIGN $64

block:
	VMOVUPS (SI), Z0
	VMOVUPS 64(SI), Z1
	VMOVUPS 128(SI), Z2
	VMOVUPS 192(SI), Z3
	F(Z0)
	F(Z1)
	F(Z2)
	F(Z3)
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	VMOVUPS Z2, 128(DI)
	VMOVUPS Z3, 192(DI)
	ADDQ $256, SI
	ADDQ $256, DI
	SUBQ $64, CX
	JGE  block

rest:
	ADDQ $64, CX
	JLE  done

vector:
	MOVQ $1, BX
	SHLQ CX, BX
	DECQ BX
	KMOVW BX, K1                    // the first 16 of what is left
	VMOVUPS.Z (SI), K1, Z0
	F(Z0)
	VMOVUPS Z0, K1, (DI)
	ADDQ $64, SI
	ADDQ $64, DI
	SUBQ $16, CX
	JGT  vector

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
