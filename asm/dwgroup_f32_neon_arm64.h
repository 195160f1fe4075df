// The body of a grouped kernel; dwgroup_f32_neon_arm64.s says what it computes and defines TILE and PIXELS, COLUMNS (the
// bytes between two loads of X) and ROWTAPS. Here are COL for the channels of X that a block has, and the stores for those of Y.

// The sums of a block.
#define SUMS(rows, channels, taps, next) \
rows: \
	MOVD DwArgs_K(R0), R23; \
	MOVD R20, R11; \
	MOV16(28, 29); \
channels: \
	MOVD R11, R9; \
	MOVD R19, R8; \
	ROWTAPS(taps, next); \
	ADD  $16, R11; \
	VADD V27.B16, V29.B16, V29.B16; \
	SUBS $1, R23; \
	BGT  channels; \
	ADD  R4, R19; \
	ADD  R7, R20; \
	SUBS $1, R15; \
	BGT  rows

	MOVD a+0(FP), R0
	MOVD DwArgs_X(R0), R1
	MOVD DwArgs_Y(R0), R2
	MOVD DwArgs_Tiles(R0), R3
	MOVD DwArgs_RowX(R0), R4
	MOVD DwArgs_ColX(R0), R6
	COLUMNS
	MOVD DwArgs_RowW(R0), R7
	MOVD DwArgs_ColW(R0), R10
	MOVD DwArgs_NY(R0), R21
	MOVD DwArgs_NX(R0), R22
	MOVD DwArgs_PixY(R0), R25
	ADD  $DwArgs_Lo, R0, R8
	LD1R4(8, 30)
	ADD  $DwArgs_Hi, R0, R8
	LD1R4(8, 31)
	MOVD DwArgs_Index(R0), R8       // the bytes of the lanes' floats, from their numbers
	FMOVQ (R8), F28
	SHL4(2, 28, 28)
	SHL4(8, 28, 29)
	ORR16(29, 28, 28)
	SHL4(16, 28, 29)
	ORR16(29, 28, 28)
	MOVW $0x03020100, R8
	VDUP R8, V29.S4
	VADD V29.S4, V28.S4, V28.S4
	MOVW $4, R8
	VDUP R8, V27.B16

tile:
	MOVD R1, R12
	MOVD R2, R24
	MOVD DwArgs_W(R0), R13
	MOVD DwArgs_C(R0), R14

block:
	FMOVQ (R13), F13
	PIXELS(BIAS)
	MOVD DwArgs_WOff(R0), R20
	ADD  R13, R20
	MOVD R12, R19
	MOVD R21, R15
	CMP  $0, R15
	BLE  done
	MOVD DwArgs_In(R0), R17
	CMP  $2, R17
	BLT  one
	BEQ  two
	CMP  $4, R17
	BLT  three
#define COL VLD1.P (R8)(R5), [V13.S4]; PERMUTE
	SUMS(row4, channel4, tap4, next4)
#undef COL
	B    done

three:
#define COL FMOVD (R8), F13; FMOVS 8(R8), F14; ADD R5, R8; VMOV V14.S[0], V13.S[2]; PERMUTE
	SUMS(row3, channel3, tap3, next3)
#undef COL
	B    done

two:
#define COL FMOVD (R8), F13; ADD R5, R8; PERMUTE
	SUMS(row2, channel2, tap2, next2)
#undef COL
	B    done

one:
#define COL FMOVS (R8), F13; ADD R5, R8; PERMUTE
	SUMS(row1, channel1, tap1, next1)
#undef COL

done:
	PIXELS(CLAMP)
	MOVD R24, R9
	MOVD DwArgs_Out(R0), R17
	CMP  $2, R17
	BLT  store1
	BEQ  store2
	CMP  $4, R17
	BLT  store3
	PIXELS(STORE4)
	B    stored

store3:
	PIXELS(STORE3)
	B    stored

store2:
	PIXELS(STORE2)
	B    stored

store1:
	PIXELS(STORE1)

stored:
	SUBS R17, R14
	ADD  R17<<2, R24
	MOVD DwArgs_In(R0), R8
	ADD  R8<<2, R12
	MOVD DwArgs_LdW(R0), R8
	ADD  R8, R13
	BGT  block

	MOVD $TILE, R8
	MOVD DwArgs_PixX(R0), R9
	MADD R8, R1, R9, R1
	MADD R8, R2, R25, R2
	SUBS $1, R3
	BGT  tile
	RET

#undef SUMS
