//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Rows cut into panels, float32, AVX-512.
//
//	func packF32_<width>_avx512(a *PackArgs)        width 32 or 16
//
// PackArgs (pack.go) has the contract. Needs AVX-512 F. Clobbers Z0, Z1, K1, K2, AX, BX, CX, DX, SI, DI and
// R8 to R13. Columns beyond N are masked in loads, which fills with zeros (K1, K2).
//
//	AX args         R8 Src, row          R9 Dst, row of the first panel
//	SI Src, panel   DI Dst, panel        CX panels left
//	DX ldsrc        BX bytes of a panel  R10 rows left   R11 panels   R13 8·ldsrc
//
// Loops: row > panel. The rows of a large matrix are pages apart, where the processor's prefetchers stop:
// the kernel asks for the row 8 further on. Bound by memory.

TEXT ·packF32_32_avx512(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ PackArgs_N(AX), CX
	MOVQ $-1, BX
	SHLQ CX, BX
	NOTQ BX
	KMOVW BX, K1                    // columns 0 to 15
	SHRQ $16, BX
	KMOVW BX, K2                    // columns 16 to 31

#define STEP 128
#define COPY VMOVUPS (SI), Z0; VMOVUPS 64(SI), Z1; VMOVUPS Z0, (DI); VMOVUPS Z1, 64(DI)
#define COPYMASK VMOVUPS.Z (SI), K1, Z0; VMOVUPS.Z 64(SI), K2, Z1; VMOVUPS Z0, (DI); VMOVUPS Z1, 64(DI)
#define FETCH PREFETCHT0 (SI)(R13*1); PREFETCHT0 64(SI)(R13*1)
#include "pack_f32_amd64.h"
#undef STEP
#undef COPY
#undef COPYMASK
#undef FETCH

TEXT ·packF32_16_avx512(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ PackArgs_N(AX), CX
	MOVQ $-1, BX
	SHLQ CX, BX
	NOTQ BX
	KMOVW BX, K1                    // columns 0 to 15

#define STEP 64
#define COPY VMOVUPS (SI), Z0; VMOVUPS Z0, (DI)
#define COPYMASK VMOVUPS.Z (SI), K1, Z0; VMOVUPS Z0, (DI)
#define FETCH PREFETCHT0 (SI)(R13*1)
#include "pack_f32_amd64.h"
