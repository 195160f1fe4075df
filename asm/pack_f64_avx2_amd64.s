//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem64_amd64.h"

// Rows cut into panels, float64, AVX2.
//
//	func packF64_<width>_avx2(a *PackArgs)        width 8 or 4
//
// pack_f32_avx2_amd64.s with elements of twice the size: it has the contract, the registers, the loops and the bound. Needs AVX.

TEXT ·packF64_8_avx2(SB), NOSPLIT, $0-8
#include "pack2_avx2_amd64.h"

TEXT ·packF64_4_avx2(SB), NOSPLIT, $0-8
#include "pack1_avx2_amd64.h"
