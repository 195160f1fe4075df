// What the gemvt kernels for AVX2 do to rows, in place of gemv.

#undef DOT
#undef BEGIN
#undef FMA
#undef FMAREG
#undef SAVE
#undef SAVETAIL
#undef AHEAD

// gemvt: v is an element of X.
#define BEGIN(n, v, p) VBROADCAST (SIZE*n)(DI), v
#define FMA(n, v, p) VFMADD231 (p)(CX*1), v, Y8
#define FMAREG(w, v) VFMADD231 w, v, Y8
#define SAVE VMOVU Y8, (BX)(CX*1)
#define SAVETAIL VMASKMOV Y8, Y14, (BX)
#define AHEAD
