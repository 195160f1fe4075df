// The body of a unary kernel: unary_f32_neon_arm64.s says what it computes and defines F, the function
// of a vector in place, and SETUP, which loads the function's constants.

	MOVD a+0(FP), R0
	MOVD UnaryArgs_X(R0), R1
	MOVD UnaryArgs_Y(R0), R2
	MOVD UnaryArgs_N(R0), R3
	SETUP
	SUBS $16, R3
	BLT  rest
	PCALIGN $32

block:
	FMOVQ (R1), F0
	FMOVQ 16(R1), F1
	FMOVQ 32(R1), F2
	FMOVQ 48(R1), F3
	ADD   $64, R1
	F(0)
	F(1)
	F(2)
	F(3)
	FMOVQ F0, (R2)
	FMOVQ F1, 16(R2)
	FMOVQ F2, 32(R2)
	FMOVQ F3, 48(R2)
	ADD   $64, R2
	SUBS  $16, R3
	BGE   block

rest:
	ADDS $12, R3
	BLT  tail

vector:
	FMOVQ.P 16(R1), F0
	F(0)
	FMOVQ.P F0, 16(R2)
	SUBS  $4, R3
	BGE   vector

tail:                                   // the low bits of R3 are those of N
	TBZ   $1, R3, one
	FMOVD.P 8(R1), F0
	F(0)
	FMOVD.P F0, 8(R2)

one:
	TBZ   $0, R3, done
	FMOVS (R1), F0
	F(0)
	FMOVS F0, (R2)

done:
	RET

#undef F
#undef SETUP
