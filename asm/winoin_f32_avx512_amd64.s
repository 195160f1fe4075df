//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Transforms of patches for Winograd's algorithms, float32, AVX-512: BT·x·B.
//
//	func winoinF32_<m>x3_avx512(a *WinoInArgs)     m 4 or 2: F(m x m, 3x3)
//
// WinoInArgs (wino.go) has the contract, winoin_f32_amd64.h the loops and the roles of the general registers.
// Needs AVX-512 F. Clobbers all general registers but BP and SP. Columns and channels that do not exist are masked
// out of the loads, which suppresses their faults.
//
//	Z0-Z5 Z6-Z11  two lines        Z12-Z14  temporaries       Z29 Z30 Z31  1/2, 2, 3/2
//	K1-K6         the channels of columns 0 to 5 that exist   K7  those of the last vector of channels
//
// F(4x4,3x3): sixteen channels of a patch cost 108 loads at two a cycle, 187 additions and multiply-adds at two of each a
// cycle, and 36 stores at one a cycle, which go to lines of L2: 54 cycles or more. F(2x2,3x3): 24 loads, 32 additions, 16 stores.

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
#define HALF Z29
#define TWO Z30
#define SESQUI Z31
#define CONST(bits, z) MOVL $bits, CX; VPBROADCASTD CX, z
#define CONSTANTS CONST(0x3f000000, HALF); CONST(0x40000000, TWO); CONST(0x3fc00000, SESQUI)
#define TAILMASK ANDQ $15, CX; MOVQ $1, BX; SHLQ CX, BX; DECQ BX; KMOVW BX, K7
#define COLMASK(n, k) MOVQ DX, CX; SHRQ $n, CX; ANDQ $1, CX; NEGQ CX; KMOVW CX, k
#define WHOLE
#define COLUMN(n)
#define LOAD(addr, k, x) VMOVUPS.Z addr, k, x

#define TAIL KANDW K7, K1, K1; KANDW K7, K2, K2; KANDW K7, K3, K3; KANDW K7, K4, K4; KANDW K7, K5, K5; KANDW K7, K6, K6
#define FOUR
TEXT ·winoinF32_4x3_avx512(SB), NOSPLIT, $0-8
#include "winoin_f32_amd64.h"
#undef FOUR
#undef TAIL

#define TAIL KANDW K7, K1, K1; KANDW K7, K2, K2; KANDW K7, K3, K3; KANDW K7, K4, K4
TEXT ·winoinF32_2x3_avx512(SB), NOSPLIT, $0-8
#include "winoin_f32_amd64.h"
