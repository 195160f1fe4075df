//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem32_amd64.h"

// Matrix times vector, float32, AVX-512.
//
//	func gemvF32_8x16_avx512(a *GemvArgs)     Y[r] = sum over c of W[r][c]·X[c]
//	func gemvsF32_1x16_avx512(a *GemvArgs)    the same
//	func gemvtF32_8x16_avx512(a *GemvArgs)    Y[c] += sum over r of W[r][c]·X[r]
//	func gemvpF32_4x32_avx512(a *GemvpArgs)   Y[p][j] += sum over k of W[p][k][j]·X[k], 4 panels p
//
// GemvArgs and GemvpArgs (gemv.go) have the contracts. Needs AVX-512 F, DQ and VL. Clobbers Z0 to Z10, Z16 to
// Z23, K1, K2 and all general registers but BP and SP.
//
// gemv and gemvt take 8 rows at a time: 8 streams keep the memory busy. Their loops (gemv_amd64.h):
// 8 rows > 16 columns. gemv holds 8 sums, Z16 to Z23, and a last block of fewer rows does its last row
// again and again. gemvt holds 8 broadcasts of X there, and goes row by row at the end. It asks for what is 512 bytes on in
// each row: where the address cache does not know the next page, 8 rows that enter theirs at different times would wait 8 times.
//
//	SI R8 to R14  the rows, at the end of their whole vectors       CX from there, negative, to 0
//	BX X (gemv), Y (gemvt), at the same column                      DX bytes between rows
//	DI Y (gemv), X (gemvt), of the block                            R15 rows left
//	Z8 16 elements of X or Y     K1 columns of the tail             AX free
//
// A step costs 9 loads for 8 multiply-adds, 4.5 cycles for 512 bytes of W: bound by memory from the second
// cache on.

#include "gemv_avx512_amd64.h"

// HALF: the sum of a row's halves. Then pairs of neighbours are added, rows side by side, and lanes.
#define HALF(v, h, y) VEXTRACTF32X8 $1, v, h; VEXTRACTF32X8 $0, v, y; VADDPS h, y, y
#define REDUCE \
	HALF(Z16, Y8, Y0); HALF(Z17, Y8, Y1); HALF(Z18, Y8, Y2); HALF(Z19, Y8, Y3) \
	HALF(Z20, Y8, Y4); HALF(Z21, Y8, Y5); HALF(Z22, Y8, Y6); HALF(Z23, Y8, Y7) \
	VHADDPS Y1, Y0, Y0; VHADDPS Y3, Y2, Y2; VHADDPS Y5, Y4, Y4; VHADDPS Y7, Y6, Y6 \
	VHADDPS Y2, Y0, Y0; VHADDPS Y6, Y4, Y4 \
	VPERM2F128 $0x20, Y4, Y0, Y1; VPERM2F128 $0x31, Y4, Y0, Y2; VADDPS Y2, Y1, Y0

#define STORELAST MOVQ R15, CX; MOVQ $-1, AX; SHLQ CX, AX; NOTQ AX; KMOVW AX, K2; VMOVUPS Y0, K2, (DI)
#define STOREALL VMOVUPS Y0, (DI)

TEXT ·gemvF32_8x16_avx512(SB), NOSPLIT, $0-8
#include "gemv_amd64.h"

#include "gemvt_avx512_amd64.h"

TEXT ·gemvtF32_8x16_avx512(SB), NOSPLIT, $0-8
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
	VEXTRACTF32X8 $1, Z0, Y1; VADD Y1, Y0, Y0; VEXTRACTF128 $1, Y0, X1; VADD X1, X0, X0; VHADDPS X0, X0, X0; VHADDPS X0, X0, X0; VMOVSS X0, (DI)

TEXT ·gemvsF32_1x16_avx512(SB), NOSPLIT, $0-8
#include "gemvs_amd64.h"

// gemvp: SI panel 0, R8 panel 3, DX bytes between panels, BX X, CX k left. A step costs 9 loads for 8
// multiply-adds, and the 8 sums hide the latency.
#define STEPK(x, d) \
	VBROADCASTSS x(BX), Z8                    \
	VFMADD231PS d(SI), Z8, Z0                 \
	VFMADD231PS (d+64)(SI), Z8, Z1            \
	VFMADD231PS d(SI)(DX*1), Z8, Z2           \
	VFMADD231PS (d+64)(SI)(DX*1), Z8, Z3      \
	VFMADD231PS d(SI)(DX*2), Z8, Z4           \
	VFMADD231PS (d+64)(SI)(DX*2), Z8, Z5      \
	VFMADD231PS d(R8), Z8, Z6                 \
	VFMADD231PS (d+64)(R8), Z8, Z7

TEXT ·gemvpF32_4x32_avx512(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ GemvpArgs_W(AX), SI
	MOVQ GemvpArgs_Panel(AX), DX
	MOVQ GemvpArgs_X(AX), BX
	MOVQ GemvpArgs_Y(AX), DI
	MOVQ GemvpArgs_K(AX), CX
	LEAQ (SI)(DX*2), R8
	ADDQ DX, R8
	VMOVUPS (DI), Z0
	VMOVUPS 64(DI), Z1
	VMOVUPS 128(DI), Z2
	VMOVUPS 192(DI), Z3
	VMOVUPS 256(DI), Z4
	VMOVUPS 320(DI), Z5
	VMOVUPS 384(DI), Z6
	VMOVUPS 448(DI), Z7
	SUBQ $2, CX
	JLT  rest
	PCALIGN $64

k2:
	STEPK(0, 0)
	STEPK(4, 128)
	ADDQ $8, BX
	ADDQ $256, SI
	ADDQ $256, R8
	SUBQ $2, CX
	JGE  k2

rest:
	ADDQ $2, CX
	JLE  done
	STEPK(0, 0)

done:
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	VMOVUPS Z2, 128(DI)
	VMOVUPS Z3, 192(DI)
	VMOVUPS Z4, 256(DI)
	VMOVUPS Z5, 320(DI)
	VMOVUPS Z6, 384(DI)
	VMOVUPS Z7, 448(DI)
	VZEROUPPER
	RET
