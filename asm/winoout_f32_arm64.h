// The body of a kernel that transforms products into outputs for Winograd's algorithms; winoout_f32_neon_arm64.s says
// what it computes. Who includes this file defines SIDE and OUT, and FOUR for F(4x4,3x3) or nothing for F(2x2,3x3).
//
//	R0 args       R2 to R6  1 to 5 elements of a tile      R8 to R13  lines 0 to 5 of X, next channels     R25 bias
//	R20 R21 Y and Res, next channels     R7 R1   of the line at hand              R19 R24  their columns     R22 R23  their rows
//	R14 what exists: columns of outputs (bit 0 on), rows (bit 4 on), Res (bit 12)      R15 channels left
//	R16 scratch   R26 tiles left
//
// Loops: tile > channels (4 a turn). Of the last channels, 1 to 3, Res is copied to the stack first, and the outputs are
// copied from there: X and the bias have whole vectors.

#define LD0(r, d) LDQ(r, d)
#define LD1(r, d) LDQX(2, r, d)
#define LD2(r, d) LDQX(3, r, d)
#define LD3(r, d) LDQX(4, r, d)
#define LD4(r, d) LDQX(5, r, d)
#define LD5(r, d) LDQX(6, r, d)
#define ADDRES(x) FMOVQ (R16), F25; FADD4(25, x, x)
#define CLAMP(x) FMAX4(30, x, x); FMIN4(31, x, x)
#define STORE(x) ST1X4(19, 16, x)

// The lines of X, from R8 on.
#ifdef FOUR
#define LINES LINES4; ADD R16, R11, R12; ADD R16, R12, R13; ADD R2, R4, R5; ADD R2, R5, R6
#else
#define LINES LINES4
#endif
#define LINES4 \
	MOVD WinoOutArgs_LdE(R0), R2; MOVD $SIDE, R16; MUL R2, R16; \
	ADD R16, R8, R9; ADD R16, R9, R10; ADD R16, R10, R11; ADD R2, R2, R3; ADD R2, R3, R4

// The outputs of a line, without those that do not exist.
#define LINE4(x0, x1, x2, x3, bare, stored) \
	FADD4(29, x0, x0); FADD4(29, x1, x1); FADD4(29, x2, x2); FADD4(29, x3, x3); \
	TBZ $12, R14, bare; \
	MOVD R1, R16; ADDRES(x0); TBZ $1, R14, bare; ADD R24, R16; ADDRES(x1); TBZ $2, R14, bare; ADD R24, R16; ADDRES(x2); \
	TBZ $3, R14, bare; ADD R24, R16; ADDRES(x3); \
bare: \
	CLAMP(x0); CLAMP(x1); CLAMP(x2); CLAMP(x3); \
	MOVD R7, R16; STORE(x0); TBZ $1, R14, stored; STORE(x1); TBZ $2, R14, stored; STORE(x2); \
	TBZ $3, R14, stored; STORE(x3); \
stored:
#define LINE2(x0, x1, bare, stored) \
	FADD4(29, x0, x0); FADD4(29, x1, x1); \
	TBZ $12, R14, bare; \
	MOVD R1, R16; ADDRES(x0); TBZ $1, R14, bare; ADD R24, R16; ADDRES(x1); \
bare: \
	CLAMP(x0); CLAMP(x1); \
	MOVD R7, R16; STORE(x0); TBZ $1, R14, stored; STORE(x1); \
stored:

// The next line, row n of the outputs, if it exists.
#define NEXT(n) TBZ $(4+n), R14, next; ADD R22, R7; ADD R23, R1

// Those channels of a tile that exist, from and to R8 and R9, with R10 and R12 bytes between columns and R11 and R13 between rows.
#define COPYTILE(row, column, skip) \
	LSR $4, R14, R16; \
row: \
	MOVD R8, R2; MOVD R9, R3; AND $15, R14, R4; \
column: \
	MOVD R2, R5; MOVD R3, R6; \
	TBZ $1, R15, 3(PC); FMOVD.P 8(R5), F0; FMOVD.P F0, 8(R6); \
	TBZ $0, R15, skip; FMOVS (R5), F0; FMOVS F0, (R6); \
skip: \
	ADD R10, R2; ADD R12, R3; LSR $1, R4; CBNZ R4, column; \
	ADD R11, R8; ADD R13, R9; LSR $1, R16; TBNZ $0, R16, row

	MOVD a+0(FP), R0
	MOVD $0x3E8000003F000000, R16   // 1/2, 1/4
	VMOV R16, V28.D[0]
	MOVD $0x400000003E000000, R16   // 1/8, 2
	VMOV R16, V28.D[1]
	MOVD $0x4100000040800000, R16   // 4, 8
	VMOV R16, V27.D[0]
	ADD  $WinoOutArgs_Lo, R0, R8
	LD1R4(8, 30)
	ADD  $WinoOutArgs_Hi, R0, R8
	LD1R4(8, 31)
	MOVD WinoOutArgs_X(R0), R16
	MOVD R16, WinoOutArgs_tileX(R0)
	MOVD WinoOutArgs_Y(R0), R16
	MOVD R16, WinoOutArgs_tileY(R0)
	MOVD WinoOutArgs_Res(R0), R16
	MOVD R16, WinoOutArgs_tileRes(R0)
	MOVD WinoOutArgs_Tiles(R0), R26
	MOVD $OUT, R16
	MOVD WinoOutArgs_OW(R0), R8
	CMP  R16, R8
	CSEL GT, R16, R8, R8
	MOVD WinoOutArgs_OH(R0), R9
	CMP  R16, R9
	CSEL GT, R16, R9, R9
	MOVD $1, R16
	LSL  R8, R16, R14
	LSL  R9, R16, R16
	SUB  $1, R14
	SUB  $1, R16
	ORR  R16<<4, R14
	MOVD WinoOutArgs_Flags(R0), R16
	AND  $const_WinoResidual, R16
	ORR  R16<<12, R14

tile:
	MOVD WinoOutArgs_tileX(R0), R8
	LINES
	MOVD WinoOutArgs_tileY(R0), R20
	MOVD WinoOutArgs_tileRes(R0), R21
	MOVD WinoOutArgs_ColY(R0), R19
	MOVD WinoOutArgs_RowY(R0), R22
	MOVD WinoOutArgs_ColRes(R0), R24
	MOVD WinoOutArgs_RowRes(R0), R23
	MOVD WinoOutArgs_Bias(R0), R25
	MOVD WinoOutArgs_C(R0), R15

channels:
	CMP  $4, R15
	BLT  part

whole:
	MOVD R20, R7
	MOVD R21, R1
	FMOVQ.P 16(R25), F29
#ifdef FOUR
#include "winoout4_f32_arm64.h"
#else
#include "winoout2_f32_arm64.h"
#endif

next:
	ADD  $16, R8
	ADD  $16, R9
	ADD  $16, R10
	ADD  $16, R11
#ifdef FOUR
	ADD  $16, R12
	ADD  $16, R13
#endif
	ADD  $16, R20
	ADD  $16, R21
	SUBS $4, R15
	BGT  channels
	BLT  partout

tileend:
	MOVD WinoOutArgs_tileX(R0), R8
	MOVD WinoOutArgs_TileX(R0), R16
	ADD  R16, R8
	MOVD R8, WinoOutArgs_tileX(R0)
	MOVD WinoOutArgs_tileY(R0), R8
	MOVD WinoOutArgs_TileY(R0), R16
	ADD  R16, R8
	MOVD R8, WinoOutArgs_tileY(R0)
	MOVD WinoOutArgs_tileRes(R0), R8
	MOVD WinoOutArgs_TileRes(R0), R16
	ADD  R16, R8
	MOVD R8, WinoOutArgs_tileRes(R0)
	SUBS $1, R26
	BGT  tile
	RET

// Res to the stack, and the outputs to the stack as well; then the turn as any other.
part:
	TBZ  $12, R14, nores
	MOVD R21, R8
	MOVD $buf-BUF(SP), R9
	MOVD R24, R10
	MOVD R23, R11
	MOVD $16, R12
	MOVD $(16*OUT), R13
	COPYTILE(inrow, incolumn, inpair)

nores:
	MOVD $buf-BUF(SP), R21
	MOVD $16, R24
	MOVD $(16*OUT), R23
	ADD  $(16*OUT*OUT), R21, R20
	MOVD R24, R19
	MOVD R23, R22
	MOVD WinoOutArgs_tileX(R0), R8
	MOVD WinoOutArgs_C(R0), R16
	SUB  R15, R16
	ADD  R16<<2, R8
	LINES
	B    whole

partout:
	ADD  $4, R15
	MOVD WinoOutArgs_tileY(R0), R9
	MOVD WinoOutArgs_C(R0), R16
	SUB  R15, R16
	ADD  R16<<2, R9
	MOVD $buf-BUF(SP), R8
	ADD  $(16*OUT*OUT), R8
	MOVD R19, R10
	MOVD R22, R11
	MOVD WinoOutArgs_ColY(R0), R12
	MOVD WinoOutArgs_RowY(R0), R13
	COPYTILE(outrow, outcolumn, outpair)
	B    tileend

#undef LD0
#undef LD1
#undef LD2
#undef LD3
#undef LD4
#undef LD5
#undef ADDRES
#undef CLAMP
#undef STORE
#undef LINES
#undef LINES4
#undef LINE4
#undef LINE2
#undef NEXT
#undef COPYTILE
