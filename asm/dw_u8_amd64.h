// The body of a depthwise kernel on bytes: dw_u8_<isa>_amd64.s says what it computes and defines BLOCK, the channels of a block; LIMITS, their registers;
// LOADW, which loads the weights of a block, and NEXTBLOCK; BEGIN, which sums the columns that stand before the first pixel but for loading the first
// one, and PIXEL, one pixel, whose last column may be another; each for a way to load a column: COLUMN, or COLUMNFLIP with the mask of SOME or ALL
// channels, or BORDER; STORE and STOREFLIP.

// All pixels of a block; the last arguments are labels. The first column may be the border, and so may the last one of the last pixel.
#define WALK(column, store, begun, pixel, last, left) \
	MOVQ DwU8Args_Pixels(AX), CX; \
	SUBQ DwU8Args_Right(AX), CX; \
	CMPQ DwU8Args_Left(AX), $0; \
	JNE  left; \
	column; \
begun: \
	BEGIN(column); \
	TESTQ CX, CX; \
	JZ   last; \
	PCALIGN $64; \
pixel: \
	PIXEL(column, column, store); \
	ADDQ R13, DI; \
	DECQ CX; \
	JNZ  pixel; \
last: \
	CMPQ DwU8Args_Right(AX), $0; \
	JEQ  next; \
	PIXEL(column, BORDER, store); \
	JMP  next; \
left: \
	SUBQ DX, SI; \
	SUBQ DX, R9; \
	SUBQ DX, R10; \
	BORDER; \
	JMP  begun

	MOVQ a+0(FP), AX
	MOVQ DwU8Args_W(AX), BX
	MOVQ DwU8Args_X(AX), R14
	MOVQ DwU8Args_Y(AX), R15
	MOVQ DwU8Args_C(AX), R12
	MOVQ DwU8Args_RowX(AX), R11
	MOVQ DwU8Args_ColX(AX), DX
	MOVQ DwU8Args_PixY(AX), R13
	MOVBLZX DwU8Args_FlipX(AX), CX
	IMULL $0x01010101, CX
	MOVL CX, DwU8Args_flipsX(AX)
	MOVBLZX DwU8Args_FlipY(AX), R8
	IMULL $0x01010101, R8
	MOVL R8, DwU8Args_flipsY(AX)
	LIMITS

block:
	LOADW
	MOVQ R14, SI
	LEAQ (SI)(R11*1), R9
	LEAQ (SI)(R11*2), R10
	MOVQ R15, DI
	CMPQ R12, $BLOCK
	JLT  some
	MOVL DwU8Args_flipsX(AX), CX
	ORL  DwU8Args_flipsY(AX), CX
	JNZ  all
	WALK(COLUMN, STORE, begun, pixel, last, left)

next:
	NEXTBLOCK
	ADDQ $BLOCK, R14
	ADDQ $BLOCK, R15
	SUBQ $BLOCK, R12
	JG   block
	VZEROUPPER
	RET

some:
	SOME(R12)
	JMP flip

all:
	ALL

flip:
	WALK(COLUMNFLIP, STOREFLIP, flipbegun, flippixel, fliplast, flipleft)

#undef BEGIN
#undef PIXEL
#undef WALK
