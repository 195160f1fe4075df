//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Depthwise 3x3 convolution, bytes, AVX-512 VNNI, 64 channels.
//
//	func dwU8_3x3s<stride>_avx512vnni(a *DwU8Args)
//
// DwU8Args (dwu8.go) has the contract. Needs AVX-512 F, BW and VNNI. Clobbers all vector registers, K1 and all general registers but BP and SP.
//
// It goes along a row of outputs. A column of taps is three rows of X: interleaved by bytes, then by pairs, they become (r0 r1 r2 r2) of a channel
// in each 32 bits, and VPDPBUSD multiplies them with (w0 w1 w2 0). A column is interleaved once, and serves all outputs that see it: three
// sums A, B, C move up at stride 1, two at stride 2. VPUNPCK leaves in dword p of vector q the channel 16(p/4)+4q+p%4: weights, biases and scales
// are packed so, and VPACKSSDW and VPACKUSWB put the results right.
//
//	Z0 to Z11   weights of three columns, four vectors each
//	Z12 to Z15  sums A     Z16 to Z19  B     Z20 to Z23  C
//	Z24 to Z28  a column   Z29 Z30  limits   Z31  zero point, 16 bits
//	AX args     BX weights, then biases and scales     SI R9 R10 rows of X     DX from column to column
//	DI Y        R13 from pixel to pixel     CX pixels left     R14 R15 X and Y of the block     R12 channels left     R11 from row to row
//
// Bound by the vector pipes: 55 operations for 64 outputs at stride 1, 67 at stride 2. The last channels, where they are no whole block, and s8 go
// through a loop with masks and flips, 7 operations more.

// The rows move to the next column.
#define NEXT ADDQ DX, SI; ADDQ DX, R9; ADDQ DX, R10

// Stride 1: a column ends A, goes on with B, begins C. Stride 2: a column goes on with A, the next ends A and begins C.
#define BEGIN1(column) SET(A); ADDTO(A, W0); NEXT; column; ADDTO(A, W1); SET(B); ADDTO(B, W0)
#define PIXEL1(column, last, store) NEXT; last; ADDTO(A, W2); ADDTO(B, W1); SET(C); ADDTO(C, W0); FINISH(A); store; BTOA; CTOB
#define BEGIN2(column) SET(A); ADDTO(A, W0)
#define PIXEL2(column, last, store) NEXT; column; ADDTO(A, W1); NEXT; last; ADDTO(A, W2); SET(C); ADDTO(C, W0); FINISH(A); store; CTOA

#define A(op, x) op(x, Z12, Z13, Z14, Z15)
#define B(op, x) op(x, Z16, Z17, Z18, Z19)
#define C(op, x) op(x, Z20, Z21, Z22, Z23)
#define W0(op, a, b, c, d) op(a, b, c, d, Z0, Z1, Z2, Z3)
#define W1(op, a, b, c, d) op(a, b, c, d, Z4, Z5, Z6, Z7)
#define W2(op, a, b, c, d) op(a, b, c, d, Z8, Z9, Z10, Z11)
#define LOADW \
	VMOVDQU64 (BX), Z0; VMOVDQU64 64(BX), Z1; VMOVDQU64 128(BX), Z2; VMOVDQU64 192(BX), Z3; \
	VMOVDQU64 256(BX), Z4; VMOVDQU64 320(BX), Z5; VMOVDQU64 384(BX), Z6; VMOVDQU64 448(BX), Z7; \
	VMOVDQU64 512(BX), Z8; VMOVDQU64 576(BX), Z9; VMOVDQU64 640(BX), Z10; VMOVDQU64 704(BX), Z11; ADDQ $768, BX

#define LOAD VMOVDQU64 (SI), Z24; VMOVDQU64 (R9), Z25; VMOVDQU64 (R10), Z26
#define LOADFLIP(row, z) VMOVDQU8.Z (row), K1, z; VPXORD.BCST DwU8Args_flipsX(AX), z, z
#define INTERLEAVE \
	VPUNPCKHBW Z25, Z24, Z27; VPUNPCKLBW Z25, Z24, Z24; VPUNPCKHBW Z26, Z26, Z28; VPUNPCKLBW Z26, Z26, Z26; \
	VPUNPCKHWD Z26, Z24, Z25; VPUNPCKLWD Z26, Z24, Z24; VPUNPCKLWD Z28, Z27, Z26; VPUNPCKHWD Z28, Z27, Z27
#define COLUMN LOAD; INTERLEAVE
#define COLUMNFLIP LOADFLIP(SI, Z24); LOADFLIP(R9, Z25); LOADFLIP(R10, Z26); INTERLEAVE

#define BORDER VPBROADCASTB DwU8Args_Border(AX), Z24; VMOVDQA64 Z24, Z25; VMOVDQA64 Z24, Z26; VMOVDQA64 Z24, Z27

#define SET1(x, a, b, c, d) VMOVDQU64 (BX), a; VMOVDQU64 64(BX), b; VMOVDQU64 128(BX), c; VMOVDQU64 192(BX), d
#define SET(s) s(SET1, 0)
#define DOT4(a, b, c, d, p, q, r, s) VPDPBUSD p, Z24, a; VPDPBUSD q, Z25, b; VPDPBUSD r, Z26, c; VPDPBUSD s, Z27, d
#define ADD1(w, a, b, c, d) w(DOT4, a, b, c, d)
#define ADDTO(s, w) s(ADD1, w)

#define QUANT(c, at) VCVTDQ2PS c, c; VMULPS at(BX), c, c; VCVTPS2DQ c, c
#define FINISH1(x, a, b, c, d) \
	QUANT(a, 256); QUANT(b, 320); QUANT(c, 384); QUANT(d, 448); VPACKSSDW b, a, a; VPACKSSDW d, c, c; \
	VPADDSW Z31, a, a; VPADDSW Z31, c, c; VPACKUSWB c, a, a; VPMAXUB Z29, a, a; VPMINUB Z30, a, a
#define FINISH(s) s(FINISH1, 0)
#define STORE VMOVDQU64 Z12, (DI)
#define STOREFLIP VPXORD.BCST DwU8Args_flipsY(AX), Z12, Z12; VMOVDQU8 Z12, K1, (DI)
#define BTOA VMOVDQA64 Z16, Z12; VMOVDQA64 Z17, Z13; VMOVDQA64 Z18, Z14; VMOVDQA64 Z19, Z15
#define CTOB VMOVDQA64 Z20, Z16; VMOVDQA64 Z21, Z17; VMOVDQA64 Z22, Z18; VMOVDQA64 Z23, Z19
#define CTOA VMOVDQA64 Z20, Z12; VMOVDQA64 Z21, Z13; VMOVDQA64 Z22, Z14; VMOVDQA64 Z23, Z15

#define BLOCK 64
#define NEXTBLOCK ADDQ $512, BX
#define LIMITS VPBROADCASTB DwU8Args_Lo(AX), Z29; VPBROADCASTB DwU8Args_Hi(AX), Z30; VPBROADCASTW DwU8Args_Zero(AX), Z31
#define SOME(n) MOVQ n, CX; MOVQ $1, R8; SHLQ CX, R8; DECQ R8; KMOVQ R8, K1
#define ALL MOVQ $-1, R8; KMOVQ R8, K1

#define BEGIN(column) BEGIN1(column)
#define PIXEL(column, last, store) PIXEL1(column, last, store)
TEXT ·dwU8_3x3s1_avx512vnni(SB), NOSPLIT, $0-8
#include "dw_u8_amd64.h"

#define BEGIN(column) BEGIN2(column)
#define PIXEL(column, last, store) PIXEL2(column, last, store)
TEXT ·dwU8_3x3s2_avx512vnni(SB), NOSPLIT, $0-8
#include "dw_u8_amd64.h"
