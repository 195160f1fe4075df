//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Maxima over windows of one size, float32, AVX2.
//
//	func maxpoolF32_1x32k<KH>x<KW>_avx2(a *PoolArgs)     1 pixel, 32 channels at a time, then 8
//
// for windows of 1 x 2, 1 x 3, 2 x 2, 2 x 3, 3 x 2 and 3 x 3 taps. PoolArgs (pool.go) has the contract, poolwin_f32_amd64.h the loops and the
// roles of the general registers. Needs AVX2. Channels beyond C are masked by VMASKMOVPS, which suppresses their faults.
//
//	Y0-Y3  maxima      Y4-Y7  all ones in their lanes that have met a NaN      Y8-Y11  a tap     Y12  a comparison
//	Y15  the channels that exist
//
// VMAXPS returns its second source (the first written) if one of the two is NaN: a NaN tap enters the maximum, and is lost
// with the next one. Every second tap is therefore compared with the maximum before it: what either of them is of a NaN stays noted.
//
// k taps cost k loads, k-1 maxima, k/2 comparisons and as many ORs, two of each a cycle: the loads bind, or nearly.

#define EACH(op, x) op(Y0, Y4, Y8, 0 x); op(Y1, Y5, Y9, 32 x); op(Y2, Y6, Y10, 64 x); op(Y3, Y7, Y11, 96 x)
#define RESTEACH(op, x) op(Y0, Y4, Y8, x)
#define MAIN 32
#define REST 8

// Per maximum: its lanes with a NaN, a register for a tap, the tap or the output.
#define CONSTANTS
#define FIRST(a, n, t, x) VMOVUPS x, a
#define NOTE(a, n, t, x) VMOVUPS x, t; VCMPPS $3, t, a, n; VMAXPS t, a, a
#define CHECK(a, n, t, x) VMOVUPS x, t; VCMPPS $3, t, a, Y12; VORPS Y12, n, n; VMAXPS t, a, a
#define TAKE(a, n, t, x) VMAXPS x, a, a
#define FINISH(a, n, t, y) VORPS n, a, a; VMOVUPS a, y
#define FIRSTPART(a, n, t, x) VMASKMOVPS x, Y15, a
#define NOTEPART(a, n, t, x) VMASKMOVPS x, Y15, t; VCMPPS $3, t, a, n; VMAXPS t, a, a
#define CHECKPART(a, n, t, x) VMASKMOVPS x, Y15, t; VCMPPS $3, t, a, Y12; VORPS Y12, n, n; VMAXPS t, a, a
#define TAKEPART(a, n, t, x) VMASKMOVPS x, Y15, t; VMAXPS t, a, a
#define FINISHPART(a, n, t, y) VORPS n, a, a; VMASKMOVPS a, Y15, y
#define MASK MOVQ $8, CX; CMPQ R15, CX; CMOVQLT R15, CX; SHLQ $2, CX; NEGQ CX; LEAQ ·laneMask+32(SB), AX; VMOVUPS (AX)(CX*1), Y15; MOVQ a+0(FP), AX

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1)
TEXT ·maxpoolF32_1x32k1x2_avx2(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, A2)
TEXT ·maxpoolF32_1x32k1x3_avx2(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, B0); each(check, B1)
TEXT ·maxpoolF32_1x32k2x2_avx2(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, A2); each(check, B0); each(take, B1); each(check, B2)
TEXT ·maxpoolF32_1x32k2x3_avx2(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, B0); each(check, B1); each(take, C0); each(check, C1)
TEXT ·maxpoolF32_1x32k3x2_avx2(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, A2); each(check, B0); each(take, B1); each(check, B2); each(take, C0); each(check, C1); each(take, C2)
TEXT ·maxpoolF32_1x32k3x3_avx2(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
