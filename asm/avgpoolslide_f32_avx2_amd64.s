//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Averages over windows of 3 by 3 taps that lie a pixel apart, float32, AVX2.
//
//	func avgpoolF32_1x32k3x3s1_avx2(a *PoolArgs)     a row of pixels, 32 channels at a time, then 8
//
// PoolArgs (pool.go) has the contract, poolslide_f32_amd64.h the loops and the roles of the general registers.
// Needs AVX2. Channels beyond C are masked by VMASKMOVPS, which suppresses their faults.
//
//	Y0-Y3  sums of the column before the last     Y4-Y7  of the last one     Y8  of the next one
//	Y9  a tap, an output     Y14  Scale     Y15  the channels that exist
//
// A sum is that of its columns, whose sums are kept for the two outputs to come: nothing is subtracted.
//
// An output vector costs 3 loads, 4 additions and a multiplication: 2 cycles.

#define EACH(op) op(Y0, Y4, 0); op(Y1, Y5, 32); op(Y2, Y6, 64); op(Y3, Y7, 96)
#define RESTEACH(op) op(Y0, Y4, 0)
#define MAIN 32
#define REST 8
#define CONSTANTS VBROADCASTSS PoolArgs_Scale(AX), Y14
#define MASK MOVQ $8, CX; CMPQ R15, CX; CMOVQLT R15, CX; SHLQ $2, CX; NEGQ CX; LEAQ ·laneMask+32(SB), AX; VMOVUPS (AX)(CX*1), Y15; MOVQ a+0(FP), AX

#define COLUMN(c, n) VMOVUPS n(SI), c; VADDPS n(SI)(R8*1), c, c; VADDPS n(SI)(R9*1), c, c
#define COLUMNPART(c) VMASKMOVPS (SI), Y15, c; VMASKMOVPS (SI)(R8*1), Y15, Y9; VADDPS Y9, c, c; VMASKMOVPS (SI)(R9*1), Y15, Y9; VADDPS Y9, c, c
#define JOIN(a, b, c, m) VADDPS b, a, m; VADDPS c, m, m; VMULPS Y14, m, m
#define OLD(a, b, n) COLUMN(a, n)
#define NEW(a, b, n) COLUMN(b, n)
#define SLIDE(a, b, n) COLUMN(Y8, n); JOIN(a, b, Y8, Y9); VMOVUPS Y9, n(R13); VMOVAPS b, a; VMOVAPS Y8, b
#define OLDPART(a, b, n) COLUMNPART(a)
#define NEWPART(a, b, n) COLUMNPART(b)
#define SLIDEPART(a, b, n) COLUMNPART(Y8); JOIN(a, b, Y8, Y9); VMASKMOVPS Y9, Y15, (R13); VMOVAPS b, a; VMOVAPS Y8, b

TEXT ·avgpoolF32_1x32k3x3s1_avx2(SB), NOSPLIT, $0-8
#include "poolslide_f32_amd64.h"
