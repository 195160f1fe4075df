//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "prefetchw_amd64.h"
#include "elem32_amd64.h"
#include "evex_amd64.h"

// Batch-reduce GEMM, bfloat16 to float32, AVX512-BF16: C[MR x NR] (+)= sum over taps of A[MR x 2K] · B[2K x NR].
//
//	func brgBF16_<MR>x<NR>_avx512bf16(a *BrgArgs)        MR 14 to 1, NR 32 or 16
//
// BrgArgs (brg.go) and brgbf16.go have the contract. brg_f32_avx512_amd64.s with a pair of k in place of one: it has the registers and
// the loops. Needs AVX-512 F, BW and BF16.
//
// A step costs 2·MR VDPBF16PS and MR+2 loads. Zen 5 does two of them a cycle, as many as multiply-adds of float32, with a latency of 5 to 6
// cycles, so that tiles of fewer than 7 rows wait. On Sapphire Rapids one takes both multipliers for two cycles: there bfloat16 is half as fast
// as float32 (cpu.FastBF16).

#include "brg_avx512_amd64.h"

#include "brg2_avx512_amd64.h"

// The rows by the numbers of their accumulators.
#define DOT0(op) op(0, 1, (SI))
#define DOT1(op) op(2, 3, (SI)(DX*1))
#define DOT2(op) op(4, 5, (SI)(DX*2))
#define DOT3(op) op(6, 7, (R8))
#define DOT4(op) op(8, 9, (R8)(DX*1))
#define DOT5(op) op(10, 11, (R8)(DX*2))
#define DOT6(op) op(12, 13, (R9))
#define DOT7(op) op(14, 15, (R9)(DX*1))
#define DOT8(op) op(16, 17, (R9)(DX*2))
#define DOT9(op) op(18, 19, (R10))
#define DOT10(op) op(20, 21, (R10)(DX*1))
#define DOT11(op) op(22, 23, (R10)(DX*2))
#define DOT12(op) op(24, 25, (R11))
#define DOT13(op) op(26, 27, (R11)(DX*1))
#define DOTS1(op) DOT0(op)
#define DOTS2(op) DOTS1(op); DOT1(op)
#define DOTS3(op) DOTS2(op); DOT2(op)
#define DOTS4(op) DOTS3(op); DOT3(op)
#define DOTS5(op) DOTS4(op); DOT4(op)
#define DOTS6(op) DOTS5(op); DOT5(op)
#define DOTS7(op) DOTS6(op); DOT6(op)
#define DOTS8(op) DOTS7(op); DOT7(op)
#define DOTS9(op) DOTS8(op); DOT8(op)
#define DOTS10(op) DOTS9(op); DOT9(op)
#define DOTS11(op) DOTS10(op); DOT10(op)
#define DOTS12(op) DOTS11(op); DOT11(op)
#define DOTS13(op) DOTS12(op); DOT12(op)
#define DOTS14(op) DOTS13(op); DOT13(op)

// One pair of k of one row: c += a[k]·b[k][0:NR] + a[k+1]·b[k+1][0:NR].
#undef SUMS
#define SUMS(op) DOTS(op)
#undef STEP0
#undef STEP1
#undef STEP2
#undef STEP3
#define STEP0(c0, c1, a) VPBROADCASTD 0 a, Z30; DOT(c0, c1)
#define STEP1(c0, c1, a) VPBROADCASTD 4 a, Z30; DOT(c0, c1)
#define STEP2(c0, c1, a) VPBROADCASTD 8 a, Z30; DOT(c0, c1)
#define STEP3(c0, c1, a) VPBROADCASTD 12 a, Z30; DOT(c0, c1)
#define DOT(c0, c1) VDPBF16PS(28, 30, c0); VDPBF16PS(29, 30, c1)

#define MASK16 MOVQ BrgArgs_N(AX), CX; MOVQ $1, BX; SHLQ CX, BX; DECQ BX; KMOVD BX, K3
#define ADDRES16(c0, c1, a) \
	VPMOVZXWD.Z (SI), K1, Z30   \
	VPMOVZXWD.Z 32(SI), K2, Z31 \
	VPSLLD $16, Z30, Z30        \
	VPSLLD $16, Z31, Z31        \
	VADDPS Z30, c0, c0          \
	VADDPS Z31, c1, c1          \
	ADDQ   R8, SI
#define STORE16(c0, c1, a) VCVTNE2PS2BF16(c0, c1, 30); VMOVDQU16 Z30, K3, (SI); ADDQ R8, SI

#define MR 14
#define ROWS(op) ROWS14(op)
#define DOTS(op) DOTS14(op)
#define PTRS(op) PTRS14(op)
TEXT ·brgBF16_14x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 13
#define ROWS(op) ROWS13(op)
#define DOTS(op) DOTS13(op)
#define PTRS(op) PTRS13(op)
TEXT ·brgBF16_13x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 12
#define ROWS(op) ROWS12(op)
#define DOTS(op) DOTS12(op)
#define PTRS(op) PTRS12(op)
TEXT ·brgBF16_12x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 11
#define ROWS(op) ROWS11(op)
#define DOTS(op) DOTS11(op)
#define PTRS(op) PTRS11(op)
TEXT ·brgBF16_11x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 10
#define ROWS(op) ROWS10(op)
#define DOTS(op) DOTS10(op)
#define PTRS(op) PTRS10(op)
TEXT ·brgBF16_10x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 9
#define ROWS(op) ROWS9(op)
#define DOTS(op) DOTS9(op)
#define PTRS(op) PTRS9(op)
TEXT ·brgBF16_9x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 8
#define ROWS(op) ROWS8(op)
#define DOTS(op) DOTS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgBF16_8x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 7
#define ROWS(op) ROWS7(op)
#define DOTS(op) DOTS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgBF16_7x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 6
#define ROWS(op) ROWS6(op)
#define DOTS(op) DOTS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgBF16_6x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 5
#define ROWS(op) ROWS5(op)
#define DOTS(op) DOTS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgBF16_5x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 4
#define ROWS(op) ROWS4(op)
#define DOTS(op) DOTS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgBF16_4x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 3
#define ROWS(op) ROWS3(op)
#define DOTS(op) DOTS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgBF16_3x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 2
#define ROWS(op) ROWS2(op)
#define DOTS(op) DOTS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgBF16_2x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 1
#define ROWS(op) ROWS1(op)
#define DOTS(op) DOTS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgBF16_1x32_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#include "brg1_avx512_amd64.h"

#undef DOT
#undef ADDRES16
#undef STORE16
#define DOT(c0, c1) VDPBF16PS(28, 30, c0)
#define ADDRES16(c0, c1, a) VPMOVZXWD.Z (SI), K1, Z30; VPSLLD $16, Z30, Z30; VADDPS Z30, c0, c0; ADDQ R8, SI
#define STORE16(c0, c1, a) VCVTNEPS2BF16(c0, 30); VMOVDQU16 Y30, K3, (SI); ADDQ R8, SI

#define MR 14
#define ROWS(op) ROWS14(op)
#define DOTS(op) DOTS14(op)
#define PTRS(op) PTRS14(op)
TEXT ·brgBF16_14x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 13
#define ROWS(op) ROWS13(op)
#define DOTS(op) DOTS13(op)
#define PTRS(op) PTRS13(op)
TEXT ·brgBF16_13x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 12
#define ROWS(op) ROWS12(op)
#define DOTS(op) DOTS12(op)
#define PTRS(op) PTRS12(op)
TEXT ·brgBF16_12x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 11
#define ROWS(op) ROWS11(op)
#define DOTS(op) DOTS11(op)
#define PTRS(op) PTRS11(op)
TEXT ·brgBF16_11x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 10
#define ROWS(op) ROWS10(op)
#define DOTS(op) DOTS10(op)
#define PTRS(op) PTRS10(op)
TEXT ·brgBF16_10x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 9
#define ROWS(op) ROWS9(op)
#define DOTS(op) DOTS9(op)
#define PTRS(op) PTRS9(op)
TEXT ·brgBF16_9x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 8
#define ROWS(op) ROWS8(op)
#define DOTS(op) DOTS8(op)
#define PTRS(op) PTRS8(op)
TEXT ·brgBF16_8x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 7
#define ROWS(op) ROWS7(op)
#define DOTS(op) DOTS7(op)
#define PTRS(op) PTRS7(op)
TEXT ·brgBF16_7x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 6
#define ROWS(op) ROWS6(op)
#define DOTS(op) DOTS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgBF16_6x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 5
#define ROWS(op) ROWS5(op)
#define DOTS(op) DOTS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgBF16_5x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 4
#define ROWS(op) ROWS4(op)
#define DOTS(op) DOTS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgBF16_4x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 3
#define ROWS(op) ROWS3(op)
#define DOTS(op) DOTS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgBF16_3x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 2
#define ROWS(op) ROWS2(op)
#define DOTS(op) DOTS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgBF16_2x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS

#define MR 1
#define ROWS(op) ROWS1(op)
#define DOTS(op) DOTS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgBF16_1x16_avx512bf16(SB), NOSPLIT, $0-8
#include "brg_amd64.h"
#undef DOTS
