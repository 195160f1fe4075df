// The body of a kernel that transforms patches for Winograd's algorithms; winoin_f32_neon_arm64.s says what it
// computes. Who includes this file defines SIDE, and FOUR for F(4x4,3x3) or nothing for F(2x2,3x3).
//
//	R0 args       R1 Y, next element     R2 LdE      R3 to R7  1 to 5 columns      R8 to R13  rows 0 to 5, next channels
//	R14 channels left    R15 the columns that exist, a bit each      R16 R24 R25 R26 scratch
//	R19 R20 X and Y of the patch         R21 patches left            R22 SIDE*SIDE elements     R23 ColX
//
// Loops: patch > channels (4 a turn). The last channels, 1 to 3, are copied to the stack with zeros around them, as a patch
// of four channels of which all exists.

#define LD0(r, d) LDQ(r, d)
#define LD1(r, d) LDQX(3, r, d)
#define LD2(r, d) LDQX(4, r, d)
#define LD3(r, d) LDQX(5, r, d)
#define LD4(r, d) LDQX(6, r, d)
#define LD5(r, d) LDQX(7, r, d)
#define PUT(v) ST1X4(2, 1, v)

// A row: where it lies, or zeros.
#define ROWPTR(n, r) CMP $n, R24; CSEL GT, R16, r, r; CMP $n, R25; CSEL LE, R16, r, r

	MOVD a+0(FP), R0
	MOVD $0x400000003FC00000, R16   // 3/2, 2
	VMOV R16, V31.D[0]
	MOVD $0x3F000000, R16           // 1/2
	VMOV R16, V31.D[1]
	MOVD WinoInArgs_X(R0), R19
	MOVD WinoInArgs_XOff(R0), R16
	ADD  R16, R19
	MOVD WinoInArgs_Y(R0), R20
	MOVD WinoInArgs_LdE(R0), R2
	MOVD WinoInArgs_ColX(R0), R23
	MOVD WinoInArgs_Tiles(R0), R21
	MOVD $(SIDE*SIDE), R22
	MUL  R2, R22

tile:
	MOVD $-1, R15
	MOVD WinoInArgs_X0(R0), R24
	MOVD WinoInArgs_X1(R0), R25
	LSL  R24, R15, R15
	MOVD $-1, R16
	LSL  R25, R16, R16
	BIC  R16, R15                   // from X0 to X1
	MOVD WinoInArgs_RowX(R0), R16
	MOVD R19, R8
	ADD  R16, R8, R9
	ADD  R16, R9, R10
	ADD  R16, R10, R11
#ifdef FOUR
	ADD  R16, R11, R12
	ADD  R16, R12, R13
#endif
	MOVD WinoInArgs_Y0(R0), R24
	MOVD WinoInArgs_Y1(R0), R25
	MOVD WinoInArgs_Zeros(R0), R16
	ROWPTR(0, R8)
	ROWPTR(1, R9)
	ROWPTR(2, R10)
	ROWPTR(3, R11)
#ifdef FOUR
	ROWPTR(4, R12)
	ROWPTR(5, R13)
#endif
	MOVD R23, R3
	ADD  R23, R3, R4
	ADD  R23, R4, R5
	ADD  R23, R5, R6
	ADD  R23, R6, R7
	MOVD R20, R1
#ifdef FOUR
	ADD  R2<<1, R1
	ADD  R2<<2, R1                  // line 1
#endif
	MOVD WinoInArgs_C(R0), R14

channels:
	CMP  $4, R14
	BLT  part

whole:
#ifdef FOUR
#include "winoin4_f32_arm64.h"
#else
#include "winoin2_f32_arm64.h"
#endif
	ADD  $16, R8
	ADD  $16, R9
	ADD  $16, R10
	ADD  $16, R11
	SUBS $4, R14
	BGT  channels

	MOVD WinoInArgs_TileX(R0), R16
	ADD  R16, R19
	MOVD WinoInArgs_TileY(R0), R16
	ADD  R16, R20
	SUBS $1, R21
	BGT  tile
	RET

part:
	MOVD WinoInArgs_C(R0), R24
	SUB  R14, R24
	LSL  $2, R24                    // bytes to the last channels
	MOVD $buf-BUF(SP), R1
	MOVD ZR, R25

row:
	MOVD WinoInArgs_RowX(R0), R16
	MADD R16, R19, R25, R8
	MOVD WinoInArgs_Zeros(R0), R16
	MOVD WinoInArgs_Y0(R0), R3
	CMP  R3, R25
	CSEL LT, R16, R8, R8
	MOVD WinoInArgs_Y1(R0), R3
	CMP  R3, R25
	CSEL GE, R16, R8, R8
	ADD  R24, R8
	MOVD R15, R26
	MOVD $SIDE, R16

column:
	STP  (ZR, ZR), (R1)
	TBZ  $0, R26, absent
	MOVD R8, R9
	MOVD R1, R10
	TBZ  $1, R14, 3(PC)
	FMOVD.P 8(R9), F0
	FMOVD.P F0, 8(R10)
	TBZ  $0, R14, absent
	FMOVS (R9), F0
	FMOVS F0, (R10)

absent:
	ADD  $16, R1
	ADD  R23, R8
	LSR  $1, R26
	SUBS $1, R16
	BGT  column
	ADD  $1, R25
	CMP  $SIDE, R25
	BLT  row

	MOVD $-1, R15
	MOVD $buf-BUF(SP), R8
	ADD  $(16*SIDE), R8, R9
	ADD  $(16*SIDE), R9, R10
	ADD  $(16*SIDE), R10, R11
#ifdef FOUR
	ADD  $(16*SIDE), R11, R12
	ADD  $(16*SIDE), R12, R13
#endif
	MOVD $16, R3
	MOVD $32, R4
	MOVD $48, R5
	MOVD $64, R6
	MOVD $80, R7
	ADD  R24, R20, R1
#ifdef FOUR
	ADD  R2<<1, R1
	ADD  R2<<2, R1
#endif
	B    whole

	ABSENT
#undef ABSENT


#undef LD0
#undef LD1
#undef LD2
#undef LD3
#undef LD4
#undef LD5
#undef PUT
#undef ROWPTR
