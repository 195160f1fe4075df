// The body of a softmax step: softmax_f32_neon_arm64.s says what it computes and defines SETUP, STEP (the step for
// a vector in place), PUT (what becomes of the result in memory, by a store), TAKE and TAKEONE (what an accumulator
// makes of it) and FINISH.

	MOVD a+0(FP), R0
	MOVD SoftmaxArgs_X(R0), R1
	MOVD SoftmaxArgs_Y(R0), R2
	MOVD SoftmaxArgs_N(R0), R3
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
	STEP(0)
	STEP(1)
	STEP(2)
	STEP(3)
	PUT(FMOVQ, F0, (R2))
	PUT(FMOVQ, F1, 16(R2))
	PUT(FMOVQ, F2, 32(R2))
	PUT(FMOVQ, F3, 48(R2))
	ADD   $64, R2
	TAKE(0, 12)
	TAKE(1, 13)
	TAKE(2, 14)
	TAKE(3, 15)
	SUBS  $16, R3
	BGE   block

rest:
	ADDS $12, R3
	BLT  tail

vector:
	FMOVQ.P 16(R1), F0
	STEP(0)
	PUT(FMOVQ, F0, (R2))
	TAKE(0, 12)
	ADD   $16, R2
	SUBS  $4, R3
	BGE   vector

tail:
	ADDS $4, R3
	BLE  done

one:
	LD1R4(1, 0)
	STEP(0)
	PUT(FMOVS, F0, (R2))
	TAKEONE
	ADD  $4, R1
	ADD  $4, R2
	SUBS $1, R3
	BGT  one

done:
	FINISH
	RET

#undef SETUP
#undef STEP
#undef PUT
#undef TAKE
#undef TAKEONE
#undef FINISH
