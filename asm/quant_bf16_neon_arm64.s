//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "quant_arm64.h"

// Float32 from and to bfloat16, NEON.
//
//	func narrowBF16_8_neon(a *QuantArgs)
//	func widenBF16_8_neon(a *QuantArgs)
//
// QuantArgs (quant.go) has the contract. Needs NEON. Clobbers R0 to R4, R8, V0 to V7, V16 and V17. The registers are those of quant_arm64.h, which has the loop of 8
// elements and of one.

#define WIDEN8 \
	FMOVQ.P 16(R1), F0; \
	UXTL24(0, 1); \
	UXTL4(0, 0); \
	SHL4(16, 0, 0); \
	SHL4(16, 1, 1); \
	FMOVQ.P F0, 16(R3); \
	FMOVQ.P F1, 16(R3)
#define WIDEN1 MOVHU.P 2(R1), R8; LSL $16, R8; MOVW.P R8, 4(R3)
TEXT ·widenBF16_8_neon(SB), NOSPLIT, $0-8
	LOOP(OPERANDS, WIDEN8, WIDEN1)

// The upper half of what is 0x7fff more, and one more than that where it is odd; of NaN the upper half as it is, quiet.
//
//	V5 1    V6 0x7fff    V7 0x40    V2 V3 scratch
#define HALVES OPERANDS; MOVD $1, R8; VDUP R8, V5.S4; MOVD $0x7fff, R8; VDUP R8, V6.S4; MOVD $0x40, R8; VDUP R8, V7.S4
#define HALF(x, y) \
	USHR4(16, x, 2); \
	AND16(5, 2, 3); \
	ADD4(6, 3, 3); \
	ADD4(x, 3, 3); \
	USHR4(16, 3, 3); \
	ORR16(7, 2, 2); \
	FCMEQ4(x, x, y); \
	BSL16(2, 3, y)
#define NARROW8 \
	FMOVQ.P 16(R1), F0; \
	FMOVQ.P 16(R1), F1; \
	HALF(0, 16); \
	HALF(1, 17); \
	VUZP1 V17.H8, V16.H8, V16.H8; \
	FMOVQ.P F16, 16(R3)
#define NARROW1 FMOVS.P 4(R1), F0; HALF(0, 16); FMOVS F16, R8; MOVH.P R8, 2(R3)
TEXT ·narrowBF16_8_neon(SB), NOSPLIT, $0-8
	LOOP(HALVES, NARROW8, NARROW1)
