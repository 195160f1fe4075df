// The body of a depthwise kernel; dw_f32_neon_arm64.s says what it computes and defines TILE and PIXELS, COLUMNS (the
// bytes between two loads of X) and ROWTAPS. Here are COL and LD, for four channels and for one.

// The tile for the channels at hand: 4, or 1.
#define BLOCK(rows, taps, next, end) \
	LD   (R13), F13; \
	PIXELS(BIAS); \
	ADD  R23, R13, R20; \
	MOVD R12, R19; \
	SUBS $1, R21, R15; \
	BLT  end; \
rows: \
	MOVD R20, R9; \
	MOVD R19, R8; \
	ROWTAPS(taps, next); \
	ADD  R4, R19; \
	ADD  R7, R20; \
	SUBS $1, R15; \
	BGE  rows; \
end: \
	PIXELS(CLAMP); \
	MOVD R24, R9

	MOVD a+0(FP), R0
	MOVD DwArgs_X(R0), R1
	MOVD DwArgs_Y(R0), R2
	MOVD DwArgs_Tiles(R0), R3
	MOVD DwArgs_RowX(R0), R4
	MOVD DwArgs_ColX(R0), R6
	COLUMNS
	MOVD DwArgs_RowW(R0), R7
	MOVD DwArgs_ColW(R0), R10
	MOVD DwArgs_LdW(R0), R11
	MOVD DwArgs_NY(R0), R21
	MOVD DwArgs_NX(R0), R22
	MOVD DwArgs_WOff(R0), R23
	MOVD DwArgs_PixY(R0), R25
	ADD  $DwArgs_Lo, R0, R8
	LD1R4(8, 30)
	ADD  $DwArgs_Hi, R0, R8
	LD1R4(8, 31)

tile:
	MOVD R1, R12
	MOVD R2, R24
	MOVD DwArgs_W(R0), R13
	MOVD DwArgs_C(R0), R14
	SUBS $4, R14
	BLT  part

channels:
#define LD FMOVQ
#define COL VLD1.P (R8)(R5), [V13.S4]
	BLOCK(row, tap, next, end)
	PIXELS(STORE)
#undef LD
#undef COL
	ADD  $16, R12
	ADD  $16, R24
	ADD  R11, R13
	SUBS $4, R14
	BGE  channels

part:
	ADDS $4, R14
	BLE  tileend

one:
#define LD FMOVS
#define COL FMOVS (R8), F13; ADD R5, R8
	BLOCK(onerow, onetap, onenext, oneend)
	PIXELS(STORE)
#undef LD
#undef COL
	ADD  $4, R12
	ADD  $4, R24
	ADD  $4, R13                    // the next lane of the block's weights
	SUBS $1, R14
	BGT  one

tileend:
	MOVD $TILE, R8
	MOVD DwArgs_PixX(R0), R9
	MADD R8, R1, R9, R1
	MADD R8, R2, R25, R2
	SUBS $1, R3
	BGT  tile
	RET

#undef BLOCK
