//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Averages over windows of one size, float32, AVX2.
//
//	func avgpoolF32_1x32k<KH>x<KW>_avx2(a *PoolArgs)     1 pixel, 32 channels at a time, then 8
//
// for windows of 2 x 2, 2 x 3, 3 x 2 and 3 x 3 taps. PoolArgs (pool.go) has the contract, poolwin_f32_amd64.h the loops and the roles of the
// general registers. Needs AVX2. Channels beyond C are masked by VMASKMOVPS, which suppresses their faults.
//
//	Y0-Y3  sums      Y8  a tap     Y14  Scale      Y15  the channels that exist
//
// The loads bind: k taps cost k loads and k-1 additions, two of each a cycle.

#define EACH(op, x) op(Y0, 0 x); op(Y1, 32 x); op(Y2, 64 x); op(Y3, 96 x)
#define RESTEACH(op, x) op(Y0, x)
#define MAIN 32
#define REST 8

// Per sum: a tap, or the output.
#define CONSTANTS VBROADCASTSS PoolArgs_Scale(AX), Y14
#define FIRST(a, x) VMOVUPS x, a
#define NOTE TAKE
#define CHECK TAKE
#define TAKE(a, x) VADDPS x, a, a
#define FINISH(a, y) VMULPS Y14, a, a; VMOVUPS a, y
#define FIRSTPART(a, x) VMASKMOVPS x, Y15, a
#define NOTEPART TAKEPART
#define CHECKPART TAKEPART
#define TAKEPART(a, x) VMASKMOVPS x, Y15, Y8; VADDPS Y8, a, a
#define FINISHPART(a, y) VMULPS Y14, a, a; VMASKMOVPS a, Y15, y
#define MASK MOVQ $8, CX; CMPQ R15, CX; CMOVQLT R15, CX; SHLQ $2, CX; NEGQ CX; LEAQ ·laneMask+32(SB), AX; VMOVUPS (AX)(CX*1), Y15; MOVQ a+0(FP), AX

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, B0); each(check, B1)
TEXT ·avgpoolF32_1x32k2x2_avx2(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, A2); each(check, B0); each(take, B1); each(check, B2)
TEXT ·avgpoolF32_1x32k2x3_avx2(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, B0); each(check, B1); each(take, C0); each(check, C1)
TEXT ·avgpoolF32_1x32k3x2_avx2(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
#undef WINDOW

#define WINDOW(each, first, note, check, take) each(first, A0); each(note, A1); each(take, A2); each(check, B0); each(take, B1); each(check, B2); each(take, C0); each(check, C1); each(take, C2)
TEXT ·avgpoolF32_1x32k3x3_avx2(SB), NOSPLIT, $0-8
#include "poolwin_f32_amd64.h"
