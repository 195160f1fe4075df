//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem64_arm64.h"

// Rows cut into panels, float64, NEON.
//
//	func packF64_<width>_neon(a *PackArgs)          width 6, 4 or 2
//
// pack_f32_neon_arm64.s with elements of twice the size: it has the contract, the registers, the loops and the bound. Needs NEON.

#define WIDTH 12
#define COPY FMOVQ 0(R1), F0; FMOVQ 16(R1), F1; FMOVQ 32(R1), F2; FMOVQ F0, 0(R2); FMOVQ F1, 16(R2); FMOVQ F2, 32(R2)
#define ZEROS FMOVQ F3, 0(R2); FMOVQ F3, 16(R2); FMOVQ F3, 32(R2)
TEXT ·packF64_6_neon(SB), NOSPLIT, $0-8
#include "pack_arm64.h"

#define WIDTH 8
#define COPY FMOVQ 0(R1), F0; FMOVQ 16(R1), F1; FMOVQ F0, 0(R2); FMOVQ F1, 16(R2)
#define ZEROS FMOVQ F3, 0(R2); FMOVQ F3, 16(R2)
TEXT ·packF64_4_neon(SB), NOSPLIT, $0-8
#include "pack_arm64.h"

#define WIDTH 4
#define COPY FMOVQ 0(R1), F0; FMOVQ F0, 0(R2)
#define ZEROS FMOVQ F3, 0(R2)
TEXT ·packF64_2_neon(SB), NOSPLIT, $0-8
#include "pack_arm64.h"
