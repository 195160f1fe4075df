//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Depthwise convolution, float32, AVX2 and FMA: tiles of pixels, 8 channels at a time.
//
//	func dwF32_<P>x3s1_avx2(a *DwArgs)       P = 8 to 4 pixels, 3 columns of taps, stride 1; also 3s2, 5s1, 5s2
//	func dwF32_<P>xn_avx2(a *DwArgs)         P = 8 to 1 pixels, any taps
//
// DwArgs (dw.go) has the contract. Needs AVX2 and FMA. Clobbers all vector registers and all general
// registers but BP and SP. Channels beyond C are masked in X and Y by VMASKMOVPS, which
// suppresses their faults; whole blocks have loops of their own without masks.
//
//	Y0-Y7   the sums of 8 channels of the pixels
//	Y8-Y12  the weights of a row of taps (any taps: Y8, of a tap)
//	Y13     a column of X, then Lo     Y14  Hi     Y15  the channels that exist, as a mask
//
//	AX args            SI X, row of taps (any taps: tap)    DI SI + 9 columns (any taps: taps left)
//	BX weights         CX rows of taps left                 DX R9 R10 R11 R8  1 3 5 7 9 columns (any taps:
//	R12 X, block       R13 bytes between weights            DX R9 R10 R11 1 3 5 7 pixels, R8 a column)
//	R14 W, block       R15 channels left
//
// Loops: tile > channels (8 a turn) > row of taps > in the kernels for any taps: tap.
//
// What binds is loads and multiply-adds, two a cycle each (loads rather 1.6, measured with 64-byte vectors in L1).
// A row of taps of the special kernels costs P·Cols multiply-adds, and loads, one for each of its (P-1)·Stride + Cols
// columns and Cols for the weights: 24 and 13 for 8x3s1, 24 and 20 for 8x3s2, 40 and 17 for 8x5s1. A tap of
// the others costs P multiply-adds and P+1 loads.

#define A0 Y0
#define A1 Y1
#define A2 Y2
#define A3 Y3
#define A4 Y4
#define A5 Y5
#define A6 Y6
#define A7 Y7
#define W0 Y8
#define W1 Y9
#define W2 Y10
#define W3 Y11
#define W4 Y12
#define FMA(w, c) VFMADD231PS Y13, w, c
#include "dw_f32_amd64.h"

#define LOAD(x) VMOVUPS x, Y13
#define LOADPART(x) VMASKMOVPS x, Y15, Y13

// Per pixel: its sum starts from the biases, adds a tap, is clamped (NaN passes: it is the second
// source), is stored.
#define BIAS(c, x) VMOVAPS Y13, c
#define TAP(c, x) VFMADD231PS x, Y8, c
#define TAPPART(c, x) VMASKMOVPS x, Y15, Y13; VFMADD231PS Y13, Y8, c
#define CLAMP(c, x) VMAXPS c, Y13, c; VMINPS c, Y14, c
#define STORE(c, x) VMOVUPS c, (SI); ADDQ DI, SI
#define STOREPART(c, x) VMASKMOVPS c, Y15, (SI); ADDQ DI, SI

#define TILE 8
#define PIXELS PIXELS8
#define WINDOW WINDOW8x3S1
#define WEIGHTS WEIGHTS3
TEXT ·dwF32_8x3s1_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW8x3S2
#define WEIGHTS WEIGHTS3
TEXT ·dwF32_8x3s2_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW8x5S1
#define WEIGHTS WEIGHTS5
TEXT ·dwF32_8x5s1_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW8x5S2
#define WEIGHTS WEIGHTS5
TEXT ·dwF32_8x5s2_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#undef TILE
#undef PIXELS

#define TILE 7
#define PIXELS PIXELS7
#define WINDOW WINDOW7x3S1
#define WEIGHTS WEIGHTS3
TEXT ·dwF32_7x3s1_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW7x3S2
#define WEIGHTS WEIGHTS3
TEXT ·dwF32_7x3s2_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW7x5S1
#define WEIGHTS WEIGHTS5
TEXT ·dwF32_7x5s1_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW7x5S2
#define WEIGHTS WEIGHTS5
TEXT ·dwF32_7x5s2_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#undef TILE
#undef PIXELS

#define TILE 6
#define PIXELS PIXELS6
#define WINDOW WINDOW6x3S1
#define WEIGHTS WEIGHTS3
TEXT ·dwF32_6x3s1_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW6x3S2
#define WEIGHTS WEIGHTS3
TEXT ·dwF32_6x3s2_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW6x5S1
#define WEIGHTS WEIGHTS5
TEXT ·dwF32_6x5s1_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW6x5S2
#define WEIGHTS WEIGHTS5
TEXT ·dwF32_6x5s2_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#undef TILE
#undef PIXELS

#define TILE 5
#define PIXELS PIXELS5
#define WINDOW WINDOW5x3S1
#define WEIGHTS WEIGHTS3
TEXT ·dwF32_5x3s1_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW5x3S2
#define WEIGHTS WEIGHTS3
TEXT ·dwF32_5x3s2_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW5x5S1
#define WEIGHTS WEIGHTS5
TEXT ·dwF32_5x5s1_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW5x5S2
#define WEIGHTS WEIGHTS5
TEXT ·dwF32_5x5s2_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#undef TILE
#undef PIXELS

#define TILE 4
#define PIXELS PIXELS4
#define WINDOW WINDOW4x3S1
#define WEIGHTS WEIGHTS3
TEXT ·dwF32_4x3s1_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW4x3S2
#define WEIGHTS WEIGHTS3
TEXT ·dwF32_4x3s2_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW4x5S1
#define WEIGHTS WEIGHTS5
TEXT ·dwF32_4x5s1_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#define WINDOW WINDOW4x5S2
#define WEIGHTS WEIGHTS5
TEXT ·dwF32_4x5s2_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef WINDOW
#undef WEIGHTS
#undef TILE
#undef PIXELS

// The kernels for any taps. The assembler reads macro calls in what #else leaves out, so they must exist.
#define ANY
#define WEIGHTS
#define WINDOW(load)

#define TILE 8
#define PIXELS PIXELS8
TEXT ·dwF32_8xn_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 7
#define PIXELS PIXELS7
TEXT ·dwF32_7xn_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 6
#define PIXELS PIXELS6
TEXT ·dwF32_6xn_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 5
#define PIXELS PIXELS5
TEXT ·dwF32_5xn_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 4
#define PIXELS PIXELS4
TEXT ·dwF32_4xn_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 3
#define PIXELS PIXELS3
TEXT ·dwF32_3xn_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 2
#define PIXELS PIXELS2
TEXT ·dwF32_2xn_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 1
#define PIXELS PIXELS1
TEXT ·dwF32_1xn_avx2(SB), NOSPLIT, $0-8
#include "dw_f32_avx2_amd64.h"
#undef TILE
#undef PIXELS
