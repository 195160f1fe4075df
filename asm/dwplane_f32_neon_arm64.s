//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Depthwise convolution of planes, 3 by 3 taps, float32, NEON: tiles of 4 rows of 4 pixels.
//
//	func dwplaneF32_4x3s<S>_neon(a *DwPlaneArgs)        S 1 and 2, the stride
//
// DwPlaneArgs (dwplane.go) has the contract. Needs NEON. Clobbers R0-R2, R4-R17, R19-R26, V0-V7, V16-V31.
//
//	V0-V3    the sums of 4 rows        V4-V6    the taps of a row in lanes 1 to 3; lane 0 of V4 is the bias
//	V16-V18  a row of X: what each column of taps reaches          V19-V21  the same as it is loaded
//	V24-V26  which bytes of V19-V21 those of V16-V18 are, in tiles at an edge of X      V7 V27-V29  scratch
//	V30 V31  Lo, Hi
//
//	R0 args                        R1 X under the tile, row 0         R2 the row at hand
//	R4-R8 bytes from row 0 of X to rows 1 to 5 (stride 2: R4-R11, to row 8)
//	R12 first column of taps       R13 columns of Y left, less 4      R14 rows of Y left      R15 planes left
//	R16 the rows of X that exist, a bit each                 R17 the columns at which tiles inside of X begin are below it
//	R19 Y, row 0 of the tile       R20-R22 bytes from it to rows 1 to 3           R23-R26 scratch
//	R24 in tiles at an edge: where the first load of row 0 is         R25 R26 bytes from it to the second and third
//
// DwPlaneArgs.vectors has the bias in all lanes, for which a load is cheaper than an operation on vectors, and rows of X of fewer than 4 columns,
// 16 bytes each and filled up with zeros.
//
// Loops: plane > 4 rows > 4 pixels. A row of X is loaded once for all rows of Y that it is part of. The last pixels of a row are a whole
// tile that begins before the last one's end, if there are 4 at all. Rows of Y that do not exist are stored first, to where the last one is
// stored then. At an edge of X the loads are moved inwards, and their elements then to where they belong by a table of bytes, which gives zeros
// for what is outside.
//
// A tile costs 36 multiply-adds, 8 operations of the clamp and 4 stores, which take a vector unit as well, and 22 loads (stride 1), or
// 27 permutations more and 31 loads (stride 2): 24 and 38 cycles where there are two vector units, 12 and 19 where there are four. At an edge there are
// 18 look-ups in two registers, or 27 in three instead of the 27 permutations.

DATA dwplaneBytes1<>+0(SB)/8, $0x0706050403020100
DATA dwplaneBytes1<>+8(SB)/8, $0x0f0e0d0c0b0a0908
GLOBL dwplaneBytes1<>(SB), RODATA|NOPTR, $16
DATA dwplaneBytes2<>+0(SB)/8, $0x0b0a090803020100
DATA dwplaneBytes2<>+8(SB)/8, $0x1b1a191813121110
GLOBL dwplaneBytes2<>(SB), RODATA|NOPTR, $16

// What a row of X adds to the sums it is part of, u to w the taps.
#define ONE(w, c) FMLAE4(w, 1, 16, c); FMLAE4(w, 2, 17, c); FMLAE4(w, 3, 18, c)
#define TWO(v, b, w, c) \
	FMLAE4(v, 1, 16, b); FMLAE4(w, 1, 16, c); \
	FMLAE4(v, 2, 17, b); FMLAE4(w, 2, 17, c); \
	FMLAE4(v, 3, 18, b); FMLAE4(w, 3, 18, c)
#define THREE(u, a, v, b, w, c) \
	FMLAE4(u, 1, 16, a); FMLAE4(v, 1, 16, b); FMLAE4(w, 1, 16, c); \
	FMLAE4(u, 2, 17, a); FMLAE4(v, 2, 17, b); FMLAE4(w, 2, 17, c); \
	FMLAE4(u, 3, 18, a); FMLAE4(v, 3, 18, b); FMLAE4(w, 3, 18, c)
#define ROW(label, bit, row, load, taps) TBZ bit, R16, label; load(row); taps; label: // row: the bytes from row 0

// Stride 1: row i of X is row i of the taps of output row 0, i-1 of 1, and so on.
#define SHIFT 0                         // of columns of Y to columns of X
#define COLUMNS 6                       // of X that a tile reads
#define HELD 8                          // that the loads of a tile at an edge have room for
#define SPAN 6                          // rows of X
#define BYTES $dwplaneBytes1<>(SB)
#define OFFSETS ADD R4, R4, R5; ADD R4, R5, R6; ADD R5, R5, R7; ADD R4, R7, R8
#define LOADX(row) ADD row, R1, R2; FMOVQ (R2), F16; FMOVQ 4(R2), F17; FMOVQ 8(R2), F18
#define LOADEDGE(row) \
	ADD row, R24, R2; \
	FMOVQ (R2), F19; \
	LDQX(25, 2, 20); \
	VTBL V24.B16, [V19.B16, V20.B16], V16.B16; \
	VTBL V25.B16, [V19.B16, V20.B16], V17.B16; \
	VTBL V26.B16, [V19.B16, V20.B16], V18.B16
#define SUMS(load, row0, row1, row2, row3, row4, row5) \
	ROW(row0, $0, ZR, load, ONE(4, 0)) \
	ROW(row1, $1, R4, load, TWO(5, 0, 4, 1)) \
	ROW(row2, $2, R5, load, THREE(6, 0, 5, 1, 4, 2)) \
	ROW(row3, $3, R6, load, THREE(6, 1, 5, 2, 4, 3)) \
	ROW(row4, $4, R7, load, TWO(6, 2, 5, 3)) \
	ROW(row5, $5, R8, load, ONE(6, 3))
#define TILE SUMS(LOADX, row0, row1, row2, row3, row4, row5)
#define EDGE SUMS(LOADEDGE, edge0, edge1, edge2, edge3, edge4, edge5)

TEXT ·dwplaneF32_4x3s1_neon(SB), NOSPLIT, $0-8
#include "dwplane_f32_arm64.h"
#undef SHIFT
#undef COLUMNS
#undef HELD
#undef SPAN
#undef BYTES
#undef OFFSETS
#undef LOADX
#undef LOADEDGE
#undef SUMS
#undef TILE
#undef EDGE

// Stride 2: the columns 0, 2, 4, 6, those after them, and 2, 4, 6, 8.
#define SHIFT 1
#define COLUMNS 9
#define HELD 12
#define SPAN 9
#define BYTES $dwplaneBytes2<>(SB)
#define OFFSETS \
	ADD R4, R4, R5; ADD R4, R5, R6; ADD R5, R5, R7; ADD R4, R7, R8; \
	ADD R5, R7, R9; ADD R6, R7, R10; ADD R7, R7, R11
#define LOADX(row) \
	ADD row, R1, R2; \
	FMOVQ (R2), F19; \
	FMOVQ 16(R2), F20; \
	FMOVS 32(R2), F21; \
	VUZP1 V20.S4, V19.S4, V16.S4; \
	VUZP2 V20.S4, V19.S4, V17.S4; \
	VEXT $4, V21.B16, V16.B16, V18.B16
#define LOADEDGE(row) \
	ADD row, R24, R2; \
	FMOVQ (R2), F19; \
	LDQX(25, 2, 20); \
	LDQX(26, 2, 21); \
	VTBL V24.B16, [V19.B16, V20.B16, V21.B16], V16.B16; \
	VTBL V25.B16, [V19.B16, V20.B16, V21.B16], V17.B16; \
	VTBL V26.B16, [V19.B16, V20.B16, V21.B16], V18.B16
#define SUMS(load, row0, row1, row2, row3, row4, row5, row6, row7, row8) \
	ROW(row0, $0, ZR, load, ONE(4, 0)) \
	ROW(row1, $1, R4, load, ONE(5, 0)) \
	ROW(row2, $2, R5, load, TWO(6, 0, 4, 1)) \
	ROW(row3, $3, R6, load, ONE(5, 1)) \
	ROW(row4, $4, R7, load, TWO(6, 1, 4, 2)) \
	ROW(row5, $5, R8, load, ONE(5, 2)) \
	ROW(row6, $6, R9, load, TWO(6, 2, 4, 3)) \
	ROW(row7, $7, R10, load, ONE(5, 3)) \
	ROW(row8, $8, R11, load, ONE(6, 3))
#define TILE SUMS(LOADX, row0, row1, row2, row3, row4, row5, row6, row7, row8)
#define EDGE SUMS(LOADEDGE, edge0, edge1, edge2, edge3, edge4, edge5, edge6, edge7, edge8)

TEXT ·dwplaneF32_4x3s2_neon(SB), NOSPLIT, $0-8
#include "dwplane_f32_arm64.h"
