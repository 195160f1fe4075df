//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem64_amd64.h"

// Matrix times vector, float64, AVX-512.
//
//	func gemvF64_8x8_avx512(a *GemvArgs)     Y[r] = sum over c of W[r][c]·X[c]
//	func gemvtF64_8x8_avx512(a *GemvArgs)    Y[c] += sum over r of W[r][c]·X[r]
//
// gemv_f32_avx512_amd64.s with elements of twice the size: it has the contract, the registers, the loops and the bound. Needs AVX-512 F.

#include "gemv_avx512_amd64.h"

// HALF: the sum of a row's halves. Then pairs of neighbours are added, rows side by side, and lanes: 8 sums in Z0.
#define HALF(v, h, y) VEXTRACTF64X4 $1, v, h; VEXTRACTF64X4 $0, v, y; VADDPD h, y, y
#define REDUCE \
	HALF(Z16, Y8, Y0); HALF(Z17, Y8, Y1); HALF(Z18, Y8, Y2); HALF(Z19, Y8, Y3) \
	HALF(Z20, Y8, Y4); HALF(Z21, Y8, Y5); HALF(Z22, Y8, Y6); HALF(Z23, Y8, Y7) \
	VHADDPD Y1, Y0, Y0; VHADDPD Y3, Y2, Y2; VHADDPD Y5, Y4, Y4; VHADDPD Y7, Y6, Y6 \
	VPERM2F128 $0x20, Y2, Y0, Y1; VPERM2F128 $0x31, Y2, Y0, Y3; VADDPD Y3, Y1, Y0 \
	VPERM2F128 $0x20, Y6, Y4, Y1; VPERM2F128 $0x31, Y6, Y4, Y3; VADDPD Y3, Y1, Y1 \
	VINSERTF64X4 $1, Y1, Z0, Z0
#define STOREALL VMOVUPD Z0, (DI)
#define STORELAST MOVQ R15, CX; MOVQ $-1, AX; SHLQ CX, AX; NOTQ AX; KMOVW AX, K2; VMOVUPD Z0, K2, (DI)

TEXT ·gemvF64_8x8_avx512(SB), NOSPLIT, $0-8
#include "gemv_amd64.h"

#include "gemvt_avx512_amd64.h"

TEXT ·gemvtF64_8x8_avx512(SB), NOSPLIT, $0-8
#include "gemv_amd64.h"
