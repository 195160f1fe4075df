// The dot kernels for three rows of X, AVX2, for any element type: dot_f32_avx2_amd64.s describes them.

#define STEP 32
#define BLOCK 4
#define LAST R10
#define MASK LEAQ ·laneMask+32(SB), R11; SHLQ $SHIFT, CX; SUBQ CX, R11
#define MASKROWS MOVQ $4, R8; CMPQ R15, R8; CMOVQLT R15, R8; SHLQ $SHIFT, R8; LEAQ ·laneMask+32(SB), R12; SUBQ R8, R12; ROWMASK

// Row n of the block, or row n-1 again when there are no more.
#define ROW(n, prev, p) LEAQ (prev)(DX*1), AX; MOVQ prev, p; CMPQ R15, $n; CMOVQGT AX, p
#define POINT ROW(1, SI, R8); ROW(2, R8, R9); ROW(3, R9, R10)

// The rows: their pointers and sums.
#define ROWS(op) op(SI, Y0, Y4, Y8); op(R8, Y1, Y5, Y9); op(R9, Y2, Y6, Y10); op(R10, Y3, Y7, Y11)
#define FMA(p, v0, v1, v2) VMOVU (p)(CX*1), Y15; MULADD(v0, v1, v2)
#define FMATAIL(p, v0, v1, v2) VMOVU (R11), Y15; VMASKMOV (p), Y15, Y15; MULADD(v0, v1, v2)

// The sums of a row of X: who includes it adds them up (REDUCE) and loads the mask of the block's rows from R12 (ROWMASK).
#define ADDROW0 REDUCE(Y0, Y1, Y2, Y3, X0)
#define ADDROW1 ADDQ CX, DI; REDUCE(Y4, Y5, Y6, Y7, X4)
#define ADDROW2 ADDQ CX, DI; REDUCE(Y8, Y9, Y10, Y11, X8)

#define CLEAR2(p, v0, v1, v2) VXORPS v0, v0, v0; VXORPS v1, v1, v1
#define CLEAR3(p, v0, v1, v2) CLEAR2(p, v0, v1, v2); VXORPS v2, v2, v2

#define ZERO ROWS(CLEAR3)
#define LOADX VMOVU (BX)(CX*1), Y12; VMOVU (AX)(CX*1), Y13; VMOVU (DI)(CX*1), Y14
#define LOADXTAIL VMOVU (R11), Y15; VMASKMOV (BX), Y15, Y12; VMASKMOV (AX), Y15, Y13; VMASKMOV (DI), Y15, Y14
#define MULADD(v0, v1, v2) VFMADD231 Y15, Y12, v0; VFMADD231 Y15, Y13, v1; VFMADD231 Y15, Y14, v2
#define ADDROWS ADDROW0; ADDROW1; ADDROW2
