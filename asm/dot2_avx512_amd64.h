// Two rows of X, in place of dot3.

#undef ZERO
#undef LOADX
#undef LOADXTAIL
#undef MULADD
#undef ADDROWS

#define ZERO ROWS(CLEAR2)
#define LOADX VMOVU (BX)(CX*1), Z24; VMOVU (AX)(CX*1), Z25
#define LOADXTAIL VMOVU.Z (BX), K1, Z24; VMOVU.Z (AX), K1, Z25
#define MULADD(v0, v1, v2) VFMADD231 Z27, Z24, v0; VFMADD231 Z27, Z25, v1
#define ADDROWS ADDROW0; ADDROW1
