// The body of a binary kernel: binary_f32_neon_arm64.s says what it computes and defines OP, which combines
// vector a in place with b.

#define CLAMP(x) FMAX4(30, x, x); FMIN4(31, x, x)

	MOVD a+0(FP), R0
	MOVD BinaryArgs_A(R0), R1
	MOVD BinaryArgs_B(R0), R2
	MOVD BinaryArgs_Y(R0), R4
	MOVD BinaryArgs_Rows(R0), R7
	MOVD BinaryArgs_LdA(R0), R8
	MOVD BinaryArgs_LdB(R0), R9
	MOVD BinaryArgs_LdY(R0), R10
	MOVD BinaryArgs_StepA(R0), R11
	MOVD BinaryArgs_StepB(R0), R12
	LSL  $2, R11
	LSL  $2, R12
	MOVD $numbers-32(SP), R13
	ADD  $16, R13, R14
	ADD  $BinaryArgs_Lo, R0, R6
	LD1R4(6, 30)
	ADD  $BinaryArgs_Hi, R0, R6
	LD1R4(6, 31)
	CMP  $0, R7
	BLE  done
	MOVD BinaryArgs_N(R0), R3
	CBZ  R3, done

row:
	MOVD R1, R5
	MOVD R2, R6
	MOVD R4, R15
	CBNZ R11, manyA
	LD1R4(1, 0)
	FMOVQ F0, (R13)
	MOVD R13, R5

manyA:
	CBNZ R12, manyB
	LD1R4(2, 0)
	FMOVQ F0, (R14)
	MOVD R14, R6

manyB:
	MOVD BinaryArgs_N(R0), R3
	SUBS $16, R3
	BLT  rest
	PCALIGN $32

block:
	VLD1.P (R5)(R11), [V0.S4]
	VLD1.P (R5)(R11), [V1.S4]
	VLD1.P (R5)(R11), [V2.S4]
	VLD1.P (R5)(R11), [V3.S4]
	VLD1.P (R6)(R12), [V4.S4]
	VLD1.P (R6)(R12), [V5.S4]
	VLD1.P (R6)(R12), [V6.S4]
	VLD1.P (R6)(R12), [V7.S4]
	OP(4, 0)
	OP(5, 1)
	OP(6, 2)
	OP(7, 3)
	CLAMP(0)
	CLAMP(1)
	CLAMP(2)
	CLAMP(3)
	FMOVQ F0, (R15)
	FMOVQ F1, 16(R15)
	FMOVQ F2, 32(R15)
	FMOVQ F3, 48(R15)
	ADD   $64, R15
	SUBS  $16, R3
	BGE   block

rest:
	ADDS $12, R3
	BLT  tail

vector:
	VLD1.P (R5)(R11), [V0.S4]
	VLD1.P (R6)(R12), [V4.S4]
	OP(4, 0)
	CLAMP(0)
	FMOVQ.P F0, 16(R15)
	SUBS  $4, R3
	BGE   vector

tail:                                   // the low bits of R3 are those of N; a number that is spread fills 16 bytes
	TBZ   $1, R3, one
	FMOVD.P 8(R5), F0
	FMOVD.P 8(R6), F4
	OP(4, 0)
	CLAMP(0)
	FMOVD.P F0, 8(R15)

one:
	TBZ   $0, R3, next
	FMOVS (R5), F0
	FMOVS (R6), F4
	OP(4, 0)
	CLAMP(0)
	FMOVS F0, (R15)

next:
	ADD  R8, R1
	ADD  R9, R2
	ADD  R10, R4
	SUBS $1, R7
	BNE  row

done:
	RET

#undef OP
#undef CLAMP
