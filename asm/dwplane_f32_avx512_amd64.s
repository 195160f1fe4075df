//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "prefetchw_amd64.h"

// Depthwise convolution of planes, 3 by 3 taps, float32, AVX-512: tiles of 4 rows of 16 pixels.
//
//	func dwplaneF32_4x3s<S>_avx512(a *DwPlaneArgs)        S 1, 2 and 3, the stride
//	func dwplaneF32_4k5x5s2_avx512(a *DwPlaneArgs)        5x5 taps, which are read from memory
//	func dwplaneF32_4k<K>s1_avx512(a *DwPlaneArgs)        K 1x3, 3x1 and 2x2 taps
//
// DwPlaneArgs (dwplane.go) has the contract. Needs AVX-512 F. Clobbers Z0-Z21, Z24-Z31, K1-K7 and all general registers
// but BP and SP. Columns outside X and Y are masked, which suppresses their faults.
//
//	Z0-Z3    the sums of 4 rows       Z4-Z12   the taps, row by row      Z13  the bias
//	Z16-Z20  a row of X: Z16-Z18 what each column of taps reaches (stride 3: Z19, one column after the other)
//	Z21      0, 3 ... 45
//	Z24 25   the numbers of the even and odd of 32 elements              Z26  0, 1 ... 15
//	Z27      InCols                   Z30 Z31  Lo, Hi
//	K1-K3    the loads of a row that are inside      K4  the pixels that exist
//	K5-K7    the places 2, 5 ..., 1, 4 ... and 0, 3 ... of a vector, for stride 3
//
//	AX args                        SI R8 R9  rows 0, 3, 6 of X under the tile, at the first column of taps
//	DI Y, row 0 of the tile        DX bytes between rows of X   R10 R11  1, 3 times those between rows of Y
//	R12 first column of taps       R13 columns of Y left        BX the rows of X that exist, a bit each
//	R14 rows of Y left             R15 planes left
//
// Loops: plane > 4 rows > 16 pixels. A row of X is loaded once for all rows of Y that it is part of. Every tile asks for four lines
// of X 4096 bytes on and of Y 2048 bytes on: both are contiguous, for the most part over planes too, but six rows at a time are more
// streams than prefetchers follow. A tile costs 36 multiply-adds, two a cycle, for 18 loads (stride 1), of which some 12 lie across
// cache lines and count twice, or 27 loads and 27 permutations (stride 2), or 36 loads, 72 blends and 28 permutations (stride 3):
// 18, 27 and 68 cycles. 5x5 taps cost 100 multiply-adds, 133 loads and 77 permutations: 89.

DATA dwplaneLanes<>+0(SB)/8, $0x0000000100000000
DATA dwplaneLanes<>+8(SB)/8, $0x0000000300000002
DATA dwplaneLanes<>+16(SB)/8, $0x0000000500000004
DATA dwplaneLanes<>+24(SB)/8, $0x0000000700000006
DATA dwplaneLanes<>+32(SB)/8, $0x0000000900000008
DATA dwplaneLanes<>+40(SB)/8, $0x0000000b0000000a
DATA dwplaneLanes<>+48(SB)/8, $0x0000000d0000000c
DATA dwplaneLanes<>+56(SB)/8, $0x0000000f0000000e
GLOBL dwplaneLanes<>(SB), RODATA|NOPTR, $64

// The sum of an output row with row 0, 1 or 2 of its taps.
#define TAPS0(c) VFMADD231PS Z16, Z4, c; VFMADD231PS Z17, Z5, c; VFMADD231PS Z18, Z6, c
#define TAPS1(c) VFMADD231PS Z16, Z7, c; VFMADD231PS Z17, Z8, c; VFMADD231PS Z18, Z9, c
#define TAPS2(c) VFMADD231PS Z16, Z10, c; VFMADD231PS Z17, Z11, c; VFMADD231PS Z18, Z12, c

#define LANES 16
#define WEIGHTBYTES 40
#define CONSTANTS \
	VBROADCASTSS DwPlaneArgs_Lo(AX), Z30; \
	VBROADCASTSS DwPlaneArgs_Hi(AX), Z31; \
	VPBROADCASTD DwPlaneArgs_InCols(AX), Z27; \
	VMOVDQU32 dwplaneLanes<>(SB), Z26; \
	VPADDD Z26, Z26, Z24; \
	MOVL $1, CX; \
	VPBROADCASTD CX, Z25; \
	VPADDD Z24, Z25, Z25; \
	THIRDS
#define WEIGHTS WEIGHTS3
#define WEIGHTS3 \
	VBROADCASTSS (R9), Z13; \
	VBROADCASTSS 4(R9), Z4; \
	VBROADCASTSS 8(R9), Z5; \
	VBROADCASTSS 12(R9), Z6; \
	VBROADCASTSS 16(R9), Z7; \
	VBROADCASTSS 20(R9), Z8; \
	VBROADCASTSS 24(R9), Z9; \
	VBROADCASTSS 28(R9), Z10; \
	VBROADCASTSS 32(R9), Z11; \
	VBROADCASTSS 36(R9), Z12
#define INSIDE INSIDE3
#define INSIDE3 \
	KXNORW K1, K1, K1; \
	KXNORW K2, K2, K2; \
	KXNORW K3, K3, K3; \
	KXNORW K4, K4, K4
#define MASKS \
	VPBROADCASTD R13, Z16; \
	VPCMPUD $1, Z16, Z26, K4; \
	MASKX
#define BIAS VMOVAPS Z13, Z0; VMOVAPS Z13, Z1; VMOVAPS Z13, Z2; VMOVAPS Z13, Z3
#define CLAMP(c) VMAXPS c, Z30, c; VMINPS c, Z31, c // NaN in c passes: it is the second source
#define STORE(stored) \
	CLAMP(Z0); \
	VMOVUPS Z0, K4, (DI); \
	CMPQ R14, $2; \
	JLT  stored; \
	CLAMP(Z1); \
	VMOVUPS Z1, K4, (DI)(R10*1); \
	JEQ  stored; \
	CLAMP(Z2); \
	VMOVUPS Z2, K4, (DI)(R10*2); \
	CMPQ R14, $4; \
	JLT  stored; \
	CLAMP(Z3); \
	VMOVUPS Z3, K4, (DI)(R11*1)

#define THIRDS

// Stride 1: row i of X is row i of the taps of output row 0, i-1 of 1, and so on.
#define STRIDE 1
#define ROWS 4
#define COLUMNS 18                      // of X that a tile reads
#define MASKX \
	VPBROADCASTD R12, Z16; \
	VPADDD Z26, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K1; \
	MOVL $1, CX; \
	VPBROADCASTD CX, Z17; \
	VPADDD Z17, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K2; \
	VPADDD Z17, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K3
#define LOADX(x) VMOVUPS.Z x, K1, Z16; VMOVUPS.Z 4 x, K2, Z17; VMOVUPS.Z 8 x, K3, Z18
#define TILE \
	BIAS; \
	ROW(row0, $0, (SI), TAPS0(Z0)) \
	ROW(row1, $1, (SI)(DX*1), TAPS1(Z0); TAPS0(Z1)) \
	ROW(row2, $2, (SI)(DX*2), TAPS2(Z0); TAPS1(Z1); TAPS0(Z2)) \
	ROW(row3, $3, (R8), TAPS2(Z1); TAPS1(Z2); TAPS0(Z3)) \
	ROW(row4, $4, (R8)(DX*1), TAPS2(Z2); TAPS1(Z3)) \
	ROW(row5, $5, (R8)(DX*2), TAPS2(Z3))
#define ROW(label, i, x, taps) BTL i, BX; JCC label; LOADX(x); taps; label:

TEXT ·dwplaneF32_4x3s1_avx512(SB), NOSPLIT, $0-8
#include "dwplane_f32_amd64.h"
#undef STRIDE
#undef ROWS
#undef COLUMNS
#undef MASKX
#undef LOADX
#undef TILE

// Stride 2: 33 columns in three loads, of which the last needs but one.
#define STRIDE 2
#define ROWS 8
#define COLUMNS 33
#define MASKX \
	VPBROADCASTD R12, Z16; \
	VPADDD Z26, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K1; \
	MOVL $16, CX; \
	VPBROADCASTD CX, Z17; \
	VPADDD Z17, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K2; \
	LEAQ 32(R12), CX; \
	VPBROADCASTD CX, Z16; \
	VPCMPUD $1, Z27, Z16, K3
#define LOADX(x) \
	VMOVUPS.Z x, K1, Z17; \
	VMOVUPS.Z 64 x, K2, Z19; \
	VBROADCASTSS.Z 128 x, K3, Z20; \
	VMOVAPS Z17, Z16; \
	VPERMT2PS Z19, Z24, Z16; \
	VPERMT2PS Z19, Z25, Z17; \
	VALIGND $1, Z16, Z20, Z18
#define TILE \
	BIAS; \
	ROW(row0, $0, (SI), TAPS0(Z0)) \
	ROW(row1, $1, (SI)(DX*1), TAPS1(Z0)) \
	ROW(row2, $2, (SI)(DX*2), TAPS2(Z0); TAPS0(Z1)) \
	ROW(row3, $3, (R8), TAPS1(Z1)) \
	ROW(row4, $4, (R8)(DX*1), TAPS2(Z1); TAPS0(Z2)) \
	ROW(row5, $5, (R8)(DX*2), TAPS1(Z2)) \
	ROW(row6, $6, (R9), TAPS2(Z2); TAPS0(Z3)) \
	ROW(row7, $7, (R9)(DX*1), TAPS1(Z3)) \
	ROW(row8, $8, (R9)(DX*2), TAPS2(Z3))

TEXT ·dwplaneF32_4x3s2_avx512(SB), NOSPLIT, $0-8
#include "dwplane_f32_amd64.h"
#undef STRIDE
#undef ROWS
#undef COLUMNS
#undef MASKX
#undef LOADX
#undef TILE

// 1 by 3 taps: a row of X is that of one output row.
#define STRIDE 1
#define ROWS 4
#define COLUMNS 18
#define MASKX \
	VPBROADCASTD R12, Z16; \
	VPADDD Z26, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K1; \
	MOVL $1, CX; \
	VPBROADCASTD CX, Z17; \
	VPADDD Z17, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K2; \
	VPADDD Z17, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K3
#define LOADX(x) VMOVUPS.Z x, K1, Z16; VMOVUPS.Z 4 x, K2, Z17; VMOVUPS.Z 8 x, K3, Z18
#define TILE \
	BIAS; \
	ROW(row0, $0, (SI), TAPS0(Z0)) \
	ROW(row1, $1, (SI)(DX*1), TAPS0(Z1)) \
	ROW(row2, $2, (SI)(DX*2), TAPS0(Z2)) \
	ROW(row3, $3, (R8), TAPS0(Z3))

TEXT ·dwplaneF32_4k1x3s1_avx512(SB), NOSPLIT, $0-8
#include "dwplane_f32_amd64.h"
#undef COLUMNS
#undef MASKX
#undef LOADX
#undef TILE
#undef TAPS0
#undef TAPS1
#undef TAPS2

// 3 by 1 taps: one column.
#define COLUMNS 16
#define MASKX VPBROADCASTD R12, Z16; VPADDD Z26, Z16, Z16; VPCMPUD $1, Z27, Z16, K1
#define LOADX(x) VMOVUPS.Z x, K1, Z16
#define TAPS0(c) VFMADD231PS Z16, Z4, c
#define TAPS1(c) VFMADD231PS Z16, Z7, c
#define TAPS2(c) VFMADD231PS Z16, Z10, c
#define TILE \
	BIAS; \
	ROW(row0, $0, (SI), TAPS0(Z0)) \
	ROW(row1, $1, (SI)(DX*1), TAPS1(Z0); TAPS0(Z1)) \
	ROW(row2, $2, (SI)(DX*2), TAPS2(Z0); TAPS1(Z1); TAPS0(Z2)) \
	ROW(row3, $3, (R8), TAPS2(Z1); TAPS1(Z2); TAPS0(Z3)) \
	ROW(row4, $4, (R8)(DX*1), TAPS2(Z2); TAPS1(Z3)) \
	ROW(row5, $5, (R8)(DX*2), TAPS2(Z3))

TEXT ·dwplaneF32_4k3x1s1_avx512(SB), NOSPLIT, $0-8
#include "dwplane_f32_amd64.h"
#undef COLUMNS
#undef MASKX
#undef LOADX
#undef TILE
#undef TAPS0
#undef TAPS1
#undef TAPS2

// 2 by 2 taps.
#define COLUMNS 17
#define MASKX \
	VPBROADCASTD R12, Z16; \
	VPADDD Z26, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K1; \
	MOVL $1, CX; \
	VPBROADCASTD CX, Z17; \
	VPADDD Z17, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K2
#define LOADX(x) VMOVUPS.Z x, K1, Z16; VMOVUPS.Z 4 x, K2, Z17
#define TAPS0(c) VFMADD231PS Z16, Z4, c; VFMADD231PS Z17, Z5, c
#define TAPS1(c) VFMADD231PS Z16, Z7, c; VFMADD231PS Z17, Z8, c
#define TILE \
	BIAS; \
	ROW(row0, $0, (SI), TAPS0(Z0)) \
	ROW(row1, $1, (SI)(DX*1), TAPS1(Z0); TAPS0(Z1)) \
	ROW(row2, $2, (SI)(DX*2), TAPS1(Z1); TAPS0(Z2)) \
	ROW(row3, $3, (R8), TAPS1(Z2); TAPS0(Z3)) \
	ROW(row4, $4, (R8)(DX*1), TAPS1(Z3))

TEXT ·dwplaneF32_4k2x2s1_avx512(SB), NOSPLIT, $0-8
#include "dwplane_f32_amd64.h"
#undef COLUMNS
#undef MASKX
#undef LOADX
#undef TILE
#undef STRIDE
#undef ROWS
#undef WEIGHTS
#undef WEIGHTBYTES
#undef INSIDE
#undef TAPS0
#undef TAPS1

// 5 by 5 taps, stride 2: there are no registers for them, and the multiply-adds read them where the plane has its weights, at CX. 35 columns in
// three loads, of which the last has 3; columns of taps 0 to 4 reach Z16 to Z20.
#define STRIDE 2
#define ROWS 8
#define COLUMNS 35
#define WEIGHTBYTES 104
#define WEIGHTS VBROADCASTSS (R9), Z13
#define LAST3 MOVL $7, CX; KMOVW CX, K3
#define INSIDE \
	KXNORW K1, K1, K1; \
	KXNORW K2, K2, K2; \
	LAST3; \
	KXNORW K4, K4, K4
#define MASKX \
	VPBROADCASTD R12, Z16; \
	VPADDD Z26, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K1; \
	MOVL $16, CX; \
	VPBROADCASTD CX, Z17; \
	VPADDD Z17, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K2; \
	VPADDD Z17, Z16, Z16; \
	LAST3; \
	VPCMPUD $1, Z27, Z16, K3, K3
#define LOADX(x) \
	VMOVUPS.Z x, K1, Z17; \
	VMOVUPS.Z 64 x, K2, Z21; \
	VMOVUPS.Z 128 x, K3, Z22; \
	VMOVAPS Z17, Z16; \
	VPERMT2PS Z21, Z24, Z16; \
	VPERMT2PS Z21, Z25, Z17; \
	VPERMPS Z22, Z24, Z20; \
	VALIGND $1, Z22, Z22, Z22; \
	VALIGND $1, Z16, Z20, Z18; \
	VALIGND $1, Z17, Z22, Z19; \
	VALIGND $2, Z16, Z20, Z20
#define TAPS(w, c) \
	VFMADD231PS.BCST (w)(CX), Z16, c; \
	VFMADD231PS.BCST (w+4)(CX), Z17, c; \
	VFMADD231PS.BCST (w+8)(CX), Z18, c; \
	VFMADD231PS.BCST (w+12)(CX), Z19, c; \
	VFMADD231PS.BCST (w+16)(CX), Z20, c
#define TAPS0(c) TAPS(4, c)
#define TAPS1(c) TAPS(24, c)
#define TAPS2(c) TAPS(44, c)
#define TAPS3(c) TAPS(64, c)
#define TAPS4(c) TAPS(84, c)
#define TILE \
	BIAS; \
	MOVQ DwPlaneArgs_planeW(AX), CX; \
	ROW(row0, $0, (SI), TAPS0(Z0)) \
	ROW(row1, $1, (SI)(DX*1), TAPS1(Z0)) \
	ROW(row2, $2, (SI)(DX*2), TAPS2(Z0); TAPS0(Z1)) \
	ROW(row3, $3, (R8), TAPS3(Z0); TAPS1(Z1)) \
	ROW(row4, $4, (R8)(DX*1), TAPS4(Z0); TAPS2(Z1); TAPS0(Z2)) \
	ROW(row5, $5, (R8)(DX*2), TAPS3(Z1); TAPS1(Z2)) \
	ROW(row6, $6, (R9), TAPS4(Z1); TAPS2(Z2); TAPS0(Z3)) \
	ROW(row7, $7, (R9)(DX*1), TAPS3(Z2); TAPS1(Z3)) \
	ROW(row8, $8, (R9)(DX*2), TAPS4(Z2); TAPS2(Z3)) \
	ADDQ DX, R9; \
	ROW(row9, $9, (R9)(DX*2), TAPS3(Z3)) \
	ADDQ DX, R9; \
	ROW(row10, $10, (R9)(DX*2), TAPS4(Z3))

TEXT ·dwplaneF32_4k5x5s2_avx512(SB), NOSPLIT, $0-8
#include "dwplane_f32_amd64.h"
#undef COLUMNS
#undef MASKX
#undef LOADX
#undef TILE
#undef TAPS
#undef TAPS0
#undef TAPS1
#undef TAPS2
#undef STRIDE
#undef ROWS
#undef STORE
#undef THIRDS
#undef WEIGHTS
#undef WEIGHTBYTES
#undef INSIDE
#define WEIGHTBYTES 40
#define WEIGHTS WEIGHTS3
#define INSIDE INSIDE3

// Stride 3: a row of X is part of one row of Y only, which is summed and stored before the next. Three loads have the 48 columns, and
// any place in them has one column for each column of taps: a blend of the three has what the first reaches, pixel i in place 3i mod 16,
// where the others have to be moved by 1 and 2 places. The sums are put in order at the end.
#define STRIDE 3
#define ROWS 12
#define COLUMNS 48
#define THIRDS \
	VPADDD Z26, Z24, Z21; \
	MOVL $0x4924, CX; \
	KMOVW CX, K5; \
	MOVL $0x2492, CX; \
	KMOVW CX, K6; \
	MOVL $0x9249, CX; \
	KMOVW CX, K7
#define MASKX \
	VPBROADCASTD R12, Z16; \
	VPADDD Z26, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K1; \
	MOVL $16, CX; \
	VPBROADCASTD CX, Z17; \
	VPADDD Z17, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K2; \
	VPADDD Z17, Z16, Z16; \
	VPCMPUD $1, Z27, Z16, K3
#define LOADX(x) VMOVUPS.Z x, K1, Z16; VMOVUPS.Z 64 x, K2, Z17; VMOVUPS.Z 128 x, K3, Z18
#define BLEND(b, c) VBLENDMPS Z17, Z16, b, Z19; VBLENDMPS Z18, Z19, c, Z19
#define TAPS(w0, w1, w2) \
	BLEND(K5, K6); \
	VFMADD231PS Z19, w0, Z0; \
	BLEND(K7, K5); \
	VALIGND $1, Z19, Z19, Z19; \
	VFMADD231PS Z19, w1, Z0; \
	BLEND(K6, K7); \
	VALIGND $2, Z19, Z19, Z19; \
	VFMADD231PS Z19, w2, Z0
#define PUT(y) CLAMP(Z0); VPERMPS Z0, Z21, Z0; VMOVUPS Z0, K4, y
#define SUM(row0, row1, row2, i, x) \
	VMOVAPS Z13, Z0; \
	ROW(row0, $(i), (x), TAPS(Z4, Z5, Z6)) \
	ROW(row1, $(i+1), (x)(DX*1), TAPS(Z7, Z8, Z9)) \
	ROW(row2, $(i+2), (x)(DX*2), TAPS(Z10, Z11, Z12))
#define TILE \
	SUM(row0, row1, row2, 0, SI) \
	PUT((DI)); \
	CMPQ R14, $2; \
	JLT  stored; \
	SUM(row3, row4, row5, 3, R8) \
	PUT((DI)(R10*1)); \
	CMPQ R14, $3; \
	JLT  stored; \
	SUM(row6, row7, row8, 6, R9) \
	PUT((DI)(R10*2)); \
	CMPQ R14, $4; \
	JLT  stored; \
	LEAQ (R9)(DX*2), CX; \
	ADDQ DX, CX; \
	SUM(row9, row10, row11, 9, CX) \
	PUT((DI)(R11*1))
#define STORE(stored)

TEXT ·dwplaneF32_4x3s3_avx512(SB), NOSPLIT, $0-8
#include "dwplane_f32_amd64.h"
