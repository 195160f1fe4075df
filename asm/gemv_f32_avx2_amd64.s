//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem32_amd64.h"

// Matrix times vector, float32, AVX2 and FMA.
//
//	func gemvF32_8x8_avx2(a *GemvArgs)        Y[r] = sum over c of W[r][c]·X[c]
//	func gemvsF32_1x8_avx2(a *GemvArgs)       the same
//	func gemvtF32_8x8_avx2(a *GemvArgs)       Y[c] += sum over r of W[r][c]·X[r]
//	func gemvpF32_4x16_avx2(a *GemvpArgs)     Y[p][j] += sum over k of W[p][k][j]·X[k], 4 panels p
//
// GemvArgs and GemvpArgs (gemv.go) have the contracts. Needs AVX2 and FMA. Clobbers Y0 to Y9, Y14 and all general registers but BP
// and SP.
//
// gemv and gemvt take 8 rows at a time: 8 streams keep the memory busy. Their loops (gemv_amd64.h):
// 8 rows > 8 columns. gemv holds 8 sums, Y0 to Y7, and a last block of fewer rows does its last row
// again and again. gemvt holds 8 broadcasts of X there, and goes row by row at the end.
//
//	SI R8 to R14  the rows, at the end of their whole vectors       CX from there, negative, to 0
//	BX X (gemv), Y (gemvt), at the same column                      DX bytes between rows
//	DI Y (gemv), X (gemvt), of the block                            R15 rows left
//	Y8 8 elements of X or Y      Y14 columns of the tail            AX free
//
// A step costs 9 loads for 8 multiply-adds, 4.5 cycles for 256 bytes of W: bound by memory from the second
// or third cache on.

#include "gemv_avx2_amd64.h"

// Pairs of neighbours are added, rows side by side, then lanes.
#define REDUCE \
	VHADDPS Y1, Y0, Y0; VHADDPS Y3, Y2, Y2; VHADDPS Y5, Y4, Y4; VHADDPS Y7, Y6, Y6 \
	VHADDPS Y2, Y0, Y0; VHADDPS Y6, Y4, Y4 \
	VPERM2F128 $0x20, Y4, Y0, Y1; VPERM2F128 $0x31, Y4, Y0, Y2; VADDPS Y2, Y1, Y0

#define STORELAST LEAQ ·laneMask+32(SB), AX; SHLQ $2, R15; SUBQ R15, AX; VMOVUPS (AX), Y8; VMASKMOVPS Y0, Y8, (DI)
#define STOREALL VMOVUPS Y0, (DI)

TEXT ·gemvF32_8x8_avx2(SB), NOSPLIT, $0-8
#include "gemv_amd64.h"

#include "gemvt_avx2_amd64.h"

TEXT ·gemvtF32_8x8_avx2(SB), NOSPLIT, $0-8
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
	VEXTRACTF128 $1, Y0, X1; VADD X1, X0, X0; VHADDPS X0, X0, X0; VHADDPS X0, X0, X0; VMOVSS X0, (DI)

TEXT ·gemvsF32_1x8_avx2(SB), NOSPLIT, $0-8
#include "gemvs_amd64.h"

// gemvp: SI panel 0, R8 panel 3, DX bytes between panels, BX X, CX k left. A step costs 9 loads for 8
// multiply-adds, and the 8 sums hide the latency.
#define STEPK(x, d) \
	VBROADCASTSS x(BX), Y8                    \
	VFMADD231PS d(SI), Y8, Y0                 \
	VFMADD231PS (d+32)(SI), Y8, Y1            \
	VFMADD231PS d(SI)(DX*1), Y8, Y2           \
	VFMADD231PS (d+32)(SI)(DX*1), Y8, Y3      \
	VFMADD231PS d(SI)(DX*2), Y8, Y4           \
	VFMADD231PS (d+32)(SI)(DX*2), Y8, Y5      \
	VFMADD231PS d(R8), Y8, Y6                 \
	VFMADD231PS (d+32)(R8), Y8, Y7

TEXT ·gemvpF32_4x16_avx2(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ GemvpArgs_W(AX), SI
	MOVQ GemvpArgs_Panel(AX), DX
	MOVQ GemvpArgs_X(AX), BX
	MOVQ GemvpArgs_Y(AX), DI
	MOVQ GemvpArgs_K(AX), CX
	LEAQ (SI)(DX*2), R8
	ADDQ DX, R8
	VMOVUPS (DI), Y0
	VMOVUPS 32(DI), Y1
	VMOVUPS 64(DI), Y2
	VMOVUPS 96(DI), Y3
	VMOVUPS 128(DI), Y4
	VMOVUPS 160(DI), Y5
	VMOVUPS 192(DI), Y6
	VMOVUPS 224(DI), Y7
	SUBQ $2, CX
	JLT  rest
	PCALIGN $64

k2:
	STEPK(0, 0)
	STEPK(4, 64)
	ADDQ $8, BX
	ADDQ $128, SI
	ADDQ $128, R8
	SUBQ $2, CX
	JGE  k2

rest:
	ADDQ $2, CX
	JLE  done
	STEPK(0, 0)

done:
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	VMOVUPS Y4, 128(DI)
	VMOVUPS Y5, 160(DI)
	VMOVUPS Y6, 192(DI)
	VMOVUPS Y7, 224(DI)
	VZEROUPPER
	RET
