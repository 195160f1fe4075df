// BT·x·B of F(4x4,3x3) for the channels of a vector: a part of winoin_f32_amd64.h, which has the roles of the registers.

#define LINES(op) op(P0, Q0, AT0, K1, 0); op(P1, Q1, AT1, K2, 1); op(P2, Q2, AT2, K3, 2); op(P3, Q3, AT3, K4, 3); op(P4, Q4, AT4, K5, 4); op(P5, Q5, AT5, K6, 5)

// Line 0 of BT from rows a to e, and line 5 from those one further: (a+e) - 2c + 3/2 (d-b).
#define EDGE(p, at, k, n, a, b, c, d, e) COLUMN(n); LOAD(at(a), k, p); LOAD(at(e), k, T0); LOAD(at(d), k, T1); LOAD(at(b), k, T2); \
	VADDPS T0, p, p; VSUBPS T2, T1, T1; LOAD(at(c), k, T0); VFNMADD231PS TWO, T0, p; VFMADD231PS SESQUI, T1, p
#define LINE0(p, q, at, k, n) EDGE(p, at, k, n, R8, R9, R10, R11, R12)
#define LINE5(p, q, at, k, n) EDGE(p, at, k, n, R9, R10, R11, R12, R13)

// Lines 1 and 2: e+f and e-f, e = x4-x2 + 3/2 x3, f = x3-x1 + 3/2 x2.
#define LINES12(p, q, at, k, n) COLUMN(n); LOAD(at(R9), k, q); LOAD(at(R11), k, T1); LOAD(at(R10), k, T0); LOAD(at(R12), k, T2); \
	VSUBPS q, T1, q; VSUBPS T0, T2, T2; VFMADD231PS SESQUI, T0, q; VFMADD231PS SESQUI, T1, T2; VADDPS q, T2, p; VSUBPS q, T2, q

// Lines 3 and 4: r + 2s and r - s/2, r = x4-x2, s = x3-x1.
#define LINES34(p, q, at, k, n) COLUMN(n); LOAD(at(R9), k, q); LOAD(at(R11), k, T1); LOAD(at(R10), k, T0); LOAD(at(R12), k, T2); \
	VSUBPS q, T1, q; VSUBPS T0, T2, T2; VADDPS q, q, p; VADDPS T2, p, p; VFNMADD132PS HALF, T2, q

// A line times B, stored.
#define TIMESB(x0, x1, x2, x3, x4, x5) VSUBPS x1, x3, T0; VSUBPS x2, x4, T1; VADDPS x4, x0, x0; VADDPS x1, x5, x5; \
	VFNMADD231PS TWO, x2, x0; VFNMADD231PS TWO, x3, x5; VFMADD231PS SESQUI, T0, x0; VFMADD231PS SESQUI, T1, x5; \
	VFMADD132PS SESQUI, T1, x3; VFMADD132PS SESQUI, T0, x2; VADDPS x2, x3, x1; VSUBPS x2, x3, x4; \
	VADDPS T0, T0, x3; VADDPS T1, x3, x3; VFNMADD132PS HALF, T1, T0; \
	VMOVUPS x0, (CX); VMOVUPS x1, (CX)(BX*1); VMOVUPS x4, (CX)(BX*2); VMOVUPS x3, (CX)(SI*1); VMOVUPS T0, (CX)(BX*4); VMOVUPS x5, (CX)(DI*1); \
	LEAQ (CX)(SI*2), CX

	LINES(LINE0)
	TIMESB(P0, P1, P2, P3, P4, P5)
	LINES(LINES12)
	TIMESB(P0, P1, P2, P3, P4, P5)
	TIMESB(Q0, Q1, Q2, Q3, Q4, Q5)
	LINES(LINES34)
	TIMESB(P0, P1, P2, P3, P4, P5)
	TIMESB(Q0, Q1, Q2, Q3, Q4, Q5)
	LINES(LINE5)
	TIMESB(P0, P1, P2, P3, P4, P5)
	ADDQ $(4*LANES), R12
	ADDQ $(4*LANES), R13
#undef LINE5
#undef LINES34
#undef EDGE
#undef LINES
#undef LINE0
#undef LINES12
#undef TIMESB
