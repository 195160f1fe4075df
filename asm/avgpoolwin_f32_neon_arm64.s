//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Averages over windows of one size, float32, NEON.
//
//	func avgpoolF32_1x16k<KH>x<KW>_neon(a *PoolArgs)     1 pixel, 16 channels at a time, then 4, then 1
//	func avgpoolF32_1x16k3x3s1_neon(a *PoolArgs)         a row of pixels, 16 channels at a time, then 4, then 1
//
// for windows of 2 x 2, 2 x 3, 3 x 2 and 3 x 3 taps; the last for those of 3 x 3 that lie a pixel apart. PoolArgs (pool.go) has the contract,
// poolwin_f32_arm64.h and poolslide_f32_arm64.h have the loops and the roles of the registers. Needs NEON. Clobbers R0-R11, R13-R15,
// R19-R23, V0-V15, V31.
//
//	V31  Scale
//
// k taps cost k loads and k-1 additions. A vector that slides costs 3 loads and 4 additions.

#define CONSTANTS FMOVS PoolArgs_Scale(R0), F31; DUPE4(31, 0, 31)
#define FIRST(a, t, ld, x) ld x, F(a)
#define TAKE(a, t, ld, x) ld x, F(t); FADD4(t, a, a)
#define FINISH(a, t, ld, y) FMUL4(31, a, a); ld F(a), y

#define WINDOW(each, ld) each(FIRST, ld, R8); each(TAKE, ld, R9); each(TAKE, ld, R11); each(TAKE, ld, R14)
TEXT ·avgpoolF32_1x16k2x2_neon(SB), NOSPLIT, $0-8
#include "poolwin_f32_arm64.h"
#undef WINDOW

#define WINDOW(each, ld) each(FIRST, ld, R8); each(TAKE, ld, R9); each(TAKE, ld, R10); each(TAKE, ld, R11); each(TAKE, ld, R14); each(TAKE, ld, R15)
TEXT ·avgpoolF32_1x16k2x3_neon(SB), NOSPLIT, $0-8
#include "poolwin_f32_arm64.h"
#undef WINDOW

#define WINDOW(each, ld) each(FIRST, ld, R8); each(TAKE, ld, R9); each(TAKE, ld, R11); each(TAKE, ld, R14); each(TAKE, ld, R19); each(TAKE, ld, R20)
TEXT ·avgpoolF32_1x16k3x2_neon(SB), NOSPLIT, $0-8
#include "poolwin_f32_arm64.h"
#undef WINDOW

#define WINDOW(each, ld) each(FIRST, ld, R8); each(TAKE, ld, R9); each(TAKE, ld, R10); each(TAKE, ld, R11); each(TAKE, ld, R14); each(TAKE, ld, R15); each(TAKE, ld, R19); each(TAKE, ld, R20); each(TAKE, ld, R21)
TEXT ·avgpoolF32_1x16k3x3_neon(SB), NOSPLIT, $0-8
#include "poolwin_f32_arm64.h"
#undef WINDOW

#define REDUCE(x, a, d) FADD4(x, a, d)
#define SCALE(a) FMUL4(31, a, a)
TEXT ·avgpoolF32_1x16k3x3s1_neon(SB), NOSPLIT, $0-8
#include "poolslide_f32_arm64.h"
