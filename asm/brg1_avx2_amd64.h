// Tiles of one vector of columns, AVX2, in place of brg2: what is done to the columns of a row, and to the vectors that all rows share.

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

#define LOADB(b) VMOVU b, Y12
#define LOADBMASK VMOVU (R9), Y12; VMASKMOV (BX), Y12, Y12
#define FETCHAHEAD TESTQ R15, R15; JZ ahead; PREFETCHT1 0(BX)(R15*1); PREFETCHT1 64(BX)(R15*1); ahead:
#define FMA(c0, c1) VFMADD231 Y12, Y14, c0
#define ZERO(c0, c1, a) VXORPS c0, c0, c0
#define SCALE(c0, c1, a) VMUL Y15, c0, c0
#define FETCHROW PREFETCHW_DI_0
#define FETCH(c0, c1, a) PREFETCHW_SI_0; ADDQ R8, SI
#define ADDC(c0, c1, a) VMASKMOV (SI), Y12, Y14; VFMADD231 Y14, Y15, c0; ADDQ R8, SI
#define LOADBIAS VMASKMOV (SI), Y12, Y14
#define ADDBIAS(c0, c1, a) VADD Y14, c0, c0
#define ADDBIASROW(c0, c1, a) VBROADCAST (SI), Y14; VADD Y14, c0, c0; ADDQ $SIZE, SI
#define ADDRES(c0, c1, a) VMASKMOV (SI), Y12, Y14; VADD Y14, c0, c0; ADDQ R8, SI
#define CLAMPLO(c0, c1, a) VMAX c0, Y14, c0
#define CLAMPHI(c0, c1, a) VMIN c0, Y15, c0
#define STORE(c0, c1, a) VMOVU c0, (SI); ADDQ R8, SI
#define STOREMASK(c0, c1, a) VMASKMOV c0, Y12, (SI); ADDQ R8, SI
#define NR (1*32/SIZE)
