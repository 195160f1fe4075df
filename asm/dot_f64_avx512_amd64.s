//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem64_amd64.h"

// Matrix times the transpose of a few rows, float64, AVX-512.
//
//	func dotF64_3x8_avx512(a *DotArgs)    Y[i][r] += sum over c of W[r][c]·X[i][c], 3 rows i
//	func dotF64_2x8_avx512(a *DotArgs)    2 rows
//
// dot_f32_avx512_amd64.s with elements of twice the size: it has the contract, the registers, the loops and the bound. Needs AVX-512 F.

// The sums of rows are added in pairs of neighbours, rows side by side, and lanes: 8 sums for a row of Y at DI.
#define REDUCE \
	VHADDPD Y1, Y0, Y0; VHADDPD Y3, Y2, Y2; VHADDPD Y5, Y4, Y4; VHADDPD Y7, Y6, Y6 \
	VPERM2F128 $0x20, Y2, Y0, Y1; VPERM2F128 $0x31, Y2, Y0, Y3; VADDPD Y3, Y1, Y0 \
	VPERM2F128 $0x20, Y6, Y4, Y1; VPERM2F128 $0x31, Y6, Y4, Y3; VADDPD Y3, Y1, Y1 \
	VINSERTF64X4 $1, Y1, Z0, Z0; VADDPD (DI), Z0, K2, Z0; VMOVUPD Z0, K2, (DI)

#include "dot3_avx512_amd64.h"
TEXT ·dotF64_3x8_avx512(SB), NOSPLIT, $0-8
#include "dot_amd64.h"

#include "dot2_avx512_amd64.h"
TEXT ·dotF64_2x8_avx512(SB), NOSPLIT, $0-8
#include "dot_amd64.h"
