//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "blocks_u8_arm64.h"

// Depthwise convolution, bytes, NEON, 16 channels, any window.
//
//	func dwU8_16xn_neon(a *DwU8Args)
//
// DwU8Args (dwu8.go) has the contract. Needs NEON. Clobbers R0 to R16, R19, R21 to R23, V0 to V7 and V16 to V30.
//
// A tap is 16 bytes of X widened to 16 bits, which SMLAL multiplies with weights of 16 bits and adds to sums of 32.
//
//	R0 args    R1 X and R2 Y of the block    R3 pixels left    R4 channels left    R5 X of the pixel, R7 its next row, R9 its next tap    R6 its Y
//	R8 R10 rows and taps left    R11 ColX    R12 RowX    R13 scratch    R16 PixX    R19 PixY
//	R14 what belongs to the block: R21 biases, and 64 bytes on scales; R22 taps, R15 the next one    R23 its length
//	V0 to V3 sums    V4 V5 a tap    V6 V7 its weights    V16 V17 flips of X and Y    V20 to V23 biases    V24 to V27 scales
//	V28 zero point, 16 bits    V29 V30 limits, bytes
//
// Loops: block of 16 channels, at the end of 8 and of one > pixel > row > tap. A tap is 3 loads and 7 vector operations for 16 products: bound by
// the vector pipes.

#define WEIGHTS16 FMOVQ (R15), F6; FMOVQ 16(R15), F7
#define WEIGHTS1 MOVHU (R15), R13; FMOVS R13, F6
#define ENDS16 \
	FMOVQ (R21), F20; FMOVQ 16(R21), F21; FMOVQ 32(R21), F22; FMOVQ 48(R21), F23; \
	FMOVQ 64(R21), F24; FMOVQ 80(R21), F25; FMOVQ 96(R21), F26; FMOVQ 112(R21), F27
#define ENDS1 FMOVS (R21), F20; FMOVS 64(R21), F24

#define SCALE(c, v) SCVTF4(v, v); FMUL4(c, v, v); FCVTNS4(v, v)

// All pixels of n channels; the last three arguments are labels.
#define BLOCK(n, ends, weights, load, store, pixel, row, tap) \
	ends; \
	MOVD DwU8Args_Pixels(R0), R3; \
	MOVD R1, R5; \
	MOVD R2, R6; \
pixel: \
	MOV16(20, 0); \
	MOV16(21, 1); \
	MOV16(22, 2); \
	MOV16(23, 3); \
	MOVD R22, R15; \
	MOVD R5, R7; \
	MOVD DwU8Args_NY(R0), R8; \
row: \
	MOVD R7, R9; \
	MOVD DwU8Args_NX(R0), R10; \
tap: \
	load; \
	ADD  R11, R9; \
	weights; \
	ADD  $32, R15; \
	EOR16(16, 4, 4); \
	VUXTL  V4.B8, V5.H8; \
	VUXTL2 V4.B16, V4.H8; \
	SMLAL4(6, 5, 0); \
	SMLAL24(6, 5, 1); \
	SMLAL4(7, 4, 2); \
	SMLAL24(7, 4, 3); \
	SUBS $1, R10; \
	BGT  tap; \
	ADD  R12, R7; \
	SUBS $1, R8; \
	BGT  row; \
	SCALE(24, 0); \
	SCALE(25, 1); \
	SCALE(26, 2); \
	SCALE(27, 3); \
	NARROW; \
	EOR16(17, 0, 0); \
	store; \
	ADD  R16, R5; \
	ADD  R19, R6; \
	SUBS $1, R3; \
	BGT  pixel; \
	ADD  $n, R1; \
	ADD  $n, R2; \
	SUB  $n, R4

#define WEIGHTS ADD $128, R14, R22; MOVD R14, R21

TEXT ·dwU8_16xn_neon(SB), NOSPLIT, $0-8
	MOVD a+0(FP), R0
	MOVD DwU8Args_X(R0), R1
	MOVD DwU8Args_Y(R0), R2
	MOVD DwU8Args_W(R0), R14
	MOVD DwU8Args_C(R0), R4
	MOVD DwU8Args_ColX(R0), R11
	MOVD DwU8Args_RowX(R0), R12
	MOVD DwU8Args_PixX(R0), R16
	MOVD DwU8Args_PixY(R0), R19
	MOVD DwU8Args_NY(R0), R23
	MOVD DwU8Args_NX(R0), R13
	MUL  R13, R23
	LSL  $5, R23
	ADD  $128, R23
	BYTES16(DwU8Args_FlipX, V16)
	BYTES16(DwU8Args_FlipY, V17)
	MOVW DwU8Args_Zero(R0), R13
	VDUP R13, V28.H8
	BYTES16(DwU8Args_Lo, V29)
	BYTES16(DwU8Args_Hi, V30)

sixteens:
	CMP  $16, R4
	BLT  eights
	WEIGHTS
	BLOCK(16, ENDS16, WEIGHTS16, LOAD16, STORE16, pixel16, row16, tap16)
	ADD  R23, R14
	B    sixteens

eights:
	CBZ  R4, done
	WEIGHTS
	CMP  $8, R4
	BLT  ones
	BLOCK(8, ENDS16, WEIGHTS16, LOAD8, STORE8, pixel8, row8, tap8)
	ADD  $32, R21
	ADD  $16, R22

ones:
	CBZ  R4, done
	BLOCK(1, ENDS1, WEIGHTS1, LOAD1, STORE1, pixel1, row1, tap1)
	ADD  $4, R21
	ADD  $2, R22
	B    ones

done:
	RET
