// A result below 2^-126 or such an operand costs a processor more than a hundred cycles. Between FLUSH and UNFLUSH both count as 0: bits 15
// (results) and 6 (operands) of MXCSR. Who includes this file has a frame of 8 bytes; FLUSH uses BX.

#define FLUSH \
	STMXCSR was-8(SP); \
	MOVL was-8(SP), BX; \
	ORL $0x8040, BX; \
	MOVL BX, now-4(SP); \
	LDMXCSR now-4(SP)

#define UNFLUSH LDMXCSR was-8(SP)
