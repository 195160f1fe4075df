//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Matrix times the transpose of a few rows, float32, AVX-512.
//
//	func dotF32_3x8_avx512(a *DotArgs)    Y[i][r] += sum over c of W[r][c]·X[i][c], 3 rows i
//	func dotF32_2x8_avx512(a *DotArgs)    2 rows
//
// DotArgs (dot.go) has the contract. Needs AVX-512 F, DQ and VL. Clobbers Z0 to Z28, K1, K2 and all general registers
// but BP and SP.
//
// 8 rows of W at a time, as in gemv: 8 streams keep the memory busy. Sums and what they are made of:
//
//	             Z24 = X[0]   Z25 = X[1]   Z26 = X[2]
//	 row  0          Z0           Z8          Z16
//	 row  1          Z1           Z9          Z17          += W[row] (Z27) times X, 16 columns at a time
//	  ...           ...          ...          ...
//	 row  7          Z7          Z15          Z23
//
//	SI R8 to R14  the rows of W, BX AX DI  the rows of X, at the end of their whole vectors
//	CX from there, negative, to 0        DX bytes between rows of W      R15 rows left
//	K1 columns of the tail               K2 rows of the block
//	after the sums: AX args, DI the block's place in Y, CX bytes between rows of Y
//
// Loops (dot_f32_amd64.h): 8 rows > 16 columns; a last block of fewer rows does its last row again and again. A step costs 8+MR
// loads for 8·MR multiply-adds: bound by the multipliers, 4·MR cycles for 512 bytes of W, or by the memory.

#define STEP 64
#define BLOCK 8
#define LAST R14
#define MASK MOVQ $1, AX; SHLQ CX, AX; DECQ AX; KMOVW AX, K1
#define MASKROWS MOVQ $8, R8; CMPQ R15, R8; CMOVQLT R15, R8; MOVQ $1, R9; SHLXQ R8, R9, R9; DECQ R9; KMOVW R9, K2

// Row n of the block, or row n-1 again when there are no more.
#define ROW(n, prev, p) LEAQ (prev)(DX*1), AX; MOVQ prev, p; CMPQ R15, $n; CMOVQGT AX, p
#define POINT ROW(1, SI, R8); ROW(2, R8, R9); ROW(3, R9, R10); ROW(4, R10, R11); ROW(5, R11, R12); ROW(6, R12, R13); ROW(7, R13, R14)

// The rows: their pointers and sums.
#define ROWS(op) \
	op(SI, Z0, Z8, Z16); op(R8, Z1, Z9, Z17); op(R9, Z2, Z10, Z18); op(R10, Z3, Z11, Z19) \
	op(R11, Z4, Z12, Z20); op(R12, Z5, Z13, Z21); op(R13, Z6, Z14, Z22); op(R14, Z7, Z15, Z23)
#define FMA(p, v0, v1, v2) VMOVUPS (p)(CX*1), Z27; MULADD(v0, v1, v2)
#define FMATAIL(p, v0, v1, v2) VMOVUPS.Z (p), K1, Z27; MULADD(v0, v1, v2)

// The sum of a row's halves. Then pairs of neighbours are added, rows side by side, and lanes: 8 sums for a row of Y at DI.
#define HALF(v, y, s) VEXTRACTF32X8 $1, v, Y28; VADDPS Y28, y, s
#define REDUCE \
	VHADDPS Y1, Y0, Y0; VHADDPS Y3, Y2, Y2; VHADDPS Y5, Y4, Y4; VHADDPS Y7, Y6, Y6 \
	VHADDPS Y2, Y0, Y0; VHADDPS Y6, Y4, Y4 \
	VPERM2F128 $0x20, Y4, Y0, Y1; VPERM2F128 $0x31, Y4, Y0, Y2; VADDPS Y2, Y1, Y0 \
	VADDPS (DI), Y0, K2, Y0; VMOVUPS Y0, K2, (DI)
#define ADDROW0 HALF(Z0, Y0, Y0); HALF(Z1, Y1, Y1); HALF(Z2, Y2, Y2); HALF(Z3, Y3, Y3); HALF(Z4, Y4, Y4); HALF(Z5, Y5, Y5); HALF(Z6, Y6, Y6); HALF(Z7, Y7, Y7); REDUCE
#define ADDROW1 ADDQ CX, DI; HALF(Z8, Y8, Y0); HALF(Z9, Y9, Y1); HALF(Z10, Y10, Y2); HALF(Z11, Y11, Y3); HALF(Z12, Y12, Y4); HALF(Z13, Y13, Y5); HALF(Z14, Y14, Y6); HALF(Z15, Y15, Y7); REDUCE
#define ADDROW2 ADDQ CX, DI; HALF(Z16, Y16, Y0); HALF(Z17, Y17, Y1); HALF(Z18, Y18, Y2); HALF(Z19, Y19, Y3); HALF(Z20, Y20, Y4); HALF(Z21, Y21, Y5); HALF(Z22, Y22, Y6); HALF(Z23, Y23, Y7); REDUCE

#define CLEAR2(p, v0, v1, v2) VPXORD v0, v0, v0; VPXORD v1, v1, v1
#define CLEAR3(p, v0, v1, v2) CLEAR2(p, v0, v1, v2); VPXORD v2, v2, v2

#define ZERO ROWS(CLEAR3)
#define LOADX VMOVUPS (BX)(CX*1), Z24; VMOVUPS (AX)(CX*1), Z25; VMOVUPS (DI)(CX*1), Z26
#define LOADXTAIL VMOVUPS.Z (BX), K1, Z24; VMOVUPS.Z (AX), K1, Z25; VMOVUPS.Z (DI), K1, Z26
#define MULADD(v0, v1, v2) VFMADD231PS Z27, Z24, v0; VFMADD231PS Z27, Z25, v1; VFMADD231PS Z27, Z26, v2
#define ADDROWS ADDROW0; ADDROW1; ADDROW2
TEXT ·dotF32_3x8_avx512(SB), NOSPLIT, $0-8
#include "dot_f32_amd64.h"
#undef ZERO
#undef LOADX
#undef LOADXTAIL
#undef MULADD
#undef ADDROWS

#define ZERO ROWS(CLEAR2)
#define LOADX VMOVUPS (BX)(CX*1), Z24; VMOVUPS (AX)(CX*1), Z25
#define LOADXTAIL VMOVUPS.Z (BX), K1, Z24; VMOVUPS.Z (AX), K1, Z25
#define MULADD(v0, v1, v2) VFMADD231PS Z27, Z24, v0; VFMADD231PS Z27, Z25, v1
#define ADDROWS ADDROW0; ADDROW1
TEXT ·dotF32_2x8_avx512(SB), NOSPLIT, $0-8
#include "dot_f32_amd64.h"
