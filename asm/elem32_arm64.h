// The element type of the bodies that serve more than one: float32. What counts columns counts words of 4 bytes.

#define SIZE 4
#define LOGSIZE 2
#define WORDS(n)
#define FADDL(m, n, d) FADD4(m, n, d)
#define FMAXL(m, n, d) FMAX4(m, n, d)
#define FMINL(m, n, d) FMIN4(m, n, d)
#define FMLA(m, n, d) FMLA4(m, n, d)
#define FMLAE(m, lane, n, d) FMLAE4(m, lane, n, d)
#define FMULE(m, lane, n, d) FMULE4(m, lane, n, d)
#define LD1R(n, d) LD1R4(n, d)
#define FMOV FMOVS

// The scalars of BrgArgs.
#define BRGALPHA BrgArgs_Alpha
#define BRGBETA BrgArgs_Beta
#define BRGLO BrgArgs_Lo
#define BRGHI BrgArgs_Hi
