// BT·x·B of F(2x2,3x3) for the channels of a vector: a part of winoin_f32_amd64.h, which has the roles of the registers.

#define LINES(op) op(P0, Q0, AT0, K1, 0); op(P1, Q1, AT1, K2, 1); op(P2, Q2, AT2, K3, 2); op(P3, Q3, AT3, K4, 3)
#define LINE0(p, q, at, k, n) COLUMN(n); LOAD(at(R8), k, T0); LOAD(at(R10), k, p); VSUBPS T0, p, p
#define LINES12(p, q, at, k, n) COLUMN(n); LOAD(at(R9), k, T0); LOAD(at(R10), k, q); VADDPS q, T0, p; VSUBPS T0, q, q
#define LINE3(p, q, at, k, n) COLUMN(n); LOAD(at(R9), k, T0); LOAD(at(R11), k, p); VSUBPS T0, p, p
#define TIMESB(x0, x1, x2, x3) VSUBPS x0, x2, x0; VSUBPS x1, x3, x3; VADDPS x2, x1, T0; VSUBPS x1, x2, x2; \
	VMOVUPS x0, (CX); VMOVUPS T0, (CX)(BX*1); VMOVUPS x2, (CX)(BX*2); VMOVUPS x3, (CX)(SI*1); LEAQ (CX)(BX*4), CX

	LINES(LINE0)
	TIMESB(P0, P1, P2, P3)
	LINES(LINES12)
	TIMESB(P0, P1, P2, P3)
	TIMESB(Q0, Q1, Q2, Q3)
	LINES(LINE3)
	TIMESB(P0, P1, P2, P3)
#undef LINE3
#undef LINES
#undef LINE0
#undef LINES12
#undef TIMESB
