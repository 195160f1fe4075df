//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "prefetchw_amd64.h"

// Depthwise convolution of planes, 3 by 3 taps, float32, AVX2: tiles of 4 rows of 8 pixels.
//
//	func dwplaneF32_4x3s<S>_avx2(a *DwPlaneArgs)        S 1, 2 and 3, the stride
//	func dwplaneF32_4k<K>s1_avx2(a *DwPlaneArgs)        K 1x3, 3x1 and 2x2 taps
//
// DwPlaneArgs (dwplane.go) has the contract. Needs AVX2 and FMA. Clobbers Y0-Y15 and all general registers but BP and SP.
// Tiles with columns outside X or Y have a code of their own, which masks them and so suppresses their faults.
//
//	Y0-Y3    the sums of 4 rows        Y4-Y12  the taps, row by row
//	Y13-Y15  a row of X: what each column of taps reaches (stride 2: Y15, stride 3: Y1, one column
//	         after the other)
//
// What there is no register for is in DwPlaneArgs.vectors: the bias, Lo, Hi, the last column of X, the masks of up to 4 loads
// and of the pixels.
//
//	AX args                        SI R8 R9  rows 0, 3, 6 of X under the tile, at the first column of taps
//	DI Y, row 0 of the tile        DX bytes between rows of X   R10 R11  1, 3 times those between rows of Y
//	R12 first column of taps       R13 columns of Y left        BX the rows of X that exist, a bit each
//	R14 rows of Y left             R15 planes left
//
// Loops: plane > 4 rows > 8 pixels, as with AVX-512. A tile costs 36 multiply-adds, two a cycle, for 18 loads (stride 1), some 6 of
// them across cache lines, or 36 loads and 27 permutations (stride 2), or 36 loads, 72 blends and 28
// permutations (stride 3): 18, 27 and 46 cycles.

DATA dwplaneLane8<>+0(SB)/8, $0x0000000100000000
DATA dwplaneLane8<>+8(SB)/8, $0x0000000300000002
DATA dwplaneLane8<>+16(SB)/8, $0x0000000500000004
DATA dwplaneLane8<>+24(SB)/8, $0x0000000700000006
GLOBL dwplaneLane8<>(SB), RODATA|NOPTR, $32
DATA dwplaneNext8<>+0(SB)/8, $0x0000000200000001
DATA dwplaneNext8<>+8(SB)/8, $0x0000000400000003
DATA dwplaneNext8<>+16(SB)/8, $0x0000000600000005
DATA dwplaneNext8<>+24(SB)/8, $0x0000000000000007
GLOBL dwplaneNext8<>(SB), RODATA|NOPTR, $32
DATA dwplaneThird8<>+0(SB)/8, $0x0000000300000000
DATA dwplaneThird8<>+8(SB)/8, $0x0000000100000006
DATA dwplaneThird8<>+16(SB)/8, $0x0000000700000004
DATA dwplaneThird8<>+24(SB)/8, $0x0000000500000002
GLOBL dwplaneThird8<>(SB), RODATA|NOPTR, $32

#define BIASES DwPlaneArgs_vectors+0(AX)
#define LOS DwPlaneArgs_vectors+32(AX)
#define HIS DwPlaneArgs_vectors+64(AX)
#define LAST DwPlaneArgs_vectors+96(AX)
#define MASK0 DwPlaneArgs_vectors+128(AX)
#define MASK1 DwPlaneArgs_vectors+160(AX)
#define MASK2 DwPlaneArgs_vectors+192(AX)
#define MASK3 DwPlaneArgs_vectors+224(AX)
#define MASKY DwPlaneArgs_vectors+256(AX)

#define LANES 8
#define WEIGHTBYTES 40
#define CONSTANTS \
	VBROADCASTSS DwPlaneArgs_Lo(AX), Y13; \
	VMOVUPS Y13, LOS; \
	VBROADCASTSS DwPlaneArgs_Hi(AX), Y13; \
	VMOVUPS Y13, HIS; \
	MOVQ DwPlaneArgs_InCols(AX), CX; \
	DECQ CX; \
	VMOVD CX, X13; \
	VPBROADCASTD X13, Y13; \
	VMOVDQU Y13, LAST
#define WEIGHTS \
	VBROADCASTSS (R9), Y13; \
	VMOVUPS Y13, BIASES; \
	VBROADCASTSS 4(R9), Y4; \
	VBROADCASTSS 8(R9), Y5; \
	VBROADCASTSS 12(R9), Y6; \
	VBROADCASTSS 16(R9), Y7; \
	VBROADCASTSS 20(R9), Y8; \
	VBROADCASTSS 24(R9), Y9; \
	VBROADCASTSS 28(R9), Y10; \
	VBROADCASTSS 32(R9), Y11; \
	VBROADCASTSS 36(R9), Y12
#define INSIDE
#define BIAS VMOVUPS BIASES, Y0; VMOVAPS Y0, Y1; VMOVAPS Y0, Y2; VMOVAPS Y0, Y3

// The mask of the columns in Y13, which are as unsigned numbers no larger than the last one.
#define MASKOF(m) VPMINUD LAST, Y13, Y14; VPCMPEQD Y14, Y13, Y14; VMOVDQU Y14, m
#define MASKS \
	VMOVD R13, X13; \
	VPBROADCASTD X13, Y13; \
	VPCMPGTD dwplaneLane8<>(SB), Y13, Y14; \
	VMOVDQU Y14, MASKY; \
	VMOVD R12, X13; \
	VPBROADCASTD X13, Y13; \
	VPADDD dwplaneLane8<>(SB), Y13, Y13; \
	MASKX

#define PUT(c, y) VMOVUPS c, y
#define PUTMASK(c, y) VMASKMOVPS c, Y15, y
#define CLAMP(c) VMAXPS c, Y13, c; VMINPS c, Y14, c // NaN in c passes: it is the second source
#define STORES(put, stored) \
	VMOVUPS LOS, Y13; \
	VMOVUPS HIS, Y14; \
	CLAMP(Y0); \
	ORDER(Y0); \
	put(Y0, (DI)); \
	CMPQ R14, $2; \
	JLT  stored; \
	CLAMP(Y1); \
	ORDER(Y1); \
	put(Y1, (DI)(R10*1)); \
	JEQ  stored; \
	CLAMP(Y2); \
	ORDER(Y2); \
	put(Y2, (DI)(R10*2)); \
	CMPQ R14, $4; \
	JLT  stored; \
	CLAMP(Y3); \
	ORDER(Y3); \
	put(Y3, (DI)(R11*1))
#define STORE(stored) STORES(PUT, stored)
#define STOREEDGE(stored) VMOVUPS MASKY, Y15; STORES(PUTMASK, stored)

// Stride 1: row i of X is row i of the taps of output row 0, i-1 of 1, and so on.
#define STRIDE 1
#define ROWS 4
#define COLUMNS 10
#define ORDER(c)
#define MASKX \
	MOVL $1, CX; \
	VMOVD CX, X15; \
	VPBROADCASTD X15, Y15; \
	MASKOF(MASK0); \
	VPADDD Y15, Y13, Y13; \
	MASKOF(MASK1); \
	VPADDD Y15, Y13, Y13; \
	MASKOF(MASK2)
#define LOADX(x) VMOVUPS x, Y13; VMOVUPS 4 x, Y14; VMOVUPS 8 x, Y15
#define LOADXMASK(x) \
	VMOVUPS MASK0, Y13; \
	VMOVUPS MASK1, Y14; \
	VMOVUPS MASK2, Y15; \
	VMASKMOVPS x, Y13, Y13; \
	VMASKMOVPS 4 x, Y14, Y14; \
	VMASKMOVPS 8 x, Y15, Y15
#define TAPS0(c) VFMADD231PS Y13, Y4, c; VFMADD231PS Y14, Y5, c; VFMADD231PS Y15, Y6, c
#define TAPS1(c) VFMADD231PS Y13, Y7, c; VFMADD231PS Y14, Y8, c; VFMADD231PS Y15, Y9, c
#define TAPS2(c) VFMADD231PS Y13, Y10, c; VFMADD231PS Y14, Y11, c; VFMADD231PS Y15, Y12, c
#define ROW(label, i, x, load, taps) BTL i, BX; JCC label; load(x); taps; label:
#define SUMS(load, row0, row1, row2, row3, row4, row5) \
	BIAS; \
	ROW(row0, $0, (SI), load, TAPS0(Y0)) \
	ROW(row1, $1, (SI)(DX*1), load, TAPS1(Y0); TAPS0(Y1)) \
	ROW(row2, $2, (SI)(DX*2), load, TAPS2(Y0); TAPS1(Y1); TAPS0(Y2)) \
	ROW(row3, $3, (R8), load, TAPS2(Y1); TAPS1(Y2); TAPS0(Y3)) \
	ROW(row4, $4, (R8)(DX*1), load, TAPS2(Y2); TAPS1(Y3)) \
	ROW(row5, $5, (R8)(DX*2), load, TAPS2(Y3))
#define TILE SUMS(LOADX, row0, row1, row2, row3, row4, row5)
#define EDGE SUMS(LOADXMASK, edge0, edge1, edge2, edge3, edge4, edge5)

TEXT ·dwplaneF32_4x3s1_avx2(SB), NOSPLIT, $0-8
#include "dwplane_f32_amd64.h"
#undef STRIDE
#undef ROWS
#undef COLUMNS
#undef ORDER
#undef MASKX
#undef TILE
#undef EDGE

// Stride 2: the columns 0, 2 ... 14, those after them, and 2, 4 ... 16, each parted within halves of 16 bytes and
// put in order at the end.
#define STRIDE 2
#define ROWS 8
#define COLUMNS 18
#define ORDER(c) VPERMPD $0xd8, c, c
#define MASKX \
	MOVL $2, CX; \
	VMOVD CX, X15; \
	VPBROADCASTD X15, Y15; \
	MASKOF(MASK0); \
	VPADDD Y15, Y13, Y13; \
	MASKOF(MASK2); \
	VPADDD Y15, Y15, Y14; \
	VPADDD Y14, Y13, Y13; \
	VPADDD Y15, Y13, Y13; \
	MASKOF(MASK1); \
	VPADDD Y15, Y13, Y13; \
	MASKOF(MASK3)
#define LOAD02(x) VMOVUPS x, Y13; VMOVUPS 32 x, Y14
#define LOAD2(x) VMOVUPS 8 x, Y13; VMOVUPS 40 x, Y14
#define LOAD02MASK(x) VMOVUPS MASK0, Y13; VMOVUPS MASK1, Y14; VMASKMOVPS x, Y13, Y13; VMASKMOVPS 32 x, Y14, Y14
#define LOAD2MASK(x) VMOVUPS MASK2, Y13; VMOVUPS MASK3, Y14; VMASKMOVPS 8 x, Y13, Y13; VMASKMOVPS 40 x, Y14, Y14
#define EVEN VSHUFPS $0x88, Y14, Y13, Y15
#define ODD VSHUFPS $0xdd, Y14, Y13, Y15
#define ROW1(label, i, x, load02, load2, c, w0, w1, w2) \
	BTL i, BX; \
	JCC label; \
	load02(x); \
	EVEN; \
	VFMADD231PS Y15, w0, c; \
	ODD; \
	VFMADD231PS Y15, w1, c; \
	load2(x); \
	EVEN; \
	VFMADD231PS Y15, w2, c; \
label:
#define ROW2(label, i, x, load02, load2, c, d) \
	BTL i, BX; \
	JCC label; \
	load02(x); \
	EVEN; \
	VFMADD231PS Y15, Y10, c; \
	VFMADD231PS Y15, Y4, d; \
	ODD; \
	VFMADD231PS Y15, Y11, c; \
	VFMADD231PS Y15, Y5, d; \
	load2(x); \
	EVEN; \
	VFMADD231PS Y15, Y12, c; \
	VFMADD231PS Y15, Y6, d; \
label:
#define SUMS2(load02, load2, row0, row1, row2, row3, row4, row5, row6, row7, row8) \
	BIAS; \
	ROW1(row0, $0, (SI), load02, load2, Y0, Y4, Y5, Y6) \
	ROW1(row1, $1, (SI)(DX*1), load02, load2, Y0, Y7, Y8, Y9) \
	ROW2(row2, $2, (SI)(DX*2), load02, load2, Y0, Y1) \
	ROW1(row3, $3, (R8), load02, load2, Y1, Y7, Y8, Y9) \
	ROW2(row4, $4, (R8)(DX*1), load02, load2, Y1, Y2) \
	ROW1(row5, $5, (R8)(DX*2), load02, load2, Y2, Y7, Y8, Y9) \
	ROW2(row6, $6, (R9), load02, load2, Y2, Y3) \
	ROW1(row7, $7, (R9)(DX*1), load02, load2, Y3, Y7, Y8, Y9) \
	ROW1(row8, $8, (R9)(DX*2), load02, load2, Y3, Y10, Y11, Y12)
#define TILE SUMS2(LOAD02, LOAD2, row0, row1, row2, row3, row4, row5, row6, row7, row8)
#define EDGE SUMS2(LOAD02MASK, LOAD2MASK, edge0, edge1, edge2, edge3, edge4, edge5, edge6, edge7, edge8)

TEXT ·dwplaneF32_4x3s2_avx2(SB), NOSPLIT, $0-8
#include "dwplane_f32_amd64.h"
#undef STRIDE
#undef ROWS
#undef COLUMNS
#undef ORDER
#undef MASKX
#undef TILE
#undef EDGE
#undef SUMS

// 1 by 3 taps: a row of X is that of one output row.
#define STRIDE 1
#define ROWS 4
#define COLUMNS 10
#define ORDER(c)
#define MASKX \
	MOVL $1, CX; \
	VMOVD CX, X15; \
	VPBROADCASTD X15, Y15; \
	MASKOF(MASK0); \
	VPADDD Y15, Y13, Y13; \
	MASKOF(MASK1); \
	VPADDD Y15, Y13, Y13; \
	MASKOF(MASK2)
#define SUMS(load, row0, row1, row2, row3) \
	BIAS; \
	ROW(row0, $0, (SI), load, TAPS0(Y0)) \
	ROW(row1, $1, (SI)(DX*1), load, TAPS0(Y1)) \
	ROW(row2, $2, (SI)(DX*2), load, TAPS0(Y2)) \
	ROW(row3, $3, (R8), load, TAPS0(Y3))
#define TILE SUMS(LOADX, row0, row1, row2, row3)
#define EDGE SUMS(LOADXMASK, edge0, edge1, edge2, edge3)

TEXT ·dwplaneF32_4k1x3s1_avx2(SB), NOSPLIT, $0-8
#include "dwplane_f32_amd64.h"
#undef COLUMNS
#undef MASKX
#undef SUMS
#undef TILE
#undef EDGE
#undef LOADX
#undef LOADXMASK
#undef TAPS0
#undef TAPS1
#undef TAPS2

// 3 by 1 taps: one column.
#define COLUMNS 8
#define MASKX MASKOF(MASK0)
#define LOADX(x) VMOVUPS x, Y13
#define LOADXMASK(x) VMOVUPS MASK0, Y13; VMASKMOVPS x, Y13, Y13
#define TAPS0(c) VFMADD231PS Y13, Y4, c
#define TAPS1(c) VFMADD231PS Y13, Y7, c
#define TAPS2(c) VFMADD231PS Y13, Y10, c
#define SUMS(load, row0, row1, row2, row3, row4, row5) \
	BIAS; \
	ROW(row0, $0, (SI), load, TAPS0(Y0)) \
	ROW(row1, $1, (SI)(DX*1), load, TAPS1(Y0); TAPS0(Y1)) \
	ROW(row2, $2, (SI)(DX*2), load, TAPS2(Y0); TAPS1(Y1); TAPS0(Y2)) \
	ROW(row3, $3, (R8), load, TAPS2(Y1); TAPS1(Y2); TAPS0(Y3)) \
	ROW(row4, $4, (R8)(DX*1), load, TAPS2(Y2); TAPS1(Y3)) \
	ROW(row5, $5, (R8)(DX*2), load, TAPS2(Y3))
#define TILE SUMS(LOADX, row0, row1, row2, row3, row4, row5)
#define EDGE SUMS(LOADXMASK, edge0, edge1, edge2, edge3, edge4, edge5)

TEXT ·dwplaneF32_4k3x1s1_avx2(SB), NOSPLIT, $0-8
#include "dwplane_f32_amd64.h"
#undef COLUMNS
#undef MASKX
#undef LOADX
#undef LOADXMASK
#undef SUMS
#undef TILE
#undef EDGE
#undef TAPS0
#undef TAPS1
#undef TAPS2

// 2 by 2 taps.
#define COLUMNS 9
#define MASKX \
	MASKOF(MASK0); \
	MOVL $1, CX; \
	VMOVD CX, X15; \
	VPBROADCASTD X15, Y15; \
	VPADDD Y15, Y13, Y13; \
	MASKOF(MASK1)
#define LOADX(x) VMOVUPS x, Y13; VMOVUPS 4 x, Y14
#define LOADXMASK(x) VMOVUPS MASK0, Y13; VMOVUPS MASK1, Y14; VMASKMOVPS x, Y13, Y13; VMASKMOVPS 4 x, Y14, Y14
#define TAPS0(c) VFMADD231PS Y13, Y4, c; VFMADD231PS Y14, Y5, c
#define TAPS1(c) VFMADD231PS Y13, Y7, c; VFMADD231PS Y14, Y8, c
#define SUMS(load, row0, row1, row2, row3, row4) \
	BIAS; \
	ROW(row0, $0, (SI), load, TAPS0(Y0)) \
	ROW(row1, $1, (SI)(DX*1), load, TAPS1(Y0); TAPS0(Y1)) \
	ROW(row2, $2, (SI)(DX*2), load, TAPS1(Y1); TAPS0(Y2)) \
	ROW(row3, $3, (R8), load, TAPS1(Y2); TAPS0(Y3)) \
	ROW(row4, $4, (R8)(DX*1), load, TAPS1(Y3))
#define TILE SUMS(LOADX, row0, row1, row2, row3, row4)
#define EDGE SUMS(LOADXMASK, edge0, edge1, edge2, edge3, edge4)

TEXT ·dwplaneF32_4k2x2s1_avx2(SB), NOSPLIT, $0-8
#include "dwplane_f32_amd64.h"
#undef COLUMNS
#undef MASKX
#undef LOADX
#undef LOADXMASK
#undef SUMS
#undef TILE
#undef EDGE
#undef STRIDE
#undef ROWS
#undef PUT
#undef PUTMASK
#undef STORE
#undef STOREEDGE

// Stride 3: a row of X is part of one row of Y only, which is summed and stored before the next. Three loads have the 24 columns, and
// any place in them has one column for each column of taps: a blend of the three has what the first reaches, pixel i in place 3i mod 8,
// where the others have to be moved by 1 and 2 places. The sums, in Y0, are put in order at the end. Y2 Y3: the places to move 1 from, and those of the order.
#define STRIDE 3
#define ROWS 12
#define COLUMNS 24
#define MASKX \
	MOVL $8, CX; \
	VMOVD CX, X15; \
	VPBROADCASTD X15, Y15; \
	MASKOF(MASK0); \
	VPADDD Y15, Y13, Y13; \
	MASKOF(MASK1); \
	VPADDD Y15, Y13, Y13; \
	MASKOF(MASK2)
#define LOADX(x) VMOVUPS x, Y13; VMOVUPS 32 x, Y14; VMOVUPS 64 x, Y15
#define LOADXMASK(x) \
	VMOVUPS MASK0, Y13; \
	VMOVUPS MASK1, Y14; \
	VMOVUPS MASK2, Y15; \
	VMASKMOVPS x, Y13, Y13; \
	VMASKMOVPS 32 x, Y14, Y14; \
	VMASKMOVPS 64 x, Y15, Y15
#define BLEND(b, c) VBLENDPS b, Y14, Y13, Y1; VBLENDPS c, Y15, Y1, Y1
#define TAPS(w0, w1, w2) \
	BLEND($0x92, $0x24); \
	VFMADD231PS Y1, w0, Y0; \
	BLEND($0x24, $0x49); \
	VPERMPS Y1, Y2, Y1; \
	VFMADD231PS Y1, w1, Y0; \
	BLEND($0x49, $0x92); \
	VPERMPD $0x39, Y1, Y1; \
	VFMADD231PS Y1, w2, Y0
#define PUT(y) VMOVUPS Y0, y
#define PUTMASK(y) VMOVUPS MASKY, Y15; VMASKMOVPS Y0, Y15, y
#define SUM(load, put, row0, row1, row2, i, x, y) \
	VMOVUPS BIASES, Y0; \
	ROW(row0, $(i), (x), load, TAPS(Y4, Y5, Y6)) \
	ROW(row1, $(i+1), (x)(DX*1), load, TAPS(Y7, Y8, Y9)) \
	ROW(row2, $(i+2), (x)(DX*2), load, TAPS(Y10, Y11, Y12)) \
	VMOVUPS LOS, Y13; \
	VMOVUPS HIS, Y14; \
	CLAMP(Y0); \
	VPERMPS Y0, Y3, Y0; \
	put(y)
#define SUMS(load, put, row0, row1, row2, row3, row4, row5, row6, row7, row8, row9, row10, row11) \
	VMOVDQU dwplaneNext8<>(SB), Y2; \
	VMOVDQU dwplaneThird8<>(SB), Y3; \
	SUM(load, put, row0, row1, row2, 0, SI, (DI)); \
	CMPQ R14, $2; \
	JLT  stored; \
	SUM(load, put, row3, row4, row5, 3, R8, (DI)(R10*1)); \
	CMPQ R14, $3; \
	JLT  stored; \
	SUM(load, put, row6, row7, row8, 6, R9, (DI)(R10*2)); \
	CMPQ R14, $4; \
	JLT  stored; \
	LEAQ (R9)(DX*2), CX; \
	ADDQ DX, CX; \
	SUM(load, put, row9, row10, row11, 9, CX, (DI)(R11*1))
#define TILE SUMS(LOADX, PUT, row0, row1, row2, row3, row4, row5, row6, row7, row8, row9, row10, row11)
#define EDGE SUMS(LOADXMASK, PUTMASK, edge0, edge1, edge2, edge3, edge4, edge5, edge6, edge7, edge8, edge9, edge10, edge11)
#define STORE(stored)
#define STOREEDGE(stored)

TEXT ·dwplaneF32_4x3s3_avx2(SB), NOSPLIT, $0-8
#include "dwplane_f32_amd64.h"
