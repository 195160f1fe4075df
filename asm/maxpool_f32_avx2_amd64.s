//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Maxima over windows, float32, AVX2.
//
//	func maxpoolF32_1x32_avx2(a *PoolArgs)     1 pixel, 32 channels at a time, then 8
//	func maxpoolF32_4x8_avx2(a *PoolArgs)     4 pixels, 8 channels at a time
//
// PoolArgs (pool.go) has the contract, pool_f32_amd64.h the loops and the roles of the general registers.
// Needs AVX2. Channels beyond C are masked by VMASKMOVPS, which suppresses their
// faults.
//
//	Y0-Y3  maxima      Y4-Y7  all ones in their lanes that have met a NaN     Y8 Y9  taps     Y10  a comparison
//	Y14  -Inf          Y15  the channels that exist
//
// VMAXPS returns its second source (the first written) if one of the two is NaN: a NaN tap enters the
// maximum, and is lost with the next one. Where the maximum after a first tap, or the second tap, is NaN
// is therefore noted: one comparison for two taps.
//
// Two taps of four vectors cost 8 loads, 8 maxima and 4 comparisons with as many ORs: at two of each a cycle, 8 cycles on the adders' pipes; with strides that skip nothing the bandwidth of L2 binds first.

#define EACH(op) op(Y0, N0, X0, T0, O0); op(Y1, N1, X1, T1, O1); op(Y2, N2, X2, T2, O2); op(Y3, N3, X3, T3, O3)
#define N0 Y4
#define N1 Y5
#define N2 Y6
#define N3 Y7
#define X0 (SI)
#define T0 (BX)
#define O0 (R13)
#define REST 8

// Per sum: its lanes' NaN, a tap, the tap after it, the output.
#define CONSTANTS MOVL $0xff800000, BX; VMOVD BX, X14; VPBROADCASTD X14, Y14
#define START(a, n, x, t, y) VMOVAPS Y14, a; VXORPS n, n, n
#define RESUME(a, n, x, t, y) VMOVUPS y, a; VCMPPS $3, a, a, n
#define PAIR(a, n, x, t, y) VMOVUPS t, Y8; VMAXPS x, a, a; VCMPPS $3, Y8, a, Y10; VORPS Y10, n, n; VMAXPS Y8, a, a
#define ONE(a, n, x, t, y) VMAXPS x, a, a; VCMPPS $3, a, a, Y10; VORPS Y10, n, n
#define FINISH(a, n, x, t, y) VORPS n, a, a; VMOVUPS a, y
#define RESUMEPART(a, n, x, t, y) VMASKMOVPS y, Y15, a; VCMPPS $3, a, a, n
#define PAIRPART(a, n, x, t, y) VMASKMOVPS t, Y15, Y8; VMASKMOVPS x, Y15, Y9; VMAXPS Y9, a, a; VCMPPS $3, Y8, a, Y10; VORPS Y10, n, n; VMAXPS Y8, a, a
#define ONEPART(a, n, x, t, y) VMASKMOVPS x, Y15, Y9; VMAXPS Y9, a, a; VCMPPS $3, a, a, Y10; VORPS Y10, n, n
#define FINISHPART(a, n, x, t, y) VORPS n, a, a; VMASKMOVPS a, Y15, y
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
TEXT ·maxpoolF32_1x32_avx2(SB), NOSPLIT, $0-8
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
TEXT ·maxpoolF32_4x8_avx2(SB), NOSPLIT, $0-8
#include "pool_f32_amd64.h"
