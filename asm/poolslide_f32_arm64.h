// The body of a pooling kernel that slides along a row of windows of 3 by 3 taps, a pixel apart;
// maxpoolwin_f32_neon_arm64.s and avgpoolwin_f32_neon_arm64.s say what it computes. Who includes this file defines
//
//	REDUCE(x, a, d)    reduce two registers to d
//	SCALE(a)           what is done to an output
//	CONSTANTS          what stands in registers
//
//	R0 args    R8 R9 R10 the taps of a column     R13 Y, pixel      R4 R5 bytes to the next row and column of taps
//	R7 bytes to the next pixel of Y      R1 X, R2 Y of the channels at hand    R22 channels left     R3 pixels left
//	V0-V3 the last column, reduced     V4-V7 it and the one before     V8-V11 the next one     V12-V15 a tap, an output
//
// Loops: channels (16 a turn, then 4, then 1) > pixel.

#define EACH(op, ld) op(0, 4, 8, 12, ld, (R8), (R9), (R10), (R13)); op(1, 5, 9, 13, ld, 16(R8), 16(R9), 16(R10), 16(R13)); op(2, 6, 10, 14, ld, 32(R8), 32(R9), 32(R10), 32(R13)); op(3, 7, 11, 15, ld, 48(R8), 48(R9), 48(R10), 48(R13))
#define RESTEACH(op, ld) op(0, 4, 8, 12, ld, (R8), (R9), (R10), (R13))
#define COLUMN(c, t, ld, x0, x1, x2) ld x0, F(c); ld x1, F(t); REDUCE(t, c, c); ld x2, F(t); REDUCE(t, c, c)
#define OLD(b, m, c, t, ld, x0, x1, x2, y) COLUMN(b, t, ld, x0, x1, x2)
#define NEW(b, m, c, t, ld, x0, x1, x2, y) COLUMN(c, t, ld, x0, x1, x2); REDUCE(c, b, m); MOV16(c, b)
#define SLIDE(b, m, c, t, ld, x0, x1, x2, y) COLUMN(c, t, ld, x0, x1, x2); REDUCE(c, m, t); REDUCE(c, b, m); MOV16(c, b); SCALE(t); ld F(t), y
#define ON ADD R5, R8; ADD R5, R9; ADD R5, R10
// A row of outputs of some channels, with a label.
#define OUTPUTS(each, ld, bytes, pixel) \
	MOVD R1, R8; \
	ADD  R4, R8, R9; \
	ADD  R4, R9, R10; \
	MOVD R2, R13; \
	MOVD PoolArgs_Tiles(R0), R3; \
	each(OLD, ld); \
	ON; \
	each(NEW, ld); \
	ON; \
pixel: \
	each(SLIDE, ld); \
	ON; \
	ADD  R7, R13; \
	SUBS $1, R3; \
	BGT  pixel; \
	ADD  $bytes, R1; \
	ADD  $bytes, R2

	MOVD a+0(FP), R0
	CONSTANTS
	MOVD PoolArgs_X(R0), R1
	MOVD PoolArgs_Y(R0), R2
	MOVD PoolArgs_RowX(R0), R4
	MOVD PoolArgs_ColX(R0), R5
	MOVD PoolArgs_PixY(R0), R7
	MOVD PoolArgs_C(R0), R22
	SUBS $16, R22
	BLT  rest

channels:
	OUTPUTS(EACH, FMOVQ, 64, pixel)
	SUBS $16, R22
	BGE  channels

rest:
	ADDS $12, R22
	BLT  last

vector:
	OUTPUTS(RESTEACH, FMOVQ, 16, vectorpixel)
	SUBS $4, R22
	BGE  vector

last:
	ADDS $4, R22
	BLE  done

one:
	OUTPUTS(RESTEACH, FMOVS, 4, onepixel)
	SUBS $1, R22
	BGT  one

done:
	RET

#undef EACH
#undef RESTEACH
#undef COLUMN
#undef OLD
#undef NEW
#undef SLIDE
#undef ON
#undef OUTPUTS
