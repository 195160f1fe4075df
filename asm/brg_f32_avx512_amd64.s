//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "prefetchw_amd64.h"

// Batch-reduce GEMM, float32, AVX-512: C[MR x NR] (+)= sum over taps of A[MR x K] · B[K x NR].
//
//	func brgF32_<MR>x<NR>_avx512(a *BrgArgs)        MR 14 to 1, NR 32 or 16; MR 8 to 1, NR 48
//
// BrgArgs (brg.go) has the contract. Needs AVX-512 F. Clobbers all vector and mask registers and all
// general registers but BP and SP. Columns beyond N are masked in C, Bias and Res (K1 to K3), which
// suppresses their faults; B is read in whole vectors, with BrgMaskB it is masked as well. Tiles with N = NR are
// stored without masks, and a Hi of +Inf is not compared with: of short sums what follows them is a fifth.
//
// The tile, with NR = 32:
//
//	             Z28 = B[k][0:16]   Z29 = B[k][16:32]
//	 row  0            Z0                 Z1
//	 row  1            Z2                 Z3            += broadcast A[row][k] (Z30) times B
//	  ...             ...                ...
//	 row 13           Z26                Z27
//
// With NR = 48 row r has Z[3r] to Z[3r+2], and B is in Z24 to Z26.
//
//	AX args       BX B, next k     CX k left       DX lda
//	SI R8 R9 R10 R11  A of rows 0 3 6 9 12, next k (two more rows each through DX)
//	DI R12        row of C to ask for, and bytes to the next one; 0 when there is none, and DI A to ask for, or 0
//	R13 A of the tile, tap offset 0    R14 ldb   R15 ahead
//	after the sums: SI runs down the rows of C, Res or Bias, R8 is their stride
//
// With BrgFetchC each of the first turns of k4 asks for a row of C (all at once they would fill the miss buffers
// and hold up the loads of the first steps), with BrgFetchA each turn after those asks for four lines of A, with Ahead each step or turn asks
// for lines of B at that distance.
//
// Loops: tile > tap > k4 (4 k a turn), then k1. A step of k costs 2·MR fused multiply-adds and MR+2 loads
// (broadcasts are loads) at two a cycle each: bound by the multipliers, MR cycles with NR = 32. The
// accumulators hide a latency of 4 cycles from 4x32 on. With NR = 16 the MR+1 loads bind: (MR+1)/2 cycles.
// With NR = 48 it is 3·MR multiply-adds for MR+3 loads, and 3x48 hides the latency.

// One row of a tile: its accumulators and the address of its next A, less the displacement.
// Three rows share a pointer: lda*0, lda*1, lda*2.
#define ROW0(op) op(Z0, Z1, (SI))
#define ROW1(op) op(Z2, Z3, (SI)(DX*1))
#define ROW2(op) op(Z4, Z5, (SI)(DX*2))
#define ROW3(op) op(Z6, Z7, (R8))
#define ROW4(op) op(Z8, Z9, (R8)(DX*1))
#define ROW5(op) op(Z10, Z11, (R8)(DX*2))
#define ROW6(op) op(Z12, Z13, (R9))
#define ROW7(op) op(Z14, Z15, (R9)(DX*1))
#define ROW8(op) op(Z16, Z17, (R9)(DX*2))
#define ROW9(op) op(Z18, Z19, (R10))
#define ROW10(op) op(Z20, Z21, (R10)(DX*1))
#define ROW11(op) op(Z22, Z23, (R10)(DX*2))
#define ROW12(op) op(Z24, Z25, (R11))
#define ROW13(op) op(Z26, Z27, (R11)(DX*1))

// The pointers of rows 0 3 6 9 12, each with the one before it.
#define PTR3(op) op(SI, R8)
#define PTR6(op) op(R8, R9)
#define PTR9(op) op(R9, R10)
#define PTR12(op) op(R10, R11)
#define POINT(prev, p) LEAQ (prev)(DX*2), p; ADDQ DX, p
#define ADVANCE1(prev, p) ADDQ $4, p
#define ADVANCE4(prev, p) ADDQ $16, p

// The rows, and the pointers beyond the first, of a tile.
#define ROWS1(op) ROW0(op)
#define ROWS2(op) ROWS1(op); ROW1(op)
#define ROWS3(op) ROWS2(op); ROW2(op)
#define ROWS4(op) ROWS3(op); ROW3(op)
#define ROWS5(op) ROWS4(op); ROW4(op)
#define ROWS6(op) ROWS5(op); ROW5(op)
#define ROWS7(op) ROWS6(op); ROW6(op)
#define ROWS8(op) ROWS7(op); ROW7(op)
#define ROWS9(op) ROWS8(op); ROW8(op)
#define ROWS10(op) ROWS9(op); ROW9(op)
#define ROWS11(op) ROWS10(op); ROW10(op)
#define ROWS12(op) ROWS11(op); ROW11(op)
#define ROWS13(op) ROWS12(op); ROW12(op)
#define ROWS14(op) ROWS13(op); ROW13(op)
#define PTRS1(op)
#define PTRS2(op)
#define PTRS3(op)
#define PTRS4(op) PTR3(op)
#define PTRS5(op) PTR3(op)
#define PTRS6(op) PTR3(op)
#define PTRS7(op) PTR3(op); PTR6(op)
#define PTRS8(op) PTR3(op); PTR6(op)
#define PTRS9(op) PTR3(op); PTR6(op)
#define PTRS10(op) PTR3(op); PTR6(op); PTR9(op)
#define PTRS11(op) PTR3(op); PTR6(op); PTR9(op)
#define PTRS12(op) PTR3(op); PTR6(op); PTR9(op)
#define PTRS13(op) PTR3(op); PTR6(op); PTR9(op); PTR12(op)
#define PTRS14(op) PTR3(op); PTR6(op); PTR9(op); PTR12(op)

// One k of one row: c += a[k]·b[k][0:NR], for the k at a displacement of 0 to 3 floats.
#define STEP0(c0, c1, a) VBROADCASTSS 0 a, Z30; FMA(c0, c1)
#define STEP1(c0, c1, a) VBROADCASTSS 4 a, Z30; FMA(c0, c1)
#define STEP2(c0, c1, a) VBROADCASTSS 8 a, Z30; FMA(c0, c1)
#define STEP3(c0, c1, a) VBROADCASTSS 12 a, Z30; FMA(c0, c1)

// The columns that are in: 0 to 15, and 16 to 31.
#define MASKS MOVQ BrgArgs_N(AX), CX; MOVQ $1, BX; SHLQ CX, BX; DECQ BX; KMOVW BX, K1; SHRQ $16, BX; KMOVW BX, K2
#define MASKB MASKS
#define SCALAR Z30
#define LO Z30
#define HI Z31

// Tiles of 32 columns: what is done to the columns of a row, and to the vectors that all rows share.
#define LOADB(b) VMOVUPS b, Z28; VMOVUPS 64 b, Z29
#define LOADBMASK VMOVUPS.Z (BX), K1, Z28; VMOVUPS.Z 64(BX), K2, Z29
#define FETCHAHEAD
#define ASKROW TESTQ R15, R15; JZ 2(PC); PREFETCHT1 (BX)(R15*1)
#define ASKA TESTQ DI, DI; JZ asked; PREFETCHT0 (DI); PREFETCHT0 64(DI); PREFETCHT0 128(DI); PREFETCHT0 192(DI); ADDQ $256, DI
#define FMA(c0, c1) VFMADD231PS Z28, Z30, c0; VFMADD231PS Z29, Z30, c1
#define ZERO(c0, c1, a) VPXORD c0, c0, c0; VPXORD c1, c1, c1
#define SCALE(c0, c1, a) VMULPS Z30, c0, c0; VMULPS Z30, c1, c1
#define FETCHROW PREFETCHW_DI_0; PREFETCHW_DI_64
#define FETCH(c0, c1, a) PREFETCHW_SI_0; PREFETCHW_SI_64; ADDQ R8, SI
#define ADDC(c0, c1, a) VFMADD231PS (SI), Z30, K1, c0; VFMADD231PS 64(SI), Z30, K2, c1; ADDQ R8, SI
#define LOADBIAS VMOVUPS.Z (SI), K1, Z28; VMOVUPS.Z 64(SI), K2, Z29
#define ADDBIAS(c0, c1, a) VADDPS Z28, c0, c0; VADDPS Z29, c1, c1
#define ADDBIASROW(c0, c1, a) VBROADCASTSS (SI), Z30; VADDPS Z30, c0, c0; VADDPS Z30, c1, c1; ADDQ $4, SI
#define ADDRES(c0, c1, a) VADDPS (SI), c0, K1, c0; VADDPS 64(SI), c1, K2, c1; ADDQ R8, SI
#define CLAMPLO(c0, c1, a) VMAXPS c0, Z30, c0; VMAXPS c1, Z30, c1
#define CLAMPHI(c0, c1, a) VMINPS c0, Z31, c0; VMINPS c1, Z31, c1
#define STORE(c0, c1, a) VMOVUPS c0, (SI); VMOVUPS c1, 64(SI); ADDQ R8, SI
#define STOREMASK(c0, c1, a) VMOVUPS c0, K1, (SI); VMOVUPS c1, K2, 64(SI); ADDQ R8, SI
#define NR 32

#define MR 14
#define ROWS(op) ROWS14(op)
#define PTRS(op) PTRS14(op)
TEXT ·brgF32_14x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 13
#define ROWS(op) ROWS13(op)
#define PTRS(op) PTRS13(op)
TEXT ·brgF32_13x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 12
#define ROWS(op) ROWS12(op)
#define PTRS(op) PTRS12(op)
TEXT ·brgF32_12x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 11
#define ROWS(op) ROWS11(op)
#define PTRS(op) PTRS11(op)
TEXT ·brgF32_11x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 10
#define ROWS(op) ROWS10(op)
#define PTRS(op) PTRS10(op)
TEXT ·brgF32_10x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 9
#define ROWS(op) ROWS9(op)
#define PTRS(op) PTRS9(op)
TEXT ·brgF32_9x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 8
#define ROWS(op) ROWS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgF32_8x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF32_7x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#undef LOADB
#undef LOADBMASK
#undef FMA
#undef ZERO
#undef SCALE
#undef ADDC
#undef LOADBIAS
#undef ADDBIAS
#undef ADDBIASROW
#undef ADDRES
#undef FETCH
#undef FETCHAHEAD
#undef ASKROW
#define ASKROW
#undef FETCHROW
#undef CLAMPLO
#undef CLAMPHI
#undef STORE
#undef STOREMASK
#undef NR

// Tiles of 16 columns: what is done to the columns of a row, and to the vectors that all rows share.
#define LOADB(b) VMOVUPS b, Z28
#define LOADBMASK VMOVUPS.Z (BX), K1, Z28
#define FETCHAHEAD TESTQ R15, R15; JZ ahead; PREFETCHT1 0(BX)(R15*1); PREFETCHT1 64(BX)(R15*1); PREFETCHT1 128(BX)(R15*1); PREFETCHT1 192(BX)(R15*1); ahead:
#define FMA(c0, c1) VFMADD231PS Z28, Z30, c0
#define ZERO(c0, c1, a) VPXORD c0, c0, c0
#define SCALE(c0, c1, a) VMULPS Z30, c0, c0
#define FETCHROW PREFETCHW_DI_0
#define FETCH(c0, c1, a) PREFETCHW_SI_0; ADDQ R8, SI
#define ADDC(c0, c1, a) VFMADD231PS (SI), Z30, K1, c0; ADDQ R8, SI
#define LOADBIAS VMOVUPS.Z (SI), K1, Z28
#define ADDBIAS(c0, c1, a) VADDPS Z28, c0, c0
#define ADDBIASROW(c0, c1, a) VADDPS.BCST (SI), c0, c0; ADDQ $4, SI
#define ADDRES(c0, c1, a) VADDPS (SI), c0, K1, c0; ADDQ R8, SI
#define CLAMPLO(c0, c1, a) VMAXPS c0, Z30, c0
#define CLAMPHI(c0, c1, a) VMINPS c0, Z31, c0
#define STORE(c0, c1, a) VMOVUPS c0, (SI); ADDQ R8, SI
#define STOREMASK(c0, c1, a) VMOVUPS c0, K1, (SI); ADDQ R8, SI
#define NR 16

#define MR 14
#define ROWS(op) ROWS14(op)
#define PTRS(op) PTRS14(op)
TEXT ·brgF32_14x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 13
#define ROWS(op) ROWS13(op)
#define PTRS(op) PTRS13(op)
TEXT ·brgF32_13x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 12
#define ROWS(op) ROWS12(op)
#define PTRS(op) PTRS12(op)
TEXT ·brgF32_12x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 11
#define ROWS(op) ROWS11(op)
#define PTRS(op) PTRS11(op)
TEXT ·brgF32_11x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 10
#define ROWS(op) ROWS10(op)
#define PTRS(op) PTRS10(op)
TEXT ·brgF32_10x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 9
#define ROWS(op) ROWS9(op)
#define PTRS(op) PTRS9(op)
TEXT ·brgF32_9x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 8
#define ROWS(op) ROWS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgF32_8x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF32_7x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#undef LOADB
#undef LOADBMASK
#undef FMA
#undef ZERO
#undef SCALE
#undef ADDC
#undef LOADBIAS
#undef ADDBIAS
#undef ADDBIASROW
#undef ADDRES
#undef FETCH
#undef FETCHAHEAD
#undef FETCHROW
#undef CLAMPLO
#undef CLAMPHI
#undef STORE
#undef STOREMASK
#undef NR
#undef MASKS
#undef ROW0
#undef ROW1
#undef ROW2
#undef ROW3
#undef ROW4
#undef ROW5
#undef ROW6
#undef ROW7
#undef STEP0
#undef STEP1
#undef STEP2
#undef STEP3

// Tiles of 48 columns: the rows, with three accumulators each, and what is done to them.
#define ROW0(op) op(Z0, Z1, Z2, (SI))
#define ROW1(op) op(Z3, Z4, Z5, (SI)(DX*1))
#define ROW2(op) op(Z6, Z7, Z8, (SI)(DX*2))
#define ROW3(op) op(Z9, Z10, Z11, (R8))
#define ROW4(op) op(Z12, Z13, Z14, (R8)(DX*1))
#define ROW5(op) op(Z15, Z16, Z17, (R8)(DX*2))
#define ROW6(op) op(Z18, Z19, Z20, (R9))
#define ROW7(op) op(Z21, Z22, Z23, (R9)(DX*1))
#define STEP0(c0, c1, c2, a) VBROADCASTSS 0 a, Z30; FMA(c0, c1, c2)
#define STEP1(c0, c1, c2, a) VBROADCASTSS 4 a, Z30; FMA(c0, c1, c2)
#define STEP2(c0, c1, c2, a) VBROADCASTSS 8 a, Z30; FMA(c0, c1, c2)
#define STEP3(c0, c1, c2, a) VBROADCASTSS 12 a, Z30; FMA(c0, c1, c2)
#define MASKS MOVQ BrgArgs_N(AX), CX; MOVQ $1, BX; SHLQ CX, BX; DECQ BX; KMOVW BX, K1; SHRQ $16, BX; KMOVW BX, K2; SHRQ $16, BX; KMOVW BX, K3
#define LOADBMASK VMOVUPS.Z (BX), K1, Z24; VMOVUPS.Z 64(BX), K2, Z25; VMOVUPS.Z 128(BX), K3, Z26
#define LOADB(b) VMOVUPS b, Z24; VMOVUPS 64 b, Z25; VMOVUPS 128 b, Z26
#define FETCHAHEAD TESTQ R15, R15; JZ ahead; PREFETCHT1 0(BX)(R15*1); PREFETCHT1 128(BX)(R15*1); PREFETCHT1 256(BX)(R15*1); PREFETCHT1 384(BX)(R15*1); PREFETCHT1 512(BX)(R15*1); PREFETCHT1 640(BX)(R15*1); ahead:
#define FMA(c0, c1, c2) VFMADD231PS Z24, Z30, c0; VFMADD231PS Z25, Z30, c1; VFMADD231PS Z26, Z30, c2
#define ZERO(c0, c1, c2, a) VPXORD c0, c0, c0; VPXORD c1, c1, c1; VPXORD c2, c2, c2
#define SCALE(c0, c1, c2, a) VMULPS Z30, c0, c0; VMULPS Z30, c1, c1; VMULPS Z30, c2, c2
#define FETCHROW PREFETCHW_DI_0; PREFETCHW_DI_64; PREFETCHW_DI_128
#define FETCH(c0, c1, c2, a) PREFETCHW_SI_0; PREFETCHW_SI_64; PREFETCHW_SI_128; ADDQ R8, SI
#define ADDC(c0, c1, c2, a) VFMADD231PS (SI), Z30, K1, c0; VFMADD231PS 64(SI), Z30, K2, c1; VFMADD231PS 128(SI), Z30, K3, c2; ADDQ R8, SI
#define LOADBIAS VMOVUPS.Z (SI), K1, Z24; VMOVUPS.Z 64(SI), K2, Z25; VMOVUPS.Z 128(SI), K3, Z26
#define ADDBIAS(c0, c1, c2, a) VADDPS Z24, c0, c0; VADDPS Z25, c1, c1; VADDPS Z26, c2, c2
#define ADDBIASROW(c0, c1, c2, a) VBROADCASTSS (SI), Z30; VADDPS Z30, c0, c0; VADDPS Z30, c1, c1; VADDPS Z30, c2, c2; ADDQ $4, SI
#define ADDRES(c0, c1, c2, a) VADDPS (SI), c0, K1, c0; VADDPS 64(SI), c1, K2, c1; VADDPS 128(SI), c2, K3, c2; ADDQ R8, SI
#define CLAMPLO(c0, c1, c2, a) VMAXPS c0, Z30, c0; VMAXPS c1, Z30, c1; VMAXPS c2, Z30, c2
#define CLAMPHI(c0, c1, c2, a) VMINPS c0, Z31, c0; VMINPS c1, Z31, c1; VMINPS c2, Z31, c2
#define STORE(c0, c1, c2, a) VMOVUPS c0, (SI); VMOVUPS c1, 64(SI); VMOVUPS c2, 128(SI); ADDQ R8, SI
#define STOREMASK(c0, c1, c2, a) VMOVUPS c0, K1, (SI); VMOVUPS c1, K2, 64(SI); VMOVUPS c2, K3, 128(SI); ADDQ R8, SI
#define NR 48

#define MR 8
#define ROWS(op) ROWS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgF32_8x48_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 7
#define ROWS(op) ROWS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgF32_7x48_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x48_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x48_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x48_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x48_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x48_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x48_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS
