//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Maxima over windows of one size, float32, NEON.
//
//	func maxpoolF32_1x16k<KH>x<KW>_neon(a *PoolArgs)     1 pixel, 16 channels at a time, then 4, then 1
//	func maxpoolF32_1x16k3x3s1_neon(a *PoolArgs)         a row of pixels, 16 channels at a time, then 4, then 1
//
// for windows of 1 x 2, 1 x 3, 2 x 2, 2 x 3, 3 x 2 and 3 x 3 taps; the last for those of 3 x 3 that lie a pixel apart. PoolArgs (pool.go) has the
// contract, poolwin_f32_arm64.h and poolslide_f32_arm64.h have the loops and the roles of the registers. Needs NEON. Clobbers R0-R11,
// R13-R15, R19-R23, V0-V15.
//
// FMAX gives NaN where either operand is one, so that NaN stays. k taps cost k loads and k-1 maxima. A vector that slides costs 3 loads and
// 4 maxima.

#define CONSTANTS
#define FIRST(a, t, ld, x) ld x, F(a)
#define TAKE(a, t, ld, x) ld x, F(t); FMAX4(t, a, a)
#define FINISH(a, t, ld, y) ld F(a), y

#define WINDOW(each, ld) each(FIRST, ld, R8); each(TAKE, ld, R9)
TEXT ·maxpoolF32_1x16k1x2_neon(SB), NOSPLIT, $0-8
#include "poolwin_f32_arm64.h"
#undef WINDOW

#define WINDOW(each, ld) each(FIRST, ld, R8); each(TAKE, ld, R9); each(TAKE, ld, R10)
TEXT ·maxpoolF32_1x16k1x3_neon(SB), NOSPLIT, $0-8
#include "poolwin_f32_arm64.h"
#undef WINDOW

#define WINDOW(each, ld) each(FIRST, ld, R8); each(TAKE, ld, R9); each(TAKE, ld, R11); each(TAKE, ld, R14)
TEXT ·maxpoolF32_1x16k2x2_neon(SB), NOSPLIT, $0-8
#include "poolwin_f32_arm64.h"
#undef WINDOW

#define WINDOW(each, ld) each(FIRST, ld, R8); each(TAKE, ld, R9); each(TAKE, ld, R10); each(TAKE, ld, R11); each(TAKE, ld, R14); each(TAKE, ld, R15)
TEXT ·maxpoolF32_1x16k2x3_neon(SB), NOSPLIT, $0-8
#include "poolwin_f32_arm64.h"
#undef WINDOW

#define WINDOW(each, ld) each(FIRST, ld, R8); each(TAKE, ld, R9); each(TAKE, ld, R11); each(TAKE, ld, R14); each(TAKE, ld, R19); each(TAKE, ld, R20)
TEXT ·maxpoolF32_1x16k3x2_neon(SB), NOSPLIT, $0-8
#include "poolwin_f32_arm64.h"
#undef WINDOW

#define WINDOW(each, ld) each(FIRST, ld, R8); each(TAKE, ld, R9); each(TAKE, ld, R10); each(TAKE, ld, R11); each(TAKE, ld, R14); each(TAKE, ld, R15); each(TAKE, ld, R19); each(TAKE, ld, R20); each(TAKE, ld, R21)
TEXT ·maxpoolF32_1x16k3x3_neon(SB), NOSPLIT, $0-8
#include "poolwin_f32_arm64.h"
#undef WINDOW

#define REDUCE(x, a, d) FMAX4(x, a, d)
#define SCALE(a)
TEXT ·maxpoolF32_1x16k3x3s1_neon(SB), NOSPLIT, $0-8
#include "poolslide_f32_arm64.h"
