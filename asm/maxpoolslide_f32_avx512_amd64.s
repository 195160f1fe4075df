//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Maxima over windows of 3 by 3 taps that lie a pixel apart, float32, AVX-512.
//
//	func maxpoolF32_1x64k3x3s1_avx512(a *PoolArgs)     a row of pixels, 64 channels at a time, then 16
//
// PoolArgs (pool.go) has the contract, poolslide_f32_amd64.h the loops and the roles of the general registers.
// Needs AVX-512 F and BMI2. Channels beyond C are masked (K1), which suppresses their faults.
//
//	Z0-Z3  maxima of the column before the last     Z4-Z7  of the last one     Z16  of the next one
//	Z17  a tap, an output     Z30  NaN     K2  lanes without NaN     K1  the channels that exist
//
// VMAXPS returns its second source (the first written) if one of the two is NaN. Of three in turn the last one's NaN comes through by
// that, and a comparison of the first two says where theirs was lost: there it is put in again, of a column as of an output.
//
// An output vector costs 3 loads, 4 maxima, 2 comparisons and 2 blends, two of each a cycle: 3 to 4 cycles, and the 3 lines of L2 as many.

#define EACH(op) op(Z0, Z4, 0); op(Z1, Z5, 64); op(Z2, Z6, 128); op(Z3, Z7, 192)
#define RESTEACH(op) op(Z0, Z4, 0)
#define MAIN 64
#define REST 16
#define CONSTANTS VPTERNLOGD $0xff, Z30, Z30, Z30
#define MASK MOVL $0xffff, CX; BZHIL R15, CX, CX; KMOVW CX, K1

// The maximum of a and of t, and then of last, with their NaN.
#define JOIN(a, t, last, m) VCMPPS $7, t, a, K2; VMAXPS t, a, m; VMAXPS last, m, m; VBLENDMPS m, Z30, K2, m
#define COLUMN(c, n) VMOVUPS n(SI), c; VMOVUPS n(SI)(R8*1), Z17; JOIN(c, Z17, n(SI)(R9*1), c)
#define COLUMNPART(c) VMOVUPS.Z (SI), K1, c; VMOVUPS.Z (SI)(R8*1), K1, Z17; VMOVUPS.Z (SI)(R9*1), K1, Z18; JOIN(c, Z17, Z18, c)
#define OLD(a, b, n) COLUMN(a, n)
#define NEW(a, b, n) COLUMN(b, n)
#define SLIDE(a, b, n) COLUMN(Z16, n); JOIN(a, b, Z16, Z17); VMOVUPS Z17, n(R13); VMOVAPS b, a; VMOVAPS Z16, b
#define OLDPART(a, b, n) COLUMNPART(a)
#define NEWPART(a, b, n) COLUMNPART(b)
#define SLIDEPART(a, b, n) COLUMNPART(Z16); JOIN(a, b, Z16, Z17); VMOVUPS Z17, K1, (R13); VMOVAPS b, a; VMOVAPS Z16, b

TEXT ·maxpoolF32_1x64k3x3s1_avx512(SB), NOSPLIT, $0-8
#include "poolslide_f32_amd64.h"
