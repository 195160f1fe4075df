//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Transforms of products into outputs for Winograd's algorithms, float32, NEON: AT·x·A, bias, residual, clamp.
//
//	func winooutF32_<m>x3_neon(a *WinoOutArgs)     m 4 or 2: F(m x m, 3x3)
//
// WinoOutArgs (wino.go) has the contract, winoout_f32_arm64.h the loops and the roles of the general registers. Needs NEON.
// Clobbers R0-R16, R19-R26, V0-V31.
//
//	V0-V23   lines 0 to 3 of AT·x, then the outputs; of F(2x2,3x3) V0-V7, lines 0 and 1
//	V24-V26  temporaries    V27  the constants 4, 8    V28  1/2, 1/4, 1/8, 2    V29  bias    V30 V31  lo, hi
//
// F(4x4,3x3): four channels of a tile cost 37 loads, 168 operations and 16 stores, and 16 loads and operations more with Res. Stores
// take a vector unit as well: 92 cycles (100) where there are two, 46 (50) where there are four. F(2x2,3x3): 17 loads, 36
// operations, 4 stores.

#define BUF 512
#define SIDE 6
#define OUT 4
#define FOUR
TEXT ·winooutF32_4x3_neon(SB), NOSPLIT, $BUF-8
#include "winoout_f32_arm64.h"
#undef FOUR
#undef OUT
#undef SIDE
#undef BUF

#define BUF 128
#define SIDE 4
#define OUT 2
TEXT ·winooutF32_2x3_neon(SB), NOSPLIT, $BUF-8
#include "winoout_f32_arm64.h"
