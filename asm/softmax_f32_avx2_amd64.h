// The body of a softmax step: softmax_f32_avx2_amd64.s says what it computes and defines SETUP, F (the step
// for a vector in place), PUT and PUTTAIL (what becomes of the result in memory), TAKE and TAKETAIL (what an
// accumulator makes of it) and FINISH.

	MOVQ a+0(FP), AX
	MOVQ SoftmaxArgs_X(AX), SI
	MOVQ SoftmaxArgs_Y(AX), DI
	MOVQ SoftmaxArgs_N(AX), CX
	SETUP
	FLUSH
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
	PUT(Y0, (DI))
	PUT(Y1, 32(DI))
	PUT(Y2, 64(DI))
	PUT(Y3, 96(DI))
	TAKE(Y0, Y8)
	TAKE(Y1, Y9)
	TAKE(Y2, Y10)
	TAKE(Y3, Y11)
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
	PUT(Y0, (DI))
	TAKE(Y0, Y8)
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
	PUTTAIL(Y0, (DI))
	TAKETAIL(Y0, Y8)

done:
	FINISH
	UNFLUSH
	VZEROUPPER
	RET

#undef SETUP
#undef F
#undef PUT
#undef PUTTAIL
#undef TAKE
#undef TAKETAIL
#undef FINISH
