// The body of a binary kernel: binary_f32_avx512_amd64.s says what it computes and defines OP, which
// combines a vector in place with one in memory or a register.

	MOVQ a+0(FP), AX
	MOVQ BinaryArgs_A(AX), SI
	MOVQ BinaryArgs_B(AX), DX
	MOVQ BinaryArgs_Y(AX), DI
	MOVQ BinaryArgs_Rows(AX), R11
	MOVQ BinaryArgs_N(AX), R10
	MOVQ BinaryArgs_StepA(AX), R8
	MOVQ BinaryArgs_StepB(AX), R9
	SHLQ $4, R8
	SHLQ $4, R9
	LEAQ 63(SP), R14
	ANDQ $-64, R14
	VBROADCASTSS BinaryArgs_Lo(AX), Z5
	VBROADCASTSS BinaryArgs_Hi(AX), Z6
	TESTQ R11, R11
	JLE  done
	TESTQ R10, R10
	JLE  done
	MOVQ R10, CX
	ANDQ $15, CX
	MOVL $1, BX
	SHLL CX, BX
	DECL BX
	KMOVW BX, K1
	SHRQ $6, R10
	SHLQ $8, R10

row:
	MOVQ SI, R12
	MOVQ DX, R13
	TESTQ R8, R8
	JNZ  manyA
	VBROADCASTSS (SI), Z0
	VMOVUPS Z0, (R14)
	MOVQ R14, R12

manyA:
	TESTQ R9, R9
	JNZ  manyB
	VBROADCASTSS (DX), Z0
	VMOVUPS Z0, 64(R14)
	LEAQ 64(R14), R13

manyB:
	XORL BX, BX
	TESTQ R10, R10
	JZ   pair
	PCALIGN $64

block:
	VMOVUPS (R12), Z0
	VMOVUPS (R12)(R8*1), Z1
	LEAQ (R12)(R8*2), R12
	VMOVUPS (R12), Z2
	VMOVUPS (R12)(R8*1), Z3
	LEAQ (R12)(R8*2), R12
	OP((R13), Z0)
	OP((R13)(R9*1), Z1)
	LEAQ (R13)(R9*2), R13
	OP((R13), Z2)
	OP((R13)(R9*1), Z3)
	LEAQ (R13)(R9*2), R13
	CLAMP(Z0)
	CLAMP(Z1)
	CLAMP(Z2)
	CLAMP(Z3)
	VMOVUPS Z0, (DI)(BX*1)
	VMOVUPS Z1, 64(DI)(BX*1)
	VMOVUPS Z2, 128(DI)(BX*1)
	VMOVUPS Z3, 192(DI)(BX*1)
	ADDQ $256, BX
	CMPQ BX, R10
	JLT  block

pair:                                   // the low bits of N say what is left
	TESTQ $32, BinaryArgs_N(AX)
	JZ   vector
	VMOVUPS (R12), Z0
	VMOVUPS (R12)(R8*1), Z1
	OP((R13), Z0)
	OP((R13)(R9*1), Z1)
	CLAMP(Z0)
	CLAMP(Z1)
	VMOVUPS Z0, (DI)(BX*1)
	VMOVUPS Z1, 64(DI)(BX*1)
	LEAQ (R12)(R8*2), R12
	LEAQ (R13)(R9*2), R13
	ADDQ $128, BX

vector:
	TESTQ $16, BinaryArgs_N(AX)
	JZ   tail
	VMOVUPS (R12), Z0
	OP((R13), Z0)
	CLAMP(Z0)
	VMOVUPS Z0, (DI)(BX*1)
	ADDQ R8, R12
	ADDQ R9, R13
	ADDQ $64, BX

tail:
	TESTQ $15, BinaryArgs_N(AX)
	JZ   next
	VMOVUPS.Z (R12), K1, Z0
	VMOVUPS.Z (R13), K1, Z1
	OP(Z1, Z0)
	CLAMP(Z0)
	VMOVUPS Z0, K1, (DI)(BX*1)

next:
	ADDQ BinaryArgs_LdA(AX), SI
	ADDQ BinaryArgs_LdB(AX), DX
	ADDQ BinaryArgs_LdY(AX), DI
	DECQ R11
	JNZ  row

done:
	VZEROUPPER
	RET

#undef OP
