//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem64_amd64.h"

// Matrix times vector, float64, AVX-512.
//
//	func gemvF64_8x8_avx512(a *GemvArgs)     Y[r] = sum over c of W[r][c]·X[c]
//	func gemvsF64_1x8_avx512(a *GemvArgs)    the same
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

// gemvs: one row at a time, with 8 sums in Z16 to Z23 for vectors that follow each other. A vector costs two loads: bound by them.
#undef STEP
#define STEP 64
#define CLEAR VPXORD Z16, Z16, Z16; VPXORD Z17, Z17, Z17; VPXORD Z18, Z18, Z18; VPXORD Z19, Z19, Z19; VPXORD Z20, Z20, Z20; VPXORD Z21, Z21, Z21; VPXORD Z22, Z22, Z22; VPXORD Z23, Z23, Z23
#define VECTOR(d, a, v) VMOVU d(BX), a; VFMADD231 d(R8), a, v
#define LONG \
	VECTOR(0, Z8, Z16); VECTOR(64, Z9, Z17); VECTOR(128, Z10, Z18); VECTOR(192, Z11, Z19) \
	VECTOR(256, Z8, Z20); VECTOR(320, Z9, Z21); VECTOR(384, Z10, Z22); VECTOR(448, Z11, Z23)
#define ONE VECTOR(0, Z8, Z16)
#define TAIL VMOVU.Z (BX), K1, Z8; VMOVU.Z (R8), K1, Z9; VFMADD231 Z9, Z8, Z17
#define SUM \
	VADD Z17, Z16, Z16; VADD Z19, Z18, Z18; VADD Z21, Z20, Z20; VADD Z23, Z22, Z22; VADD Z18, Z16, Z16; VADD Z22, Z20, Z20; VADD Z20, Z16, Z0; \
	VEXTRACTF64X4 $1, Z0, Y1; VADD Y1, Y0, Y0; VEXTRACTF128 $1, Y0, X1; VADD X1, X0, X0; VHADDPD X0, X0, X0; VMOVSD X0, (DI)

TEXT ·gemvsF64_1x8_avx512(SB), NOSPLIT, $0-8
#include "gemvs_amd64.h"
