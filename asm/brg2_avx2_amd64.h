// Tiles of two vectors of columns, AVX2: what is done to the columns of a row, and to the vectors that all rows share.
#define LOADB(b) VMOVU b, Y12; VMOVU 32 b, Y13
#define LOADBMASK VMOVU (R9), Y12; VMOVU 32(R9), Y13; VMASKMOV (BX), Y12, Y12; VMASKMOV 32(BX), Y13, Y13
#define FETCHAHEAD
#define FMA(c0, c1) VFMADD231 Y12, Y14, c0; VFMADD231 Y13, Y14, c1
#define ZERO(c0, c1, a) VXORPS c0, c0, c0; VXORPS c1, c1, c1
#define SCALE(c0, c1, a) VMUL Y15, c0, c0; VMUL Y15, c1, c1
#define FETCHROW PREFETCHW_DI_0
#define FETCH(c0, c1, a) PREFETCHW_SI_0; ADDQ R8, SI
#define ADDC(c0, c1, a) VMASKMOV (SI), Y12, Y14; VFMADD231 Y14, Y15, c0; VMASKMOV 32(SI), Y13, Y14; VFMADD231 Y14, Y15, c1; ADDQ R8, SI
#define LOADBIAS VMASKMOV (SI), Y12, Y14; VMASKMOV 32(SI), Y13, Y15
#define ADDBIAS(c0, c1, a) VADD Y14, c0, c0; VADD Y15, c1, c1
#define ADDBIASROW(c0, c1, a) VBROADCAST (SI), Y14; VADD Y14, c0, c0; VADD Y14, c1, c1; ADDQ $SIZE, SI
#define ADDRES(c0, c1, a) VMASKMOV (SI), Y12, Y14; VADD Y14, c0, c0; VMASKMOV 32(SI), Y13, Y15; VADD Y15, c1, c1; ADDQ R8, SI
#define CLAMPLO(c0, c1, a) VMAX c0, Y14, c0; VMAX c1, Y14, c1
#define CLAMPHI(c0, c1, a) VMIN c0, Y15, c0; VMIN c1, Y15, c1
#define STORE(c0, c1, a) VMOVU c0, (SI); VMOVU c1, 32(SI); ADDQ R8, SI
#define STOREMASK(c0, c1, a) VMASKMOV c0, Y12, (SI); VMASKMOV c1, Y13, 32(SI); ADDQ R8, SI
#define NR (2*32/SIZE)
