//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem64_amd64.h"

// Transpose, float64, AVX2, in squares of 4 x 4: Dst[c][r] = Src[r][c].
//
//	func transposeF64_4x4_avx2(a *TransposeArgs)
//
// transpose_f32_avx2_amd64.s with elements of twice the size: it has the contract, the registers and the loops. Needs AVX.
//
// A square costs 8 shuffles, 4 loads and 4 stores: bound by the shuffles, 4 to 8 cycles, and by memory when Dst is not in the first cache.

// Two rows interleaved: l, h = the low and the high halves of each lane of a and b.
#define PAIR8(a, b, l, h) VUNPCKLPD b, a, l; VUNPCKHPD b, a, h

// The low lanes of a and b, and their high lanes.
#define LANES(a, b, l, h) VPERM2F128 $0x20, b, a, l; VPERM2F128 $0x31, b, a, h

#define LOADS(op) op(1, Y0); op(2, Y1); op(3, Y2)
#define STORES(op) op(1, Y0); op(2, Y1); op(3, Y2)
#define YLAST Y3

// Rows 0 and 1 of columns 0 and 2, of 1 and 3, then rows 2 and 3 of these. At last Yc: column c.
#define TURN \
	PAIR8(Y0, Y1, Y4, Y5) \
	PAIR8(Y2, Y3, Y6, Y7) \
	LANES(Y4, Y6, Y0, Y2) \
	LANES(Y5, Y7, Y1, Y3)

TEXT ·transposeF64_4x4_avx2(SB), NOSPLIT, $0-8
#include "transpose_avx2_amd64.h"
