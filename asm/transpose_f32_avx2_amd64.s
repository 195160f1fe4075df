//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem32_amd64.h"

// Transpose, float32, AVX2, in squares of 8 x 8: Dst[c][r] = Src[r][c].
//
//	func transposeF32_8x8_avx2(a *TransposeArgs)
//
// TransposeArgs (transpose.go) has the contract. Needs AVX. Clobbers Y0 to Y15, AX, BX, CX, DX, SI, DI and
// R8 to R13. A square with fewer rows or columns leaves its loads or stores early and masks their ends
// (Y14 for loads, Y15 for stores); full vectors go without a mask, because masked stores are slow on
// some processors.
//
//	AX args                  R8 rows left      R9 columns left
//	R10 Src of the row of squares              R11 Dst of the row of squares
//	R12 Src of the square    R13 Dst of the square
//	SI  Src, next row        DX bytes between rows of Src
//	DI  Dst, next row        BX bytes between rows of Dst
//
// Loops: 8 rows of Src > 8 columns. A square costs 24 shuffles, 8 loads and 8 stores: bound by the
// shuffles, 12 to 24 cycles, and by memory when Dst is not in the first cache.

// Two rows interleaved: l, h = the low and the high halves of each lane of a and b.
#define PAIR4(a, b, l, h) VUNPCKLPS b, a, l; VUNPCKHPS b, a, h
#define PAIR8(a, b, l, h) VUNPCKLPD b, a, l; VUNPCKHPD b, a, h

// The low lanes of a and b, and their high lanes.
#define LANES(a, b, l, h) VPERM2F128 $0x20, b, a, l; VPERM2F128 $0x31, b, a, h

#define LOADS(op) op(1, Y0); op(2, Y1); op(3, Y2); op(4, Y3); op(5, Y4); op(6, Y5); op(7, Y6)
#define STORES(op) op(1, Y0); op(2, Y1); op(3, Y2); op(4, Y3); op(5, Y4); op(6, Y5); op(7, Y6)
#define YLAST Y7

// Rows 0 to 3 of columns 0 and 4, of 1 and 5, of 2 and 6, of 3 and 7, then rows 4 to 7 of these. At last Yc: column c.
#define TURN \
	PAIR4(Y0, Y1, Y8, Y9) \
	PAIR4(Y2, Y3, Y0, Y1) \
	PAIR4(Y4, Y5, Y2, Y3) \
	PAIR4(Y6, Y7, Y4, Y5) \
	PAIR8(Y8, Y0, Y6, Y7) \
	PAIR8(Y9, Y1, Y10, Y11) \
	PAIR8(Y2, Y4, Y8, Y9) \
	PAIR8(Y3, Y5, Y12, Y13) \
	LANES(Y6, Y8, Y0, Y4) \
	LANES(Y7, Y9, Y1, Y5) \
	LANES(Y10, Y12, Y2, Y6) \
	LANES(Y11, Y13, Y3, Y7)

TEXT ·transposeF32_8x8_avx2(SB), NOSPLIT, $0-8
#include "transpose_avx2_amd64.h"
