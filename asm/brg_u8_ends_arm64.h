// The ends of sums in batch-reduce GEMM kernels on bytes, NEON: what becomes of the eight sums a and b of a row. Registers are those of brg_u8_neon_arm64.s: V26 V27 scales,
// V28 zero point, V29 V30 limits, of 16 bits, R20 C of the row, R26 its stride, R22 N; R12 and R13 are scratch.

#define SCALE(a, b, c, d, p, n) SCVTF4(a, a); SCVTF4(b, b); FMUL4(26, a, a); FMUL4(27, b, b)

// To 8 bytes in R12, of which N are stored.
#define STORE8(a, b, c, d, p, n) \
	FCVTNS4(a, a); FCVTNS4(b, b); SQXTN4(a, a); SQXTN24(b, a); SQADD8(28, a, a); SMAX8(29, a, a); SMIN8(30, a, a); XTN8(a, a); \
	FMOVD F(a), R12; \
	MOVD R20, R13; \
	TBZ  $3, R22, 3(PC); \
	MOVD R12, (R13); \
	B    9(PC); \
	TBZ  $2, R22, 3(PC); \
	MOVW.P R12, 4(R13); \
	LSR  $32, R12; \
	TBZ  $1, R22, 3(PC); \
	MOVH.P R12, 2(R13); \
	LSR  $16, R12; \
	TBZ  $0, R22, 2(PC); \
	MOVB R12, (R13); \
	ADD  R26, R20

#define STORE32(a, b, c, d, p, n) \
	MOVD R20, R13; \
	TBZ  $3, R22, 4(PC); \
	FMOVQ F(a), (R13); \
	FMOVQ F(b), 16(R13); \
	B    9(PC); \
	TBZ  $2, R22, 3(PC); \
	FMOVQ.P F(a), 16(R13); \
	MOV16(b, a); \
	TBZ  $1, R22, 3(PC); \
	FMOVD.P F(a), 8(R13); \
	DUPD2(a, a); \
	TBZ  $0, R22, 2(PC); \
	FMOVS F(a), (R13); \
	ADD  R26, R20
