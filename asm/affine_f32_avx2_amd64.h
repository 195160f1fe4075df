// The body of an affine kernel: affine_f32_avx2_amd64.s says what it computes and defines OPERANDS, which
// loads what a row needs, OP, which scales and shifts a vector in place, and OPTAIL for the last one.

	MOVQ a+0(FP), AX
	MOVQ AffineArgs_X(AX), SI
	MOVQ AffineArgs_Y(AX), DI
	MOVQ AffineArgs_S(AX), R8
	MOVQ AffineArgs_T(AX), R9
	VBROADCASTSS AffineArgs_Lo(AX), Y6
	VBROADCASTSS AffineArgs_Hi(AX), Y7
	MOVQ AffineArgs_Rows(AX), R10
	TESTQ R10, R10
	JLE  done

row:
	OPERANDS
	MOVQ SI, R11
	MOVQ DI, R12
	MOVQ AffineArgs_N(AX), CX
	SUBQ $32, CX
	JLT  rest
	PCALIGN $64

block:
	VMOVUPS (R11), Y0
	VMOVUPS 32(R11), Y1
	VMOVUPS 64(R11), Y2
	VMOVUPS 96(R11), Y3
	OP(Y0, 0)
	OP(Y1, 32)
	OP(Y2, 64)
	OP(Y3, 96)
	CLAMP(Y0)
	CLAMP(Y1)
	CLAMP(Y2)
	CLAMP(Y3)
	VMOVUPS Y0, (R12)
	VMOVUPS Y1, 32(R12)
	VMOVUPS Y2, 64(R12)
	VMOVUPS Y3, 96(R12)
	ADDQ $128, R11
	ADDQ $128, R12
	ADDQ $128, DX
	ADDQ $128, R13
	SUBQ $32, CX
	JGE  block

rest:
	ADDQ $24, CX
	JLT  tail

vector:
	VMOVUPS (R11), Y0
	OP(Y0, 0)
	CLAMP(Y0)
	VMOVUPS Y0, (R12)
	ADDQ $32, R11
	ADDQ $32, R12
	ADDQ $32, DX
	ADDQ $32, R13
	SUBQ $8, CX
	JGE  vector

tail:
	ADDQ $8, CX
	JLE  next
	NEGQ CX
	LEAQ ·laneMask+32(SB), BX
	VMOVUPS (BX)(CX*4), Y10         // the first CX of 8
	VMASKMOVPS (R11), Y10, Y0
	OPTAIL(Y0)
	CLAMP(Y0)
	VMASKMOVPS Y0, Y10, (R12)

next:
	ADDQ AffineArgs_LdX(AX), SI
	ADDQ AffineArgs_LdY(AX), DI
	DECQ R10
	JNZ  row

done:
	VZEROUPPER
	RET

#undef OPERANDS
#undef OP
#undef OPTAIL
