//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Scale and shift of float32 rows, y = min(max(x*s + t, lo), hi), s and t per column or per row, as
// AffineArgs says.
//
//	func <op>F32_32_avx2(a *AffineArgs)
//
// Needs AVX2 and FMA; clobbers AX BX CX DX SI DI R8-R13, Y0-Y10.
//
//	Y0-Y3    x, then y
//	Y4 Y5    s and t of a row, or s of a vector
//	Y6 Y7    lo, hi
//	Y10      mask of the tail
//	SI DI    x and y, row by row; R11 R12 along the row
//	R8 R9    s and t; DX R13 along the row, where they are per column
//	R10      rows left
//	CX       columns left
//
// A row's blocks are 4 vectors, then come single ones, then the last elements under a mask. A
// vector is one load (two or three with s and t per column), a store and at most three operations: 1 to
// 1.5 cycles, or the bandwidth of the cache it comes from.

// NaN in x passes: it is the second source.
#define CLAMP(x) VMAXPS x, Y6, x; VMINPS x, Y7, x

#define OPERANDS MOVQ R8, DX; MOVQ R9, R13
#define OP(x, d) VADDPS d(R13), x, x
#define OPTAIL(x) VMASKMOVPS (R13), Y10, Y5; VADDPS Y5, x, x
TEXT ·biasF32_32_avx2(SB), NOSPLIT, $0-8
#include "affine_f32_avx2_amd64.h"

#define OPERANDS VBROADCASTSS (R9), Y5; ADDQ $4, R9
#define OP(x, d) VADDPS Y5, x, x
#define OPTAIL(x) VADDPS Y5, x, x
TEXT ·biasrowF32_32_avx2(SB), NOSPLIT, $0-8
#include "affine_f32_avx2_amd64.h"

#define OPERANDS MOVQ R8, DX; MOVQ R9, R13
#define OP(x, d) VMULPS d(DX), x, x
#define OPTAIL(x) VMASKMOVPS (DX), Y10, Y4; VMULPS Y4, x, x
TEXT ·scaleF32_32_avx2(SB), NOSPLIT, $0-8
#include "affine_f32_avx2_amd64.h"

#define OPERANDS VBROADCASTSS (R8), Y4; ADDQ $4, R8
#define OP(x, d) VMULPS Y4, x, x
#define OPTAIL(x) VMULPS Y4, x, x
TEXT ·scalerowF32_32_avx2(SB), NOSPLIT, $0-8
#include "affine_f32_avx2_amd64.h"

#define OPERANDS MOVQ R8, DX; MOVQ R9, R13
#define OP(x, d) VMOVUPS d(DX), Y4; VFMADD213PS d(R13), Y4, x
#define OPTAIL(x) VMASKMOVPS (DX), Y10, Y4; VMASKMOVPS (R13), Y10, Y5; VFMADD213PS Y5, Y4, x
TEXT ·normF32_32_avx2(SB), NOSPLIT, $0-8
#include "affine_f32_avx2_amd64.h"

#define OPERANDS VBROADCASTSS (R8), Y4; VBROADCASTSS (R9), Y5; ADDQ $4, R8; ADDQ $4, R9
#define OP(x, d) VFMADD213PS Y5, Y4, x
#define OPTAIL(x) VFMADD213PS Y5, Y4, x
TEXT ·normrowF32_32_avx2(SB), NOSPLIT, $0-8
#include "affine_f32_avx2_amd64.h"
