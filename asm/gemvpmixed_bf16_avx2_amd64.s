//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// A vector of float32 times panels of bfloat16, AVX2.
//
//	func gemvpmixedBF16_4x16_avx2(a *GemvpArgs)   Y[p][j] += sum over k of W[p][k][j]·X[k], 4 panels p
//
// GemvpArgs (gemv.go) and brgbf16.go have the contract. Needs AVX2 and FMA. Clobbers Y0 to Y15 and AX BX CX DX SI DI R8.
//
//	SI panel 0    R8 panel 3    DX bytes between panels    BX X    DI Y    CX pairs of k left
//	Y0 to Y7 sums    Y8 Y9 two of X in all lanes    Y10 to Y13 of W    Y15 the upper halves of words
//
// A step of two k costs 10 loads, 16 multiply-adds and 16 operations that widen W, for 256 bytes of it: bound by memory, which it asks for what is 2048
// bytes on in each panel. Nothing need be there.

#define UPPER VPCMPEQD Y15, Y15, Y15; VPSLLD $16, Y15, Y15
#define WIDEN(w, d, lo, hi) VMOVDQU d w, hi; VPSLLD $16, hi, lo; VPAND Y15, hi, hi
#define AHEAD 2048
#define PANEL(w, d, c0, c1) \
	PREFETCHT0 (d+AHEAD) w        \
	WIDEN(w, d, Y10, Y11)         \
	WIDEN(w, d+32, Y12, Y13)      \
	VFMADD231PS Y10, Y8, c0       \
	VFMADD231PS Y12, Y8, c1       \
	VFMADD231PS Y11, Y9, c0       \
	VFMADD231PS Y13, Y9, c1

TEXT ·gemvpmixedBF16_4x16_avx2(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ GemvpArgs_W(AX), SI
	MOVQ GemvpArgs_Panel(AX), DX
	MOVQ GemvpArgs_X(AX), BX
	MOVQ GemvpArgs_Y(AX), DI
	MOVQ GemvpArgs_K(AX), CX
	UPPER
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
	TESTQ CX, CX
	JLE  done
	PCALIGN $64

k1:
	VBROADCASTSS (BX), Y8
	VBROADCASTSS 4(BX), Y9
	PANEL((SI), 0, Y0, Y1)
	PANEL((SI)(DX*1), 0, Y2, Y3)
	PANEL((SI)(DX*2), 0, Y4, Y5)
	PANEL((R8), 0, Y6, Y7)
	ADDQ $8, BX
	ADDQ $64, SI
	ADDQ $64, R8
	DECQ CX
	JNZ  k1

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
