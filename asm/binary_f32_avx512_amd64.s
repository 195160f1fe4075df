//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Binary functions of float32: y[i] = min(max(f(a[i], b[i]), lo), hi), as BinaryArgs says.
//
//	func <f>F32_64_avx512(a *BinaryArgs)
//
// Needs AVX-512 F; clobbers AX BX CX DX SI DI, K1 K2, Z0-Z6.
//
//	Z0-Z3     a, then y; Z1 b of the last vectors
//	Z5 Z6     lo, hi
//	SI DX DI  a, b and y
//	CX        elements left
//	K1        mask of the last vectors
//
// block takes 4 vectors at a time, vector the rest, under a mask. A vector is two loads, a store and three
// operations that do not wait for another vector's: 1.5 cycles, or the bandwidth of the cache it comes
// from. The clamp always runs: that is cheaper than its absence is worth.

// NaN in x passes: it is the second source.
#define CLAMP(x) VMAXPS x, Z5, x; VMINPS x, Z6, x

#define OP(b, a) VADDPS b, a, a
TEXT ·addF32_64_avx512(SB), NOSPLIT, $0-8
#include "binary_f32_avx512_amd64.h"

#define OP(b, a) VSUBPS b, a, a
TEXT ·subF32_64_avx512(SB), NOSPLIT, $0-8
#include "binary_f32_avx512_amd64.h"

#define OP(b, a) VMULPS b, a, a
TEXT ·mulF32_64_avx512(SB), NOSPLIT, $0-8
#include "binary_f32_avx512_amd64.h"

// NaN in b passes as the second source, NaN in a because it is left alone.
#define OP(b, a) VCMPPS $7, a, a, K2; VMAXPS b, a, K2, a
TEXT ·maxF32_64_avx512(SB), NOSPLIT, $0-8
#include "binary_f32_avx512_amd64.h"

#define OP(b, a) VCMPPS $7, a, a, K2; VMINPS b, a, K2, a
TEXT ·minF32_64_avx512(SB), NOSPLIT, $0-8
#include "binary_f32_avx512_amd64.h"

// Divisions bind: 16 cycles a vector.
#define OP(b, a) VDIVPS b, a, a
TEXT ·divF32_64_avx512(SB), NOSPLIT, $0-8
#include "binary_f32_avx512_amd64.h"
