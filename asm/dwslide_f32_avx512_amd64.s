//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Depthwise convolution of 3 x 3 taps, float32, AVX-512: down a strip of pixels, 16 channels at a time.
//
//	func dwslideF32_<P>x3s1_avx512(a *DwSlideArgs)       P = 7 to 4 pixels, stride 1
//	func dwslideF32_<P>x3s2_avx512(a *DwSlideArgs)       stride 2
//
// DwSlideArgs (dwslide.go) has the contract. Needs AVX-512 F. Clobbers all vector registers, K1 and all general
// registers but BP and SP. Channels beyond C are masked in X and Y (K1), which suppresses their faults.
//
//	Z0-Z6    A  the sums of the row of outputs that the row of X completes
//	Z7-Z13   B  of the row below it (stride 1)
//	Z14-Z20  C  of the row that begins
//	Z21-Z29  the weights     Z31  the biases     Z30  a column of X, then Lo, Hi     K1  the channels that exist
//
//	AX args            SI X, row                       DI SI + 9 columns; Y, pixel
//	BX Y, row          DX R9 R10 R11 R8  1 3 5 7 9 columns
//	CX rows left       R13 bytes between pixels of Y
//	R15 channels left  R14 Edges
//
// Loops: channels (16 a turn) > rows of X. Sums of a row of outputs move on to the next registers with each row
// (renaming makes moves free).
//
// A row of X with stride 1 costs 9P multiply-adds, P+2 loads and P stores: 31.5 cycles for 7 outputs, bound by the
// multiply-adds, two a cycle; from the second cache on also by what that delivers: 1.3 lines of X for
// each of Y. Two rows with stride 2 cost 9P multiply-adds, 4P+2 loads, P stores: bound by the caches.
// Asking for rows ahead (PREFETCHT0, two rows) was slower.

#define COL0 (SI)
#define COL1 (SI)(DX*1)
#define COL2 (SI)(DX*2)
#define COL3 (SI)(R9*1)
#define COL4 (SI)(DX*4)
#define COL5 (SI)(R10*1)
#define COL6 (SI)(R9*2)
#define COL7 (SI)(R11*1)
#define COL8 (SI)(DX*8)
#define COL9 (DI)
#define COL10 (DI)(DX*1)
#define COL11 (DI)(DX*2)
#define COL12 (DI)(R9*1)
#define COL13 (DI)(DX*4)
#define COL14 (DI)(R10*1)

#define LOAD(x) VMOVUPS.Z x, K1, Z30

// What a column adds to the sums of one pixel in A, B and C, with the weights of rows 2, 1 and 0.
#define ALL(a, b, c, w2, w1, w0) VFMADD231PS Z30, w2, a; VFMADD231PS Z30, w1, b; VFMADD231PS Z30, w0, c
#define A0(a, b, c, w2, w1, w0) VFMADD231PS Z30, w0, a
#define A1(a, b, c, w2, w1, w0) VFMADD231PS Z30, w1, a
#define A2(a, b, c, w2, w1, w0) VFMADD231PS Z30, w2, a
#define B0(a, b, c, w2, w1, w0) VFMADD231PS Z30, w0, b
#define B1C0(a, b, c, w2, w1, w0) VFMADD231PS Z30, w1, b; VFMADD231PS Z30, w0, c
#define A2B1(a, b, c, w2, w1, w0) VFMADD231PS Z30, w2, a; VFMADD231PS Z30, w1, b
#define A2C0(a, b, c, w2, w1, w0) VFMADD231PS Z30, w2, a; VFMADD231PS Z30, w0, c

// The same by the column of taps, and by the pixel.
#define KX0(adds, a, b, c) adds(a, b, c, Z27, Z24, Z21)
#define KX1(adds, a, b, c) adds(a, b, c, Z28, Z25, Z22)
#define KX2(adds, a, b, c) adds(a, b, c, Z29, Z26, Z23)
#define P0(kx, adds) kx(adds, Z0, Z7, Z14)
#define P1(kx, adds) kx(adds, Z1, Z8, Z15)
#define P2(kx, adds) kx(adds, Z2, Z9, Z16)
#define P3(kx, adds) kx(adds, Z3, Z10, Z17)
#define P4(kx, adds) kx(adds, Z4, Z11, Z18)
#define P5(kx, adds) kx(adds, Z5, Z12, Z19)
#define P6(kx, adds) kx(adds, Z6, Z13, Z20)

// The columns of a row, each loaded once, without those that all pixels have: LEFT, INNER, RIGHT. Stride 1:
#define COLUMN(col, p, q, r, adds) LOAD(col); p(KX2, adds); q(KX1, adds); r(KX0, adds)
#define LEFT(adds) LOAD(COL0); P0(KX0, adds)
#define INNER4S1(adds) LOAD(COL1); P0(KX1, adds); P1(KX0, adds); COLUMN(COL2, P0, P1, P2, adds); COLUMN(COL3, P1, P2, P3, adds); LOAD(COL4); P2(KX2, adds); P3(KX1, adds)
#define INNER5S1(adds) LOAD(COL1); P0(KX1, adds); P1(KX0, adds); COLUMN(COL2, P0, P1, P2, adds); COLUMN(COL3, P1, P2, P3, adds); COLUMN(COL4, P2, P3, P4, adds); LOAD(COL5); P3(KX2, adds); P4(KX1, adds)
#define INNER6S1(adds) LOAD(COL1); P0(KX1, adds); P1(KX0, adds); COLUMN(COL2, P0, P1, P2, adds); COLUMN(COL3, P1, P2, P3, adds); COLUMN(COL4, P2, P3, P4, adds); COLUMN(COL5, P3, P4, P5, adds); LOAD(COL6); P4(KX2, adds); P5(KX1, adds)
#define INNER7S1(adds) LOAD(COL1); P0(KX1, adds); P1(KX0, adds); COLUMN(COL2, P0, P1, P2, adds); COLUMN(COL3, P1, P2, P3, adds); COLUMN(COL4, P2, P3, P4, adds); COLUMN(COL5, P3, P4, P5, adds); COLUMN(COL6, P4, P5, P6, adds); LOAD(COL7); P5(KX2, adds); P6(KX1, adds)
#define RIGHT4S1(adds) LOAD(COL5); P3(KX2, adds)
#define RIGHT5S1(adds) LOAD(COL6); P4(KX2, adds)
#define RIGHT6S1(adds) LOAD(COL7); P5(KX2, adds)
#define RIGHT7S1(adds) LOAD(COL8); P6(KX2, adds)

// Stride 2:
#define BOTH(odd, even, p, q, adds) LOAD(odd); p(KX1, adds); LOAD(even); p(KX2, adds); q(KX0, adds)
#define INNER4S2(adds) BOTH(COL1, COL2, P0, P1, adds); BOTH(COL3, COL4, P1, P2, adds); BOTH(COL5, COL6, P2, P3, adds); LOAD(COL7); P3(KX1, adds)
#define INNER5S2(adds) BOTH(COL1, COL2, P0, P1, adds); BOTH(COL3, COL4, P1, P2, adds); BOTH(COL5, COL6, P2, P3, adds); BOTH(COL7, COL8, P3, P4, adds); LOAD(COL9); P4(KX1, adds)
#define INNER6S2(adds) BOTH(COL1, COL2, P0, P1, adds); BOTH(COL3, COL4, P1, P2, adds); BOTH(COL5, COL6, P2, P3, adds); BOTH(COL7, COL8, P3, P4, adds); BOTH(COL9, COL10, P4, P5, adds); LOAD(COL11); P5(KX1, adds)
#define INNER7S2(adds) BOTH(COL1, COL2, P0, P1, adds); BOTH(COL3, COL4, P1, P2, adds); BOTH(COL5, COL6, P2, P3, adds); BOTH(COL7, COL8, P3, P4, adds); BOTH(COL9, COL10, P4, P5, adds); BOTH(COL11, COL12, P5, P6, adds); LOAD(COL13); P6(KX1, adds)
#define RIGHT4S2(adds) LOAD(COL8); P3(KX2, adds)
#define RIGHT5S2(adds) LOAD(COL10); P4(KX2, adds)
#define RIGHT6S2(adds) LOAD(COL12); P5(KX2, adds)
#define RIGHT7S2(adds) LOAD(COL14); P6(KX2, adds)

// A row of X, then on to the next. The labels are where the columns left out lead to.
#define STEP(adds, noleft, noright) NINTH; TESTQ $const_DwNoLeft, R14; JNZ noleft; LEFT(adds); noleft: INNER(adds); TESTQ $const_DwNoRight, R14; JNZ noright; RIGHT(adds); noright: ADDQ DwSlideArgs_RowX(AX), SI

// The sums of the pixels: op(A, B, C).
#define EACH4(op) op(Z0, Z7, Z14); op(Z1, Z8, Z15); op(Z2, Z9, Z16); op(Z3, Z10, Z17)
#define EACH5(op) EACH4(op); op(Z4, Z11, Z18)
#define EACH6(op) EACH5(op); op(Z5, Z12, Z19)
#define EACH7(op) EACH6(op); op(Z6, Z13, Z20)
#define NEWA(a, b, c) VMOVAPS Z31, a
#define NEWB(a, b, c) VMOVAPS Z31, b
#define NEWC(a, b, c) VMOVAPS Z31, c
#define UP(a, b, c) VMOVAPS b, a; VMOVAPS c, b
#define BTOA(a, b, c) VMOVAPS b, a
#define CTOA(a, b, c) VMOVAPS c, a
#define ATLEAST(a, b, c) VMAXPS a, Z30, a
#define ATMOST(a, b, c) VMINPS a, Z30, a
#define STORE(a, b, c) VMOVUPS a, K1, (DI); ADDQ R13, DI
#define FINISH VBROADCASTSS DwSlideArgs_Lo(AX), Z30; EACH(ATLEAST); VBROADCASTSS DwSlideArgs_Hi(AX), Z30; EACH(ATMOST); MOVQ BX, DI; EACH(STORE); ADDQ DwSlideArgs_RowY(AX), BX

// The rows of a strip of 16 channels, until the sums of the last row of outputs lack only its last row of taps.
// Stride 1: the first row of X begins row 0 of outputs, the second goes on with it and begins row 1, and each
// further one completes a row.
#define SLIDES1 \
	EACH(NEWB); \
	TESTQ $const_DwNoTop, R14; \
	JNZ  top; \
	STEP(B0, noleft0, noright0); \
top: \
	DECQ CX; \
	JZ   single; \
	EACH(NEWC); \
	STEP(B1C0, noleft1, noright1); \
row: \
	EACH(UP); \
	DECQ CX; \
	JZ   last; \
	EACH(NEWC); \
	STEP(ALL, noleft2, noright2); \
	FINISH; \
	JMP  row; \
single: \
	EACH(BTOA); \
	STEP(A1, noleft3, noright3); \
	JMP  bottom; \
last: \
	STEP(A2B1, noleft4, noright4); \
	FINISH; \
	EACH(BTOA)

// Stride 2: rows of X go on with a row of outputs, and complete it and begin the next, in turn.
#define SLIDES2 \
	EACH(NEWA); \
	TESTQ $const_DwNoTop, R14; \
	JNZ  row; \
	STEP(A0, noleft0, noright0); \
row: \
	STEP(A1, noleft1, noright1); \
	DECQ CX; \
	JZ   bottom; \
	EACH(NEWC); \
	STEP(A2C0, noleft2, noright2); \
	FINISH; \
	EACH(CTOA); \
	JMP  row

#define SLIDE SLIDES1
#define NINTH
#define EACH EACH7
#define INNER INNER7S1
#define RIGHT RIGHT7S1
TEXT ·dwslideF32_7x3s1_avx512(SB), NOSPLIT, $0-8
#include "dwslide_f32_avx512_amd64.h"
#undef EACH
#undef INNER
#undef RIGHT

#define EACH EACH6
#define INNER INNER6S1
#define RIGHT RIGHT6S1
TEXT ·dwslideF32_6x3s1_avx512(SB), NOSPLIT, $0-8
#include "dwslide_f32_avx512_amd64.h"
#undef EACH
#undef INNER
#undef RIGHT

#define EACH EACH5
#define INNER INNER5S1
#define RIGHT RIGHT5S1
TEXT ·dwslideF32_5x3s1_avx512(SB), NOSPLIT, $0-8
#include "dwslide_f32_avx512_amd64.h"
#undef EACH
#undef INNER
#undef RIGHT

#define EACH EACH4
#define INNER INNER4S1
#define RIGHT RIGHT4S1
TEXT ·dwslideF32_4x3s1_avx512(SB), NOSPLIT, $0-8
#include "dwslide_f32_avx512_amd64.h"
#undef EACH
#undef INNER
#undef RIGHT

#undef NINTH
#undef SLIDE
#define SLIDE SLIDES2
#define NINTH LEAQ (SI)(R8*1), DI
#define EACH EACH7
#define INNER INNER7S2
#define RIGHT RIGHT7S2
TEXT ·dwslideF32_7x3s2_avx512(SB), NOSPLIT, $0-8
#include "dwslide_f32_avx512_amd64.h"
#undef EACH
#undef INNER
#undef RIGHT

#define EACH EACH6
#define INNER INNER6S2
#define RIGHT RIGHT6S2
TEXT ·dwslideF32_6x3s2_avx512(SB), NOSPLIT, $0-8
#include "dwslide_f32_avx512_amd64.h"
#undef EACH
#undef INNER
#undef RIGHT

#define EACH EACH5
#define INNER INNER5S2
#define RIGHT RIGHT5S2
TEXT ·dwslideF32_5x3s2_avx512(SB), NOSPLIT, $0-8
#include "dwslide_f32_avx512_amd64.h"
#undef EACH
#undef INNER
#undef RIGHT

#define EACH EACH4
#define INNER INNER4S2
#define RIGHT RIGHT4S2
TEXT ·dwslideF32_4x3s2_avx512(SB), NOSPLIT, $0-8
#include "dwslide_f32_avx512_amd64.h"
#undef EACH
#undef INNER
#undef RIGHT
