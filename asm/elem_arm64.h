// exp and what is made of it, for the element-wise kernels on NEON. The macros take the number x of one vector
// and use V4-V9 and the constants that the SETUP macros leave in V16-V27.

// A constant of elem_consts_arm64.h, or a parameter in the arguments, to all lanes of Vd; changes R6.
#define CONST(c, d) ADD $c, R5; LD1R4(5, d); SUB $c, R5
#define PARAM(p, d) ADD $p, R0, R6; LD1R4(6, d)
#define CONSTS MOVD $·elemConst(SB), R5

#define EXPSETUP(magic) \
	CONSTS; \
	CONST(LOG2E, 16); \
	CONST(magic, 17); \
	CONST(LN2HI, 18); \
	CONST(LN2LO, 19); \
	CONST(EXPC6, 20); \
	CONST(EXPC5, 21); \
	CONST(EXPC4, 22); \
	CONST(EXPC3, 23); \
	CONST(EXPC2, 24); \
	CONST(ONE, 25)

// x = n·ln(2) + r: r to x, and n + 127 or n + 254, by the magic number, to the low bits of V5; changes V6.
// |x| must stay below 2^21.
#define REDUCE(x) \
	MOV16(17, 5); \
	FMLA4(16, x, 5); \
	FSUB4(17, 5, 6); \
	FMLS4(18, 6, x); \
	FMLS4(19, 6, x)

// V7 = EXPC2 + EXPC3·r + ... + EXPC6·r⁴; changes V4.
#define EXPPOLY(r) \
	MOV16(21, 4); \
	FMLA4(20, r, 4); \
	MOV16(22, 7); \
	FMLA4(4, r, 7); \
	MOV16(23, 4); \
	FMLA4(7, r, 4); \
	MOV16(24, 7); \
	FMLA4(4, r, 7)

// y = p·2^n, for n + 254 in the low bits of V5; changes V6. One power of two does not reach from the denormals to
// +Inf: the product of two does, that of both halves of n + 254, each an exponent with its bias.
#define SCALE2(p, y) \
	USHR4(1, 5, 6); \
	SUB4(6, 5, 5); \
	SHL4(23, 6, 6); \
	SHL4(23, 5, 5); \
	FMUL4(6, p, p); \
	FMUL4(5, p, y)

// x = exp(x), after EXPSETUP(MAGIC2)
#define EXP(x) \
	REDUCE(x); \
	EXPPOLY(x); \
	MOV16(25, 4); \
	FMLA4(7, x, 4); \
	MOV16(25, 7); \
	FMLA4(4, x, 7); \
	SCALE2(7, x)

// x = exp(x) - 1 for x of -80 to 80, after EXPSETUP(MAGIC1): with p = exp(r) - 1 it is p·2^n + (2^n - 1). No
// cancellation where n = 0.
#define EXPM1(x) \
	REDUCE(x); \
	EXPPOLY(x); \
	FMUL4(x, 7, 7); \
	MOV16(x, 4); \
	FMLA4(7, x, 4); \
	SHL4(23, 5, 5); \
	FSUB4(25, 5, x); \
	FMLA4(5, 4, x)

#define SIGMOIDSETUP \
	EXPSETUP(MAGIC2); \
	CONST(SIGN, 26); \
	CONST(EXPLO, 27)

// x = 1/(1+exp(-x)): with z = exp(-|x|) it is z/(1+z) or 1/(1+z), by the sign.
#define SIGMOID(x) \
	MOV16(x, 8); \
	ORR16(26, x, x); \
	FMAX4(27, x, x); \
	EXP(x); \
	FADD4(25, x, 9); \
	FCMLTZ4(8, 8); \
	BSL16(25, x, 8); \
	FDIV4(9, 8, x)
