//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Binary functions of rows of float32: y[i] = min(max(f(a[i], b[i]), lo), hi), as BinaryArgs says.
//
//	func <f>F32_32_avx2(a *BinaryArgs)
//
// Needs AVX2; clobbers AX BX CX DX SI DI R8-R14, Y0-Y8.
//
//	Y0-Y3     a, then y; Y1 b of the tail
//	Y4 Y5     temporaries
//	Y6 Y7     lo, hi
//	Y8        mask of the tail
//	SI DX DI  rows of a, b and y; R12 R13 along those of a and b, BX bytes along that of y
//	R8 R9     bytes from vector to vector of a and b: 32, or 0 where one number serves a row
//	R10       bytes of the blocks of a row
//	R11       rows left
//	R14       where such numbers are spread, one vector for a and one for b
//
// block takes 4 vectors at a time, pair two, vector one, tail the last elements under a
// mask. A vector is two loads, a store and three operations that do not wait for another vector's: 1.5
// cycles, or the bandwidth of the cache it comes from. A row of one vector takes about 6.

// NaN in x passes: it is the second source.
#define CLAMP(x) VMAXPS x, Y6, x; VMINPS x, Y7, x

#define OP(b, a) VADDPS b, a, a
TEXT ·addF32_32_avx2(SB), NOSPLIT, $128-8
#include "binary_f32_avx2_amd64.h"

#define OP(b, a) VSUBPS b, a, a
TEXT ·subF32_32_avx2(SB), NOSPLIT, $128-8
#include "binary_f32_avx2_amd64.h"

#define OP(b, a) VMULPS b, a, a
TEXT ·mulF32_32_avx2(SB), NOSPLIT, $128-8
#include "binary_f32_avx2_amd64.h"

// NaN in b passes as the second source, NaN in a is put back.
#define OP(b, a) VMAXPS b, a, Y4; VCMPPS $3, a, a, Y5; VBLENDVPS Y5, a, Y4, a
TEXT ·maxF32_32_avx2(SB), NOSPLIT, $128-8
#include "binary_f32_avx2_amd64.h"

#define OP(b, a) VMINPS b, a, Y4; VCMPPS $3, a, a, Y5; VBLENDVPS Y5, a, Y4, a
TEXT ·minF32_32_avx2(SB), NOSPLIT, $128-8
#include "binary_f32_avx2_amd64.h"

// Divisions bind: 5 cycles a vector.
#define OP(b, a) VDIVPS b, a, a
TEXT ·divF32_32_avx2(SB), NOSPLIT, $128-8
#include "binary_f32_avx2_amd64.h"
