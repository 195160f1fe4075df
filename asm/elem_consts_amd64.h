// The constants of the element-wise kernels, 8 copies of each: a memory operand for AVX2, of which
// AVX-512 broadcasts the first. elem_consts_amd64.s holds them.

#define LOG2E ·elemConst+0(SB)
#define MAGIC ·elemConst+32(SB)     // 3·2^22: added to a small number, it leaves the nearest integer in the low bits
#define MAGIC1 ·elemConst+64(SB)    // MAGIC + 127: leaves the exponent of 2^n in the low bits
#define MAGIC2 ·elemConst+96(SB)    // MAGIC + 254: leaves the sum of the exponents of 2^(n/2) twice
#define LN2HI ·elemConst+128(SB)    // ln(2) rounded
#define LN2LO ·elemConst+160(SB)    // the rest
#define EXPC2 ·elemConst+192(SB)    // exp(r) = 1 + r + r²·(EXPC2 + EXPC3·r + ...), see expC2 in unary.go
#define EXPC3 ·elemConst+224(SB)
#define EXPC4 ·elemConst+256(SB)
#define EXPC5 ·elemConst+288(SB)
#define EXPC6 ·elemConst+320(SB)
#define EXPLO ·elemConst+352(SB)    // -104: exp of it and of all below is 0
#define EXPHI ·elemConst+384(SB)    // 89: exp of it and of all above is +Inf
#define EXPM1LO ·elemConst+416(SB)  // -40: exp of it and of all below, less 1, is -1
#define ONE ·elemConst+448(SB)
#define TWO ·elemConst+480(SB)
#define THREE ·elemConst+512(SB)
#define SIX ·elemConst+544(SB)
#define SIXTH ·elemConst+576(SB)    // 1/6
#define MHALF ·elemConst+608(SB)    // -1/2
#define SIGN ·elemConst+640(SB)     // the sign bit
#define PHIHI ·elemConst+672(SB)    // 17: the normal law's tail beyond it is 0, 2^64 times as large too
#define PHIK ·elemConst+704(SB)     // 2.5: the tail before it, see phiC0 in unary.go
#define PHI2K ·elemConst+736(SB)    // 5
#define PHIC0 ·elemConst+768(SB)
#define PHIC1 ·elemConst+800(SB)
#define PHIC2 ·elemConst+832(SB)
#define PHIC3 ·elemConst+864(SB)
#define PHIC4 ·elemConst+896(SB)
#define PHIC5 ·elemConst+928(SB)
#define PHIC6 ·elemConst+960(SB)
#define PHIC7 ·elemConst+992(SB)
#define PHIC8 ·elemConst+1024(SB)
#define PHIC9 ·elemConst+1056(SB)
#define GELUA ·elemConst+1088(SB)   // see geluA in unary.go
#define GELUB ·elemConst+1120(SB)
#define LIFTN ·elemConst+1152(SB)   // 64, see LIFT
#define LIFTI ·elemConst+1184(SB)   // 64, an integer
#define UNLIFTF ·elemConst+1216(SB) // 2^-64
#define LIFTLO ·elemConst+1248(SB)  // -140: exp of its negative is +Inf, 2^8 times smaller too
#define FAR ·elemConst+1280(SB)     // -64: below it exp(-x) is taken 2^8 times smaller, see SILU
#define FARN ·elemConst+1312(SB)    // -8
#define FARF ·elemConst+1344(SB)    // 2^-8
#define FARI ·elemConst+1376(SB)    // 8, an integer
