// The body of an affine kernel: affine_f32_neon_arm64.s says what it computes and defines OPERANDS, which
// prepares what a row needs, and OP, which scales and shifts a vector in place.

#define CLAMP(x) FMAX4(30, x, x); FMIN4(31, x, x)

	MOVD a+0(FP), R0
	MOVD AffineArgs_X(R0), R1
	MOVD AffineArgs_Y(R0), R2
	MOVD AffineArgs_S(R0), R8
	MOVD AffineArgs_T(R0), R9
	MOVD AffineArgs_LdX(R0), R6
	MOVD AffineArgs_LdY(R0), R7
	ADD  $AffineArgs_Lo, R0, R10
	LD1R4(10, 30)
	ADD  $AffineArgs_Hi, R0, R10
	LD1R4(10, 31)
	MOVD AffineArgs_N(R0), R4
	MOVD AffineArgs_Rows(R0), R10
	CMP  $0, R10
	BLE  done

row:
	OPERANDS
	MOVD R1, R11
	MOVD R2, R12
	SUBS $16, R4, R3
	BLT  rest
	PCALIGN $32

block:
	FMOVQ (R11), F0
	FMOVQ 16(R11), F1
	FMOVQ 32(R11), F2
	FMOVQ 48(R11), F3
	OP(0, FMOVQ, 0)
	OP(1, FMOVQ, 16)
	OP(2, FMOVQ, 32)
	OP(3, FMOVQ, 48)
	CLAMP(0)
	CLAMP(1)
	CLAMP(2)
	CLAMP(3)
	FMOVQ F0, (R12)
	FMOVQ F1, 16(R12)
	FMOVQ F2, 32(R12)
	FMOVQ F3, 48(R12)
	ADD   $64, R11
	ADD   $64, R12
	ADD   $64, R13
	ADD   $64, R14
	SUBS  $16, R3
	BGE   block

rest:
	ADDS $12, R3
	BLT  tail

vector:
	FMOVQ.P 16(R11), F0
	OP(0, FMOVQ, 0)
	CLAMP(0)
	FMOVQ.P F0, 16(R12)
	ADD   $16, R13
	ADD   $16, R14
	SUBS  $4, R3
	BGE   vector

tail:                                   // the low bits of R3 are those of N
	TBZ   $1, R3, one
	FMOVD.P 8(R11), F0
	OP(0, FMOVD, 0)
	CLAMP(0)
	FMOVD.P F0, 8(R12)
	ADD   $8, R13
	ADD   $8, R14

one:
	TBZ   $0, R3, next
	FMOVS (R11), F0
	OP(0, FMOVS, 0)
	CLAMP(0)
	FMOVS F0, (R12)

next:
	ADD  R6, R1
	ADD  R7, R2
	SUBS $1, R10
	BGT  row

done:
	RET

#undef OPERANDS
#undef OP
#undef CLAMP
