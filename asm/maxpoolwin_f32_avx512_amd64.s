//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Maxima over windows of one size, float32, AVX-512.
//
//	func maxpoolF32_1x64k<KH>x<KW>_avx512(a *PoolArgs)     1 pixel, 64 channels at a time, then 16
//
// for windows of 1 x 2, 1 x 3, 2 x 2, 2 x 3, 3 x 2 and 3 x 3 taps. PoolArgs (pool.go) has the contract, poolwin_f32_amd64.h the loops and the
// roles of the general registers. Needs AVX-512 F and BMI2. Channels beyond C are masked (K1), which suppresses their faults.
//
//	Z0-Z3  maxima      K2-K5  their lanes that have met no NaN      Z16-Z19  a tap      K1  the channels that exist
//	Z30  NaN
//
// VMAXPS returns its second source (the first written) if one of the two is NaN: a NaN tap enters the maximum, and is lost
// with the next one. Every second tap is therefore compared with the maximum before it: what either of them is of a NaN stays noted.
//
// The loads bind: k taps cost k loads, k-1 maxima and k/2 comparisons, of which two, two and one a cycle.

#define EACH(op, x) op(Z0, K2, Z16, 0 x); op(Z1, K3, Z17, 64 x); op(Z2, K4, Z18, 128 x); op(Z3, K5, Z19, 192 x)
#define RESTEACH(op, x) op(Z0, K2, Z16, x)
#define MAIN 64
#define REST 16

// Per maximum: its lanes without NaN, a register for a tap, the tap or the output.
#define CONSTANTS VPTERNLOGD $0xff, Z30, Z30, Z30
#define FIRST(a, n, t, x) VMOVUPS x, a
#define NOTE(a, n, t, x) VMOVUPS x, t; VCMPPS $7, t, a, n; VMAXPS t, a, a
#define CHECK(a, n, t, x) VMOVUPS x, t; VCMPPS $7, t, a, n, n; VMAXPS t, a, a
#define TAKE(a, n, t, x) VMAXPS x, a, a
#define FINISH(a, n, t, y) VBLENDMPS a, Z30, n, a; VMOVUPS a, y
#define FIRSTPART(a, n, t, x) VMOVUPS.Z x, K1, a
#define NOTEPART(a, n, t, x) VMOVUPS.Z x, K1, t; VCMPPS $7, t, a, n; VMAXPS t, a, a
#define CHECKPART(a, n, t, x) VMOVUPS.Z x, K1, t; VCMPPS $7, t, a, n, n; VMAXPS t, a, a
#define TAKEPART(a, n, t, x) VMAXPS x, a, K1, a
#define FINISHPART(a, n, t, y) VBLENDMPS a, Z30, n, a; VMOVUPS a, K1, y
#define MASK MOVL $0xffff, CX; BZHIL R15, CX, CX; KMOVW CX, K1

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1)
TEXT ·maxpoolF32_1x64k1x2_avx512(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, A2)
TEXT ·maxpoolF32_1x64k1x3_avx512(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, B0); each(check, B1)
TEXT ·maxpoolF32_1x64k2x2_avx512(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, A2); each(check, B0); each(take, B1); each(check, B2)
TEXT ·maxpoolF32_1x64k2x3_avx512(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, B0); each(check, B1); each(take, C0); each(check, C1)
TEXT ·maxpoolF32_1x64k3x2_avx512(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, A2); each(check, B0); each(take, B1); each(check, B2); each(take, C0); each(check, C1); each(take, C2)
TEXT ·maxpoolF32_1x64k3x3_avx512(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
