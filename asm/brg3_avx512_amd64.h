// Tiles of three vectors of columns, AVX-512, in place of brg1: the rows, with three accumulators each, and what is done to them.

#undef LOADB
#undef LOADBMASK
#undef FMA
#undef ZERO
#undef SCALE
#undef ADDC
#undef LOADBIAS
#undef ADDBIAS
#undef ADDBIASROW
#undef ADDRES
#undef FETCH
#undef FETCHAHEAD
#undef FETCHROW
#undef CLAMPLO
#undef CLAMPHI
#undef STORE
#undef STOREMASK
#undef NR
#undef MASKS
#undef ROW0
#undef ROW1
#undef ROW2
#undef ROW3
#undef ROW4
#undef ROW5
#undef ROW6
#undef ROW7
#undef STEP0
#undef STEP1
#undef STEP2
#undef STEP3

#define ROW0(op) op(Z0, Z1, Z2, (SI))
#define ROW1(op) op(Z3, Z4, Z5, (SI)(DX*1))
#define ROW2(op) op(Z6, Z7, Z8, (SI)(DX*2))
#define ROW3(op) op(Z9, Z10, Z11, (R8))
#define ROW4(op) op(Z12, Z13, Z14, (R8)(DX*1))
#define ROW5(op) op(Z15, Z16, Z17, (R8)(DX*2))
#define ROW6(op) op(Z18, Z19, Z20, (R9))
#define ROW7(op) op(Z21, Z22, Z23, (R9)(DX*1))
#define STEP0(c0, c1, c2, a) VBROADCAST (0*SIZE) a, Z30; FMA(c0, c1, c2)
#define STEP1(c0, c1, c2, a) VBROADCAST (1*SIZE) a, Z30; FMA(c0, c1, c2)
#define STEP2(c0, c1, c2, a) VBROADCAST (2*SIZE) a, Z30; FMA(c0, c1, c2)
#define STEP3(c0, c1, c2, a) VBROADCAST (3*SIZE) a, Z30; FMA(c0, c1, c2)
#define MASKS MOVQ BrgArgs_N(AX), CX; MOVQ $1, BX; SHLQ CX, BX; DECQ BX; KMOVW BX, K1; SHRQ $(64/SIZE), BX; KMOVW BX, K2; SHRQ $(64/SIZE), BX; KMOVW BX, K3
#define LOADBMASK VMOVU.Z (BX), K1, Z24; VMOVU.Z 64(BX), K2, Z25; VMOVU.Z 128(BX), K3, Z26
#define LOADB(b) VMOVU b, Z24; VMOVU 64 b, Z25; VMOVU 128 b, Z26
#define FETCHAHEAD TESTQ R15, R15; JZ ahead; PREFETCHT1 0(BX)(R15*1); PREFETCHT1 128(BX)(R15*1); PREFETCHT1 256(BX)(R15*1); PREFETCHT1 384(BX)(R15*1); PREFETCHT1 512(BX)(R15*1); PREFETCHT1 640(BX)(R15*1); ahead:
#define FMA(c0, c1, c2) VFMADD231 Z24, Z30, c0; VFMADD231 Z25, Z30, c1; VFMADD231 Z26, Z30, c2
#define ZERO(c0, c1, c2, a) VPXORD c0, c0, c0; VPXORD c1, c1, c1; VPXORD c2, c2, c2
#define SCALE(c0, c1, c2, a) VMUL Z30, c0, c0; VMUL Z30, c1, c1; VMUL Z30, c2, c2
#define FETCHROW PREFETCHW_DI_0; PREFETCHW_DI_64; PREFETCHW_DI_128
#define FETCH(c0, c1, c2, a) PREFETCHW_SI_0; PREFETCHW_SI_64; PREFETCHW_SI_128; ADDQ R8, SI
#define ADDC(c0, c1, c2, a) VFMADD231 (SI), Z30, K1, c0; VFMADD231 64(SI), Z30, K2, c1; VFMADD231 128(SI), Z30, K3, c2; ADDQ R8, SI
#define LOADBIAS VMOVU.Z (SI), K1, Z24; VMOVU.Z 64(SI), K2, Z25; VMOVU.Z 128(SI), K3, Z26
#define ADDBIAS(c0, c1, c2, a) VADD Z24, c0, c0; VADD Z25, c1, c1; VADD Z26, c2, c2
#define ADDBIASROW(c0, c1, c2, a) VBROADCAST (SI), Z30; VADD Z30, c0, c0; VADD Z30, c1, c1; VADD Z30, c2, c2; ADDQ $SIZE, SI
#define ADDRES(c0, c1, c2, a) VADD (SI), c0, K1, c0; VADD 64(SI), c1, K2, c1; VADD 128(SI), c2, K3, c2; ADDQ R8, SI
#define CLAMPLO(c0, c1, c2, a) VMAX c0, Z30, c0; VMAX c1, Z30, c1; VMAX c2, Z30, c2
#define CLAMPHI(c0, c1, c2, a) VMIN c0, Z31, c0; VMIN c1, Z31, c1; VMIN c2, Z31, c2
#define STORE(c0, c1, c2, a) VMOVU c0, (SI); VMOVU c1, 64(SI); VMOVU c2, 128(SI); ADDQ R8, SI
#define STOREMASK(c0, c1, c2, a) VMOVU c0, K1, (SI); VMOVU c1, K2, 64(SI); VMOVU c2, K3, 128(SI); ADDQ R8, SI
#define NR (3*64/SIZE)
