// Tiles of one vector of columns, NEON, in place of brg2.

#undef ROW0
#undef ROW1
#undef ROW2
#undef ROW3
#undef ROW4
#undef ROW5
#undef ROW6
#undef LOADB
#undef FMA
#undef ZERO
#undef SCALE
#undef FETCH
#undef ADDC
#undef LOADBIAS
#undef ADDBIAS
#undef ADDBIASROW
#undef ADDRES
#undef CLAMP
#undef STORE
#undef NR

#define ROW0(op) op(0, 0, 0, 24, R8)
#define ROW1(op) op(1, 0, 0, 25, R9)
#define ROW2(op) op(2, 0, 0, 26, R10)
#define ROW3(op) op(3, 0, 0, 27, R11)
#define ROW4(op) op(4, 0, 0, 28, R12)
#define ROW5(op) op(5, 0, 0, 29, R13)
#define ROW6(op) op(6, 0, 0, 30, R14)
#define LOADB VLD1.P (R1)(R4), [V16.S4]
#define FMA(c0, c1, c2, a, lane) FMLAE(a, lane, 16, c0)
#define ZERO(c0, c1, c2, a, p) MOVI0(c0)
#define SCALE(c0, c1, c2, a, p) FMULE(31, 0, c0, c0)
#define FETCH(c0, c1, c2, a, p) PRFM (R8), PSTL1KEEP; ADD R26, R8
#define ADDC(c0, c1, c2, a, p) FMOVQ (R8), F24; ADD R9, R8; FMLAE(31, 0, 24, c0)
#define LOADBIAS FMOVQ (R8), F24
#define ADDBIAS(c0, c1, c2, a, p) FADDL(24, c0, c0)
#define ADDBIASROW(c0, c1, c2, a, p) LD1R(23, 24); ADD $SIZE, R23; FADDL(24, c0, c0)
#define ADDRES(c0, c1, c2, a, p) FMOVQ (R8), F24; ADD R9, R8; FADDL(24, c0, c0)
#define CLAMP(c0, c1, c2, a, p) FMAXL(30, c0, c0); FMINL(31, c0, c0)
#define STORE(c0, c1, c2, a, p) FMOVQ F(c0), (R8); ADD R9, R8
#define NR 4
