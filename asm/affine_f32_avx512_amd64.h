// The body of an affine kernel: affine_f32_avx512_amd64.s says what it computes and defines OPERANDS, which
// loads what a row needs, OP, which scales and shifts a vector in place, and OPTAIL for the last one.

	MOVQ a+0(FP), AX
	MOVQ AffineArgs_X(AX), SI
	MOVQ AffineArgs_Y(AX), DI
	MOVQ AffineArgs_S(AX), R8
	MOVQ AffineArgs_T(AX), R9
	VBROADCASTSS AffineArgs_Lo(AX), Z6
	VBROADCASTSS AffineArgs_Hi(AX), Z7
	MOVQ AffineArgs_Rows(AX), R10
	TESTQ R10, R10
	JLE  done

row:
	OPERANDS
	MOVQ SI, R11
	MOVQ DI, R12
	MOVQ AffineArgs_N(AX), CX
	SUBQ $64, CX
	JLT  rest
	PCALIGN $64

block:
	VMOVUPS (R11), Z0
	VMOVUPS 64(R11), Z1
	VMOVUPS 128(R11), Z2
	VMOVUPS 192(R11), Z3
	OP(Z0, 0)
	OP(Z1, 64)
	OP(Z2, 128)
	OP(Z3, 192)
	CLAMP(Z0)
	CLAMP(Z1)
	CLAMP(Z2)
	CLAMP(Z3)
	VMOVUPS Z0, (R12)
	VMOVUPS Z1, 64(R12)
	VMOVUPS Z2, 128(R12)
	VMOVUPS Z3, 192(R12)
	ADDQ $256, R11
	ADDQ $256, R12
	ADDQ $256, DX
	ADDQ $256, R13
	SUBQ $64, CX
	JGE  block

rest:
	ADDQ $64, CX
	JLE  next

vector:
	MOVQ $1, BX
	SHLQ CX, BX
	DECQ BX
	KMOVW BX, K1                    // the first 16 of what is left
	VMOVUPS.Z (R11), K1, Z0
	OPTAIL(Z0)
	CLAMP(Z0)
	VMOVUPS Z0, K1, (R12)
	ADDQ $64, R11
	ADDQ $64, R12
	ADDQ $64, DX
	ADDQ $64, R13
	SUBQ $16, CX
	JGT  vector

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
