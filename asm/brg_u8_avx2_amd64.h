// What the AVX2 batch-reduce GEMM kernels on bytes share: brgvnni_u8_avx2_amd64.s describes the tile and the registers. These are its rows, the
// steps that are not whole and its end.

// One row of a tile: its accumulators, their numbers and the address of its next A, less the displacement.
// Three rows share a pointer: lda*0, lda*1, lda*2.
#define ROW0(op) op(Y0, Y1, 0, 1, X0, (SI))
#define ROW1(op) op(Y2, Y3, 2, 3, X2, (SI)(DX*1))
#define ROW2(op) op(Y4, Y5, 4, 5, X4, (SI)(DX*2))
#define ROW3(op) op(Y6, Y7, 6, 7, X6, (R8))
#define ROW4(op) op(Y8, Y9, 8, 9, X8, (R8)(DX*1))
#define ROW5(op) op(Y10, Y11, 10, 11, X10, (R8)(DX*2))

// The pointer of row 3, with the one before it.
#define PTR3(op) op(SI, R8)
#define POINT(prev, p) LEAQ (prev)(DX*2), p; ADDQ DX, p
#define ADVANCE1(prev, p) ADDQ $4, p
#define ADVANCE4(prev, p) ADDQ $16, p

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

#define NRB 64
#define PREPARE
#define LOADBIAS VMOVDQU (R8), Y12; VMOVDQU 32(R8), Y13
#define INIT(c0, c1, n0, n1, x, a) VMOVDQA Y12, c0; VMOVDQA Y13, c1

// One to three bytes of k of one row: what lies behind them is not touched. R11 has four bytes to turn A over with.
#define ROWREST1(c0, c1, n0, n1, x, a) MOVBLZX 0 a, R9; REST(c0, c1, n0, n1)
#define ROWREST2(c0, c1, n0, n1, x, a) MOVWLZX 0 a, R9; REST(c0, c1, n0, n1)
#define ROWREST3(c0, c1, n0, n1, x, a) MOVWLZX 0 a, R9; MOVBLZX 2 a, R10; SHLL $16, R10; ORL R10, R9; REST(c0, c1, n0, n1)
#define STEPREST \
	CMPQ CX, $2; \
	JLT  rest1; \
	JEQ  rest2; \
	RESTROWS(ROWREST3); \
	JMP  next; \
rest1: \
	RESTROWS(ROWREST1); \
	JMP  next; \
rest2: \
	RESTROWS(ROWREST2)

// Tiles of fewer than 16 columns are stored on the stack, R14 has where C is, and copied from there.
#define BUF 384
#define BEGINSTORE \
	CMPQ BrgU8Args_N(AX), $16; \
	JEQ  whole; \
	MOVQ DI, R14; \
	LEAQ buf-BUF(SP), DI; \
	MOVQ $64, R8; \
whole:

#define ENDSTORE \
	MOVQ BrgU8Args_N(AX), R9; \
	CMPQ R9, $16; \
	JEQ  copied; \
	MOVQ $1, BX; \
	CMPQ BrgU8Args_Out(AX), $const_BrgU8OutS32; \
	JLT  bytes; \
	SHLQ $2, R9; \
	MOVQ $4, BX; \
bytes: \
	MOVQ R14, DI; \
	LEAQ buf-BUF(SP), SI; \
	MOVQ $MR, CX; \
row: \
	MOVQ R9, R10; \
element: \
	MOVL -4(SI)(R10*1), R11; \
	SUBQ BX, R10; \
	CMPQ BX, $4; \
	JEQ  four; \
	SHRL $24, R11; \
	MOVB R11, (DI)(R10*1); \
	JMP  moved; \
four: \
	MOVL R11, (DI)(R10*1); \
moved: \
	TESTQ R10, R10; \
	JNZ  element; \
	ADDQ $64, SI; \
	ADDQ BrgU8Args_LdC(AX), DI; \
	DECQ CX; \
	JNZ  row; \
copied:

#define LOADSCALE VMOVUPS (R9), Y12; VMOVUPS 32(R9), Y13
#define SCALE(c0, c1, n0, n1, x, a) VCVTDQ2PS c0, c0; VCVTDQ2PS c1, c1; VMULPS Y12, c0, c0; VMULPS Y13, c1, c1
#define WORDS(c0, c1, n0, n1, x, a) SCALE(c0, c1, n0, n1, x, a); VCVTPS2DQ c0, c0; VCVTPS2DQ c1, c1; VPACKSSDW c1, c0, c0
#define LIMITS VPBROADCASTW BrgU8Args_Zero(AX), Y12; VPBROADCASTW BrgU8Args_Lo(AX), Y13; VPBROADCASTW BrgU8Args_Hi(AX), Y14
#define BYTES(c0, x) VPACKUSWB c0, c0, c0; VPERMQ $0x08, c0, c0; VMOVDQU x, (DI); ADDQ R8, DI
#define STOREU8(c0, c1, n0, n1, x, a) VPADDSW Y12, c0, c0; VPMAXSW Y13, c0, c0; BYTES(c0, x)
#define STORE8(c0, c1, n0, n1, x, a) VPADDSW Y12, c0, c0; VPMAXSW Y13, c0, c0; VPMINSW Y14, c0, c0; VPSLLW $8, c0, c0; VPSRLW $8, c0, c0; BYTES(c0, x)
#define STORE32(c0, c1, n0, n1, x, a) VPERM2I128 $0x20, c1, c0, Y14; VPERM2I128 $0x31, c1, c0, Y15; VMOVDQU Y14, (DI); VMOVDQU Y15, 32(DI); ADDQ R8, DI
