//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Averages over windows, float32, AVX2.
//
//	func avgpoolF32_1x32_avx2(a *PoolArgs)     1 pixel, 32 channels at a time, then 8
//	func avgpoolF32_4x8_avx2(a *PoolArgs)     4 pixels, 8 channels at a time
//
// PoolArgs (pool.go) has the contract, pool_f32_amd64.h the loops and the roles of the general registers.
// Needs AVX2. Channels beyond C are masked by VMASKMOVPS, which suppresses their
// faults.
//
//	Y0-Y3  sums        Y9  a tap      Y14  Scale      Y15  the channels that exist
//
// A tap of four vectors costs 4 loads and 4 additions, two of each a cycle: 2 cycles; with strides that skip nothing the bandwidth of L2 binds first.

#define EACH(op) op(Y0, N0, X0, T0, O0); op(Y1, N1, X1, T1, O1); op(Y2, N2, X2, T2, O2); op(Y3, N3, X3, T3, O3)
#define X0 (SI)
#define T0 (BX)
#define O0 (R13)
#define REST 8

// Per sum: its lanes' NaN, a tap, the tap after it, the output.
#define CONSTANTS VBROADCASTSS PoolArgs_Scale(AX), Y14
#define START(a, n, x, t, y) VXORPS a, a, a
#define RESUME(a, n, x, t, y) VMOVUPS y, a
#define PAIR(a, n, x, t, y) VADDPS x, a, a; VADDPS t, a, a
#define ONE(a, n, x, t, y) VADDPS x, a, a
#define FINISH(a, n, x, t, y) VMULPS Y14, a, a; VMOVUPS a, y
#define RESUMEPART(a, n, x, t, y) VMASKMOVPS y, Y15, a
#define PAIRPART(a, n, x, t, y) VMASKMOVPS x, Y15, Y9; VADDPS Y9, a, a; VMASKMOVPS t, Y15, Y9; VADDPS Y9, a, a
#define ONEPART(a, n, x, t, y) VMASKMOVPS x, Y15, Y9; VADDPS Y9, a, a
#define FINISHPART(a, n, x, t, y) VMULPS Y14, a, a; VMASKMOVPS a, Y15, y
#define MASK MOVQ $8, CX; CMPQ R15, CX; CMOVQLT R15, CX; SHLQ $2, CX; LEAQ ·laneMask+32(SB), BX; SUBQ CX, BX; VMOVUPS (BX), Y15

// Four vectors of one pixel; the rest one by one.
#define X1 32(SI)
#define T1 32(BX)
#define O1 32(R13)
#define X2 64(SI)
#define T2 64(BX)
#define O2 64(R13)
#define X3 96(SI)
#define T3 96(BX)
#define O3 96(R13)
#define RESTEACH(op) op(Y0, N0, X0, T0, O0)
#define MAIN 32
#define PIXELS 1
TEXT ·avgpoolF32_1x32_avx2(SB), NOSPLIT, $0-8
#include "pool_f32_amd64.h"
#undef X1
#undef T1
#undef O1
#undef X2
#undef T2
#undef O2
#undef X3
#undef T3
#undef O3
#undef RESTEACH
#undef MAIN
#undef PIXELS

// One vector of four pixels.
#define X1 (SI)(DX*1)
#define T1 (BX)(DX*1)
#define O1 (R13)(R10*1)
#define X2 (SI)(DX*2)
#define T2 (BX)(DX*2)
#define O2 (R13)(R10*2)
#define X3 (SI)(R9*1)
#define T3 (BX)(R9*1)
#define O3 (R13)(R11*1)
#define RESTEACH EACH
#define MAIN 8
#define PIXELS 4
TEXT ·avgpoolF32_4x8_avx2(SB), NOSPLIT, $0-8
#include "pool_f32_amd64.h"
