//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Scale and shift of float32 rows, y = min(max(x*s + t, lo), hi), s and t per column or per row, as
// AffineArgs says.
//
//	func <op>F32_64_avx512(a *AffineArgs)
//
// Needs AVX-512 F; clobbers AX BX CX DX SI DI R8-R13, K1, Z0-Z7.
//
//	Z0-Z3    x, then y
//	Z4 Z5    s and t of a row, or s of a vector
//	Z6 Z7    lo, hi
//	K1       mask of the last vectors
//	SI DI    x and y, row by row; R11 R12 along the row
//	R8 R9    s and t; DX R13 along the row, where they are per column
//	R10      rows left
//	CX       columns left
//
// A row's blocks are 4 vectors, then come single ones under a mask. A
// vector is one load (two or three with s and t per column), a store and at most three operations: 1 to
// 1.5 cycles, or the bandwidth of the cache it comes from.

// NaN in x passes: it is the second source.
#define CLAMP(x) VMAXPS x, Z6, x; VMINPS x, Z7, x

#define OPERANDS MOVQ R8, DX; MOVQ R9, R13
#define OP(x, d) VADDPS d(R13), x, x
#define OPTAIL(x) VADDPS (R13), x, K1, x
TEXT ·biasF32_64_avx512(SB), NOSPLIT, $0-8
#include "affine_f32_avx512_amd64.h"

#define OPERANDS VBROADCASTSS (R9), Z5; ADDQ $4, R9
#define OP(x, d) VADDPS Z5, x, x
#define OPTAIL(x) VADDPS Z5, x, x
TEXT ·biasrowF32_64_avx512(SB), NOSPLIT, $0-8
#include "affine_f32_avx512_amd64.h"

#define OPERANDS MOVQ R8, DX; MOVQ R9, R13
#define OP(x, d) VMULPS d(DX), x, x
#define OPTAIL(x) VMULPS (DX), x, K1, x
TEXT ·scaleF32_64_avx512(SB), NOSPLIT, $0-8
#include "affine_f32_avx512_amd64.h"

#define OPERANDS VBROADCASTSS (R8), Z4; ADDQ $4, R8
#define OP(x, d) VMULPS Z4, x, x
#define OPTAIL(x) VMULPS Z4, x, x
TEXT ·scalerowF32_64_avx512(SB), NOSPLIT, $0-8
#include "affine_f32_avx512_amd64.h"

#define OPERANDS MOVQ R8, DX; MOVQ R9, R13
#define OP(x, d) VMOVUPS d(DX), Z4; VFMADD213PS d(R13), Z4, x
#define OPTAIL(x) VMOVUPS.Z (DX), K1, Z4; VFMADD213PS (R13), Z4, K1, x
TEXT ·normF32_64_avx512(SB), NOSPLIT, $0-8
#include "affine_f32_avx512_amd64.h"

#define OPERANDS VBROADCASTSS (R8), Z4; VBROADCASTSS (R9), Z5; ADDQ $4, R8; ADDQ $4, R9
#define OP(x, d) VFMADD213PS Z5, Z4, x
#define OPTAIL(x) VFMADD213PS Z5, Z4, x
TEXT ·normrowF32_64_avx512(SB), NOSPLIT, $0-8
#include "affine_f32_avx512_amd64.h"
