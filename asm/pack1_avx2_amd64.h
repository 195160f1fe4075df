// The pack kernel for panels of one vector, AVX2, for any element type: pack_f32_avx2_amd64.s describes it.

	MOVQ a+0(FP), AX
	MOVQ PackArgs_N(AX), CX
	SHLQ $SHIFT, CX
	LEAQ ·wideMask+96(SB), BX
	SUBQ CX, BX
	VMOVU (BX), Y14               // the first vector

#define STEP 32
#define COPY VMOVU (SI), Y0; VMOVU Y0, (DI)
#define COPYMASK VMASKMOV (SI), Y14, Y0; VMOVU Y0, (DI)
#define FETCH PREFETCHT0 (SI)(R13*1)
#include "pack_amd64.h"
#undef STEP
#undef COPY
#undef COPYMASK
#undef FETCH
