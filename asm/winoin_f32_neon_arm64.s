//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Transforms of patches for Winograd's algorithms, float32, NEON: BT·x·B.
//
//	func winoinF32_<m>x3_neon(a *WinoInArgs)     m 4 or 2: F(m x m, 3x3)
//
// WinoInArgs (wino.go) has the contract, winoin_f32_arm64.h the loops and the roles of the general registers. Needs NEON.
// Clobbers R0-R16, R19-R26, V0-V29, V31. Rows that do not exist are read from the zeros, columns that do not exist are left out.
//
//	V0-V23   lines 1 to 4 of a patch, then 0 (V0-V5) and 5 (V6-V11); of F(2x2,3x3) V0-V15, all
//	V24-V29  temporaries     V31  the constants 3/2, 2, 1/2
//
// F(4x4,3x3): four channels of a patch cost 60 loads, 204 operations and 36 stores. Stores take a vector unit as well: 120 cycles
// where there are two, 60 where there are four, unless decoding binds. F(2x2,3x3): 16 loads, 32 operations, 16 stores.

#define BUF 576
#define SIDE 6
#define FOUR
TEXT ·winoinF32_4x3_neon(SB), NOSPLIT, $BUF-8
#include "winoin_f32_arm64.h"
#undef FOUR
#undef SIDE
#undef BUF
#undef NONE

#define BUF 256
#define SIDE 4
TEXT ·winoinF32_2x3_neon(SB), NOSPLIT, $BUF-8
#include "winoin_f32_arm64.h"
