// The body of a kernel that transforms patches for Winograd's algorithms; winoin_f32_<isa>_amd64.s says what
// it computes. Who includes this file defines FOUR for F(4x4,3x3), or nothing for F(2x2,3x3), and
//
//	LANES             channels of a vector
//	P0-P5 Q0-Q5       two lines of a patch        T0-T2  temporaries
//	TWO HALF SESQUI   the constants 2, 1/2, 3/2 in registers or memory, which CONSTANTS puts there
//	COLMASK(n, k)     makes the mask of column n from bit n of DX;  TAILMASK  the one of the last channels from C
//	WHOLE TAIL        all channels of a vector exist; the last only
//	COLUMN(n)         what loads of column n need first;  LOAD(addr, k, x)  reads those channels of x that exist
//
//	R8-R13 rows 0-5 of the patch, next channels    DX R14 R15  1, 3, 5 columns
//	CX     Y, next line and next channels          BX SI DI    1, 3, 5 elements of a patch    AX args
//
// Loops: tile > channels. A turn computes one or two lines of BT·x from those rows of x that they are made of, and
// multiplies them by B at once: nothing is kept but what fits in registers, and the rows come from L1 up to four times.

#define AT0(r) (r)
#define AT1(r) (r)(DX*1)
#define AT2(r) (r)(DX*2)
#define AT3(r) (r)(R14*1)
#define AT4(r) (r)(DX*4)
#define AT5(r) (r)(R15*1)
#define ROWPTR(n, r) CMPQ WinoInArgs_Y0(AX), $n; CMOVQGT SI, r; CMPQ WinoInArgs_Y1(AX), $n; CMOVQLE SI, r

	MOVQ a+0(FP), AX
	CONSTANTS
	MOVQ WinoInArgs_C(AX), CX
	TAILMASK
	MOVQ WinoInArgs_X(AX), SI
	ADDQ WinoInArgs_XOff(AX), SI
	MOVQ SI, WinoInArgs_tileX(AX)
	MOVQ WinoInArgs_Y(AX), SI
	MOVQ SI, WinoInArgs_tileY(AX)
	MOVQ WinoInArgs_Tiles(AX), SI
	MOVQ SI, WinoInArgs_tilesLeft(AX)
	MOVQ $1, BX
	MOVQ WinoInArgs_X1(AX), CX
	SHLQ CX, BX
	MOVQ $1, DX
	MOVQ WinoInArgs_X0(AX), CX
	SHLQ CX, DX
	SUBQ DX, BX
	MOVQ BX, WinoInArgs_cols(AX)    // bits X0 to X1
	MOVQ WinoInArgs_LdE(AX), BX
#ifdef FOUR
	IMUL3Q $-36, BX, CX
#else
	IMUL3Q $-16, BX, CX
#endif
	ADDQ $(4*LANES), CX
	MOVQ CX, WinoInArgs_back(AX)    // from the end of a patch to its next channels

tile:
	MOVQ WinoInArgs_cols(AX), DX
	COLMASK(0, K1)
	COLMASK(1, K2)
	COLMASK(2, K3)
	COLMASK(3, K4)
#ifdef FOUR
	COLMASK(4, K5)
	COLMASK(5, K6)
#endif
	WHOLE
	MOVQ WinoInArgs_tileX(AX), R8
	MOVQ WinoInArgs_RowX(AX), DX
	MOVQ WinoInArgs_Zeros(AX), SI
	LEAQ (R8)(DX*1), R9
	LEAQ (R8)(DX*2), R10
	LEAQ (R9)(DX*2), R11
#ifdef FOUR
	LEAQ (R10)(DX*2), R12
	LEAQ (R11)(DX*2), R13
	ROWPTR(4, R12)
	ROWPTR(5, R13)
#endif
	ROWPTR(0, R8)
	ROWPTR(1, R9)
	ROWPTR(2, R10)
	ROWPTR(3, R11)
	MOVQ WinoInArgs_ColX(AX), DX
	LEAQ (DX)(DX*2), R14
	LEAQ (DX)(DX*4), R15
	LEAQ (BX)(BX*2), SI
	LEAQ (BX)(BX*4), DI
	MOVQ WinoInArgs_tileY(AX), CX
	MOVQ WinoInArgs_C(AX), DX
	MOVQ DX, WinoInArgs_left(AX)
	MOVQ WinoInArgs_ColX(AX), DX

channels:
	CMPQ WinoInArgs_left(AX), $LANES
	JGE  whole
	TAIL

whole:
#ifdef FOUR
#include "winoin4_f32_amd64.h"
#else
#include "winoin2_f32_amd64.h"
#endif
	ADDQ $(4*LANES), R8
	ADDQ $(4*LANES), R9
	ADDQ $(4*LANES), R10
	ADDQ $(4*LANES), R11
	ADDQ WinoInArgs_back(AX), CX
	SUBQ $LANES, WinoInArgs_left(AX)
	JG   channels

	MOVQ WinoInArgs_TileX(AX), SI
	ADDQ SI, WinoInArgs_tileX(AX)
	MOVQ WinoInArgs_TileY(AX), SI
	ADDQ SI, WinoInArgs_tileY(AX)
	DECQ WinoInArgs_tilesLeft(AX)
	JNZ  tile
	VZEROUPPER
	RET

#undef AT0
#undef AT1
#undef AT2
#undef AT3
#undef AT4
#undef AT5
#undef ROWPTR
