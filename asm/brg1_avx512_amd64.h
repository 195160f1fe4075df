// Tiles of one vector of columns, AVX-512, in place of brg2: what is done to the columns of a row, and to the vectors that all rows share.

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
#undef ASKROW
#define ASKROW
#undef FETCHROW
#undef CLAMPLO
#undef CLAMPHI
#undef STORE
#undef STOREMASK
#undef NR

#define LOADB(b) VMOVU b, Z28
#define LOADBMASK VMOVU.Z (BX), K1, Z28
#define FETCHAHEAD TESTQ R15, R15; JZ ahead; PREFETCHT1 0(BX)(R15*1); PREFETCHT1 64(BX)(R15*1); PREFETCHT1 128(BX)(R15*1); PREFETCHT1 192(BX)(R15*1); ahead:
#define FMA(c0, c1) VFMADD231 Z28, Z30, c0
#define ZERO(c0, c1, a) VPXORD c0, c0, c0
#define SCALE(c0, c1, a) VMUL Z30, c0, c0
#define FETCHROW PREFETCHW_DI_0
#define FETCH(c0, c1, a) PREFETCHW_SI_0; ADDQ R8, SI
#define ADDC(c0, c1, a) VFMADD231 (SI), Z30, K1, c0; ADDQ R8, SI
#define LOADBIAS VMOVU.Z (SI), K1, Z28
#define ADDBIAS(c0, c1, a) VADD Z28, c0, c0
#define ADDBIASROW(c0, c1, a) VADD.BCST (SI), c0, c0; ADDQ $SIZE, SI
#define ADDRES(c0, c1, a) VADD (SI), c0, K1, c0; ADDQ R8, SI
#define CLAMPLO(c0, c1, a) VMAX c0, Z30, c0
#define CLAMPHI(c0, c1, a) VMIN c0, Z31, c0
#define STORE(c0, c1, a) VMOVU c0, (SI); ADDQ R8, SI
#define STOREMASK(c0, c1, a) VMOVU c0, K1, (SI); ADDQ R8, SI
#define NR (1*64/SIZE)
