// The element type of the bodies that serve more than one: float64. What counts columns counts words of 4 bytes.

#define SIZE 8
#define LOGSIZE 3
#define WORDS(n) LSL $1, n
#define FADDL(m, n, d) FADD2(m, n, d)
#define FMAXL(m, n, d) FMAX2(m, n, d)
#define FMINL(m, n, d) FMIN2(m, n, d)
#define FMLA(m, n, d) FMLA2(m, n, d)
#define FMLAE(m, lane, n, d) FMLAE2(m, lane, n, d)
#define FMULE(m, lane, n, d) FMULE2(m, lane, n, d)
#define LD1R(n, d) LD1R2(n, d)
#define FMOV FMOVD

// The scalars of BrgArgs.
#define BRGALPHA BrgArgs_Alpha64
#define BRGBETA BrgArgs_Beta64
#define BRGLO BrgArgs_Lo64
#define BRGHI BrgArgs_Hi64
