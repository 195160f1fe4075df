//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Transforms of products into outputs for Winograd's algorithms, float32, AVX2 and FMA: AT·x·A, bias, residual, clamp.
//
//	func winooutF32_<m>x3_avx2(a *WinoOutArgs)     m 4 or 2: F(m x m, 3x3)
//
// WinoOutArgs (wino.go) has the contract, winoout_f32_amd64.h the loops and the roles of the general registers.
// Needs AVX2 and FMA. Clobbers all general registers but BP and SP. Channels that do not exist are masked by
// VMASKMOVPS (Y15), which suppresses their faults; whole vectors are stored without it, as some processors are
// slow at it. X and the bias are read in whole vectors.
//
//	Y0-Y5 Y6-Y11  two lines        Y12-Y14  temporaries      Y15  the channels that exist
//	0(SP)         1/2, 1/4, 1/8, 2, 4, 8, lo, hi, 32 bytes each
//
// F(4x4,3x3): eight channels of a tile cost 60 loads of products and 80 of constants at two a cycle, 152 additions and multiply-adds
// and 32 operations of the clamp at two of each a cycle, and 16 stores: 70 cycles or more. F(2x2,3x3): 16 loads, 24 additions, 4 stores.

#define LANES 8
#define P0 Y0
#define P1 Y1
#define P2 Y2
#define P3 Y3
#define P4 Y4
#define P5 Y5
#define Q0 Y6
#define Q1 Y7
#define Q2 Y8
#define Q3 Y9
#define Q4 Y10
#define Q5 Y11
#define T0 Y12
#define T1 Y13
#define T2 Y14
#define HALF 0(SP)
#define QUARTER 32(SP)
#define EIGHTH 64(SP)
#define TWO 96(SP)
#define QUAD 128(SP)
#define EIGHT 160(SP)
#define LO 192(SP)
#define HI 224(SP)
#define CONST(bits, m) MOVL $bits, CX; VMOVD CX, X0; VPBROADCASTD X0, Y0; VMOVUPS Y0, m
#define BOUNDS VBROADCASTSS WinoOutArgs_Lo(AX), Y0; VMOVUPS Y0, LO; VBROADCASTSS WinoOutArgs_Hi(AX), Y0; VMOVUPS Y0, HI
#define CONSTANTS BOUNDS; CONST(0x3f000000, HALF); CONST(0x3e800000, QUARTER); CONST(0x3e000000, EIGHTH); CONST(0x40000000, TWO); CONST(0x40800000, QUAD); CONST(0x41000000, EIGHT)
#define WHOLE VPCMPEQD Y15, Y15, Y15
#define TAIL SHLQ $2, CX; LEAQ ·laneMask+32(SB), R15; SUBQ CX, R15; VMOVUPS (R15), Y15
#define ADDPART(addr, x) VMASKMOVPS addr, Y15, T1; VADDPS T1, x, x
#define CLAMP(x) VMOVUPS LO, T1; VMAXPS x, T1, x; VMOVUPS HI, T1; VMINPS x, T1, x
#define PUT(x, addr) VMOVUPS x, addr
#define PUTPART(x, addr) VMASKMOVPS x, Y15, addr

#define FOUR
TEXT ·winooutF32_4x3_avx2(SB), NOSPLIT, $256-8
#include "winoout_f32_amd64.h"
#undef FOUR
#undef CONSTANTS

#define CONSTANTS BOUNDS
TEXT ·winooutF32_2x3_avx2(SB), NOSPLIT, $256-8
#include "winoout_f32_amd64.h"
