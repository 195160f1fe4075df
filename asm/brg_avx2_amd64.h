// The tiles of the AVX2 batch-reduce GEMM kernels, for any element type: brg_f32_avx2_amd64.s describes them. Those of two vectors come
// first (brg2), then those of one and of three.

// One row of a tile: its accumulators and the address of its next A, less the displacement.
// Three rows share a pointer: lda*0, lda*1, lda*2.
#define ROW0(op) op(Y0, Y1, (SI))
#define ROW1(op) op(Y2, Y3, (SI)(DX*1))
#define ROW2(op) op(Y4, Y5, (SI)(DX*2))
#define ROW3(op) op(Y6, Y7, (R8))
#define ROW4(op) op(Y8, Y9, (R8)(DX*1))
#define ROW5(op) op(Y10, Y11, (R8)(DX*2))

// The pointer of row 3, with the one before it.
#define PTR3(op) op(SI, R8)
#define POINT(prev, p) LEAQ (prev)(DX*2), p; ADDQ DX, p
#define ADVANCE1(prev, p) ADDQ $SIZEA, p
#define ADVANCE4(prev, p) ADDQ $(4*SIZEA), p

// The rows, and the pointers beyond the first, of a tile.
#define ROWS1(op) ROW0(op)
#define ROWS2(op) ROWS1(op); ROW1(op)
#define ROWS3(op) ROWS2(op); ROW2(op)
#define ROWS4(op) ROWS3(op); ROW3(op)
#define ROWS5(op) ROWS4(op); ROW4(op)
#define ROWS6(op) ROWS5(op); ROW5(op)
#define PTRS1(op)
#define PTRS2(op)
#define PTRS3(op)
#define PTRS4(op) PTR3(op)
#define PTRS5(op) PTR3(op)
#define PTRS6(op) PTR3(op)

#define SIZEA SIZE
#define SUMS(op) ROWS(op)

// One k of one row: c += a[k]·b[k][0:NR], for the k at a displacement of 0 to 3 floats.
#define STEP0(c0, c1, a) VBROADCAST (0*SIZE) a, Y14; FMA(c0, c1)
#define STEP1(c0, c1, a) VBROADCAST (1*SIZE) a, Y14; FMA(c0, c1)
#define STEP2(c0, c1, a) VBROADCAST (2*SIZE) a, Y14; FMA(c0, c1)
#define STEP3(c0, c1, a) VBROADCAST (3*SIZE) a, Y14; FMA(c0, c1)

// The columns that are in: N words of ones, then zeros.
#define MASKS MOVQ BrgArgs_N(AX), CX; SHLQ $SHIFT, CX; LEAQ ·wideMask+96(SB), SI; SUBQ CX, SI; VMOVU (SI), Y12; VMOVU 32(SI), Y13
#define MASKB MOVQ BrgArgs_N(AX), CX; SHLQ $SHIFT, CX; LEAQ ·wideMask+96(SB), R9; SUBQ CX, R9
#define SCALAR Y15
#define LO Y14
#define HI Y15
