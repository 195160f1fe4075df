//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// A vector of float32 times panels of bfloat16, AVX-512.
//
//	func gemvpmixedBF16_4x32_avx512(a *GemvpArgs)   Y[p][j] += sum over k of W[p][k][j]·X[k], 4 panels p
//
// GemvpArgs (gemv.go) and brgbf16.go have the contract. Needs AVX-512 F. Clobbers Z0 to Z17 and AX BX CX DX SI DI R8.
//
//	SI panel 0    R8 panel 3    DX bytes between panels    BX X    DI Y    CX pairs of k left
//	Z0 to Z7 sums    Z8 Z9 two of X in all lanes    Z10 to Z13 of W    Z17 the upper halves of words
//
// A step of two k costs 18 loads, 16 multiply-adds and 16 operations that widen W, for 512 bytes of it: bound by memory, which it asks for what is 2048
// bytes on in each panel. Nothing need be there.

#define UPPER MOVL $0xFFFF0000, AX; VPBROADCASTD AX, Z17
#define WIDEN(w, d, lo, hi) VPSLLD $16, d w, lo; VPANDD d w, Z17, hi
#define AHEAD 2048
#define PANEL(w, d, c0, c1) \
	PREFETCHT0 (d+AHEAD) w        \
	PREFETCHT0 (d+64+AHEAD) w     \
	WIDEN(w, d, Z10, Z11)         \
	WIDEN(w, d+64, Z12, Z13)      \
	VFMADD231PS Z10, Z8, c0       \
	VFMADD231PS Z12, Z8, c1       \
	VFMADD231PS Z11, Z9, c0       \
	VFMADD231PS Z13, Z9, c1

TEXT ·gemvpmixedBF16_4x32_avx512(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ GemvpArgs_W(AX), SI
	MOVQ GemvpArgs_Panel(AX), DX
	MOVQ GemvpArgs_X(AX), BX
	MOVQ GemvpArgs_Y(AX), DI
	MOVQ GemvpArgs_K(AX), CX
	UPPER
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
	TESTQ CX, CX
	JLE  done
	PCALIGN $64

k1:
	VBROADCASTSS (BX), Z8
	VBROADCASTSS 4(BX), Z9
	PANEL((SI), 0, Z0, Z1)
	PANEL((SI)(DX*1), 0, Z2, Z3)
	PANEL((SI)(DX*2), 0, Z4, Z5)
	PANEL((R8), 0, Z6, Z7)
	ADDQ $8, BX
	ADDQ $128, SI
	ADDQ $128, R8
	DECQ CX
	JNZ  k1

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
