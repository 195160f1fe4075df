//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem64_amd64.h"

// Matrix times the transpose of a few rows, float64, AVX2 and FMA.
//
//	func dotF64_3x4_avx2(a *DotArgs)    Y[i][r] += sum over c of W[r][c]·X[i][c], 3 rows i
//	func dotF64_2x4_avx2(a *DotArgs)    2 rows
//
// dot_f32_avx2_amd64.s with elements of twice the size: it has the contract, the registers, the loops and the bound. Needs AVX2 and FMA.

// Pairs of neighbours are added, rows side by side, then lanes: 4 sums for a row of Y at DI.
#define ROWMASK VMOVUPD (R12), Y15
#define REDUCE(y0, y1, y2, y3, x0) \
	VHADDPD y1, y0, y0; VHADDPD y3, y2, y2; VPERM2F128 $0x20, y2, y0, y1; VPERM2F128 $0x31, y2, y0, y3; VADDPD y3, y1, y0 \
	VMASKMOVPD (DI), Y15, Y14; VADDPD Y14, y0, y0; VMASKMOVPD y0, Y15, (DI)

#include "dot3_avx2_amd64.h"
TEXT ·dotF64_3x4_avx2(SB), NOSPLIT, $0-8
#include "dot_amd64.h"

#include "dot2_avx2_amd64.h"
TEXT ·dotF64_2x4_avx2(SB), NOSPLIT, $0-8
#include "dot_amd64.h"
