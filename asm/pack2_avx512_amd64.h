// The pack kernel for panels of two vectors, AVX-512, for any element type: pack_f32_avx512_amd64.s describes it.

	MOVQ a+0(FP), AX
	MOVQ PackArgs_N(AX), CX
	MOVQ $-1, BX
	SHLQ CX, BX
	NOTQ BX
	KMOVW BX, K1                    // the first vector
	SHRQ $(64/SIZE), BX
	KMOVW BX, K2                    // the second

#define STEP 128
#define COPY VMOVU (SI), Z0; VMOVU 64(SI), Z1; VMOVU Z0, (DI); VMOVU Z1, 64(DI)
#define COPYMASK VMOVU.Z (SI), K1, Z0; VMOVU.Z 64(SI), K2, Z1; VMOVU Z0, (DI); VMOVU Z1, 64(DI)
#define FETCH PREFETCHT0 (SI)(R13*1); PREFETCHT0 64(SI)(R13*1)
#include "pack_amd64.h"
#undef STEP
#undef COPY
#undef COPYMASK
#undef FETCH
