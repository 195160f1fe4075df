//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Grouped convolution of few channels, float32, AVX-512: tiles of pixels, 16 output channels at a time, of as many groups as fit.
//
//	func dwgroupF32_<P>x3s1_avx512(a *DwArgs)      P = 8 to 4 pixels, 3 columns of taps, stride 1
//	func dwgroupF32_<P>xn_avx512(a *DwArgs)        P = 8 to 1 pixels, any taps
//
// DwArgs (dw.go) has the contract. Needs AVX-512 F. Clobbers Z0-Z7, Z16-Z18, Z27-Z31, K1, K2 and all general registers but BP and SP.
// What lies beyond the channels of a block is masked in X (K1) and in Y (K2), which suppresses its faults.
//
//	Z0-Z7    the sums of 16 output channels of the pixels
//	Z16-Z18  the weights of a row of taps for a channel of X (any taps: Z16, of a tap)
//	Z30      a column of X, permuted: in every lane the channel that its output channel multiplies
//	Z31      which of X's channels that is        Z27  1s        Z28 Z29  Lo, Hi
//	K1 K2    the channels of X and of Y that a block has
//
//	AX args            SI X, row of taps (any taps: tap)    DI SI + 9 columns (any taps: taps left)
//	BX weights         CX rows of taps left                 DX R9 R10 R11 R8  1 3 5 7 9 columns (any taps:
//	R12 X, block       R13 bytes between weights            DX R9 R10 R11 1 3 5 7 pixels, R8 a column)
//	R14 W, block       R15 channels of a group left
//
// Loops: tile > block > row of taps > channel of a group > in the kernels for any taps: tap.
//
// The permutations take one of the two ports that multiply: a row of taps of 8x3s1 costs 24 multiply-adds and 10 permutations, two a
// cycle, for 13 loads; a tap of the others P of each. A masked load takes one of these ports too: blocks that fill a vector do without.

#define A0 Z0
#define A1 Z1
#define A2 Z2
#define A3 Z3
#define A4 Z4
#define A5 Z5
#define A6 Z6
#define A7 Z7
#define W0 Z16
#define W1 Z17
#define W2 Z18
#define FMA(w, c) VFMADD231PS Z30, w, c
#include "dw_f32_amd64.h"

#define VECTOR 64
#define BIASES Z30
#define MASK(n, k) MOVQ n, CX; MOVL $1, BX; SHLL CX, BX; DECL BX; KMOVW BX, k
#define SETUP \
	VBROADCASTSS DwArgs_Lo(AX), Z28; \
	VBROADCASTSS DwArgs_Hi(AX), Z29; \
	MOVL $1, CX; \
	VPBROADCASTD CX, Z27; \
	MASK(DwArgs_In(AX), K1); \
	MASK(DwArgs_Out(AX), K2)
#define LOADINDEX VMOVDQU32 (DI), Z31
#define NEXTINDEX VPADDD Z27, Z31, Z31
#define BOUNDS
#define LOAD(x) VPERMPS x, Z31, Z30
#define LOADPART(x) VMOVUPS.Z x, K1, Z30; VPERMPS Z30, Z31, Z30

// Per pixel: its sum starts from the biases, adds a tap, is clamped (NaN passes: it is the second
// source), is stored.
#define BIAS(c, x) VMOVAPS Z30, c
#define TAP(c, x) LOAD(x); FMA(W0, c)
#define TAPPART(c, x) LOADPART(x); FMA(W0, c)
#define CLAMP(c, x) VMAXPS c, Z28, c; VMINPS c, Z29, c
#define STORE(c, x) VMOVUPS c, K2, (SI); ADDQ DI, SI

#define TILE 8
#define PIXELS PIXELS8
#define WINDOW WINDOW8x3S1
TEXT ·dwgroupF32_8x3s1_avx512(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef WINDOW
#undef TILE
#undef PIXELS

#define TILE 7
#define PIXELS PIXELS7
#define WINDOW WINDOW7x3S1
TEXT ·dwgroupF32_7x3s1_avx512(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef WINDOW
#undef TILE
#undef PIXELS

#define TILE 6
#define PIXELS PIXELS6
#define WINDOW WINDOW6x3S1
TEXT ·dwgroupF32_6x3s1_avx512(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef WINDOW
#undef TILE
#undef PIXELS

#define TILE 5
#define PIXELS PIXELS5
#define WINDOW WINDOW5x3S1
TEXT ·dwgroupF32_5x3s1_avx512(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef WINDOW
#undef TILE
#undef PIXELS

#define TILE 4
#define PIXELS PIXELS4
#define WINDOW WINDOW4x3S1
TEXT ·dwgroupF32_4x3s1_avx512(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef WINDOW
#undef TILE
#undef PIXELS

// The kernels for any taps. The assembler reads macro calls in what #else leaves out, so they must exist.
#define ANY
#define WINDOW(load)

#define TILE 8
#define PIXELS PIXELS8
TEXT ·dwgroupF32_8xn_avx512(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 7
#define PIXELS PIXELS7
TEXT ·dwgroupF32_7xn_avx512(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 6
#define PIXELS PIXELS6
TEXT ·dwgroupF32_6xn_avx512(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 5
#define PIXELS PIXELS5
TEXT ·dwgroupF32_5xn_avx512(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 4
#define PIXELS PIXELS4
TEXT ·dwgroupF32_4xn_avx512(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 3
#define PIXELS PIXELS3
TEXT ·dwgroupF32_3xn_avx512(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 2
#define PIXELS PIXELS2
TEXT ·dwgroupF32_2xn_avx512(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS

#define TILE 1
#define PIXELS PIXELS1
TEXT ·dwgroupF32_1xn_avx512(SB), NOSPLIT, $0-8
#include "dwgroup_f32_amd64.h"
#undef TILE
#undef PIXELS
