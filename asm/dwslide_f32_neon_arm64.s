//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Depthwise convolution of 3 x 3 taps, float32, NEON: down a strip of pixels, 4 channels at a time, then 1.
//
//	func dwslideF32_<P>x3s1_neon(a *DwSlideArgs)       P = 7 to 4 pixels, stride 1
//	func dwslideF32_<P>x3s2_neon(a *DwSlideArgs)       stride 2
//
// DwSlideArgs (dwslide.go) has the contract. Needs NEON. Clobbers R0-R2, R4-R16, R19 and all vector registers.
//
//	V0-V6 V7-V13 V14-V20  x, y, z: the sums of the rows of outputs at hand, which take turns (stride 2: x and y)
//	V21  a column of X, then Hi      V22-V30  the weights      V31  Lo
//
//	R0 args        R1 X, row       R8 X, next column       R12 X of the channels at hand     R4 R5  bytes between rows, columns
//	R2 Y, row      R9 Y, pixel     R19 Y of the channels at hand                             R6 R7  bytes between rows, pixels
//	R13 W          R11 bytes between blocks of W           R14 channels left      R15 rows left      R16 Edges      R10 scratch
//
// Loops: channels (4 a turn, then 1) > rows of X, three a turn (stride 2: four), after which every sum is where it was.
//
// A row of outputs costs 9P multiply-adds, 2P operations of the clamp, P loads of the biases, P stores, which take a vector unit as
// well, and P+2 loads of X (stride 2: 4P+2): 42 cycles for 7 pixels where there are two vector units, 21 where there are four.

// What a column adds to the sums of one pixel, with the weights of rows 2, 1 and 0.
#define X0(x, y, z, w2, w1, w0) FMLA4(21, w0, x)
#define X1(x, y, z, w2, w1, w0) FMLA4(21, w1, x)
#define X2(x, y, z, w2, w1, w0) FMLA4(21, w2, x)
#define Y1(x, y, z, w2, w1, w0) FMLA4(21, w1, y)
#define X1Y0(x, y, z, w2, w1, w0) FMLA4(21, w1, x); FMLA4(21, w0, y)
#define X2Y0(x, y, z, w2, w1, w0) FMLA4(21, w2, x); FMLA4(21, w0, y)
#define Y2X0(x, y, z, w2, w1, w0) FMLA4(21, w2, y); FMLA4(21, w0, x)
#define X2Y1(x, y, z, w2, w1, w0) FMLA4(21, w2, x); FMLA4(21, w1, y)
#define X2Y1Z0(x, y, z, w2, w1, w0) FMLA4(21, w2, x); FMLA4(21, w1, y); FMLA4(21, w0, z)
#define Y2Z1X0(x, y, z, w2, w1, w0) FMLA4(21, w2, y); FMLA4(21, w1, z); FMLA4(21, w0, x)
#define Z2X1Y0(x, y, z, w2, w1, w0) FMLA4(21, w2, z); FMLA4(21, w1, x); FMLA4(21, w0, y)

// The same by the column of taps, and by the pixel.
#define KX0(adds, x, y, z) adds(x, y, z, 28, 25, 22)
#define KX1(adds, x, y, z) adds(x, y, z, 29, 26, 23)
#define KX2(adds, x, y, z) adds(x, y, z, 30, 27, 24)
#define P0(kx, adds) kx(adds, 0, 7, 14)
#define P1(kx, adds) kx(adds, 1, 8, 15)
#define P2(kx, adds) kx(adds, 2, 9, 16)
#define P3(kx, adds) kx(adds, 3, 10, 17)
#define P4(kx, adds) kx(adds, 4, 11, 18)
#define P5(kx, adds) kx(adds, 5, 12, 19)
#define P6(kx, adds) kx(adds, 6, 13, 20)

// The columns of a row, each loaded once: LEFT, INNER, RIGHT. Stride 1:
#define LEFT(adds) COL; P0(KX0, adds)
#define COLUMN(p, q, r, adds) COL; p(KX2, adds); q(KX1, adds); r(KX0, adds)
#define TO4(adds) COL; P0(KX1, adds); P1(KX0, adds); COLUMN(P0, P1, P2, adds); COLUMN(P1, P2, P3, adds)
#define TO5(adds) TO4(adds); COLUMN(P2, P3, P4, adds)
#define TO6(adds) TO5(adds); COLUMN(P3, P4, P5, adds)
#define TO7(adds) TO6(adds); COLUMN(P4, P5, P6, adds)
#define INNER4S1(adds) TO4(adds); COL; P2(KX2, adds); P3(KX1, adds)
#define INNER5S1(adds) TO5(adds); COL; P3(KX2, adds); P4(KX1, adds)
#define INNER6S1(adds) TO6(adds); COL; P4(KX2, adds); P5(KX1, adds)
#define INNER7S1(adds) TO7(adds); COL; P5(KX2, adds); P6(KX1, adds)
#define RIGHT4(adds) COL; P3(KX2, adds)
#define RIGHT5(adds) COL; P4(KX2, adds)
#define RIGHT6(adds) COL; P5(KX2, adds)
#define RIGHT7(adds) COL; P6(KX2, adds)

// Stride 2:
#define BOTH(p, q, adds) COL; p(KX1, adds); COL; p(KX2, adds); q(KX0, adds)
#define BY4(adds) BOTH(P0, P1, adds); BOTH(P1, P2, adds); BOTH(P2, P3, adds)
#define BY5(adds) BY4(adds); BOTH(P3, P4, adds)
#define BY6(adds) BY5(adds); BOTH(P4, P5, adds)
#define BY7(adds) BY6(adds); BOTH(P5, P6, adds)
#define INNER4S2(adds) BY4(adds); COL; P3(KX1, adds)
#define INNER5S2(adds) BY5(adds); COL; P4(KX1, adds)
#define INNER6S2(adds) BY6(adds); COL; P5(KX1, adds)
#define INNER7S2(adds) BY7(adds); COL; P6(KX1, adds)

// A row of X, then on to the next. The columns that are missing are jumped over: their load, and one, two or three sums.
// Without the left one R8 begins with the second.
#define STEP(adds, over) MOVD R1, R8; TBNZ $0, R16, over; LEFT(adds); INNER(adds); TBNZ $1, R16, over; RIGHT(adds); ADD R4, R1
#define STEP1(adds) STEP(adds, 3(PC))
#define STEP2(adds) STEP(adds, 4(PC))
#define STEP3(adds) STEP(adds, 5(PC))

// The sums of the pixels: op(x, y, z).
#define EACH4(op) op(0, 7, 14); op(1, 8, 15); op(2, 9, 16); op(3, 10, 17)
#define EACH5(op) EACH4(op); op(4, 11, 18)
#define EACH6(op) EACH5(op); op(5, 12, 19)
#define EACH7(op) EACH6(op); op(6, 13, 20)
#define NEWX(x, y, z) LD (R13), F(x)
#define NEWY(x, y, z) LD (R13), F(y)
#define NEWZ(x, y, z) LD (R13), F(z)
#define YTOX(x, y, z) MOV16(y, x)
#define YZTOXY(x, y, z) MOV16(y, x); MOV16(z, y)
#define ZXTOXY(x, y, z) MOV16(x, y); MOV16(z, x)
#define CLAMPX(x, y, z) FMAX4(31, x, x); FMIN4(21, x, x)
#define CLAMPY(x, y, z) FMAX4(31, y, y); FMIN4(21, y, y)
#define CLAMPZ(x, y, z) FMAX4(31, z, z); FMIN4(21, z, z)
#define STOREX(x, y, z) STORE(x)
#define STOREY(x, y, z) STORE(y)
#define STOREZ(x, y, z) STORE(z)
#define FINISH(clamp, store) ADD $DwSlideArgs_Hi, R0, R10; LD1R4(10, 21); EACH(clamp); MOVD R2, R9; EACH(store); ADD R6, R2

// The first row of a strip of channels: the weights, at 16 bytes each behind the biases.
#define BEGIN \
	LD 16(R13), F22; LD 32(R13), F23; LD 48(R13), F24; LD 64(R13), F25; LD 80(R13), F26; \
	LD 96(R13), F27; LD 112(R13), F28; LD 128(R13), F29; LD 144(R13), F30; \
	MOVD R12, R1; MOVD R19, R2; MOVD DwSlideArgs_Rows(R0), R15

// The rows of a strip. Stride 1: the first row of X begins row 0 of outputs, the second goes on with it and begins row 1, and
// each further one completes a row. Edges has bit 2 where the first is missing and bit 3 where the last is.
#define SLIDES1(top, row, single, last1, last2, last, bottom, end) \
	EACH(NEWX); \
	TBNZ $2, R16, top; \
	STEP1(X0); \
top: \
	SUBS $1, R15; \
	BEQ  single; \
	EACH(NEWY); \
	STEP2(X1Y0); \
row: \
	SUBS $1, R15; \
	BEQ  last; \
	EACH(NEWZ); \
	STEP3(X2Y1Z0); \
	FINISH(CLAMPX, STOREX); \
	SUBS $1, R15; \
	BEQ  last1; \
	EACH(NEWX); \
	STEP3(Y2Z1X0); \
	FINISH(CLAMPY, STOREY); \
	SUBS $1, R15; \
	BEQ  last2; \
	EACH(NEWY); \
	STEP3(Z2X1Y0); \
	FINISH(CLAMPZ, STOREZ); \
	B    row; \
single: \
	STEP1(X1); \
	B    bottom; \
last1: \
	EACH(YZTOXY); \
	B    last; \
last2: \
	EACH(ZXTOXY); \
last: \
	STEP2(X2Y1); \
	FINISH(CLAMPX, STOREX); \
	EACH(YTOX); \
bottom: \
	TBNZ $3, R16, end; \
	STEP1(X2); \
end: \
	FINISH(CLAMPX, STOREX)

// Stride 2: rows of X go on with a row of outputs, and complete it and begin the next, in turn.
#define SLIDES2(top, row, single, last1, last2, last, bottom, end) \
	EACH(NEWX); \
	TBNZ $2, R16, row; \
	STEP1(X0); \
row: \
	STEP1(X1); \
	SUBS $1, R15; \
	BEQ  bottom; \
	EACH(NEWY); \
	STEP2(X2Y0); \
	FINISH(CLAMPX, STOREX); \
	STEP1(Y1); \
	SUBS $1, R15; \
	BEQ  last; \
	EACH(NEWX); \
	STEP2(Y2X0); \
	FINISH(CLAMPY, STOREY); \
	B    row; \
last: \
	EACH(YTOX); \
bottom: \
	TBNZ $3, R16, end; \
	STEP1(X2); \
end: \
	FINISH(CLAMPX, STOREX)

#define SLIDE SLIDES1

#define EACH EACH7
#define INNER INNER7S1
#define RIGHT RIGHT7
TEXT ·dwslideF32_7x3s1_neon(SB), NOSPLIT, $0-8
#include "dwslide_f32_arm64.h"
#undef EACH
#undef INNER
#undef RIGHT

#define EACH EACH6
#define INNER INNER6S1
#define RIGHT RIGHT6
TEXT ·dwslideF32_6x3s1_neon(SB), NOSPLIT, $0-8
#include "dwslide_f32_arm64.h"
#undef EACH
#undef INNER
#undef RIGHT

#define EACH EACH5
#define INNER INNER5S1
#define RIGHT RIGHT5
TEXT ·dwslideF32_5x3s1_neon(SB), NOSPLIT, $0-8
#include "dwslide_f32_arm64.h"
#undef EACH
#undef INNER
#undef RIGHT

#define EACH EACH4
#define INNER INNER4S1
#define RIGHT RIGHT4
TEXT ·dwslideF32_4x3s1_neon(SB), NOSPLIT, $0-8
#include "dwslide_f32_arm64.h"
#undef EACH
#undef INNER
#undef RIGHT

#undef SLIDE
#define SLIDE SLIDES2

#define EACH EACH7
#define INNER INNER7S2
#define RIGHT RIGHT7
TEXT ·dwslideF32_7x3s2_neon(SB), NOSPLIT, $0-8
#include "dwslide_f32_arm64.h"
#undef EACH
#undef INNER
#undef RIGHT

#define EACH EACH6
#define INNER INNER6S2
#define RIGHT RIGHT6
TEXT ·dwslideF32_6x3s2_neon(SB), NOSPLIT, $0-8
#include "dwslide_f32_arm64.h"
#undef EACH
#undef INNER
#undef RIGHT

#define EACH EACH5
#define INNER INNER5S2
#define RIGHT RIGHT5
TEXT ·dwslideF32_5x3s2_neon(SB), NOSPLIT, $0-8
#include "dwslide_f32_arm64.h"
#undef EACH
#undef INNER
#undef RIGHT

#define EACH EACH4
#define INNER INNER4S2
#define RIGHT RIGHT4
TEXT ·dwslideF32_4x3s2_neon(SB), NOSPLIT, $0-8
#include "dwslide_f32_arm64.h"
#undef EACH
#undef INNER
#undef RIGHT
