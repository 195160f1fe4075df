// The body of a softmax step: softmax_f32_avx512_amd64.s says what it computes and defines SETUP, F (the step
// for a vector in place), PUT and PUTTAIL (what becomes of the result in memory), TAKE and TAKETAIL (what an
// accumulator makes of it) and FINISH.

	MOVQ a+0(FP), AX
	MOVQ SoftmaxArgs_X(AX), SI
	MOVQ SoftmaxArgs_Y(AX), DI
	MOVQ SoftmaxArgs_N(AX), CX
	SETUP
	FLUSH
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
	PUT(Z0, (DI))
	PUT(Z1, 64(DI))
	PUT(Z2, 128(DI))
	PUT(Z3, 192(DI))
	TAKE(Z0, Z10)
	TAKE(Z1, Z11)
	TAKE(Z2, Z12)
	TAKE(Z3, Z13)
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
	PUTTAIL(Z0, (DI))
	TAKETAIL(Z0, Z10)
	ADDQ $64, SI
	ADDQ $64, DI
	SUBQ $16, CX
	JGT  vector

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
