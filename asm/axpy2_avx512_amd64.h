// Two rows of X, in place of axpy3.

#undef LOADX
#undef LOADY
#undef SAVEY
#undef LOADYTAIL
#undef SAVEYTAIL
#undef FMA

#define LOADX(p, d, x0, x1, x2) VBROADCAST d(DI), x0; VBROADCAST d(DI)(AX*1), x1
#define LOADY VMOVU (BX)(CX*1), Z24; VMOVU (AX)(CX*1), Z25
#define SAVEY VMOVU Z24, (BX)(CX*1); VMOVU Z25, (AX)(CX*1)
#define LOADYTAIL VMOVU.Z (BX), K1, Z24; VMOVU.Z (AX), K1, Z25
#define SAVEYTAIL VMOVU Z24, K1, (BX); VMOVU Z25, K1, (AX)
#define FMA(x0, x1, x2) VFMADD231 Z27, x0, Z24; VFMADD231 Z27, x1, Z25
