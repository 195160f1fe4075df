//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Averages over windows of one size, float32, AVX-512.
//
//	func avgpoolF32_1x64k<KH>x<KW>_avx512(a *PoolArgs)     1 pixel, 64 channels at a time, then 16
//
// for windows of 2 x 2, 2 x 3, 3 x 2 and 3 x 3 taps. PoolArgs (pool.go) has the contract, poolwin_f32_amd64.h the loops and the roles of the
// general registers. Needs AVX-512 F and BMI2. Channels beyond C are masked (K1), which suppresses their faults.
//
//	Z0-Z3  sums      Z31  Scale      K1  the channels that exist
//
// The loads bind: k taps cost k loads and k-1 additions, two of each a cycle.

#define EACH(op, x) op(Z0, 0 x); op(Z1, 64 x); op(Z2, 128 x); op(Z3, 192 x)
#define RESTEACH(op, x) op(Z0, x)
#define MAIN 64
#define REST 16

// Per sum: a tap, or the output.
#define CONSTANTS VBROADCASTSS PoolArgs_Scale(AX), Z31
#define FIRST(a, x) VMOVUPS x, a
#define NOTE TAKE
#define CHECK TAKE
#define TAKE(a, x) VADDPS x, a, a
#define FINISH(a, y) VMULPS Z31, a, a; VMOVUPS a, y
#define FIRSTPART(a, x) VMOVUPS.Z x, K1, a
#define NOTEPART TAKEPART
#define CHECKPART TAKEPART
#define TAKEPART(a, x) VADDPS x, a, K1, a
#define FINISHPART(a, y) VMULPS Z31, a, a; VMOVUPS a, K1, y
#define MASK MOVL $0xffff, CX; BZHIL R15, CX, CX; KMOVW CX, K1

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, B0); each(check, B1)
TEXT ·avgpoolF32_1x64k2x2_avx512(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, A2); each(check, B0); each(take, B1); each(check, B2)
TEXT ·avgpoolF32_1x64k2x3_avx512(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, B0); each(check, B1); each(take, C0); each(check, C1)
TEXT ·avgpoolF32_1x64k3x2_avx512(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, A2); each(check, B0); each(take, B1); each(check, B2); each(take, C0); each(check, C1); each(take, C2)
TEXT ·avgpoolF32_1x64k3x3_avx512(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
