//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Depthwise convolution, float32, NEON: tiles of pixels, 4 channels at a time, then 1.
//
//	func dwF32_<P>x3s1_neon(a *DwArgs)       P = 8 to 4 pixels, 3 columns of taps, stride 1; also 3s2, 5s1, 5s2
//	func dwF32_<P>xn_neon(a *DwArgs)         P = 8 to 1 pixels, any taps
//
// DwArgs (dw.go) has the contract. Needs NEON. Clobbers R0-R16, R19-R26, V0-V13, V30, V31. The last channels, 1 to 3, are computed
// one by one.
//
//	V0-V7   the sums of 4 channels of the pixels
//	V8-V12  the weights of a row of taps (any taps: V8, of a tap)
//	V13     a column of X       V30 V31  Lo, Hi
//
//	R0 args    R1 R2 X and Y of the tile    R3 tiles left     R4 R7 bytes to the next row of taps in X and W
//	R5 bytes to the next load of X: a column (any taps: a pixel)             R6 a column    R10 bytes between weights
//	R8 X, next load     R9 W, next load; Y, next pixel        R11 bytes between blocks of W
//	R12 X, R13 W, R24 Y of the channels at hand               R14 channels left
//	R15 rows of taps left, R16 taps left    R19 R20 X and W, row of taps     R26 X, tap
//	R21 NY     R22 NX     R23 from the biases to the first tap               R25 bytes between pixels of Y
//
// Loops: tile > channels (4 a turn, then 1) > row of taps > in the kernels for any taps: tap.
//
// A row of taps of the special kernels costs P·Cols multiply-adds, and loads, one for each of its (P-1)·Stride + Cols
// columns and Cols for the weights: 24 and 13 for 8x3s1, 24 and 20 for 8x3s2, 40 and 17 for 8x5s1. A tap of
// the others costs P multiply-adds and P+1 loads. With two multipliers and two loads a cycle it is the multipliers
// that bind the first, and loads the others; the sums of a pixel wait for each other, so that at least 8 pixels
// or several rows must be under way.

#include "dw_f32_arm64.h"

// Per pixel: its sum starts from the biases, adds a tap, is clamped (NaN passes), is stored.
#define BIAS(c) MOV16(13, c)
#define TAP(c) COL; FMA(8, c)
#define CLAMP(c) FMAX4(30, c, c); FMIN4(31, c, c)
#define STORE(c) LD F(c), (R9); ADD R25, R9

#define COLUMNS MOVD R6, R5

#define TILE 8
#define PIXELS(op) PIXELS8(op)
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW8x3S1
TEXT ·dwF32_8x3s1_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW8x3S2
TEXT ·dwF32_8x3s2_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS5; WINDOW8x5S1
TEXT ·dwF32_8x5s1_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS5; WINDOW8x5S2
TEXT ·dwF32_8x5s2_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#undef TILE
#undef PIXELS

#define TILE 7
#define PIXELS(op) PIXELS7(op)
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW7x3S1
TEXT ·dwF32_7x3s1_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW7x3S2
TEXT ·dwF32_7x3s2_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS5; WINDOW7x5S1
TEXT ·dwF32_7x5s1_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS5; WINDOW7x5S2
TEXT ·dwF32_7x5s2_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#undef TILE
#undef PIXELS

#define TILE 6
#define PIXELS(op) PIXELS6(op)
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW6x3S1
TEXT ·dwF32_6x3s1_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW6x3S2
TEXT ·dwF32_6x3s2_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS5; WINDOW6x5S1
TEXT ·dwF32_6x5s1_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS5; WINDOW6x5S2
TEXT ·dwF32_6x5s2_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#undef TILE
#undef PIXELS

#define TILE 5
#define PIXELS(op) PIXELS5(op)
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW5x3S1
TEXT ·dwF32_5x3s1_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW5x3S2
TEXT ·dwF32_5x3s2_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS5; WINDOW5x5S1
TEXT ·dwF32_5x5s1_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS5; WINDOW5x5S2
TEXT ·dwF32_5x5s2_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#undef TILE
#undef PIXELS

#define TILE 4
#define PIXELS(op) PIXELS4(op)
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW4x3S1
TEXT ·dwF32_4x3s1_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS3; WINDOW4x3S2
TEXT ·dwF32_4x3s2_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS5; WINDOW4x5S1
TEXT ·dwF32_4x5s1_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef ROWTAPS
#define ROWTAPS(taps, next) WEIGHTS5; WINDOW4x5S2
TEXT ·dwF32_4x5s2_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
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
TEXT ·dwF32_8xn_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 7
#define PIXELS(op) PIXELS7(op)
TEXT ·dwF32_7xn_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 6
#define PIXELS(op) PIXELS6(op)
TEXT ·dwF32_6xn_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 5
#define PIXELS(op) PIXELS5(op)
TEXT ·dwF32_5xn_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 4
#define PIXELS(op) PIXELS4(op)
TEXT ·dwF32_4xn_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 3
#define PIXELS(op) PIXELS3(op)
TEXT ·dwF32_3xn_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 2
#define PIXELS(op) PIXELS2(op)
TEXT ·dwF32_2xn_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef TILE
#undef PIXELS

#define TILE 1
#define PIXELS(op) PIXELS1(op)
TEXT ·dwF32_1xn_neon(SB), NOSPLIT, $0-8
#include "dw_f32_neon_arm64.h"
#undef TILE
#undef PIXELS
