//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Maxima over windows, float32, AVX-512.
//
//	func maxpoolF32_1x64_avx512(a *PoolArgs)     1 pixel, 64 channels at a time, then 16
//	func maxpoolF32_4x16_avx512(a *PoolArgs)     4 pixels, 16 channels at a time
//
// PoolArgs (pool.go) has the contract, pool_f32_amd64.h the loops and the roles of the general registers.
// Needs AVX-512 F. Channels beyond C are masked (K1), which suppresses their faults.
//
//	Z0-Z3  maxima      K2-K5  their lanes that have met no NaN      Z16  a tap      K1  the channels that exist
//	Z30  NaN           Z31  -Inf
//
// VMAXPS returns its second source (the first written) if one of the two is NaN: a NaN tap enters the
// maximum, and is lost with the next one. Where the maximum after a first tap, and the second tap, are no NaN
// is therefore noted in a mask: one comparison for two taps.
//
// Two taps of four vectors cost 8 loads, 8 maxima and 4 comparisons: at two of each a cycle, 6 cycles on the adders' pipes; with strides that skip nothing the bandwidth of L2 binds first.

#define EACH(op) op(Z0, N0, X0, T0, O0); op(Z1, N1, X1, T1, O1); op(Z2, N2, X2, T2, O2); op(Z3, N3, X3, T3, O3)
#define N0 K2
#define N1 K3
#define N2 K4
#define N3 K5
#define X0 (SI)
#define T0 (BX)
#define O0 (R13)
#define REST 16

// Per sum: its lanes' NaN, a tap, the tap after it, the output.
#define CONSTANTS VPTERNLOGD $0xff, Z30, Z30, Z30; MOVL $0xff800000, BX; VPBROADCASTD BX, Z31
#define START(a, n, x, t, y) VMOVAPS Z31, a; KXNORW n, n, n
#define RESUME(a, n, x, t, y) VMOVUPS y, a; VCMPPS $7, a, a, n
#define PAIR(a, n, x, t, y) VMOVUPS t, Z16; VMAXPS x, a, a; VCMPPS $7, Z16, a, n, n; VMAXPS Z16, a, a
#define ONE(a, n, x, t, y) VMAXPS x, a, a; VCMPPS $7, a, a, n, n
#define FINISH(a, n, x, t, y) KNOTW n, n; VMOVAPS Z30, n, a; VMOVUPS a, y
#define RESUMEPART(a, n, x, t, y) VMOVUPS.Z y, K1, a; VCMPPS $7, a, a, n
#define PAIRPART(a, n, x, t, y) VMOVUPS.Z t, K1, Z16; VMAXPS x, a, K1, a; VCMPPS $7, Z16, a, n, n; VMAXPS Z16, a, a
#define ONEPART(a, n, x, t, y) VMAXPS x, a, K1, a; VCMPPS $7, a, a, n, n
#define FINISHPART(a, n, x, t, y) KNOTW n, n; VMOVAPS Z30, n, a; VMOVUPS a, K1, y
#define MASK MOVQ $16, CX; CMPQ R15, CX; CMOVQLT R15, CX; MOVQ $1, BX; SHLQ CX, BX; DECQ BX; KMOVW BX, K1

// Four vectors of one pixel; the rest one by one.
#define X1 64(SI)
#define T1 64(BX)
#define O1 64(R13)
#define X2 128(SI)
#define T2 128(BX)
#define O2 128(R13)
#define X3 192(SI)
#define T3 192(BX)
#define O3 192(R13)
#define RESTEACH(op) op(Z0, N0, X0, T0, O0)
#define MAIN 64
#define PIXELS 1
TEXT ·maxpoolF32_1x64_avx512(SB), NOSPLIT, $0-8
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
#define MAIN 16
#define PIXELS 4
TEXT ·maxpoolF32_4x16_avx512(SB), NOSPLIT, $0-8
#include "pool_f32_amd64.h"
