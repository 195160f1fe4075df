//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "blocks_u8_arm64.h"

// Pooling of bytes, NEON, 16 channels.
//
//	func maxpoolU8_16_neon(a *PoolU8Args)
//	func avgpoolU8_16_neon(a *PoolU8Args)
//
// PoolU8Args (poolu8.go) has the contract. Needs NEON. Clobbers R0 to R13, V0 to V6, V16 to V19 and V28 to V30.
//
//	R0 args    R1 X of the pixel    R2 Y    R3 pixels left    R4 channels left
//	R5 X of the block, first row of taps    R6 its Y    R7 row by row, R9 tap by tap    R8 R10 rows and taps left    R11 ColX    R12 RowX    R13 scratch
//	V0 maxima, V0 to V3 sums of 32 bits    V4 bytes of a tap, V5 V6 of 16 bits
//	V16 V17 flips of X and Y    V18 where sums begin    V19 scale    V28 zero point, 16 bits    V29 V30 limits, bytes
//
// Loops: pixel > block of 16 channels, at the end of 8 and of one > row of taps > tap. A maximum is a load and two operations, a sum a load and seven.

#define BEGINMAX MOVI0(0)
#define MAX VUMAX V4.B16, V0.B16, V0.B16
#define ENDMAX

#define BEGINAVG MOV16(18, 0); MOV16(18, 1); MOV16(18, 2); MOV16(18, 3)
#define SUM \
	VUXTL   V4.B8, V5.H8; \
	VUXTL2  V4.B16, V6.H8; \
	VUADDW  V5.H4, V0.S4, V0.S4; \
	VUADDW2 V5.H8, V1.S4, V1.S4; \
	VUADDW  V6.H4, V2.S4, V2.S4; \
	VUADDW2 V6.H8, V3.S4, V3.S4
#define ROUND(v) SCVTF4(v, v); FMUL4(19, v, v); FCVTNS4(v, v)
#define ENDAVG \
	ROUND(0); \
	ROUND(1); \
	ROUND(2); \
	ROUND(3); \
	NARROW

// All taps of n channels; the last two arguments are labels.
#define BLOCK(begin, reduce, end, load, store, n, row, tap) \
	begin; \
	MOVD R5, R7; \
	MOVD PoolU8Args_NY(R0), R8; \
row: \
	MOVD R7, R9; \
	MOVD PoolU8Args_NX(R0), R10; \
tap: \
	load; \
	ADD  R11, R9; \
	EOR16(16, 4, 4); \
	reduce; \
	SUBS $1, R10; \
	BGT  tap; \
	ADD  R12, R7; \
	SUBS $1, R8; \
	BGT  row; \
	end; \
	EOR16(17, 0, 0); \
	store; \
	ADD  $n, R5; \
	ADD  $n, R6; \
	SUB  $n, R4

#define OPERANDS \
	MOVD a+0(FP), R0; \
	MOVD PoolU8Args_X(R0), R1; \
	MOVD PoolU8Args_Y(R0), R2; \
	MOVD PoolU8Args_Pixels(R0), R3; \
	MOVD PoolU8Args_ColX(R0), R11; \
	MOVD PoolU8Args_RowX(R0), R12; \
	BYTES16(PoolU8Args_FlipX, V16); \
	BYTES16(PoolU8Args_FlipY, V17)

#define POOL(begin, reduce, end) \
pixel: \
	MOVD PoolU8Args_C(R0), R4; \
	MOVD R1, R5; \
	MOVD R2, R6; \
sixteens: \
	CMP  $16, R4; \
	BLT  eights; \
	BLOCK(begin, reduce, end, LOAD16, STORE16, 16, row16, tap16); \
	B    sixteens; \
eights: \
	CMP  $8, R4; \
	BLT  ones; \
	BLOCK(begin, reduce, end, LOAD8, STORE8, 8, row8, tap8); \
ones: \
	CBZ  R4, next; \
	BLOCK(begin, reduce, end, LOAD1, STORE1, 1, row1, tap1); \
	B    ones; \
next: \
	MOVD PoolU8Args_PixX(R0), R13; \
	ADD  R13, R1; \
	MOVD PoolU8Args_PixY(R0), R13; \
	ADD  R13, R2; \
	SUBS $1, R3; \
	BGT  pixel; \
	RET

TEXT ·maxpoolU8_16_neon(SB), NOSPLIT, $0-8
	OPERANDS
	POOL(BEGINMAX, MAX, ENDMAX)

TEXT ·avgpoolU8_16_neon(SB), NOSPLIT, $0-8
	OPERANDS
	MOVW PoolU8Args_Bias(R0), R13
	VDUP R13, V18.S4
	ADD  $PoolU8Args_Scale, R0, R13
	LD1R4(13, 19)
	MOVW PoolU8Args_Zero(R0), R13
	VDUP R13, V28.H8
	BYTES16(PoolU8Args_Lo, V29)
	BYTES16(PoolU8Args_Hi, V30)
	POOL(BEGINAVG, SUM, ENDAVG)
