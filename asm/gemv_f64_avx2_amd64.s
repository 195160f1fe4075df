//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem64_amd64.h"

// Matrix times vector, float64, AVX2 and FMA.
//
//	func gemvF64_8x4_avx2(a *GemvArgs)     Y[r] = sum over c of W[r][c]·X[c]
//	func gemvtF64_8x4_avx2(a *GemvArgs)    Y[c] += sum over r of W[r][c]·X[r]
//
// gemv_f32_avx2_amd64.s with elements of twice the size: it has the contract, the registers, the loops and the bound. Needs AVX2 and FMA.

#include "gemv_avx2_amd64.h"

// Pairs of neighbours are added, rows side by side, then lanes: 8 sums in Y0 and Y1.
#define REDUCE \
	VHADDPD Y1, Y0, Y0; VHADDPD Y3, Y2, Y2; VHADDPD Y5, Y4, Y4; VHADDPD Y7, Y6, Y6 \
	VPERM2F128 $0x20, Y2, Y0, Y1; VPERM2F128 $0x31, Y2, Y0, Y3; VADDPD Y3, Y1, Y0 \
	VPERM2F128 $0x20, Y6, Y4, Y1; VPERM2F128 $0x31, Y6, Y4, Y3; VADDPD Y3, Y1, Y1
#define STOREALL VMOVUPD Y0, (DI); VMOVUPD Y1, 32(DI)
#define STORELAST LEAQ ·wideMask+96(SB), AX; SHLQ $3, R15; SUBQ R15, AX; VMOVUPD (AX), Y8; VMASKMOVPD Y0, Y8, (DI); VMOVUPD 32(AX), Y8; VMASKMOVPD Y1, Y8, 32(DI)

TEXT ·gemvF64_8x4_avx2(SB), NOSPLIT, $0-8
#include "gemv_amd64.h"

#include "gemvt_avx2_amd64.h"

TEXT ·gemvtF64_8x4_avx2(SB), NOSPLIT, $0-8
#include "gemv_amd64.h"
