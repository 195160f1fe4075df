// The body of a binary kernel: binary_f32_avx2_amd64.s says what it computes and defines OP, which
// combines a vector in place with one in memory or a register.

	MOVQ a+0(FP), AX
	MOVQ BinaryArgs_A(AX), SI
	MOVQ BinaryArgs_B(AX), DX
	MOVQ BinaryArgs_Y(AX), DI
	MOVQ BinaryArgs_Rows(AX), R11
	MOVQ BinaryArgs_N(AX), R10
	MOVQ BinaryArgs_StepA(AX), R8
	MOVQ BinaryArgs_StepB(AX), R9
	SHLQ $3, R8
	SHLQ $3, R9
	LEAQ 63(SP), R14
	ANDQ $-64, R14
	VBROADCASTSS BinaryArgs_Lo(AX), Y6
	VBROADCASTSS BinaryArgs_Hi(AX), Y7
	TESTQ R11, R11
	JLE  done
	TESTQ R10, R10
	JLE  done
	MOVQ R10, CX
	ANDQ $7, CX
	NEGQ CX
	LEAQ ·laneMask+32(SB), BX
	VMOVUPS (BX)(CX*4), Y8          // the first N&7 of 8
	SHRQ $5, R10
	SHLQ $7, R10

row:
	MOVQ SI, R12
	MOVQ DX, R13
	TESTQ R8, R8
	JNZ  manyA
	VBROADCASTSS (SI), Y0
	VMOVUPS Y0, (R14)
	MOVQ R14, R12

manyA:
	TESTQ R9, R9
	JNZ  manyB
	VBROADCASTSS (DX), Y0
	VMOVUPS Y0, 32(R14)
	LEAQ 32(R14), R13

manyB:
	XORL BX, BX
	TESTQ R10, R10
	JZ   pair
	PCALIGN $64

block:
	VMOVUPS (R12), Y0
	VMOVUPS (R12)(R8*1), Y1
	LEAQ (R12)(R8*2), R12
	VMOVUPS (R12), Y2
	VMOVUPS (R12)(R8*1), Y3
	LEAQ (R12)(R8*2), R12
	OP((R13), Y0)
	OP((R13)(R9*1), Y1)
	LEAQ (R13)(R9*2), R13
	OP((R13), Y2)
	OP((R13)(R9*1), Y3)
	LEAQ (R13)(R9*2), R13
	CLAMP(Y0)
	CLAMP(Y1)
	CLAMP(Y2)
	CLAMP(Y3)
	VMOVUPS Y0, (DI)(BX*1)
	VMOVUPS Y1, 32(DI)(BX*1)
	VMOVUPS Y2, 64(DI)(BX*1)
	VMOVUPS Y3, 96(DI)(BX*1)
	ADDQ $128, BX
	CMPQ BX, R10
	JLT  block

pair:                                   // the low bits of N say what is left
	TESTQ $16, BinaryArgs_N(AX)
	JZ   vector
	VMOVUPS (R12), Y0
	VMOVUPS (R12)(R8*1), Y1
	OP((R13), Y0)
	OP((R13)(R9*1), Y1)
	CLAMP(Y0)
	CLAMP(Y1)
	VMOVUPS Y0, (DI)(BX*1)
	VMOVUPS Y1, 32(DI)(BX*1)
	LEAQ (R12)(R8*2), R12
	LEAQ (R13)(R9*2), R13
	ADDQ $64, BX

vector:
	TESTQ $8, BinaryArgs_N(AX)
	JZ   tail
	VMOVUPS (R12), Y0
	OP((R13), Y0)
	CLAMP(Y0)
	VMOVUPS Y0, (DI)(BX*1)
	ADDQ R8, R12
	ADDQ R9, R13
	ADDQ $32, BX

tail:
	TESTQ $7, BinaryArgs_N(AX)
	JZ   next
	VMASKMOVPS (R12), Y8, Y0
	VMASKMOVPS (R13), Y8, Y1
	OP(Y1, Y0)
	CLAMP(Y0)
	VMASKMOVPS Y0, Y8, (DI)(BX*1)

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
