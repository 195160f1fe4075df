// Tiles of two vectors of columns, AVX-512: what is done to the columns of a row, and to the vectors that all rows share.
#define LOADB(b) VMOVU b, Z28; VMOVU 64 b, Z29
#define LOADBMASK VMOVU.Z (BX), K1, Z28; VMOVU.Z 64(BX), K2, Z29
#define FETCHAHEAD
#define ASKROW TESTQ R15, R15; JZ 2(PC); PREFETCHT1 (BX)(R15*1)
#define ASKA TESTQ DI, DI; JZ asked; PREFETCHT0 (DI); PREFETCHT0 64(DI); PREFETCHT0 128(DI); PREFETCHT0 192(DI); ADDQ $256, DI
#define FMA(c0, c1) VFMADD231 Z28, Z30, c0; VFMADD231 Z29, Z30, c1
#define ZERO(c0, c1, a) VPXORD c0, c0, c0; VPXORD c1, c1, c1
#define SCALE(c0, c1, a) VMUL Z30, c0, c0; VMUL Z30, c1, c1
#define FETCHROW PREFETCHW_DI_0; PREFETCHW_DI_64
#define FETCH(c0, c1, a) PREFETCHW_SI_0; PREFETCHW_SI_64; ADDQ R8, SI
#define ADDC(c0, c1, a) VFMADD231 (SI), Z30, K1, c0; VFMADD231 64(SI), Z30, K2, c1; ADDQ R8, SI
#define LOADBIAS VMOVU.Z (SI), K1, Z28; VMOVU.Z 64(SI), K2, Z29
#define ADDBIAS(c0, c1, a) VADD Z28, c0, c0; VADD Z29, c1, c1
#define ADDBIASROW(c0, c1, a) VBROADCAST (SI), Z30; VADD Z30, c0, c0; VADD Z30, c1, c1; ADDQ $SIZE, SI
#define ADDRES(c0, c1, a) VADD (SI), c0, K1, c0; VADD 64(SI), c1, K2, c1; ADDQ R8, SI
#define CLAMPLO(c0, c1, a) VMAX c0, Z30, c0; VMAX c1, Z30, c1
#define CLAMPHI(c0, c1, a) VMIN c0, Z31, c0; VMIN c1, Z31, c1
#define STORE(c0, c1, a) VMOVU c0, (SI); VMOVU c1, 64(SI); ADDQ R8, SI
#define STOREMASK(c0, c1, a) VMOVU c0, K1, (SI); VMOVU c1, K2, 64(SI); ADDQ R8, SI
#define NR (2*64/SIZE)
