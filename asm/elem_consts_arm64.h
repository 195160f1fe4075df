// The constants of the element-wise kernels, float32 behind each other; elem_consts_arm64.s holds them.

#define LOG2E 0
#define MAGIC1 4    // 3·2^22 + 127: added to a small number n, it leaves the exponent of 2^n in the low bits
#define MAGIC2 8    // 3·2^22 + 254: leaves the sum of the exponents of 2^(n/2) twice
#define LN2HI 12    // ln(2) rounded
#define LN2LO 16    // the rest
#define EXPC2 20    // exp(r) = 1 + r + r²·(EXPC2 + EXPC3·r + ...), see expC2 in unary.go
#define EXPC3 24
#define EXPC4 28
#define EXPC5 32
#define EXPC6 36
#define EXPLO 40    // -104: exp of it and of all below is 0
#define EXPHI 44    // 89: exp of it and of all above is +Inf
#define EXPM1LO 48  // -40: exp of it and of all below, less 1, is -1
#define ONE 52
#define TWO 56
#define THREE 60
#define SIX 64
#define SIXTH 68    // 1/6
#define MHALF 72    // -1/2
#define SIGN 76     // the sign bit
#define PHIHI 80    // 14.5: the normal law's tail beyond it is 0
#define PHIK 84     // 2.5: the tail before it, see phiC0 in unary.go
#define PHI2K 88    // 5
#define PHIC0 92
#define PHIC1 96
#define PHIC2 100
#define PHIC3 104
#define PHIC4 108
#define PHIC5 112
#define PHIC6 116
#define PHIC7 120
#define PHIC8 124
#define PHIC9 128
#define GELUA 132   // see geluA in unary.go
#define GELUB 136
