//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "prefetchw_amd64.h"

// Batch-reduce GEMM, float32, AVX2 and FMA: C[MR x NR] (+)= sum over taps of A[MR x K] · B[K x NR].
//
//	func brgF32_<MR>x<NR>_avx2(a *BrgArgs)          MR 6 to 1, NR 16 or 8; MR 4 to 1, NR 24
//
// BrgArgs (brg.go) has the contract. Needs AVX2 and FMA. Clobbers all vector registers and all general
// registers but BP, SP, R10, R11. Columns beyond N are masked in C, Bias and Res by VMASKMOVPS; B is
// read in whole vectors, with BrgMaskB under the same masks. Masked stores are slow on some machines: tiles with N = NR do without.
//
// The tile, with NR = 16:
//
//	             Y12 = B[k][0:8]    Y13 = B[k][8:16]
//	 row 0             Y0                 Y1
//	 row 1             Y2                 Y3            += broadcast A[row][k] (Y14) times B
//	  ...             ...                ...
//	 row 5             Y10                Y11
//
// With NR = 24 row r has Y[3r] to Y[3r+2], B is in Y12 to Y14 and the broadcast in Y15.
//
//	AX args       BX B, next k     CX k left       DX lda
//	SI R8         A of rows 0 and 3, next k (two more rows each through DX)
//	DI R12        row of C to ask for, and bytes to the next one; 0 when there is none
//	R13 A of the tile, tap offset 0    R14 ldb   R15 ahead
//	after the sums: SI runs down the rows of C, Res or Bias, R8 is their stride, Y12 Y13 the column masks (with
//	NR = 24 R9 points at the masks)
//
// With BrgFetchC each of the first turns of k4 asks for a row of C (all at once they would fill the miss buffers
// and hold up the loads of the first steps), with Ahead a turn asks for lines of B at that distance.
//
// Loops: tile > tap > k4 (4 k a turn), then k1. A step of k costs 2·MR fused multiply-adds and MR+2 loads
// (broadcasts are loads) at two a cycle each: bound by the multipliers, MR cycles with NR = 16. The
// accumulators hide a latency of 4 cycles from 4x16 on. With NR = 8 the MR+1 loads bind: (MR+1)/2 cycles.
// With NR = 24 it is 3·MR multiply-adds for MR+3 loads, and 3x24 hides the latency: for rows that are short.

// Ones, then zeros: from 96-4·N on, N lanes that are in and the rest that are out.
DATA brgMask<>+0(SB)/8, $0xffffffffffffffff
DATA brgMask<>+8(SB)/8, $0xffffffffffffffff
DATA brgMask<>+16(SB)/8, $0xffffffffffffffff
DATA brgMask<>+24(SB)/8, $0xffffffffffffffff
DATA brgMask<>+32(SB)/8, $0xffffffffffffffff
DATA brgMask<>+40(SB)/8, $0xffffffffffffffff
DATA brgMask<>+48(SB)/8, $0xffffffffffffffff
DATA brgMask<>+56(SB)/8, $0xffffffffffffffff
DATA brgMask<>+64(SB)/8, $0xffffffffffffffff
DATA brgMask<>+72(SB)/8, $0xffffffffffffffff
DATA brgMask<>+80(SB)/8, $0xffffffffffffffff
DATA brgMask<>+88(SB)/8, $0xffffffffffffffff
DATA brgMask<>+96(SB)/8, $0
DATA brgMask<>+104(SB)/8, $0
DATA brgMask<>+112(SB)/8, $0
DATA brgMask<>+120(SB)/8, $0
DATA brgMask<>+128(SB)/8, $0
DATA brgMask<>+136(SB)/8, $0
DATA brgMask<>+144(SB)/8, $0
DATA brgMask<>+152(SB)/8, $0
DATA brgMask<>+160(SB)/8, $0
DATA brgMask<>+168(SB)/8, $0
DATA brgMask<>+176(SB)/8, $0
DATA brgMask<>+184(SB)/8, $0
GLOBL brgMask<>(SB), RODATA|NOPTR, $192

// One row of a tile: its accumulators and the address of its next A, less the displacement.
// Three rows share a pointer: lda*0, lda*1, lda*2.
#define ROW0(op) op(Y0, Y1, (SI))
#define ROW1(op) op(Y2, Y3, (SI)(DX*1))
#define ROW2(op) op(Y4, Y5, (SI)(DX*2))
#define ROW3(op) op(Y6, Y7, (R8))
#define ROW4(op) op(Y8, Y9, (R8)(DX*1))
#define ROW5(op) op(Y10, Y11, (R8)(DX*2))

// The pointer of row 3, with the one before it.
#define PTR3(op) op(SI, R8)
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
#define PTRS1(op)
#define PTRS2(op)
#define PTRS3(op)
#define PTRS4(op) PTR3(op)
#define PTRS5(op) PTR3(op)
#define PTRS6(op) PTR3(op)

// One k of one row: c += a[k]·b[k][0:NR], for the k at a displacement of 0 to 3 floats.
#define STEP0(c0, c1, a) VBROADCASTSS 0 a, Y14; FMA(c0, c1)
#define STEP1(c0, c1, a) VBROADCASTSS 4 a, Y14; FMA(c0, c1)
#define STEP2(c0, c1, a) VBROADCASTSS 8 a, Y14; FMA(c0, c1)
#define STEP3(c0, c1, a) VBROADCASTSS 12 a, Y14; FMA(c0, c1)

// The columns that are in: N words of ones, then zeros.
#define MASKS MOVQ BrgArgs_N(AX), CX; SHLQ $2, CX; LEAQ brgMask<>+96(SB), SI; SUBQ CX, SI; VMOVUPS (SI), Y12; VMOVUPS 32(SI), Y13
#define MASKB MOVQ BrgArgs_N(AX), CX; SHLQ $2, CX; LEAQ brgMask<>+96(SB), R9; SUBQ CX, R9
#define SCALAR Y15
#define LO Y14
#define HI Y15

// Tiles of 16 columns: what is done to the columns of a row, and to the vectors that all rows share.
#define LOADB(b) VMOVUPS b, Y12; VMOVUPS 32 b, Y13
#define LOADBMASK VMOVUPS (R9), Y12; VMOVUPS 32(R9), Y13; VMASKMOVPS (BX), Y12, Y12; VMASKMOVPS 32(BX), Y13, Y13
#define FETCHAHEAD
#define FMA(c0, c1) VFMADD231PS Y12, Y14, c0; VFMADD231PS Y13, Y14, c1
#define ZERO(c0, c1, a) VXORPS c0, c0, c0; VXORPS c1, c1, c1
#define SCALE(c0, c1, a) VMULPS Y15, c0, c0; VMULPS Y15, c1, c1
#define FETCHROW PREFETCHW_DI_0
#define FETCH(c0, c1, a) PREFETCHW_SI_0; ADDQ R8, SI
#define ADDC(c0, c1, a) VMASKMOVPS (SI), Y12, Y14; VFMADD231PS Y14, Y15, c0; VMASKMOVPS 32(SI), Y13, Y14; VFMADD231PS Y14, Y15, c1; ADDQ R8, SI
#define LOADBIAS VMASKMOVPS (SI), Y12, Y14; VMASKMOVPS 32(SI), Y13, Y15
#define ADDBIAS(c0, c1, a) VADDPS Y14, c0, c0; VADDPS Y15, c1, c1
#define ADDBIASROW(c0, c1, a) VBROADCASTSS (SI), Y14; VADDPS Y14, c0, c0; VADDPS Y14, c1, c1; ADDQ $4, SI
#define ADDRES(c0, c1, a) VMASKMOVPS (SI), Y12, Y14; VADDPS Y14, c0, c0; VMASKMOVPS 32(SI), Y13, Y15; VADDPS Y15, c1, c1; ADDQ R8, SI
#define CLAMPLO(c0, c1, a) VMAXPS c0, Y14, c0; VMAXPS c1, Y14, c1
#define CLAMPHI(c0, c1, a) VMINPS c0, Y15, c0; VMINPS c1, Y15, c1
#define STORE(c0, c1, a) VMOVUPS c0, (SI); VMOVUPS c1, 32(SI); ADDQ R8, SI
#define STOREMASK(c0, c1, a) VMASKMOVPS c0, Y12, (SI); VMASKMOVPS c1, Y13, 32(SI); ADDQ R8, SI
#define NR 16

// The largest tile asks in any case, without Ahead for the line at hand: decoding binds it on older processors. Lower
// ones have no load to spare.
#define ASKROW PREFETCHT1 (BX)(R15*1)
#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef ASKROW
#define ASKROW TESTQ R15, R15; JZ 2(PC); PREFETCHT1 (BX)(R15*1)
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x16_avx2(SB), NOSPLIT, $0-8
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

// Tiles of 8 columns: what is done to the columns of a row, and to the vectors that all rows share.
#define LOADB(b) VMOVUPS b, Y12
#define LOADBMASK VMOVUPS (R9), Y12; VMASKMOVPS (BX), Y12, Y12
#define FETCHAHEAD TESTQ R15, R15; JZ ahead; PREFETCHT1 0(BX)(R15*1); PREFETCHT1 64(BX)(R15*1); ahead:
#define FMA(c0, c1) VFMADD231PS Y12, Y14, c0
#define ZERO(c0, c1, a) VXORPS c0, c0, c0
#define SCALE(c0, c1, a) VMULPS Y15, c0, c0
#define FETCHROW PREFETCHW_DI_0
#define FETCH(c0, c1, a) PREFETCHW_SI_0; ADDQ R8, SI
#define ADDC(c0, c1, a) VMASKMOVPS (SI), Y12, Y14; VFMADD231PS Y14, Y15, c0; ADDQ R8, SI
#define LOADBIAS VMASKMOVPS (SI), Y12, Y14
#define ADDBIAS(c0, c1, a) VADDPS Y14, c0, c0
#define ADDBIASROW(c0, c1, a) VBROADCASTSS (SI), Y14; VADDPS Y14, c0, c0; ADDQ $4, SI
#define ADDRES(c0, c1, a) VMASKMOVPS (SI), Y12, Y14; VADDPS Y14, c0, c0; ADDQ R8, SI
#define CLAMPLO(c0, c1, a) VMAXPS c0, Y14, c0
#define CLAMPHI(c0, c1, a) VMINPS c0, Y15, c0
#define STORE(c0, c1, a) VMOVUPS c0, (SI); ADDQ R8, SI
#define STOREMASK(c0, c1, a) VMASKMOVPS c0, Y12, (SI); ADDQ R8, SI
#define NR 8

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgF32_6x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgF32_5x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x8_avx2(SB), NOSPLIT, $0-8
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
#undef STEP0
#undef STEP1
#undef STEP2
#undef STEP3

// Tiles of 24 columns: the rows, with three accumulators each, and what is done to them. There is no
// register for the masks: they are loaded as they are needed.
#define ROW0(op) op(Y0, Y1, Y2, (SI))
#define ROW1(op) op(Y3, Y4, Y5, (SI)(DX*1))
#define ROW2(op) op(Y6, Y7, Y8, (SI)(DX*2))
#define ROW3(op) op(Y9, Y10, Y11, (R8))
#define STEP0(c0, c1, c2, a) VBROADCASTSS 0 a, Y15; FMA(c0, c1, c2)
#define STEP1(c0, c1, c2, a) VBROADCASTSS 4 a, Y15; FMA(c0, c1, c2)
#define STEP2(c0, c1, c2, a) VBROADCASTSS 8 a, Y15; FMA(c0, c1, c2)
#define STEP3(c0, c1, c2, a) VBROADCASTSS 12 a, Y15; FMA(c0, c1, c2)
#define MASKS MOVQ BrgArgs_N(AX), CX; SHLQ $2, CX; LEAQ brgMask<>+96(SB), R9; SUBQ CX, R9
#define LOADMASKED(at, y) VMOVUPS at(R9), y; VMASKMOVPS at(SI), y, y
#define LOADBMASK VMOVUPS (R9), Y12; VMOVUPS 32(R9), Y13; VMOVUPS 64(R9), Y14; VMASKMOVPS (BX), Y12, Y12; VMASKMOVPS 32(BX), Y13, Y13; VMASKMOVPS 64(BX), Y14, Y14
#define LOADB(b) VMOVUPS b, Y12; VMOVUPS 32 b, Y13; VMOVUPS 64 b, Y14
#define FETCHAHEAD TESTQ R15, R15; JZ ahead; PREFETCHT1 0(BX)(R15*1); PREFETCHT1 64(BX)(R15*1); PREFETCHT1 128(BX)(R15*1); PREFETCHT1 192(BX)(R15*1); PREFETCHT1 256(BX)(R15*1); PREFETCHT1 320(BX)(R15*1); ahead:
#define FMA(c0, c1, c2) VFMADD231PS Y12, Y15, c0; VFMADD231PS Y13, Y15, c1; VFMADD231PS Y14, Y15, c2
#define ZERO(c0, c1, c2, a) VXORPS c0, c0, c0; VXORPS c1, c1, c1; VXORPS c2, c2, c2
#define SCALE(c0, c1, c2, a) VMULPS Y15, c0, c0; VMULPS Y15, c1, c1; VMULPS Y15, c2, c2
#define FETCHROW PREFETCHW_DI_0; PREFETCHW_DI_64
#define FETCH(c0, c1, c2, a) PREFETCHW_SI_0; PREFETCHW_SI_64; ADDQ R8, SI
#define LOADROW LOADMASKED(0, Y12); LOADMASKED(32, Y13); LOADMASKED(64, Y14)
#define ADDC(c0, c1, c2, a) LOADROW; VFMADD231PS Y12, Y15, c0; VFMADD231PS Y13, Y15, c1; VFMADD231PS Y14, Y15, c2; ADDQ R8, SI
#define LOADBIAS LOADROW
#define ADDBIAS(c0, c1, c2, a) VADDPS Y12, c0, c0; VADDPS Y13, c1, c1; VADDPS Y14, c2, c2
#define ADDBIASROW(c0, c1, c2, a) VBROADCASTSS (SI), Y14; VADDPS Y14, c0, c0; VADDPS Y14, c1, c1; VADDPS Y14, c2, c2; ADDQ $4, SI
#define ADDRES(c0, c1, c2, a) LOADROW; VADDPS Y12, c0, c0; VADDPS Y13, c1, c1; VADDPS Y14, c2, c2; ADDQ R8, SI
#define CLAMPLO(c0, c1, c2, a) VMAXPS c0, Y14, c0; VMAXPS c1, Y14, c1; VMAXPS c2, Y14, c2
#define CLAMPHI(c0, c1, c2, a) VMINPS c0, Y15, c0; VMINPS c1, Y15, c1; VMINPS c2, Y15, c2
#define STORE(c0, c1, c2, a) VMOVUPS c0, (SI); VMOVUPS c1, 32(SI); VMOVUPS c2, 64(SI); ADDQ R8, SI
#define STOREMASK(c0, c1, c2, a) VMOVUPS (R9), Y12; VMASKMOVPS c0, Y12, (SI); VMOVUPS 32(R9), Y12; VMASKMOVPS c1, Y12, 32(SI); VMOVUPS 64(R9), Y12; VMASKMOVPS c2, Y12, 64(SI); ADDQ R8, SI
#define NR 24

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgF32_4x24_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgF32_3x24_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgF32_2x24_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgF32_1x24_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_amd64.h"
#undef MR
#undef ROWS
#undef PTRS
