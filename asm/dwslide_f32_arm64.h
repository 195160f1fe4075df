// The body of a sliding depthwise kernel; dwslide_f32_neon_arm64.s says what it computes. Who includes this file defines
// EACH, INNER, RIGHT and SLIDE. Here are, for four channels and for one,
//
//	LD          loads weights and biases
//	COL         loads a column of X and goes on to the next
//	STORE(x)    stores the channels of a pixel and goes on to the next

	MOVD a+0(FP), R0
	MOVD DwSlideArgs_X(R0), R12
	MOVD DwSlideArgs_Y(R0), R19
	MOVD DwSlideArgs_W(R0), R13
	MOVD DwSlideArgs_RowX(R0), R4
	MOVD DwSlideArgs_ColX(R0), R5
	MOVD DwSlideArgs_RowY(R0), R6
	MOVD DwSlideArgs_PixY(R0), R7
	MOVD DwSlideArgs_LdW(R0), R11
	MOVD DwSlideArgs_Edges(R0), R16
	ADD  $DwSlideArgs_Lo, R0, R8
	LD1R4(8, 31)
	MOVD DwSlideArgs_C(R0), R14
	SUBS $4, R14
	BLT  part

channels:
#define LD FMOVQ
#define COL VLD1.P (R8)(R5), [V21.S4]
#define STORE(x) ST1X4(7, 9, x)
	BEGIN
	SLIDE(top, row, single, last1, last2, last, bottom, end)
#undef LD
#undef COL
#undef STORE
	ADD  $16, R12
	ADD  $16, R19
	ADD  R11, R13
	SUBS $4, R14
	BGE  channels

part:
	ADDS $4, R14
	BLE  done

one:
#define LD FMOVS
#define COL VLD1R.P (R8)(R5), [V21.S4]
#define STORE(x) FMOVS F(x), (R9); ADD R7, R9
	BEGIN
	SLIDE(onetop, onerow, onesingle, onelast1, onelast2, onelast, onebottom, oneend)
#undef LD
#undef COL
#undef STORE
	ADD  $4, R12
	ADD  $4, R19
	ADD  $4, R13                    // the next lane of the block's weights
	SUBS $1, R14
	BGT  one

done:
	RET
