//go:build !purego

#include "go_asm.h"
#include "textflag.h"

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

// 16 ones, 16 zeros.
DATA packMask<>+0(SB)/8, $-1
DATA packMask<>+8(SB)/8, $-1
DATA packMask<>+16(SB)/8, $-1
DATA packMask<>+24(SB)/8, $-1
DATA packMask<>+32(SB)/8, $-1
DATA packMask<>+40(SB)/8, $-1
DATA packMask<>+48(SB)/8, $-1
DATA packMask<>+56(SB)/8, $-1
DATA packMask<>+64(SB)/8, $0
DATA packMask<>+72(SB)/8, $0
DATA packMask<>+80(SB)/8, $0
DATA packMask<>+88(SB)/8, $0
DATA packMask<>+96(SB)/8, $0
DATA packMask<>+104(SB)/8, $0
DATA packMask<>+112(SB)/8, $0
DATA packMask<>+120(SB)/8, $0
GLOBL packMask<>(SB), RODATA|NOPTR, $128

TEXT ·packF32_16_avx2(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ PackArgs_N(AX), CX
	SHLQ $2, CX
	LEAQ packMask<>+64(SB), BX
	SUBQ CX, BX
	VMOVUPS (BX), Y14               // columns 0 to 7
	VMOVUPS 32(BX), Y15             // columns 8 to 15

#define STEP 64
#define COPY VMOVUPS (SI), Y0; VMOVUPS 32(SI), Y1; VMOVUPS Y0, (DI); VMOVUPS Y1, 32(DI)
#define COPYMASK VMASKMOVPS (SI), Y14, Y0; VMASKMOVPS 32(SI), Y15, Y1; VMOVUPS Y0, (DI); VMOVUPS Y1, 32(DI)
#define FETCH PREFETCHT0 (SI)(R13*1)
#include "pack_f32_amd64.h"
#undef STEP
#undef COPY
#undef COPYMASK
#undef FETCH

TEXT ·packF32_8_avx2(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ PackArgs_N(AX), CX
	SHLQ $2, CX
	LEAQ packMask<>+64(SB), BX
	SUBQ CX, BX
	VMOVUPS (BX), Y14               // columns 0 to 7

#define STEP 32
#define COPY VMOVUPS (SI), Y0; VMOVUPS Y0, (DI)
#define COPYMASK VMASKMOVPS (SI), Y14, Y0; VMOVUPS Y0, (DI)
#define FETCH PREFETCHT0 (SI)(R13*1)
#include "pack_f32_amd64.h"
