// Tiles of three vectors of columns, NEON: the rows, and what is done to their columns.
#define ROW0(op) op(0, 1, 2, 24, R8)
#define ROW1(op) op(3, 4, 5, 25, R9)
#define ROW2(op) op(6, 7, 8, 26, R10)
#define ROW3(op) op(9, 10, 11, 27, R11)
#define ROW4(op) op(12, 13, 14, 28, R12)
#define ROW5(op) op(15, 16, 17, 29, R13)
#define ROW6(op) op(18, 19, 20, 30, R14)
#define LOADB VLD1.P (R1)(R4), [V21.S4, V22.S4, V23.S4]
#define FMA(c0, c1, c2, a, lane) FMLAE(a, lane, 21, c0); FMLAE(a, lane, 22, c1); FMLAE(a, lane, 23, c2)
#define ZERO(c0, c1, c2, a, p) MOVI0(c0); MOVI0(c1); MOVI0(c2)
#define SCALE(c0, c1, c2, a, p) FMULE(31, 0, c0, c0); FMULE(31, 0, c1, c1); FMULE(31, 0, c2, c2)
#define FETCH(c0, c1, c2, a, p) PRFM (R8), PSTL1KEEP; PRFM 40(R8), PSTL1KEEP; ADD R26, R8
#define ADDC(c0, c1, c2, a, p) FMOVQ (R8), F24; FMOVQ 16(R8), F25; FMOVQ 32(R8), F26; ADD R9, R8; FMLAE(31, 0, 24, c0); FMLAE(31, 0, 25, c1); FMLAE(31, 0, 26, c2)
#define LOADBIAS FMOVQ (R8), F24; FMOVQ 16(R8), F25; FMOVQ 32(R8), F26
#define ADDBIAS(c0, c1, c2, a, p) FADDL(24, c0, c0); FADDL(25, c1, c1); FADDL(26, c2, c2)
#define ADDBIASROW(c0, c1, c2, a, p) LD1R(23, 24); ADD $SIZE, R23; FADDL(24, c0, c0); FADDL(24, c1, c1); FADDL(24, c2, c2)
#define ADDRES(c0, c1, c2, a, p) FMOVQ (R8), F24; FMOVQ 16(R8), F25; FMOVQ 32(R8), F26; ADD R9, R8; FADDL(24, c0, c0); FADDL(25, c1, c1); FADDL(26, c2, c2)
#define CLAMP(c0, c1, c2, a, p) FMAXL(30, c0, c0); FMAXL(30, c1, c1); FMAXL(30, c2, c2); FMINL(31, c0, c0); FMINL(31, c1, c1); FMINL(31, c2, c2)
#define STORE(c0, c1, c2, a, p) FMOVQ F(c0), (R8); FMOVQ F(c1), 16(R8); FMOVQ F(c2), 32(R8); ADD R9, R8
#define NR 12
