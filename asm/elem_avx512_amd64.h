// exp and what is made of it, for the element-wise kernels on AVX-512. The macros take one vector x and
// use Z4-Z9, K2 and the constants that EXPSETUP, SIGMOIDSETUP and SILUSETUP leave in Z16-Z30.

#define EXPSETUP \
	VBROADCASTSS LOG2E, Z16; \
	VBROADCASTSS MAGIC, Z17; \
	VBROADCASTSS LN2HI, Z18; \
	VBROADCASTSS LN2LO, Z19; \
	VBROADCASTSS EXPC6, Z20; \
	VBROADCASTSS EXPC5, Z21; \
	VBROADCASTSS EXPC4, Z22; \
	VBROADCASTSS EXPC3, Z23; \
	VBROADCASTSS EXPC2, Z24; \
	VBROADCASTSS ONE, Z25

// x = n·ln(2) + r: n to Z5, r to x. |x| must stay below 2^21.
#define REDUCE(x) \
	VMOVAPS Z17, Z5; \
	VFMADD231PS Z16, x, Z5; \
	VSUBPS Z17, Z5, Z5; \
	VFNMADD231PS Z18, Z5, x; \
	VFNMADD231PS Z19, Z5, x

// Z4 = EXPC2 + EXPC3·r + ... + EXPC6·r⁴
#define EXPPOLY(r) \
	VMOVAPS Z21, Z4; \
	VFMADD231PS Z20, r, Z4; \
	VFMADD213PS Z22, r, Z4; \
	VFMADD213PS Z23, r, Z4; \
	VFMADD213PS Z24, r, Z4

// r = exp(r)·2^n, for n in Z5. The scaling rounds to denormals, to 0 and to +Inf as it should.
#define EXPSCALE(r) \
	EXPPOLY(r); \
	VFMADD213PS Z25, r, Z4; \
	VFMADD213PS Z25, r, Z4; \
	VSCALEFPS Z5, Z4, r

// x = exp(x)
#define EXP(x) REDUCE(x); EXPSCALE(x)

// x = exp(x) - 1: with p = exp(r) - 1 it is p·2^n + (2^n - 1). No cancellation where n = 0.
#define EXPM1(x) \
	REDUCE(x); \
	EXPPOLY(x); \
	VMULPS x, Z4, Z4; \
	VFMADD213PS x, x, Z4; \
	VSCALEFPS Z5, Z25, Z5; \
	VSUBPS Z25, Z5, x; \
	VFMADD231PS Z5, Z4, x

// What x is multiplied with in x·g(x) may be below 2^-126 where the product is not: it is 2^64 times as large where x is negative (K2),
// and UNLIFT takes that from the product.
#define LIFT(n) VADDPS.BCST LIFTN, n, n
#define UNLIFT(y) VMULPS.BCST UNLIFTF, y, K2, y

#define SIGMOIDSETUP \
	EXPSETUP; \
	VBROADCASTSS SIGN, Z26; \
	VBROADCASTSS EXPLO, Z27

// x = 1/(1+exp(-x)): with z = exp(-|x|) it is z/(1+z) or 1/(1+z), by the sign.
#define SIGMOID(x) \
	VPMOVD2M x, K2; \
	VORPS Z26, x, x; \
	VMAXPS x, Z27, x; \
	EXP(x); \
	VADDPS Z25, x, Z4; \
	VBLENDMPS x, Z25, K2, x; \
	VDIVPS Z4, x, x

#define SILUSETUP \
	EXPSETUP; \
	VBROADCASTSS LIFTLO, Z26; \
	VBROADCASTSS EXPHI, Z27; \
	VBROADCASTSS FAR, Z28; \
	VBROADCASTSS FARN, Z29; \
	VBROADCASTSS FARF, Z30

// x = x/(1+exp(-x)). exp(-x) is infinite before the quotient is below 2^-126: it is 2^8 times smaller where x < FAR (K2), the 1 beside it being nothing, and so
// is the quotient in the end.
#define SILU(x) \
	VMAXPS x, Z26, Z6; \
	VMINPS Z6, Z27, Z6; \
	VCMPPS $1, Z28, Z6, K2; \
	VMOVAPS Z17, Z5; \ // REDUCE of -x
	VFNMADD231PS Z16, Z6, Z5; \
	VSUBPS Z17, Z5, Z5; \
	VFNMSUB231PS Z18, Z5, Z6; \
	VFNMADD231PS Z19, Z5, Z6; \
	VADDPS Z29, Z5, K2, Z5; \
	EXPSCALE(Z6); \
	VADDPS Z25, Z6, Z6; \
	VDIVPS Z6, x, x; \
	VMULPS Z30, x, K2, x
