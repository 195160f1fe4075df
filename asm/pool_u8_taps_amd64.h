// What the pooling kernels on bytes share: pool_u8_<isa>_amd64.s has the registers, and defines FLIP, which spreads an argument, and FLIPX and FLIPY.

#define PIXELS \
	MOVQ a+0(FP), AX; \
	MOVQ PoolU8Args_X(AX), R8; \
	MOVQ PoolU8Args_Y(AX), R9; \
	MOVQ PoolU8Args_Pixels(AX), R10; \
	MOVQ PoolU8Args_ColX(AX), DX; \
	MOVQ PoolU8Args_RowX(AX), R13; \
	FLIP(PoolU8Args_FlipX(AX), FLIPX); \
	FLIP(PoolU8Args_FlipY(AX), FLIPY)

// All taps of a block; the other arguments are labels.
#define TAPS(tap, row, three, rest, one, nextrow) \
	MOVQ SI, R14; \
	MOVQ PoolU8Args_NY(AX), CX; \
row: \
	MOVQ R14, BX; \
	MOVQ PoolU8Args_NX(AX), R12; \
	SUBQ $3, R12; \
	JLT  rest; \
three: \
	tap((BX)); \
	tap((BX)(DX*1)); \
	tap((BX)(DX*2)); \
	LEAQ (BX)(DX*2), BX; \
	ADDQ DX, BX; \
	SUBQ $3, R12; \
	JGE  three; \
rest: \
	ADDQ $3, R12; \
	JLE  nextrow; \
one: \
	tap((BX)); \
	ADDQ DX, BX; \
	DECQ R12; \
	JNZ  one; \
nextrow: \
	ADDQ R13, R14; \
	DECQ CX; \
	JNZ  row
