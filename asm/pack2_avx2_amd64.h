// The pack kernel for panels of two vectors, AVX2, for any element type: pack_f32_avx2_amd64.s describes it.

	MOVQ a+0(FP), AX
	MOVQ PackArgs_N(AX), CX
	SHLQ $SHIFT, CX
	LEAQ ·wideMask+96(SB), BX
	SUBQ CX, BX
	VMOVU (BX), Y14               // the first vector
	VMOVU 32(BX), Y15             // the second

#define STEP 64
#define COPY VMOVU (SI), Y0; VMOVU 32(SI), Y1; VMOVU Y0, (DI); VMOVU Y1, 32(DI)
#define COPYMASK VMASKMOV (SI), Y14, Y0; VMASKMOV 32(SI), Y15, Y1; VMOVU Y0, (DI); VMOVU Y1, 32(DI)
#define FETCH PREFETCHT0 (SI)(R13*1)
#include "pack_amd64.h"
#undef STEP
#undef COPY
#undef COPYMASK
#undef FETCH
