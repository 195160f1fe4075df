//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem32_amd64.h"

// Rows cut into panels, float32, AVX2.
//
//	func packF32_<width>_avx2(a *PackArgs)          width 16 or 8
//
// PackArgs (pack.go) has the contract. Needs AVX. Clobbers Y0, Y1, Y14, Y15, AX, BX, CX, DX, SI, DI and
// R8 to R13. Columns beyond N are masked in loads, which fills with zeros (Y14, Y15).
//
//	AX args         R8 Src, row          R9 Dst, row of the first panel
//	SI Src, panel   DI Dst, panel        CX panels left
//	DX ldsrc        BX bytes of a panel  R10 rows left   R11 panels   R13 8·ldsrc
//
// Loops: row > panel. The rows of a large matrix are pages apart, where the processor's prefetchers stop:
// the kernel asks for the row 8 further on. Bound by memory.

TEXT ·packF32_16_avx2(SB), NOSPLIT, $0-8
#include "pack2_avx2_amd64.h"

TEXT ·packF32_8_avx2(SB), NOSPLIT, $0-8
#include "pack1_avx2_amd64.h"
