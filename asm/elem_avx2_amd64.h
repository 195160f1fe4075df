// exp and what is made of it, for the element-wise kernels on AVX2 and FMA. The macros take one vector x
// and use Y4-Y7, for SIGMOID Y12 and Y13 as SIGMOIDSETUP leaves them, and for SILU Y8-Y13.

// x = n·ln(2) + r: n to Y6, r to x, and n + 127 or n + 254, by the magic number, to the low bits of Y5.
// |x| must stay below 2^21.
#define REDUCE(x, magic) \
	VMOVUPS magic, Y5; \
	VFMADD231PS LOG2E, x, Y5; \
	VSUBPS magic, Y5, Y6; \
	VFNMADD231PS LN2HI, Y6, x; \
	VFNMADD231PS LN2LO, Y6, x

// Y4 = EXPC2 + EXPC3·r + ... + EXPC6·r⁴
#define EXPPOLY(r) \
	VMOVUPS EXPC6, Y4; \
	VFMADD213PS EXPC5, r, Y4; \
	VFMADD213PS EXPC4, r, Y4; \
	VFMADD213PS EXPC3, r, Y4; \
	VFMADD213PS EXPC2, r, Y4

// y = p·2^n, for n + 254 in the low bits of Y5. One power of two does not reach from the denormals to
// +Inf: the product of two does, that of both halves of n + 254, each an exponent with its bias.
#define SCALE(p, y) \
	VPSRLD $1, Y5, Y6; \
	VPSUBD Y6, Y5, Y5; \
	VPSLLD $23, Y6, Y6; \
	VPSLLD $23, Y5, Y5; \
	VMULPS Y6, p, p; \
	VMULPS Y5, p, y

// r = exp(r)·2^n, for n + 254 in the low bits of Y5
#define EXPSCALE(r) \
	EXPPOLY(r); \
	VFMADD213PS ONE, r, Y4; \
	VFMADD213PS ONE, r, Y4; \
	SCALE(Y4, r)

// x = exp(x)
#define EXP(x) REDUCE(x, MAGIC2); EXPSCALE(x)

// x = exp(x) - 1 for x of -80 to 80: with p = exp(r) - 1 it is p·2^n + (2^n - 1). No cancellation where
// n = 0.
#define EXPM1(x) \
	REDUCE(x, MAGIC1); \
	EXPPOLY(x); \
	VMULPS x, Y4, Y4; \
	VFMADD213PS x, x, Y4; \
	VPSLLD $23, Y5, Y5; \
	VSUBPS ONE, Y5, x; \
	VFMADD231PS Y5, Y4, x

// What x is multiplied with in x·g(x) may be below 2^-126 where the product is not: it is 2^64 times as large where x is negative, and
// UNLIFT takes that from the product, for x's signs in s. The exponents in Y5 grow by 64.
#define LIFT VPADDD LIFTI, Y5, Y5
#define UNLIFT(s, y) \
	VMULPS UNLIFTF, y, Y4; \
	VBLENDVPS s, Y4, y, y

#define SIGMOIDSETUP \
	VMOVUPS ONE, Y12; \
	VMOVUPS EXPLO, Y13

// x = 1/(1+exp(-x)): with z = exp(-|x|) it is z/(1+z) or 1/(1+z), by the sign.
#define SIGMOID(x) \
	VMOVAPS x, Y7; \
	VORPS SIGN, x, x; \
	VMAXPS x, Y13, x; \
	EXP(x); \
	VADDPS Y12, x, Y4; \
	VBLENDVPS Y7, x, Y12, x; \
	VDIVPS Y4, x, x

#define SILUSETUP \
	VMOVUPS LIFTLO, Y10; \
	VMOVUPS EXPHI, Y11; \
	VMOVUPS ONE, Y12; \
	VMOVUPS FAR, Y13

// x = x/(1+exp(-x)). exp(-x) is infinite before the quotient is below 2^-126: it is 2^8 times smaller where x < FAR (Y7), the 1 beside it being nothing, and so
// is the quotient in the end.
#define SILU(x) \
	VMAXPS x, Y10, Y8; \
	VMINPS Y8, Y11, Y8; \
	VCMPPS $1, Y13, Y8, Y7; \
	VMOVUPS MAGIC2, Y5; \ // REDUCE of -x
	VFNMADD231PS LOG2E, Y8, Y5; \
	VSUBPS MAGIC2, Y5, Y6; \
	VFNMSUB231PS LN2HI, Y6, Y8; \
	VFNMADD231PS LN2LO, Y6, Y8; \
	VPAND FARI, Y7, Y9; \
	VPSUBD Y9, Y5, Y5; \
	EXPSCALE(Y8); \
	VADDPS Y12, Y8, Y8; \
	VDIVPS Y8, x, x; \
	VMULPS FARF, x, Y4; \
	VBLENDVPS Y7, Y4, x, x
