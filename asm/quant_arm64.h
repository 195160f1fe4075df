// The loop of kernels for quantised numbers, NEON: R0 args, R1 A, R3 Y, R4 elements left.

#define OPERANDS \
	MOVD a+0(FP), R0; \
	MOVD QuantArgs_A(R0), R1; \
	MOVD QuantArgs_Y(R0), R3; \
	MOVD QuantArgs_N(R0), R4

// Eight elements a turn, then one.
#define LOOP(BEGIN, EIGHT, ONE) \
	BEGIN; \
	SUBS $8, R4; \
	BLT  rest; \
next: \
	EIGHT; \
	SUBS $8, R4; \
	BGE  next; \
rest: \
	ADDS $8, R4; \
	BEQ  done; \
one: \
	ONE; \
	SUBS $1, R4; \
	BGT  one; \
done: \
	RET
