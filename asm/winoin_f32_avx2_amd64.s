//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Transforms of patches for Winograd's algorithms, float32, AVX2 and FMA: BT·x·B.
//
//	func winoinF32_<m>x3_avx2(a *WinoInArgs)     m 4 or 2: F(m x m, 3x3)
//
// WinoInArgs (wino.go) has the contract, winoin_f32_amd64.h the loops and the roles of the general registers.
// Needs AVX2 and FMA. Clobbers all general registers but BP and SP. Columns and channels that do not exist are masked
// out of the loads by VMASKMOVPS, which suppresses their faults.
//
//	Y0-Y5 Y6-Y11  two lines        Y12-Y14  temporaries       Y15  the channels of a column that exist
//	0(SP)         masks of columns 0 to 5, 32 bytes each       192(SP)  of the channels   224(SP)  of the last channels
//	256(SP)       1/2, 2, 3/2, 32 bytes each
//
// F(4x4,3x3): eight channels of a patch cost 108 loads and 48 for masks at two a cycle, 187 additions and multiply-adds
// at two of each a cycle, and 36 stores: 78 cycles or more. F(2x2,3x3): 24 loads and 24 for masks, 32 additions, 16 stores.

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
#define HALF 256(SP)
#define TWO 288(SP)
#define SESQUI 320(SP)
#define CONST(bits, m) MOVL $bits, CX; VMOVD CX, X0; VPBROADCASTD X0, Y0; VMOVUPS Y0, m
#define CONSTANTS CONST(0x3f000000, HALF); CONST(0x40000000, TWO); CONST(0x3fc00000, SESQUI)
#define TAILMASK ANDQ $7, CX; SHLQ $2, CX; LEAQ ·laneMask+32(SB), BX; SUBQ CX, BX; VMOVUPS (BX), Y0; VMOVUPS Y0, 224(SP)
#define COLMASK(n, k) MOVQ DX, CX; SHRQ $n, CX; ANDQ $1, CX; NEGQ CX; VMOVQ CX, X0; VPBROADCASTQ X0, Y0; VMOVUPS Y0, (32*n)(SP)
#define WHOLE VPCMPEQD Y0, Y0, Y0; VMOVUPS Y0, 192(SP)
#define TAIL VMOVUPS 224(SP), Y0; VMOVUPS Y0, 192(SP)
#define COLUMN(n) VMOVUPS (32*n)(SP), Y15; VANDPS 192(SP), Y15, Y15
#define LOAD(addr, k, x) VMASKMOVPS addr, Y15, x

#define FOUR
TEXT ·winoinF32_4x3_avx2(SB), NOSPLIT, $352-8
#include "winoin_f32_amd64.h"
#undef FOUR

TEXT ·winoinF32_2x3_avx2(SB), NOSPLIT, $352-8
#include "winoin_f32_amd64.h"
