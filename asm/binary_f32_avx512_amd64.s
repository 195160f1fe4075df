//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Binary functions of rows of float32: y[i] = min(max(f(a[i], b[i]), lo), hi), as BinaryArgs says.
//
//	func <f>F32_64_avx512(a *BinaryArgs)
//
// Needs AVX-512 F; clobbers AX BX CX DX SI DI R8-R14, K1 K2, Z0-Z6.
//
//	Z0-Z3     a, then y; Z1 b of the tail
//	Z5 Z6     lo, hi
//	SI DX DI  rows of a, b and y; R12 R13 along those of a and b, BX bytes along that of y
//	R8 R9     bytes from vector to vector of a and b: 64, or 0 where one number serves a row
//	R10       bytes of the blocks of a row
//	R11       rows left
//	R14       where such numbers are spread, one vector for a and one for b
//	K1        mask of the last vector
//
// block takes 4 vectors at a time, pair two, vector one, tail the last elements, under a mask. A vector is two loads, a store and three
// operations that do not wait for another vector's: 1.5 cycles, or the bandwidth of the cache it comes
// from. A row of one vector takes about 6. The clamp always runs: that is cheaper than its absence is worth.

// NaN in x passes: it is the second source.
#define CLAMP(x) VMAXPS x, Z5, x; VMINPS x, Z6, x

#define OP(b, a) VADDPS b, a, a
TEXT ·addF32_64_avx512(SB), NOSPLIT, $192-8
#include "binary_f32_avx512_amd64.h"

#define OP(b, a) VSUBPS b, a, a
TEXT ·subF32_64_avx512(SB), NOSPLIT, $192-8
#include "binary_f32_avx512_amd64.h"

#define OP(b, a) VMULPS b, a, a
TEXT ·mulF32_64_avx512(SB), NOSPLIT, $192-8
#include "binary_f32_avx512_amd64.h"

// NaN in b passes as the second source, NaN in a because it is left alone.
#define OP(b, a) VCMPPS $7, a, a, K2; VMAXPS b, a, K2, a
TEXT ·maxF32_64_avx512(SB), NOSPLIT, $192-8
#include "binary_f32_avx512_amd64.h"

#define OP(b, a) VCMPPS $7, a, a, K2; VMINPS b, a, K2, a
TEXT ·minF32_64_avx512(SB), NOSPLIT, $192-8
#include "binary_f32_avx512_amd64.h"

// Divisions bind: 16 cycles a vector.
#define OP(b, a) VDIVPS b, a, a
TEXT ·divF32_64_avx512(SB), NOSPLIT, $192-8
#include "binary_f32_avx512_amd64.h"
