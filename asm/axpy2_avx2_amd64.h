// Two rows of X, in place of axpy3.

#undef LOADX
#undef LOADY
#undef SAVEY
#undef LOADYTAIL
#undef SAVEYTAIL
#undef FMA

#define LOADX(p, d, x0, x1, x2) VBROADCAST d(DI), x0; VBROADCAST d(DI)(AX*1), x1
#define LOADY VMOVU (BX)(CX*1), Y12; VMOVU (AX)(CX*1), Y13
#define SAVEY VMOVU Y12, (BX)(CX*1); VMOVU Y13, (AX)(CX*1)
#define LOADYTAIL VMOVU (R11), Y15; VMASKMOV (BX), Y15, Y12; VMASKMOV (AX), Y15, Y13
#define SAVEYTAIL VMOVU (R11), Y15; VMASKMOV Y12, Y15, (BX); VMASKMOV Y13, Y15, (AX)
#define FMA(x0, x1, x2) VFMADD231 Y15, x0, Y12; VFMADD231 Y15, x1, Y13
