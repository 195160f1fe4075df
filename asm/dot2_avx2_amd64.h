// Two rows of X, in place of dot3.

#undef ZERO
#undef LOADX
#undef LOADXTAIL
#undef MULADD
#undef ADDROWS

#define ZERO ROWS(CLEAR2)
#define LOADX VMOVU (BX)(CX*1), Y12; VMOVU (AX)(CX*1), Y13
#define LOADXTAIL VMOVU (R11), Y15; VMASKMOV (BX), Y15, Y12; VMASKMOV (AX), Y15, Y13
#define MULADD(v0, v1, v2) VFMADD231 Y15, Y12, v0; VFMADD231 Y15, Y13, v1
#define ADDROWS ADDROW0; ADDROW1
