//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Averages over windows of 3 by 3 taps that lie a pixel apart, float32, AVX-512.
//
//	func avgpoolF32_1x64k3x3s1_avx512(a *PoolArgs)     a row of pixels, 64 channels at a time, then 16
//
// PoolArgs (pool.go) has the contract, poolslide_f32_amd64.h the loops and the roles of the general registers.
// Needs AVX-512 F and BMI2. Channels beyond C are masked (K1), which suppresses their faults.
//
//	Z0-Z3  sums of the column before the last     Z4-Z7  of the last one     Z16  of the next one
//	Z17  an output     Z31  Scale     K1  the channels that exist
//
// A sum is that of its columns, whose sums are kept for the two outputs to come: nothing is subtracted.
//
// An output vector costs 3 loads, 4 additions and a multiplication: 2 cycles, and the 3 lines of L2 bind first.

#define EACH(op) op(Z0, Z4, 0); op(Z1, Z5, 64); op(Z2, Z6, 128); op(Z3, Z7, 192)
#define RESTEACH(op) op(Z0, Z4, 0)
#define MAIN 64
#define REST 16
#define CONSTANTS VBROADCASTSS PoolArgs_Scale(AX), Z31
#define MASK MOVL $0xffff, CX; BZHIL R15, CX, CX; KMOVW CX, K1

#define COLUMN(c, n) VMOVUPS n(SI), c; VADDPS n(SI)(R8*1), c, c; VADDPS n(SI)(R9*1), c, c
#define COLUMNPART(c) VMOVUPS.Z (SI), K1, c; VADDPS (SI)(R8*1), c, K1, c; VADDPS (SI)(R9*1), c, K1, c
#define JOIN(a, b, c, m) VADDPS b, a, m; VADDPS c, m, m; VMULPS Z31, m, m
#define OLD(a, b, n) COLUMN(a, n)
#define NEW(a, b, n) COLUMN(b, n)
#define SLIDE(a, b, n) COLUMN(Z16, n); JOIN(a, b, Z16, Z17); VMOVUPS Z17, n(R13); VMOVAPS b, a; VMOVAPS Z16, b
#define OLDPART(a, b, n) COLUMNPART(a)
#define NEWPART(a, b, n) COLUMNPART(b)
#define SLIDEPART(a, b, n) COLUMNPART(Z16); JOIN(a, b, Z16, Z17); VMOVUPS Z17, K1, (R13); VMOVAPS b, a; VMOVAPS Z16, b

TEXT ·avgpoolF32_1x64k3x3s1_avx512(SB), NOSPLIT, $0-8
#include "poolslide_f32_amd64.h"
