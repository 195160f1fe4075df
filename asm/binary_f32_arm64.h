// The body of a binary kernel: binary_f32_neon_arm64.s says what it computes and defines OP, which combines
// vector a in place with b.

#define CLAMP(x) FMAX4(30, x, x); FMIN4(31, x, x)

	MOVD a+0(FP), R0
	MOVD BinaryArgs_A(R0), R1
	MOVD BinaryArgs_B(R0), R2
	MOVD BinaryArgs_Y(R0), R4
	MOVD BinaryArgs_N(R0), R3
	ADD  $BinaryArgs_Lo, R0, R6
	LD1R4(6, 30)
	ADD  $BinaryArgs_Hi, R0, R6
	LD1R4(6, 31)
	SUBS $16, R3
	BLT  rest
	PCALIGN $32

block:
	FMOVQ (R1), F0
	FMOVQ 16(R1), F1
	FMOVQ 32(R1), F2
	FMOVQ 48(R1), F3
	FMOVQ (R2), F4
	FMOVQ 16(R2), F5
	FMOVQ 32(R2), F6
	FMOVQ 48(R2), F7
	ADD   $64, R1
	ADD   $64, R2
	OP(4, 0)
	OP(5, 1)
	OP(6, 2)
	OP(7, 3)
	CLAMP(0)
	CLAMP(1)
	CLAMP(2)
	CLAMP(3)
	FMOVQ F0, (R4)
	FMOVQ F1, 16(R4)
	FMOVQ F2, 32(R4)
	FMOVQ F3, 48(R4)
	ADD   $64, R4
	SUBS  $16, R3
	BGE   block

rest:
	ADDS $12, R3
	BLT  tail

vector:
	FMOVQ.P 16(R1), F0
	FMOVQ.P 16(R2), F4
	OP(4, 0)
	CLAMP(0)
	FMOVQ.P F0, 16(R4)
	SUBS  $4, R3
	BGE   vector

tail:                                   // the low bits of R3 are those of N
	TBZ   $1, R3, one
	FMOVD.P 8(R1), F0
	FMOVD.P 8(R2), F4
	OP(4, 0)
	CLAMP(0)
	FMOVD.P F0, 8(R4)

one:
	TBZ   $0, R3, done
	FMOVS (R1), F0
	FMOVS (R2), F4
	OP(4, 0)
	CLAMP(0)
	FMOVS F0, (R4)

done:
	RET

#undef OP
#undef CLAMP
