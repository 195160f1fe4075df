// The body of a binary kernel: binary_f32_avx512_amd64.s says what it computes and defines OP, which
// combines a vector in place with one in memory or a register.

	MOVQ a+0(FP), AX
	MOVQ BinaryArgs_A(AX), SI
	MOVQ BinaryArgs_B(AX), DX
	MOVQ BinaryArgs_Y(AX), DI
	MOVQ BinaryArgs_N(AX), CX
	VBROADCASTSS BinaryArgs_Lo(AX), Z5
	VBROADCASTSS BinaryArgs_Hi(AX), Z6
	SUBQ $64, CX
	JLT  rest
	PCALIGN $64

block:
	VMOVUPS (SI), Z0
	VMOVUPS 64(SI), Z1
	VMOVUPS 128(SI), Z2
	VMOVUPS 192(SI), Z3
	OP((DX), Z0)
	OP(64(DX), Z1)
	OP(128(DX), Z2)
	OP(192(DX), Z3)
	CLAMP(Z0)
	CLAMP(Z1)
	CLAMP(Z2)
	CLAMP(Z3)
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	VMOVUPS Z2, 128(DI)
	VMOVUPS Z3, 192(DI)
	ADDQ $256, SI
	ADDQ $256, DX
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
	VMOVUPS.Z (DX), K1, Z1
	OP(Z1, Z0)
	CLAMP(Z0)
	VMOVUPS Z0, K1, (DI)
	ADDQ $64, SI
	ADDQ $64, DX
	ADDQ $64, DI
	SUBQ $16, CX
	JGT  vector

done:
	VZEROUPPER
	RET

#undef OP
