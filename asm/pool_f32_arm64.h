// The body of a pooling kernel; maxpool_f32_neon_arm64.s and avgpool_f32_neon_arm64.s say what it computes. Who includes
// this file defines
//
//	START(a, ld, x, y) RESUME TAP FINISH     what is done to a sum a: from nothing, from y, with a tap x, to y
//	CONSTANTS                                what stands in registers
//	MAIN EACH(op, ld)                        channels of a turn of the main loop, and its sums
//	RESTEACH(op, ld)                         the sums of 4 channels, or of one
//	POINT STEP YPOINT PIXELS                 the pointers of a tile's pixels: of a row of taps from R8, to the next tap, in Y
//
//	R0 args     R1 R2 X and Y of the tile    R3 tiles left    R4 R5 bytes to the next row and column of taps
//	R6 R7 bytes to the next pixel of X and Y                  R8 to R11 X of the tap, one for each pixel
//	R12 X, R13 and R23 to R25 Y, of the channels at hand      R14 channels left
//	R15 rows of taps left, R16 taps left     R19 X, row of taps       R20 NY     R21 NX    R22 flags
//
// Loops: tile > channels (MAIN a turn, then 4, then 1) > row of taps > tap.

// The sums of some channels, with labels for the loops over rows and taps and for their ends.
#define WINDOW(each, ld, fresh, rows, taps, next, end) \
	YPOINT; \
	each(START, ld); \
	TBZ  $0, R22, fresh; \ // PoolAccumulate
	each(RESUME, ld); \
fresh: \
	MOVD R12, R19; \
	SUBS $1, R20, R15; \
	BLT  end; \
rows: \
	MOVD R19, R8; \
	POINT; \
	ADD  R4, R19; \
	SUBS $1, R21, R16; \
	BLT  next; \
taps: \
	each(TAP, ld); \
	STEP; \
	SUBS $1, R16; \
	BGE  taps; \
next: \
	SUBS $1, R15; \
	BGE  rows; \
end: \
	each(FINISH, ld)

	MOVD a+0(FP), R0
	CONSTANTS
	MOVD PoolArgs_X(R0), R1
	MOVD PoolArgs_Y(R0), R2
	MOVD PoolArgs_Tiles(R0), R3
	MOVD PoolArgs_RowX(R0), R4
	MOVD PoolArgs_ColX(R0), R5
	MOVD PoolArgs_PixX(R0), R6
	MOVD PoolArgs_PixY(R0), R7
	MOVD PoolArgs_NY(R0), R20
	MOVD PoolArgs_NX(R0), R21
	MOVD PoolArgs_Flags(R0), R22

tile:
	MOVD R1, R12
	MOVD R2, R13
	MOVD PoolArgs_C(R0), R14
	SUBS $MAIN, R14
	BLT  rest

channels:
	WINDOW(EACH, FMOVQ, fresh, row, tap, next, end)
	ADD  $(4*MAIN), R12
	ADD  $(4*MAIN), R13
	SUBS $MAIN, R14
	BGE  channels

rest:
	ADDS $(MAIN-4), R14
	BLT  last

vector:
	WINDOW(RESTEACH, FMOVQ, vectorfresh, vectorrow, vectortap, vectornext, vectorend)
	ADD  $16, R12
	ADD  $16, R13
	SUBS $4, R14
	BGE  vector

last:
	ADDS $4, R14
	BLE  tileend

one:
	WINDOW(RESTEACH, FMOVS, onefresh, onerow, onetap, onenext, oneend)
	ADD  $4, R12
	ADD  $4, R13
	SUBS $1, R14
	BGT  one

tileend:
	MOVD $PIXELS, R8
	MADD R8, R1, R6, R1
	MADD R8, R2, R7, R2
	SUBS $1, R3
	BGT  tile
	RET

#undef WINDOW
