// The pack kernel for panels of one vector, AVX-512, for any element type: pack_f32_avx512_amd64.s describes it.

	MOVQ a+0(FP), AX
	MOVQ PackArgs_N(AX), CX
	MOVQ $-1, BX
	SHLQ CX, BX
	NOTQ BX
	KMOVW BX, K1                    // the first vector

#define STEP 64
#define COPY VMOVU (SI), Z0; VMOVU Z0, (DI)
#define COPYMASK VMOVU.Z (SI), K1, Z0; VMOVU Z0, (DI)
#define FETCH PREFETCHT0 (SI)(R13*1)
#include "pack_amd64.h"
#undef STEP
#undef COPY
#undef COPYMASK
#undef FETCH
