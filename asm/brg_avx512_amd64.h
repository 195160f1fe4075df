// The tiles of the AVX-512 batch-reduce GEMM kernels, for any element type: brg_f32_avx512_amd64.s describes them. Those of two vectors come
// first (brg2), then those of one and of three.

// One row of a tile: its accumulators and the address of its next A, less the displacement.
// Three rows share a pointer: lda*0, lda*1, lda*2.
#define ROW0(op) op(Z0, Z1, (SI))
#define ROW1(op) op(Z2, Z3, (SI)(DX*1))
#define ROW2(op) op(Z4, Z5, (SI)(DX*2))
#define ROW3(op) op(Z6, Z7, (R8))
#define ROW4(op) op(Z8, Z9, (R8)(DX*1))
#define ROW5(op) op(Z10, Z11, (R8)(DX*2))
#define ROW6(op) op(Z12, Z13, (R9))
#define ROW7(op) op(Z14, Z15, (R9)(DX*1))
#define ROW8(op) op(Z16, Z17, (R9)(DX*2))
#define ROW9(op) op(Z18, Z19, (R10))
#define ROW10(op) op(Z20, Z21, (R10)(DX*1))
#define ROW11(op) op(Z22, Z23, (R10)(DX*2))
#define ROW12(op) op(Z24, Z25, (R11))
#define ROW13(op) op(Z26, Z27, (R11)(DX*1))

// The pointers of rows 0 3 6 9 12, each with the one before it.
#define PTR3(op) op(SI, R8)
#define PTR6(op) op(R8, R9)
#define PTR9(op) op(R9, R10)
#define PTR12(op) op(R10, R11)
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
#define ROWS7(op) ROWS6(op); ROW6(op)
#define ROWS8(op) ROWS7(op); ROW7(op)
#define ROWS9(op) ROWS8(op); ROW8(op)
#define ROWS10(op) ROWS9(op); ROW9(op)
#define ROWS11(op) ROWS10(op); ROW10(op)
#define ROWS12(op) ROWS11(op); ROW11(op)
#define ROWS13(op) ROWS12(op); ROW12(op)
#define ROWS14(op) ROWS13(op); ROW13(op)
#define PTRS1(op)
#define PTRS2(op)
#define PTRS3(op)
#define PTRS4(op) PTR3(op)
#define PTRS5(op) PTR3(op)
#define PTRS6(op) PTR3(op)
#define PTRS7(op) PTR3(op); PTR6(op)
#define PTRS8(op) PTR3(op); PTR6(op)
#define PTRS9(op) PTR3(op); PTR6(op)
#define PTRS10(op) PTR3(op); PTR6(op); PTR9(op)
#define PTRS11(op) PTR3(op); PTR6(op); PTR9(op)
#define PTRS12(op) PTR3(op); PTR6(op); PTR9(op)
#define PTRS13(op) PTR3(op); PTR6(op); PTR9(op); PTR12(op)
#define PTRS14(op) PTR3(op); PTR6(op); PTR9(op); PTR12(op)

#define SIZEA SIZE
#define SUMS(op) ROWS(op)

// One k of one row: c += a[k]·b[k][0:NR], for the k at a displacement of 0 to 3 floats.
#define STEP0(c0, c1, a) VBROADCAST (0*SIZE) a, Z30; FMA(c0, c1)
#define STEP1(c0, c1, a) VBROADCAST (1*SIZE) a, Z30; FMA(c0, c1)
#define STEP2(c0, c1, a) VBROADCAST (2*SIZE) a, Z30; FMA(c0, c1)
#define STEP3(c0, c1, a) VBROADCAST (3*SIZE) a, Z30; FMA(c0, c1)

// The columns that are in: 0 to 15, and 16 to 31.
#define MASKS MOVQ BrgArgs_N(AX), CX; MOVQ $1, BX; SHLQ CX, BX; DECQ BX; KMOVW BX, K1; SHRQ $(64/SIZE), BX; KMOVW BX, K2
#define MASKB MASKS
#define SCALAR Z30
#define LO Z30
#define HI Z31
