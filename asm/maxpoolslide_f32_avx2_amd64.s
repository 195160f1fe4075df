//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Maxima over windows of 3 by 3 taps that lie a pixel apart, float32, AVX2.
//
//	func maxpoolF32_1x32k3x3s1_avx2(a *PoolArgs)     a row of pixels, 32 channels at a time, then 8
//
// PoolArgs (pool.go) has the contract, poolslide_f32_amd64.h the loops and the roles of the general registers.
// Needs AVX2. Channels beyond C are masked by VMASKMOVPS, which suppresses their faults.
//
//	Y0-Y3  maxima of the column before the last     Y4-Y7  of the last one     Y8  of the next one
//	Y9  a tap, an output     Y10  a comparison     Y11  a tap     Y15  the channels that exist
//
// VMAXPS returns its second source (the first written) if one of the two is NaN. Of three in turn the last one's NaN comes through by
// that, and a comparison of the first two says where theirs was lost: all ones there are a NaN, of a column as of an output.
//
// An output vector costs 3 loads, 4 maxima, 2 comparisons and 2 ORs, two of each a cycle: 3 to 4 cycles.

#define EACH(op) op(Y0, Y4, 0); op(Y1, Y5, 32); op(Y2, Y6, 64); op(Y3, Y7, 96)
#define RESTEACH(op) op(Y0, Y4, 0)
#define MAIN 32
#define REST 8
#define CONSTANTS
#define MASK MOVQ $8, CX; CMPQ R15, CX; CMOVQLT R15, CX; SHLQ $2, CX; NEGQ CX; LEAQ ·laneMask+32(SB), AX; VMOVUPS (AX)(CX*1), Y15; MOVQ a+0(FP), AX

// The maximum of a and of t, and then of last, with their NaN.
#define JOIN(a, t, last, m) VCMPPS $3, t, a, Y10; VMAXPS t, a, m; VMAXPS last, m, m; VORPS Y10, m, m
#define COLUMN(c, n) VMOVUPS n(SI), c; VMOVUPS n(SI)(R8*1), Y9; JOIN(c, Y9, n(SI)(R9*1), c)
#define COLUMNPART(c) VMASKMOVPS (SI), Y15, c; VMASKMOVPS (SI)(R8*1), Y15, Y9; VMASKMOVPS (SI)(R9*1), Y15, Y11; JOIN(c, Y9, Y11, c)
#define OLD(a, b, n) COLUMN(a, n)
#define NEW(a, b, n) COLUMN(b, n)
#define SLIDE(a, b, n) COLUMN(Y8, n); JOIN(a, b, Y8, Y9); VMOVUPS Y9, n(R13); VMOVAPS b, a; VMOVAPS Y8, b
#define OLDPART(a, b, n) COLUMNPART(a)
#define NEWPART(a, b, n) COLUMNPART(b)
#define SLIDEPART(a, b, n) COLUMNPART(Y8); JOIN(a, b, Y8, Y9); VMASKMOVPS Y9, Y15, (R13); VMOVAPS b, a; VMOVAPS Y8, b

TEXT ·maxpoolF32_1x32k3x3s1_avx2(SB), NOSPLIT, $0-8
#include "poolslide_f32_amd64.h"
