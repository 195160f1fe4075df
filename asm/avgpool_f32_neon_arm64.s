//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Averages over windows, float32, NEON.
//
//	func avgpoolF32_1x16_neon(a *PoolArgs)     1 pixel, 16 channels at a time, then 4, then 1
//	func avgpoolF32_4x4_neon(a *PoolArgs)      4 pixels, 4 channels at a time, then 1
//
// PoolArgs (pool.go) has the contract, pool_f32_arm64.h the loops and the roles of the general registers.
// Needs NEON. Clobbers R0-R16, R19-R25, V0-V7, V30, V31.
//
//	V0-V3  sums      V4-V7  taps      V31  Scale
//
// A tap of four vectors costs 4 loads and 4 additions, two of each a cycle: 2 cycles; with strides that skip nothing
// the bandwidth of L2 binds first.

// Per sum: its register, one for a tap, how to load and store, the tap, the output.
#define CONSTANTS FMOVS PoolArgs_Scale(R0), F31
#define START(a, t, ld, x, y) MOVI0(a)
#define RESUME(a, t, ld, x, y) ld y, F(a)
#define TAP(a, t, ld, x, y) ld x, F(t); FADD4(t, a, a)
#define FINISH(a, t, ld, x, y) FMULE4(31, 0, a, a); ld F(a), y

// Four vectors of one pixel; the rest one by one.
#define EACH(op, ld) op(0, 4, ld, (R8), (R13)); op(1, 5, ld, 16(R8), 16(R13)); op(2, 6, ld, 32(R8), 32(R13)); op(3, 7, ld, 48(R8), 48(R13))
#define RESTEACH(op, ld) op(0, 4, ld, (R8), (R13))
#define POINT
#define STEP ADD R5, R8
#define YPOINT
#define MAIN 16
#define PIXELS 1
TEXT ·avgpoolF32_1x16_neon(SB), NOSPLIT, $0-8
#include "pool_f32_arm64.h"
#undef EACH
#undef RESTEACH
#undef POINT
#undef STEP
#undef YPOINT
#undef MAIN
#undef PIXELS

// One vector of four pixels.
#define EACH(op, ld) op(0, 4, ld, (R8), (R13)); op(1, 5, ld, (R9), (R23)); op(2, 6, ld, (R10), (R24)); op(3, 7, ld, (R11), (R25))
#define RESTEACH(op, ld) EACH(op, ld)
#define POINT ADD R6, R8, R9; ADD R6, R9, R10; ADD R6, R10, R11
#define STEP ADD R5, R8; ADD R5, R9; ADD R5, R10; ADD R5, R11
#define YPOINT ADD R7, R13, R23; ADD R7, R23, R24; ADD R7, R24, R25
#define MAIN 4
#define PIXELS 4
TEXT ·avgpoolF32_4x4_neon(SB), NOSPLIT, $0-8
#include "pool_f32_arm64.h"
