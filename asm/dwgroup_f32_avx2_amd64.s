//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Grouped convolution of few channels, float32, AVX2 and FMA: tiles of pixels, 8 output channels at a time, of as many groups as fit.
//
//	func dwgroupF32_<P>x3s1_avx2(a *DwArgs)      P = 8 to 4 pixels, 3 columns of taps, stride 1
//	func dwgroupF32_<P>xn_avx2(a *DwArgs)        P = 8 to 1 pixels, any taps
//
// DwArgs (dw.go) has the contract. Needs AVX2 and FMA. Clobbers all vector registers and all general registers but BP and SP.
// What lies beyond the channels of a block is masked in X and in Y by VMASKMOVPS, which suppresses its faults.
//
//	Y0-Y7   the sums of 8 output channels of the pixels
//	Y8-Y10  the weights of a row of taps for a channel of X (any taps: Y8, of a tap)
//	Y13     a column of X, permuted: in every lane the channel that its output channel multiplies; then Lo
//	Y14     which of X's channels that is; then Hi        Y11  -1s
//	Y15 Y12 the channels of X and of Y that a block has, as masks
//
//	AX args            SI X, row of taps (any taps: tap)    DI SI + 9 columns (any taps: taps left)
//	BX weights         CX rows of taps left                 DX R9 R10 R11 R8  1 3 5 7 9 columns (any taps:
//	R12 X, block       R13 bytes between weights            DX R9 R10 R11 1 3 5 7 pixels, R8 a column)
//	R14 W, block       R15 channels of a group left
//
// Loops: tile > block > row of taps > channel of a group > in the kernels for any taps: tap.
//
// The permutations have a port to themselves: a row of taps of 8x3s1 costs 24 multiply-adds, two a cycle, beside 10 permutations and
// 13 loads; a tap of the others P of each. Masked loads would compete with them: blocks that fill a vector do without.

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
#define FMA(w, c) VFMADD231PS Y13, w, c
#include "dw_f32_amd64.h"

#define VECTOR 32
#define BIASES Y13
#define MASK(n, y) LEAQ ·laneMask+32(SB), DI; MOVQ n, CX; SHLQ $2, CX; SUBQ CX, DI; VMOVUPS (DI), y
#define SETUP \
	MASK(DwArgs_In(AX), Y15); \
	MASK(DwArgs_Out(AX), Y12); \
	VPCMPEQD Y11, Y11, Y11
#define LOADINDEX VMOVDQU (DI), Y14
#define NEXTINDEX VPSUBD Y11, Y14, Y14
#define BOUNDS VBROADCASTSS DwArgs_Lo(AX), Y13; VBROADCASTSS DwArgs_Hi(AX), Y14
#define LOAD(x) VPERMPS x, Y14, Y13
#define LOADPART(x) VMASKMOVPS x, Y15, Y13; VPERMPS Y13, Y14, Y13

// Per pixel: its sum starts from the biases, adds a tap, is clamped (NaN passes: it is the second
// source), is stored.
#define BIAS(c, x) VMOVAPS Y13, c
#define TAP(c, x) LOAD(x); FMA(W0, c)
#define TAPPART(c, x) LOADPART(x); FMA(W0, c)
#define CLAMP(c, x) VMAXPS c, Y13, c; VMINPS c, Y14, c
#define STORE(c, x) VMASKMOVPS c, Y12, (SI); ADDQ DI, SI

#define TILE 8
#define PIXELS PIXELS8
#define WINDOW WINDOW8x3S1
TEXT ·dwgroupF32_8x3s1_avx2(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef WINDOW
#undef TILE
#undef PIXELS

#define TILE 7
#define PIXELS PIXELS7
#define WINDOW WINDOW7x3S1
TEXT ·dwgroupF32_7x3s1_avx2(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef WINDOW
#undef TILE
#undef PIXELS

#define TILE 6
#define PIXELS PIXELS6
#define WINDOW WINDOW6x3S1
TEXT ·dwgroupF32_6x3s1_avx2(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef WINDOW
#undef TILE
#undef PIXELS

#define TILE 5
#define PIXELS PIXELS5
#define WINDOW WINDOW5x3S1
TEXT ·dwgroupF32_5x3s1_avx2(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef WINDOW
#undef TILE
#undef PIXELS

#define TILE 4
#define PIXELS PIXELS4
#define WINDOW WINDOW4x3S1
TEXT ·dwgroupF32_4x3s1_avx2(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef WINDOW
#undef TILE
#undef PIXELS

// The kernels for any taps. The assembler reads macro calls in what #else leaves out, so they must exist.
#define ANY
#define WINDOW(load)

#define TILE 8
#define PIXELS PIXELS8
TEXT ·dwgroupF32_8xn_avx2(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 7
#define PIXELS PIXELS7
TEXT ·dwgroupF32_7xn_avx2(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 6
#define PIXELS PIXELS6
TEXT ·dwgroupF32_6xn_avx2(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 5
#define PIXELS PIXELS5
TEXT ·dwgroupF32_5xn_avx2(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 4
#define PIXELS PIXELS4
TEXT ·dwgroupF32_4xn_avx2(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 3
#define PIXELS PIXELS3
TEXT ·dwgroupF32_3xn_avx2(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 2
#define PIXELS PIXELS2
TEXT ·dwgroupF32_2xn_avx2(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 1
#define PIXELS PIXELS1
TEXT ·dwgroupF32_1xn_avx2(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS
