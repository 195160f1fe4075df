// The dot kernels for three rows of X, AVX-512, for any element type: dot_f32_avx512_amd64.s describes them.

#define STEP 64
#define BLOCK 8
#define LAST R14
#define MASK MOVQ $1, AX; SHLQ CX, AX; DECQ AX; KMOVW AX, K1
#define MASKROWS MOVQ $8, R8; CMPQ R15, R8; CMOVQLT R15, R8; MOVQ $1, R9; SHLXQ R8, R9, R9; DECQ R9; KMOVW R9, K2

// Row n of the block, or row n-1 again when there are no more.
#define ROW(n, prev, p) LEAQ (prev)(DX*1), AX; MOVQ prev, p; CMPQ R15, $n; CMOVQGT AX, p
#define POINT ROW(1, SI, R8); ROW(2, R8, R9); ROW(3, R9, R10); ROW(4, R10, R11); ROW(5, R11, R12); ROW(6, R12, R13); ROW(7, R13, R14)

// The rows: their pointers and sums.
#define ROWS(op) \
	op(SI, Z0, Z8, Z16); op(R8, Z1, Z9, Z17); op(R9, Z2, Z10, Z18); op(R10, Z3, Z11, Z19) \
	op(R11, Z4, Z12, Z20); op(R12, Z5, Z13, Z21); op(R13, Z6, Z14, Z22); op(R14, Z7, Z15, Z23)
#define FMA(p, v0, v1, v2) VMOVU (p)(CX*1), Z27; MULADD(v0, v1, v2)
#define FMATAIL(p, v0, v1, v2) VMOVU.Z (p), K1, Z27; MULADD(v0, v1, v2)

// The sum of a row's halves, and of all rows of the block: who includes it adds up what is left of each (REDUCE).
#define HALF(v, y, s) VEXTRACTF64X4 $1, v, Y28; VADD Y28, y, s
#define ADDROW0 HALF(Z0, Y0, Y0); HALF(Z1, Y1, Y1); HALF(Z2, Y2, Y2); HALF(Z3, Y3, Y3); HALF(Z4, Y4, Y4); HALF(Z5, Y5, Y5); HALF(Z6, Y6, Y6); HALF(Z7, Y7, Y7); REDUCE
#define ADDROW1 ADDQ CX, DI; HALF(Z8, Y8, Y0); HALF(Z9, Y9, Y1); HALF(Z10, Y10, Y2); HALF(Z11, Y11, Y3); HALF(Z12, Y12, Y4); HALF(Z13, Y13, Y5); HALF(Z14, Y14, Y6); HALF(Z15, Y15, Y7); REDUCE
#define ADDROW2 ADDQ CX, DI; HALF(Z16, Y16, Y0); HALF(Z17, Y17, Y1); HALF(Z18, Y18, Y2); HALF(Z19, Y19, Y3); HALF(Z20, Y20, Y4); HALF(Z21, Y21, Y5); HALF(Z22, Y22, Y6); HALF(Z23, Y23, Y7); REDUCE

#define CLEAR2(p, v0, v1, v2) VPXORD v0, v0, v0; VPXORD v1, v1, v1
#define CLEAR3(p, v0, v1, v2) CLEAR2(p, v0, v1, v2); VPXORD v2, v2, v2

#define ZERO ROWS(CLEAR3)
#define LOADX VMOVU (BX)(CX*1), Z24; VMOVU (AX)(CX*1), Z25; VMOVU (DI)(CX*1), Z26
#define LOADXTAIL VMOVU.Z (BX), K1, Z24; VMOVU.Z (AX), K1, Z25; VMOVU.Z (DI), K1, Z26
#define MULADD(v0, v1, v2) VFMADD231 Z27, Z24, v0; VFMADD231 Z27, Z25, v1; VFMADD231 Z27, Z26, v2
#define ADDROWS ADDROW0; ADDROW1; ADDROW2
