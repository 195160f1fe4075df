// The axpy kernels for three rows of X, AVX2, for any element type: axpy_f32_avx2_amd64.s describes them.

#define STEP 32
#define BLOCK 4
#define LAST R10
#define MASK LEAQ ·laneMask+32(SB), R11; SHLQ $SHIFT, CX; SUBQ CX, R11
#define POINT LEAQ (SI)(DX*1), R8; LEAQ (SI)(DX*2), R9; LEAQ (R8)(DX*2), R10

// The next n elements of each row of X are at (DI), (DI)(AX*1), (DI)(AX*2). Then AX and DI are rows of Y, and CX runs to 0 over
// whole vectors; TAILCOLS are the others.
#define XVECTORS(n) MOVQ a+0(FP), CX; MOVQ DotArgs_next(CX), DI; ADDQ $(SIZE*n), DotArgs_next(CX); MOVQ DotArgs_LdX(CX), AX
#define YROWS MOVQ a+0(FP), CX; MOVQ DotArgs_LdY(CX), AX; LEAQ (BX)(AX*2), DI; ADDQ BX, AX; MOVQ DotArgs_Cols(CX), CX; ANDQ $~(STEP/SIZE-1), CX; SHLQ $SHIFT, CX; NEGQ CX
#define TAILCOLS MOVQ a+0(FP), CX; MOVQ DotArgs_Cols(CX), CX; ANDQ $(STEP/SIZE-1), CX

// The rows: their pointers, the displacement in X, its broadcasts.
#define ROW0(op) op(SI, 0, Y0, Y4, Y8)
#define ROWS(op) op(SI, 0, Y0, Y4, Y8); op(R8, (1*SIZE), Y1, Y5, Y9); op(R9, (2*SIZE), Y2, Y6, Y10); op(R10, (3*SIZE), Y3, Y7, Y11)
#define ASK(p, d, x0, x1, x2)
#define MULADD(p, d, x0, x1, x2) VMOVU (p)(CX*1), Y15; FMA(x0, x1, x2)
#define MULADDTAIL(p, d, x0, x1, x2) VMOVU (R11), Y15; VMASKMOV (p), Y15, Y15; FMA(x0, x1, x2)

#define LOADX(p, d, x0, x1, x2) VBROADCAST d(DI), x0; VBROADCAST d(DI)(AX*1), x1; VBROADCAST d(DI)(AX*2), x2
#define LOADY VMOVU (BX)(CX*1), Y12; VMOVU (AX)(CX*1), Y13; VMOVU (DI)(CX*1), Y14
#define SAVEY VMOVU Y12, (BX)(CX*1); VMOVU Y13, (AX)(CX*1); VMOVU Y14, (DI)(CX*1)
#define LOADYTAIL VMOVU (R11), Y15; VMASKMOV (BX), Y15, Y12; VMASKMOV (AX), Y15, Y13; VMASKMOV (DI), Y15, Y14
#define SAVEYTAIL VMOVU (R11), Y15; VMASKMOV Y12, Y15, (BX); VMASKMOV Y13, Y15, (AX); VMASKMOV Y14, Y15, (DI)
#define FMA(x0, x1, x2) VFMADD231 Y15, x0, Y12; VFMADD231 Y15, x1, Y13; VFMADD231 Y15, x2, Y14
