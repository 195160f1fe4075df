// The axpy kernels for three rows of X, AVX-512, for any element type: axpy_f32_avx512_amd64.s describes them.

#define STEP 64
#define BLOCK 8
#define LAST R14
#define MASK MOVQ $1, AX; SHLQ CX, AX; DECQ AX; KMOVW AX, K1
#define POINT LEAQ (SI)(DX*1), R8; LEAQ (SI)(DX*2), R9; LEAQ (R8)(DX*2), R10; LEAQ (R9)(DX*2), R11; LEAQ (R10)(DX*2), R12; LEAQ (R11)(DX*2), R13; LEAQ (R12)(DX*2), R14

// The next n elements of each row of X are at (DI), (DI)(AX*1), (DI)(AX*2). Then AX and DI are rows of Y, and CX runs to 0 over
// whole vectors; TAILCOLS are the others.
#define XVECTORS(n) MOVQ a+0(FP), CX; MOVQ DotArgs_next(CX), DI; ADDQ $(SIZE*n), DotArgs_next(CX); MOVQ DotArgs_LdX(CX), AX
#define YROWS MOVQ a+0(FP), CX; MOVQ DotArgs_LdY(CX), AX; LEAQ (BX)(AX*2), DI; ADDQ BX, AX; MOVQ DotArgs_Cols(CX), CX; ANDQ $~(STEP/SIZE-1), CX; SHLQ $SHIFT, CX; NEGQ CX
#define TAILCOLS MOVQ a+0(FP), CX; MOVQ DotArgs_Cols(CX), CX; ANDQ $(STEP/SIZE-1), CX

// The rows: their pointers, the displacement in X, its broadcasts.
#define ROW0(op) op(SI, 0, Z0, Z8, Z16)
#define ROWS(op) \
	op(SI, 0, Z0, Z8, Z16); op(R8, (1*SIZE), Z1, Z9, Z17); op(R9, (2*SIZE), Z2, Z10, Z18); op(R10, (3*SIZE), Z3, Z11, Z19) \
	op(R11, (4*SIZE), Z4, Z12, Z20); op(R12, (5*SIZE), Z5, Z13, Z21); op(R13, (6*SIZE), Z6, Z14, Z22); op(R14, (7*SIZE), Z7, Z15, Z23)
#define ASK(p, d, x0, x1, x2) PREFETCHT0 512(p)(CX*1)
#define MULADD(p, d, x0, x1, x2) VMOVU (p)(CX*1), Z27; FMA(x0, x1, x2)
#define MULADDTAIL(p, d, x0, x1, x2) VMOVU.Z (p), K1, Z27; FMA(x0, x1, x2)

#define LOADX(p, d, x0, x1, x2) VBROADCAST d(DI), x0; VBROADCAST d(DI)(AX*1), x1; VBROADCAST d(DI)(AX*2), x2
#define LOADY VMOVU (BX)(CX*1), Z24; VMOVU (AX)(CX*1), Z25; VMOVU (DI)(CX*1), Z26
#define SAVEY VMOVU Z24, (BX)(CX*1); VMOVU Z25, (AX)(CX*1); VMOVU Z26, (DI)(CX*1)
#define LOADYTAIL VMOVU.Z (BX), K1, Z24; VMOVU.Z (AX), K1, Z25; VMOVU.Z (DI), K1, Z26
#define SAVEYTAIL VMOVU Z24, K1, (BX); VMOVU Z25, K1, (AX); VMOVU Z26, K1, (DI)
#define FMA(x0, x1, x2) VFMADD231 Z27, x0, Z24; VFMADD231 Z27, x1, Z25; VFMADD231 Z27, x2, Z26
