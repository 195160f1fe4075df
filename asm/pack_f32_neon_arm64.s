//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "elem32_arm64.h"

// Rows cut into panels, float32, NEON.
//
//	func packF32_<width>_neon(a *PackArgs)          width 12, 8 or 4
//
// PackArgs (pack.go) has the contract. Needs NEON. Clobbers R0-R15, V0-V3. A panel of fewer columns is filled with zeros
// first, then its columns are copied by the bits of their number.
//
//	R8 Src, row          R9 Dst, row of the first panel       R3 ldsrc    R4 bytes of a panel
//	R1 Src, panel   R2 Dst, panel   R5 panels left            R10 rows left   R11 panels   R12 N   R13 8·ldsrc
//
// Loops: row > panel. The rows of a large matrix are pages apart, where the processor's prefetchers stop:
// the kernel asks for the row 8 further on. Bound by memory.

#define WIDTH 12
#define COPY FMOVQ 0(R1), F0; FMOVQ 16(R1), F1; FMOVQ 32(R1), F2; FMOVQ F0, 0(R2); FMOVQ F1, 16(R2); FMOVQ F2, 32(R2)
#define ZEROS FMOVQ F3, 0(R2); FMOVQ F3, 16(R2); FMOVQ F3, 32(R2)
TEXT ·packF32_12_neon(SB), NOSPLIT, $0-8
#include "pack_arm64.h"

#define WIDTH 8
#define COPY FMOVQ 0(R1), F0; FMOVQ 16(R1), F1; FMOVQ F0, 0(R2); FMOVQ F1, 16(R2)
#define ZEROS FMOVQ F3, 0(R2); FMOVQ F3, 16(R2)
TEXT ·packF32_8_neon(SB), NOSPLIT, $0-8
#include "pack_arm64.h"

#define WIDTH 4
#define COPY FMOVQ 0(R1), F0; FMOVQ F0, 0(R2)
#define ZEROS FMOVQ F3, 0(R2)
TEXT ·packF32_4_neon(SB), NOSPLIT, $0-8
#include "pack_arm64.h"
