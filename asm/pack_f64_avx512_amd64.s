//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem64_amd64.h"

// Rows cut into panels, float64, AVX-512.
//
//	func packF64_<width>_avx512(a *PackArgs)        width 16 or 8
//
// pack_f32_avx512_amd64.s with elements of twice the size: it has the contract, the registers, the loops and the bound. Needs AVX-512 F.

TEXT ·packF64_16_avx512(SB), NOSPLIT, $0-8
#include "pack2_avx512_amd64.h"

TEXT ·packF64_8_avx512(SB), NOSPLIT, $0-8
#include "pack1_avx512_amd64.h"
