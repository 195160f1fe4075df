//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem64_amd64.h"

// Matrix times vector, float64, AVX2 and FMA.
//
//	func gemvF64_8x4_avx2(a *GemvArgs)     Y[r] = sum over c of W[r][c]·X[c]
//	func gemvsF64_1x4_avx2(a *GemvArgs)    the same
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

// gemvs: one row at a time, with 8 sums in Y0 to Y7 for vectors that follow each other. A vector costs two loads: bound by them.
#undef STEP
#define STEP 32
#define CLEAR VXORPS Y0, Y0, Y0; VXORPS Y1, Y1, Y1; VXORPS Y2, Y2, Y2; VXORPS Y3, Y3, Y3; VXORPS Y4, Y4, Y4; VXORPS Y5, Y5, Y5; VXORPS Y6, Y6, Y6; VXORPS Y7, Y7, Y7
#define VECTOR(d, a, v) VMOVU d(BX), a; VFMADD231 d(R8), a, v
#define LONG \
	VECTOR(0, Y8, Y0); VECTOR(32, Y9, Y1); VECTOR(64, Y10, Y2); VECTOR(96, Y11, Y3) \
	VECTOR(128, Y8, Y4); VECTOR(160, Y9, Y5); VECTOR(192, Y10, Y6); VECTOR(224, Y11, Y7)
#define ONE VECTOR(0, Y8, Y0)
#define TAIL VMASKMOV (BX), Y14, Y8; VMASKMOV (R8), Y14, Y9; VFMADD231 Y9, Y8, Y1
#define SUM \
	VADD Y1, Y0, Y0; VADD Y3, Y2, Y2; VADD Y5, Y4, Y4; VADD Y7, Y6, Y6; VADD Y2, Y0, Y0; VADD Y6, Y4, Y4; VADD Y4, Y0, Y0; \
	VEXTRACTF128 $1, Y0, X1; VADD X1, X0, X0; VHADDPD X0, X0, X0; VMOVSD X0, (DI)

TEXT ·gemvsF64_1x4_avx2(SB), NOSPLIT, $0-8
#include "gemvs_amd64.h"
