//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem32_amd64.h"

// Transpose, float32, AVX-512, in squares of 16 x 16: Dst[c][r] = Src[r][c].
//
//	func transposeF32_16x16_avx512(a *TransposeArgs)
//
// TransposeArgs (transpose.go) has the contract. Needs AVX-512 F. Clobbers Z0 to Z31, K1, K2, AX, BX, CX,
// DX, SI, DI and R8 to R13. Columns beyond the end are masked in loads (K1), rows beyond it in stores
// (K2), and a square with fewer rows or columns leaves its loads or stores early.
//
//	AX args                  R8 rows left      R9 columns left
//	R10 Src of the row of squares              R11 Dst of the row of squares
//	R12 Src of the square    R13 Dst of the square
//	SI  Src, next row        DX bytes between rows of Src
//	DI  Dst, next row        BX bytes between rows of Dst
//
// A square goes through four steps of 16 shuffles, each from one half of the registers to the other:
// interleaves of 4 and of 8 bytes turn 4 x 4 blocks within lanes, then lanes are exchanged twice.
// Loops: 16 rows of Src > 16 columns. A square costs 64 shuffles, 16 loads and 16 stores: bound by the
// shuffles, 32 cycles at two a cycle, and by memory when Dst is not in the first cache.

// Two rows interleaved: l, h = the low and the high halves of each lane of a and b.
#define PAIR4(a, b, l, h) VUNPCKLPS b, a, l; VUNPCKHPS b, a, h
#define PAIR8(a, b, l, h) VUNPCKLPD b, a, l; VUNPCKHPD b, a, h

// The even lanes of a and b, and their odd lanes.
#define LANES(a, b, e, o) VSHUFF32X4 $0x88, b, a, e; VSHUFF32X4 $0xdd, b, a, o

#define LOADS \
	LOAD(1, Z0) \
	LOAD(2, Z1) \
	LOAD(3, Z2) \
	LOAD(4, Z3) \
	LOAD(5, Z4) \
	LOAD(6, Z5) \
	LOAD(7, Z6) \
	LOAD(8, Z7) \
	LOAD(9, Z8) \
	LOAD(10, Z9) \
	LOAD(11, Z10) \
	LOAD(12, Z11) \
	LOAD(13, Z12) \
	LOAD(14, Z13) \
	LOAD(15, Z14) \
	VMOVU.Z (SI), K1, Z15
#define STORES \
	STORE(1, Z0) \
	STORE(2, Z1) \
	STORE(3, Z2) \
	STORE(4, Z3) \
	STORE(5, Z4) \
	STORE(6, Z5) \
	STORE(7, Z6) \
	STORE(8, Z7) \
	STORE(9, Z8) \
	STORE(10, Z9) \
	STORE(11, Z10) \
	STORE(12, Z11) \
	STORE(13, Z12) \
	STORE(14, Z13) \
	STORE(15, Z14) \
	VMOVU Z15, K2, (DI)

// Z16+4g to Z19+4g: rows 4g and 4g+1, low and high, then rows 4g+2 and 4g+3. Then lane l of Z4g+c: rows 4g to 4g+3 of column 4l+c. Then
// Z16+4c to Z19+4c: columns c and 8+c of rows 0 to 7, columns 4+c and 12+c of the same, then rows 8 to 15. At last Zc: column c.
#define TURN \
	PAIR4(Z0, Z1, Z16, Z17) \
	PAIR4(Z2, Z3, Z18, Z19) \
	PAIR4(Z4, Z5, Z20, Z21) \
	PAIR4(Z6, Z7, Z22, Z23) \
	PAIR4(Z8, Z9, Z24, Z25) \
	PAIR4(Z10, Z11, Z26, Z27) \
	PAIR4(Z12, Z13, Z28, Z29) \
	PAIR4(Z14, Z15, Z30, Z31) \
	PAIR8(Z16, Z18, Z0, Z1) \
	PAIR8(Z17, Z19, Z2, Z3) \
	PAIR8(Z20, Z22, Z4, Z5) \
	PAIR8(Z21, Z23, Z6, Z7) \
	PAIR8(Z24, Z26, Z8, Z9) \
	PAIR8(Z25, Z27, Z10, Z11) \
	PAIR8(Z28, Z30, Z12, Z13) \
	PAIR8(Z29, Z31, Z14, Z15) \
	LANES(Z0, Z4, Z16, Z17) \
	LANES(Z8, Z12, Z18, Z19) \
	LANES(Z1, Z5, Z20, Z21) \
	LANES(Z9, Z13, Z22, Z23) \
	LANES(Z2, Z6, Z24, Z25) \
	LANES(Z10, Z14, Z26, Z27) \
	LANES(Z3, Z7, Z28, Z29) \
	LANES(Z11, Z15, Z30, Z31) \
	LANES(Z16, Z18, Z0, Z8) \
	LANES(Z17, Z19, Z4, Z12) \
	LANES(Z20, Z22, Z1, Z9) \
	LANES(Z21, Z23, Z5, Z13) \
	LANES(Z24, Z26, Z2, Z10) \
	LANES(Z25, Z27, Z6, Z14) \
	LANES(Z28, Z30, Z3, Z11) \
	LANES(Z29, Z31, Z7, Z15)

TEXT ·transposeF32_16x16_avx512(SB), NOSPLIT, $0-8
#include "transpose_avx512_amd64.h"
