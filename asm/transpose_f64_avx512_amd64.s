//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem64_amd64.h"

// Transpose, float64, AVX-512, in squares of 8 x 8: Dst[c][r] = Src[r][c].
//
//	func transposeF64_8x8_avx512(a *TransposeArgs)
//
// transpose_f32_avx512_amd64.s with elements of twice the size: it has the contract, the registers and the loops. Needs AVX-512 F.
//
// A square goes through three steps of 8 shuffles and costs 8 loads and 8 stores: bound by the shuffles, 12 cycles at two a cycle, and by memory
// when Dst is not in the first cache.

// Two rows interleaved: l, h = the low and the high halves of each lane of a and b.
#define PAIR8(a, b, l, h) VUNPCKLPD b, a, l; VUNPCKHPD b, a, h

// The even lanes of a and b, and their odd lanes.
#define LANES(a, b, e, o) VSHUFF64X2 $0x88, b, a, e; VSHUFF64X2 $0xdd, b, a, o

#define LOADS \
	LOAD(1, Z0) \
	LOAD(2, Z1) \
	LOAD(3, Z2) \
	LOAD(4, Z3) \
	LOAD(5, Z4) \
	LOAD(6, Z5) \
	LOAD(7, Z6) \
	VMOVU.Z (SI), K1, Z7
#define STORES \
	STORE(1, Z16) \
	STORE(2, Z17) \
	STORE(3, Z18) \
	STORE(4, Z19) \
	STORE(5, Z20) \
	STORE(6, Z21) \
	STORE(7, Z22) \
	VMOVU Z23, K2, (DI)

// Z8 to Z15: pairs of rows, even columns, then odd ones. Z0 to Z3: columns 0 and 4 of rows 0 to 3, 2 and 6 of the same, then of rows 4 to 7;
// Z4 to Z7: the odd ones likewise. Z16 to Z23: the columns.
#define TURN \
	PAIR8(Z0, Z1, Z8, Z9) \
	PAIR8(Z2, Z3, Z10, Z11) \
	PAIR8(Z4, Z5, Z12, Z13) \
	PAIR8(Z6, Z7, Z14, Z15) \
	LANES(Z8, Z10, Z0, Z1) \
	LANES(Z12, Z14, Z2, Z3) \
	LANES(Z9, Z11, Z4, Z5) \
	LANES(Z13, Z15, Z6, Z7) \
	LANES(Z0, Z2, Z16, Z20) \
	LANES(Z1, Z3, Z18, Z22) \
	LANES(Z4, Z6, Z17, Z21) \
	LANES(Z5, Z7, Z19, Z23)

TEXT ·transposeF64_8x8_avx512(SB), NOSPLIT, $0-8
#include "transpose_avx512_amd64.h"
