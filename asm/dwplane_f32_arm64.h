// The body of a depthwise kernel for planes; dwplane_f32_neon_arm64.s says what it computes and defines SHIFT (1 << SHIFT is the stride),
// COLUMNS and SPAN, the columns and rows of X that a tile reads; OFFSETS, the bytes to each of the rows;
// TILE, its sums; and for tiles at an edge EDGE, their sums; HELD, the columns that their loads have room for; BYTES, the first
// and further columns of taps by bytes.

#define BIASES DwPlaneArgs_vectors+0
#define ROWS16 DwPlaneArgs_vectors+16
#define BIAS FMOVQ BIASES(R0), F0; FMOVQ BIASES(R0), F1; FMOVQ BIASES(R0), F2; FMOVQ BIASES(R0), F3
#define CLAMP(c) FMAX4(30, c, c); FMIN4(31, c, c) // NaN in c passes

	MOVD a+0(FP), R0
	ADD  $DwPlaneArgs_Lo, R0, R23
	LD1R4(23, 30)
	ADD  $DwPlaneArgs_Hi, R0, R23
	LD1R4(23, 31)
	MOVD DwPlaneArgs_RowX(R0), R4
	MOVD DwPlaneArgs_X(R0), R1
	MOVD DwPlaneArgs_Top(R0), R23
	MSUB R23, R1, R4, R1
	MOVD DwPlaneArgs_Left(R0), R23
	SUB  R23<<2, R1                 // where the first tap of the first output is or would be
	MOVD DwPlaneArgs_InCols(R0), R23
	SUBS $(COLUMNS-1), R23, R17
	CSEL LT, ZR, R17, R17
	CMP  $4, R23
	BGE  offsets

	// Rows of X of fewer than 4 columns are computed from where a copy is.
	MOVI0(16)
	ADD  $ROWS16, R0, R24
	MOVD $SPAN, R25
zeros:
	FMOVQ.P F16, 16(R24)
	SUBS $1, R25
	BGT  zeros
	MOVD $16, R4

offsets:
	OFFSETS
	MOVD DwPlaneArgs_Planes(R0), R15
	MOVD DwPlaneArgs_Y(R0), R19
	MOVD DwPlaneArgs_W(R0), R23

plane:
	MOVD R1, DwPlaneArgs_planeX(R0)
	MOVD R19, DwPlaneArgs_planeY(R0)
	MOVD R23, DwPlaneArgs_planeW(R0)
	FMOVQ (R23), F4
	ADD  $12, R23
	FMOVQ (R23), F5
	ADD  $12, R23
	FMOVQ (R23), F6
	DUPE4(4, 0, 7)
	ADD  $BIASES, R0, R24
	FMOVQ F7, (R24)
	MOVD DwPlaneArgs_Rows(R0), R14
	MOVD DwPlaneArgs_Top(R0), R23
	MOVD R23, DwPlaneArgs_above(R0)

rows:
	MOVD R1, DwPlaneArgs_rowX(R0)
	MOVD R19, DwPlaneArgs_rowY(R0)

	// Of the rows of X from the tile's first tap on, the first above of them are missing, and those from InRows+above on.
	MOVD DwPlaneArgs_above(R0), R23
	MOVD DwPlaneArgs_InRows(R0), R24
	ADDS R23, R24
	CSEL LT, ZR, R24, R24
	CMP  $0, R23
	CSEL LT, ZR, R23, R23
	MOVD $63, R26
	CMP  R26, R23
	CSEL GT, R26, R23, R23
	CMP  R26, R24
	CSEL GT, R26, R24, R24
	MOVD $-1, R25
	LSL  R23, R25, R16
	LSL  R24, R25, R25
	BIC  R25, R16

	MOVD DwPlaneArgs_RowY(R0), R23
	CMP  $1, R14
	CSEL GT, R23, ZR, R20
	ADD  R23, R20, R21
	CMP  $2, R14
	CSEL GT, R21, R20, R21
	ADD  R23, R21, R22
	CMP  $3, R14
	CSEL GT, R22, R21, R22

	MOVD DwPlaneArgs_InCols(R0), R23
	CMP  $4, R23
	BLT  copy

begin:
	MOVD DwPlaneArgs_Left(R0), R12
	NEG  R12, R12
	MOVD DwPlaneArgs_Cols(R0), R13
	SUBS $4, R13
	BLT  edge

pixels:
	CMP  R17, R12
	BHS  edge                       // also where R12 is less than 0
	BIAS
	TILE

store:
	CLAMP(3)
	STQX(22, 19, 3)
	CLAMP(2)
	STQX(21, 19, 2)
	CLAMP(1)
	STQX(20, 19, 1)
	CLAMP(0)
	FMOVQ F0, (R19)
	ADD  $(16<<SHIFT), R1
	ADD  $16, R19
	ADD  $(4<<SHIFT), R12
	SUBS $4, R13
	BGE  pixels

	CMN  $4, R13
	BLE  stored
	ADD  R13<<(2+SHIFT), R1         // R13 is below 0: back, to the last 4 pixels
	ADD  R13<<2, R19
	ADD  R13<<SHIFT, R12
	MOVD ZR, R13
	B    pixels

stored:
	MOVD DwPlaneArgs_RowX(R0), R23
	MOVD DwPlaneArgs_rowX(R0), R1
	ADD  R23<<(2+SHIFT), R1
	MOVD DwPlaneArgs_RowY(R0), R23
	MOVD DwPlaneArgs_rowY(R0), R19
	ADD  R23<<2, R19
	MOVD DwPlaneArgs_above(R0), R23
	SUB  $(4<<SHIFT), R23
	MOVD R23, DwPlaneArgs_above(R0)
	SUBS $4, R14
	BGT  rows

	MOVD DwPlaneArgs_planeX(R0), R1
	MOVD DwPlaneArgs_PlaneX(R0), R23
	ADD  R23, R1
	MOVD DwPlaneArgs_planeY(R0), R19
	MOVD DwPlaneArgs_PlaneY(R0), R23
	ADD  R23, R19
	MOVD DwPlaneArgs_planeW(R0), R23
	ADD  $40, R23
	SUBS $1, R15
	BGT  plane
	RET

	// A tile at an edge of X, or of fewer than 4 columns of Y. Its loads begin at the column of X that is nearest to R12; the last one
	// ends at the latest with the last column, and the elements in it, if there are fewer than HELD columns, are further back than others.
edge:
	MOVD DwPlaneArgs_InCols(R0), R23
	MOVD $4, R24
	CMP  R24, R23
	CSEL LT, R24, R23, R23          // max(InCols, 4)
	SUBS $HELD, R23, R24
	CSEL LT, ZR, R24, R24
	CMP  R24, R12
	CSEL LT, R12, R24, R24
	CMP  $0, R24
	CSEL LT, ZR, R24, R24           // the first load's column
	SUB  R24, R12, R25              // columns from there to the first tap

	MOVD $-16, R26                  // all others are outside as well
	CMP  R26, R25
	CSEL LT, R26, R25, R26
	MOVD $16, R24
	CMP  R24, R26
	CSEL GT, R24, R26, R26
	LSL  $2, R26
	MOVD BYTES, R24
	FMOVQ (R24), F24
	VDUP R26, V29.B16
	VADD V29.B16, V24.B16, V24.B16
	VMOVI $4, V29.B16
	VADD V29.B16, V24.B16, V25.B16
	VADD V29.B16, V25.B16, V26.B16

	MOVD $HELD, R24
	SUBS R23, R24, R26              // the columns that are fewer
	CSEL LT, ZR, R26, R26
	CSEL LT, R24, R23, R24          // min(HELD, max(InCols, 4))
	LSL  $2, R26
	VDUP R26, V29.B16
	LSL  $2, R23, R26
	AND  $~15, R26
	SUB  $1, R26
	VDUP R26, V28.B16               // bytes beyond it are of the last load
	CMGT16(28, 24, 27)
	AND16(29, 27, 27)
	VADD V27.B16, V24.B16, V24.B16
	CMGT16(28, 25, 27)
	AND16(29, 27, 27)
	VADD V27.B16, V25.B16, V25.B16
	CMGT16(28, 26, 27)
	AND16(29, 27, 27)
	VADD V27.B16, V26.B16, V26.B16

	SUB  $4, R24, R26
	MOVD $4, R23
	CMP  R23, R26
	CSEL LT, R26, R23, R23          // the columns from the first load to the second; R26 those to the third
	SUB  R25<<2, R1, R24
	MOVD DwPlaneArgs_InCols(R0), R25
	CMP  $4, R25
	BGE  bases
	ADD  $ROWS16, R0, R24
bases:
	LSL  $2, R23, R25
	LSL  $2, R26
	BIAS
	EDGE
	TBZ  $63, R13, store

	// Fewer than 4 columns of Y.
	ADD  R19, R20
	ADD  R19, R21
	ADD  R19, R22
	CLAMP(0)
	CLAMP(1)
	CLAMP(2)
	CLAMP(3)
	CMN  $3, R13
	BEQ  single
	FMOVD F3, (R22)
	FMOVD F2, (R21)
	FMOVD F1, (R20)
	FMOVD F0, (R19)
	CMN  $2, R13
	BEQ  stored
	VDUP V3.S[2], V3.S4
	VDUP V2.S[2], V2.S4
	VDUP V1.S[2], V1.S4
	VDUP V0.S[2], V0.S4
	ADD  $8, R22
	ADD  $8, R21
	ADD  $8, R20
	ADD  $8, R19
single:
	FMOVS F3, (R22)
	FMOVS F2, (R21)
	FMOVS F1, (R20)
	FMOVS F0, (R19)
	B    stored

	// The rows of X that exist, of fewer than 4 columns, R23, to where the others are zeros.
copy:
	MOVD DwPlaneArgs_Left(R0), R24
	ADD  R24<<2, R1, R24
	MOVD DwPlaneArgs_RowX(R0), R12
	ADD  $ROWS16, R0, R25
	AND  $(1<<SPAN-1), R16, R26
	CBZ  R26, begin
copyrow:
	TBZ  $0, R26, copied
	MOVWU (R24), R2
	MOVW R2, (R25)
	CMP  $2, R23
	BLT  copied
	MOVWU 4(R24), R2
	MOVW R2, 4(R25)
	BEQ  copied
	MOVWU 8(R24), R2
	MOVW R2, 8(R25)
copied:
	ADD  R12, R24
	ADD  $16, R25
	LSR  $1, R26
	CBNZ R26, copyrow
	B    begin

#undef BIASES
#undef ROWS16
#undef BIAS
#undef CLAMP
