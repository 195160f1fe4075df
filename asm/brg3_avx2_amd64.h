// Tiles of three vectors of columns, AVX2, in place of brg1: the rows, with three accumulators each, and what is done to them. There is no
// register for the masks: they are loaded as they are needed.

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
#undef STEP0
#undef STEP1
#undef STEP2
#undef STEP3

#define ROW0(op) op(Y0, Y1, Y2, (SI))
#define ROW1(op) op(Y3, Y4, Y5, (SI)(DX*1))
#define ROW2(op) op(Y6, Y7, Y8, (SI)(DX*2))
#define ROW3(op) op(Y9, Y10, Y11, (R8))
#define STEP0(c0, c1, c2, a) VBROADCAST (0*SIZE) a, Y15; FMA(c0, c1, c2)
#define STEP1(c0, c1, c2, a) VBROADCAST (1*SIZE) a, Y15; FMA(c0, c1, c2)
#define STEP2(c0, c1, c2, a) VBROADCAST (2*SIZE) a, Y15; FMA(c0, c1, c2)
#define STEP3(c0, c1, c2, a) VBROADCAST (3*SIZE) a, Y15; FMA(c0, c1, c2)
#define MASKS MOVQ BrgArgs_N(AX), CX; SHLQ $SHIFT, CX; LEAQ ·wideMask+96(SB), R9; SUBQ CX, R9
#define LOADMASKED(at, y) VMOVU at(R9), y; VMASKMOV at(SI), y, y
#define LOADBMASK VMOVU (R9), Y12; VMOVU 32(R9), Y13; VMOVU 64(R9), Y14; VMASKMOV (BX), Y12, Y12; VMASKMOV 32(BX), Y13, Y13; VMASKMOV 64(BX), Y14, Y14
#define LOADB(b) VMOVU b, Y12; VMOVU 32 b, Y13; VMOVU 64 b, Y14
#define FETCHAHEAD TESTQ R15, R15; JZ ahead; PREFETCHT1 0(BX)(R15*1); PREFETCHT1 64(BX)(R15*1); PREFETCHT1 128(BX)(R15*1); PREFETCHT1 192(BX)(R15*1); PREFETCHT1 256(BX)(R15*1); PREFETCHT1 320(BX)(R15*1); ahead:
#define FMA(c0, c1, c2) VFMADD231 Y12, Y15, c0; VFMADD231 Y13, Y15, c1; VFMADD231 Y14, Y15, c2
#define ZERO(c0, c1, c2, a) VXORPS c0, c0, c0; VXORPS c1, c1, c1; VXORPS c2, c2, c2
#define SCALE(c0, c1, c2, a) VMUL Y15, c0, c0; VMUL Y15, c1, c1; VMUL Y15, c2, c2
#define FETCHROW PREFETCHW_DI_0; PREFETCHW_DI_64
#define FETCH(c0, c1, c2, a) PREFETCHW_SI_0; PREFETCHW_SI_64; ADDQ R8, SI
#define LOADROW LOADMASKED(0, Y12); LOADMASKED(32, Y13); LOADMASKED(64, Y14)
#define ADDC(c0, c1, c2, a) LOADROW; VFMADD231 Y12, Y15, c0; VFMADD231 Y13, Y15, c1; VFMADD231 Y14, Y15, c2; ADDQ R8, SI
#define LOADBIAS LOADROW
#define ADDBIAS(c0, c1, c2, a) VADD Y12, c0, c0; VADD Y13, c1, c1; VADD Y14, c2, c2
#define ADDBIASROW(c0, c1, c2, a) VBROADCAST (SI), Y14; VADD Y14, c0, c0; VADD Y14, c1, c1; VADD Y14, c2, c2; ADDQ $SIZE, SI
#define ADDRES(c0, c1, c2, a) LOADROW; VADD Y12, c0, c0; VADD Y13, c1, c1; VADD Y14, c2, c2; ADDQ R8, SI
#define CLAMPLO(c0, c1, c2, a) VMAX c0, Y14, c0; VMAX c1, Y14, c1; VMAX c2, Y14, c2
#define CLAMPHI(c0, c1, c2, a) VMIN c0, Y15, c0; VMIN c1, Y15, c1; VMIN c2, Y15, c2
#define STORE(c0, c1, c2, a) VMOVU c0, (SI); VMOVU c1, 32(SI); VMOVU c2, 64(SI); ADDQ R8, SI
#define STOREMASK(c0, c1, c2, a) VMOVU (R9), Y12; VMASKMOV c0, Y12, (SI); VMOVU 32(R9), Y12; VMASKMOV c1, Y12, 32(SI); VMOVU 64(R9), Y12; VMASKMOV c2, Y12, 64(SI); ADDQ R8, SI
#define NR (3*32/SIZE)
