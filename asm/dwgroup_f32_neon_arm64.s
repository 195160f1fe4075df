//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Grouped convolution of few channels, float32, NEON: tiles of pixels, 4 output channels at a time, of as many groups as fit.
//
//	func dwgroupF32_<P>x3s1_neon(a *DwArgs)      P = 8 to 4 pixels, 3 columns of taps, stride 1
//	func dwgroupF32_<P>xn_neon(a *DwArgs)        P = 8 to 1 pixels, any taps
//
// DwArgs (dw.go) has the contract. Needs NEON. Clobbers R0-R17, R19-R26, V0-V10, V13, V14, V27-V31. Blocks of each number of channels of X have a
// loop of their own.
//
//	V0-V7   the sums of 4 output channels of the pixels
//	V8-V10  the weights of a row of taps for a channel of X (any taps: V8, of a tap)
//	V13     a column of X, permuted: in every lane the channel that its output channel multiplies
//	V28     the bytes of these channels, for the first of a group     V29  for the channel at hand     V27  4s
//	V30 V31 Lo, Hi
//
//	R0 args    R1 R2 X and Y of the tile    R3 tiles left     R4 R7 bytes to the next row of taps in X and W
//	R5 bytes to the next load of X: a column (any taps: a pixel)             R6 a column    R10 bytes between weights
//	R8 X, next load     R9 W, next load; Y, next pixel        R11 W of the channel at hand  R23 channels of a group left
//	R12 X, R13 W, R24 Y of the block     R14 channels of Y left
//	R15 rows of taps left, R16 taps left    R19 R20 X and W, row of taps     R26 X, tap
//	R21 NY     R22 NX     R25 bytes between pixels of Y
//
// Loops: tile > block > row of taps > channel of a group > in the kernels for any taps: tap.
//
// A row of taps of 8x3s1 costs 24 multiply-adds, 10 permutations and 13 loads, a tap of the others P of each.

#include "dw_f32_arm64.h"

// Per pixel: its sum starts from the biases, adds a tap, is clamped (NaN passes), is stored.
#define LD FMOVQ
#define PERMUTE VTBL V29.B16, [V13.B16], V13.B16
#define BIAS(c) MOV16(13, c)
#define TAP(c) COL; FMA(8, c)
#define CLAMP(c) FMAX4(30, c, c); FMIN4(31, c, c)
#define STORE4(c) FMOVQ F(c), (R9); ADD R25, R9
#define STORE3(c) DUPE4(c, 2, 13); FMOVD F(c), (R9); FMOVS F13, 8(R9); ADD R25, R9
#define STORE2(c) FMOVD F(c), (R9); ADD R25, R9
#define STORE1(c) FMOVS F(c), (R9); ADD R25, R9

#define COLUMNS MOVD R6, R5

#define TILE 8
#define PIXELS(op) PIXELS8(op)
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW8x3S1
TEXT ·dwgroupF32_8x3s1_neon(SB), NOSPLIT, $0-8
#include "dwgroup_f32_neon_arm64.h"
#undef ROWTAPS
#undef TILE
#undef PIXELS

#define TILE 7
#define PIXELS(op) PIXELS7(op)
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW7x3S1
TEXT ·dwgroupF32_7x3s1_neon(SB), NOSPLIT, $0-8
#include "dwgroup_f32_neon_arm64.h"
#undef ROWTAPS
#undef TILE
#undef PIXELS

#define TILE 6
#define PIXELS(op) PIXELS6(op)
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW6x3S1
TEXT ·dwgroupF32_6x3s1_neon(SB), NOSPLIT, $0-8
#include "dwgroup_f32_neon_arm64.h"
#undef ROWTAPS
#undef TILE
#undef PIXELS

#define TILE 5
#define PIXELS(op) PIXELS5(op)
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW5x3S1
TEXT ·dwgroupF32_5x3s1_neon(SB), NOSPLIT, $0-8
#include "dwgroup_f32_neon_arm64.h"
#undef ROWTAPS
#undef TILE
#undef PIXELS

#define TILE 4
#define PIXELS(op) PIXELS4(op)
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW4x3S1
TEXT ·dwgroupF32_4x3s1_neon(SB), NOSPLIT, $0-8
#include "dwgroup_f32_neon_arm64.h"
#undef ROWTAPS
#undef TILE
#undef PIXELS
#undef COLUMNS

// Any taps.
#define COLUMNS MOVD DwArgs_PixX(R0), R5
#define ROWTAPS(taps, next) \
	MOVD R19, R26; \
	SUBS $1, R22, R16; \
	BLT  next; \
taps: \
	LD   (R9), F8; \
	ADD  R10, R9; \
	MOVD R26, R8; \
	PIXELS(TAP); \
	ADD  R6, R26; \
	SUBS $1, R16; \
	BGE  taps; \
next:

#define TILE 8
#define PIXELS(op) PIXELS8(op)
TEXT ·dwgroupF32_8xn_neon(SB), NOSPLIT, $0-8
#include "dwgroup_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 7
#define PIXELS(op) PIXELS7(op)
TEXT ·dwgroupF32_7xn_neon(SB), NOSPLIT, $0-8
#include "dwgroup_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 6
#define PIXELS(op) PIXELS6(op)
TEXT ·dwgroupF32_6xn_neon(SB), NOSPLIT, $0-8
#include "dwgroup_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 5
#define PIXELS(op) PIXELS5(op)
TEXT ·dwgroupF32_5xn_neon(SB), NOSPLIT, $0-8
#include "dwgroup_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 4
#define PIXELS(op) PIXELS4(op)
TEXT ·dwgroupF32_4xn_neon(SB), NOSPLIT, $0-8
#include "dwgroup_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 3
#define PIXELS(op) PIXELS3(op)
TEXT ·dwgroupF32_3xn_neon(SB), NOSPLIT, $0-8
#include "dwgroup_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 2
#define PIXELS(op) PIXELS2(op)
TEXT ·dwgroupF32_2xn_neon(SB), NOSPLIT, $0-8
#include "dwgroup_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 1
#define PIXELS(op) PIXELS1(op)
TEXT ·dwgroupF32_1xn_neon(SB), NOSPLIT, $0-8
#include "dwgroup_f32_neon_arm64.h"
#undef TILE
#undef PIXELS
