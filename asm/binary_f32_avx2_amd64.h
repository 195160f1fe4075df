// The body of a binary kernel: binary_f32_avx2_amd64.s says what it computes and defines OP, which
// combines a vector in place with one in memory or a register.

	MOVQ a+0(FP), AX
	MOVQ BinaryArgs_A(AX), SI
	MOVQ BinaryArgs_B(AX), DX
	MOVQ BinaryArgs_Y(AX), DI
	MOVQ BinaryArgs_N(AX), CX
	VBROADCASTSS BinaryArgs_Lo(AX), Y6
	VBROADCASTSS BinaryArgs_Hi(AX), Y7
	SUBQ $32, CX
	JLT  rest
	PCALIGN $64

block:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VMOVUPS 64(SI), Y2
	VMOVUPS 96(SI), Y3
	OP((DX), Y0)
	OP(32(DX), Y1)
	OP(64(DX), Y2)
	OP(96(DX), Y3)
	CLAMP(Y0)
	CLAMP(Y1)
	CLAMP(Y2)
	CLAMP(Y3)
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	ADDQ $128, SI
	ADDQ $128, DX
	ADDQ $128, DI
	SUBQ $32, CX
	JGE  block

rest:
	ADDQ $24, CX
	JLT  tail

vector:
	VMOVUPS (SI), Y0
	OP((DX), Y0)
	CLAMP(Y0)
	VMOVUPS Y0, (DI)
	ADDQ $32, SI
	ADDQ $32, DX
	ADDQ $32, DI
	SUBQ $8, CX
	JGE  vector

tail:
	ADDQ $8, CX
	JLE  done
	NEGQ CX
	LEAQ ·laneMask+32(SB), BX
	VMOVUPS (BX)(CX*4), Y8          // the first CX of 8
	VMASKMOVPS (SI), Y8, Y0
	VMASKMOVPS (DX), Y8, Y1
	OP(Y1, Y0)
	CLAMP(Y0)
	VMASKMOVPS Y0, Y8, (DI)

done:
	VZEROUPPER
	RET

#undef OP
