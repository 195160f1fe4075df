// What the gemvt kernels for AVX-512 do to rows, in place of gemv.

#undef DOT
#undef BEGIN
#undef FMA
#undef FMAREG
#undef SAVE
#undef SAVETAIL
#undef AHEAD

// gemvt: v is an element of X.
#define BEGIN(n, v, p) VBROADCAST (SIZE*n)(DI), v
#define FMA(n, v, p) VFMADD231 (p)(CX*1), v, Z8
#define FMAREG(w, v) VFMADD231 w, v, Z8
#define SAVE VMOVU Z8, (BX)(CX*1)
#define SAVETAIL VMOVU Z8, K1, (BX)
#define ASK(n, v, p) PREFETCHT0 512(p)(CX*1)
#define AHEAD ROWS(ASK)
