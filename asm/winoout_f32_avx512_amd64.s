//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Transforms of products into outputs for Winograd's algorithms, float32, AVX-512: AT·x·A, bias, residual, clamp.
//
//	func winooutF32_<m>x3_avx512(a *WinoOutArgs)     m 4 or 2: F(m x m, 3x3)
//
// WinoOutArgs (wino.go) has the contract, winoout_f32_amd64.h the loops and the roles of the general registers.
// Needs AVX-512 F. Clobbers all general registers but BP and SP. Channels that do not exist are masked (K1), which
// suppresses their faults; X and the bias are read in whole vectors.
//
//	Z0-Z5 Z6-Z11  two lines        Z12-Z14  temporaries      Z24 Z25  lo, hi
//	Z26-Z31       1/2, 1/4, 1/8, 2, 4, 8
//
// F(4x4,3x3): sixteen channels of a tile cost 60 loads of products at two a cycle, 152 additions and multiply-adds and 32 operations of
// the clamp at two of each a cycle, and 16 stores: 46 cycles or more; the products come from L2. F(2x2,3x3): 16 loads, 24 additions, 4 stores.

#define LANES 16
#define P0 Z0
#define P1 Z1
#define P2 Z2
#define P3 Z3
#define P4 Z4
#define P5 Z5
#define Q0 Z6
#define Q1 Z7
#define Q2 Z8
#define Q3 Z9
#define Q4 Z10
#define Q5 Z11
#define T0 Z12
#define T1 Z13
#define T2 Z14
#define LO Z24
#define HI Z25
#define HALF Z26
#define QUARTER Z27
#define EIGHTH Z28
#define TWO Z29
#define QUAD Z30
#define EIGHT Z31
#define CONST(bits, z) MOVL $bits, CX; VPBROADCASTD CX, z
#define BOUNDS VBROADCASTSS WinoOutArgs_Lo(AX), LO; VBROADCASTSS WinoOutArgs_Hi(AX), HI
#define CONSTANTS BOUNDS; CONST(0x3f000000, HALF); CONST(0x3e800000, QUARTER); CONST(0x3e000000, EIGHTH); CONST(0x40000000, TWO); CONST(0x40800000, QUAD); CONST(0x41000000, EIGHT)
#define WHOLE KXNORW K1, K1, K1
#define TAIL MOVQ $1, R15; SHLQ CX, R15; DECQ R15; KMOVW R15, K1
#define ADDPART(addr, x) VADDPS addr, x, K1, x
#define CLAMP(x) VMAXPS x, LO, x; VMINPS x, HI, x
#define PUT(x, addr) VMOVUPS x, K1, addr

#define FOUR
TEXT ·winooutF32_4x3_avx512(SB), NOSPLIT, $0-8
#include "winoout_f32_amd64.h"
#undef FOUR
#undef CONSTANTS

#define CONSTANTS BOUNDS
TEXT ·winooutF32_2x3_avx512(SB), NOSPLIT, $0-8
#include "winoout_f32_amd64.h"
