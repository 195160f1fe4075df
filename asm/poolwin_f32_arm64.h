// The body of a pooling kernel for one size of window; maxpoolwin_f32_neon_arm64.s and avgpoolwin_f32_neon_arm64.s say what
// it computes. Who includes this file defines
//
//	WINDOW(each, ld)      the taps of a window: each(FIRST, ld, R8) and each(TAKE, ld, R9) and so on
//	FIRST TAKE FINISH     what is done to a sum a with a tap x, or to the output y: (a, t, ld, x), t is a register
//	CONSTANTS             what stands in registers
//
//	R0 args     R1 R2 X and Y of the pixel    R3 pixels left    R4 R5 bytes to the next row and column of taps
//	R6 R7 bytes to the next pixel of X and Y  R8 to R10, R11 R14 R15, R19 to R21 the taps, row by row, of the channels at hand
//	R13 Y of them     R22 channels left       R23 flags     V0-V3 sums    V4-V7 taps
//
// Loops: pixel > channels (16 a turn, then 4, then 1).

#define EACH(op, ld, p) op(0, 4, ld, (p)); op(1, 5, ld, 16(p)); op(2, 6, ld, 32(p)); op(3, 7, ld, 48(p))
#define RESTEACH(op, ld, p) op(0, 4, ld, (p))
#define ON(bytes) ADD $bytes, R8; ADD $bytes, R9; ADD $bytes, R10; ADD $bytes, R11; ADD $bytes, R14; ADD $bytes, R15; ADD $bytes, R19; ADD $bytes, R20; ADD $bytes, R21; ADD $bytes, R13
// The outputs of some channels, with a label.
#define OUTPUT(each, ld, bytes, finish) \
	WINDOW(each, ld); \
	TBZ  $0, R23, finish; \ // PoolAccumulate
	each(TAKE, ld, R13); \
finish: \
	each(FINISH, ld, R13); \
	ON(bytes)

	MOVD a+0(FP), R0
	CONSTANTS
	MOVD PoolArgs_X(R0), R1
	MOVD PoolArgs_Y(R0), R2
	MOVD PoolArgs_Tiles(R0), R3
	MOVD PoolArgs_RowX(R0), R4
	MOVD PoolArgs_ColX(R0), R5
	MOVD PoolArgs_PixX(R0), R6
	MOVD PoolArgs_PixY(R0), R7
	MOVD PoolArgs_Flags(R0), R23

pixel:
	MOVD R1, R8
	ADD  R5, R8, R9
	ADD  R5, R9, R10
	ADD  R4, R8, R11
	ADD  R4, R9, R14
	ADD  R4, R10, R15
	ADD  R4, R11, R19
	ADD  R4, R14, R20
	ADD  R4, R15, R21
	MOVD R2, R13
	MOVD PoolArgs_C(R0), R22
	SUBS $16, R22
	BLT  rest

channels:
	OUTPUT(EACH, FMOVQ, 64, finish)
	SUBS $16, R22
	BGE  channels

rest:
	ADDS $12, R22
	BLT  last

vector:
	OUTPUT(RESTEACH, FMOVQ, 16, vectorfinish)
	SUBS $4, R22
	BGE  vector

last:
	ADDS $4, R22
	BLE  next

one:
	OUTPUT(RESTEACH, FMOVS, 4, onefinish)
	SUBS $1, R22
	BGT  one

next:
	ADD  R6, R1
	ADD  R7, R2
	SUBS $1, R3
	BGT  pixel
	RET

#undef EACH
#undef RESTEACH
#undef ON
#undef OUTPUT
