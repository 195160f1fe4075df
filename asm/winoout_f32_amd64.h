// The body of a kernel that transforms products into outputs for Winograd's algorithms; winoout_f32_<isa>_amd64.s
// says what it computes. Who includes this file defines FOUR for F(4x4,3x3), or nothing for F(2x2,3x3), and
//
//	LANES             channels of a vector
//	P0-P5 Q0-Q5       two lines of a tile          T0-T2  temporaries
//	HALF QUARTER EIGHTH TWO QUAD EIGHT   constants in registers or memory, which CONSTANTS puts there
//	WHOLE TAIL        the mask of all channels of a vector; of the last CX ones
//	ADDPART(addr, x)  adds those channels that exist;  CLAMP(x)  NaN passes;  PUT(x, addr)  stores whole vectors
//	PUTPART(x, addr)  stores those channels that exist, if PUT cannot
//
//	SI X, next column and next channels   BX  1 element of a tile    R8 R9 R10  1, 3, 5 lines of a tile
//	DI Y, next channels                   R15 Y, line at hand        R12 R13    1, 3 columns of Y
//	DX bias                               R11 Res, next channels     R14 columns that exist      AX args
//
// Loops: tile > channels. A turn computes two lines of AT·x and multiplies each by A at once.

#define AT0 (SI)
#define AT1 (SI)(R8*1)
#define AT2 (SI)(R8*2)
#define AT3 (SI)(R9*1)
#define AT4 (SI)(R8*4)
#define AT5 (SI)(R10*1)

	MOVQ a+0(FP), AX
	CONSTANTS
	MOVQ WinoOutArgs_X(AX), SI
	MOVQ SI, WinoOutArgs_tileX(AX)
	MOVQ WinoOutArgs_Y(AX), DI
	MOVQ DI, WinoOutArgs_tileY(AX)
	MOVQ WinoOutArgs_Res(AX), R11
	MOVQ R11, WinoOutArgs_tileRes(AX)
	MOVQ WinoOutArgs_Tiles(AX), CX
	MOVQ CX, WinoOutArgs_tilesLeft(AX)
	MOVQ WinoOutArgs_LdE(AX), BX
#ifdef FOUR
	LEAQ (BX)(BX*2), R8
	ADDQ R8, R8
#else
	LEAQ (BX*4), R8
#endif
	LEAQ (R8)(R8*2), R9
	LEAQ (R8)(R8*4), R10
	MOVQ WinoOutArgs_ColY(AX), R12
	LEAQ (R12)(R12*2), R13
	MOVQ WinoOutArgs_OW(AX), R14

tile:
	MOVQ WinoOutArgs_tileX(AX), SI
	MOVQ WinoOutArgs_tileY(AX), DI
	MOVQ WinoOutArgs_tileRes(AX), R11
	MOVQ WinoOutArgs_Bias(AX), DX
	MOVQ WinoOutArgs_C(AX), CX
	MOVQ CX, WinoOutArgs_left(AX)
	WHOLE

channels:
	MOVQ WinoOutArgs_left(AX), CX
	CMPQ CX, $LANES
	JGE  whole
	TAIL

whole:
	MOVQ DI, R15
#ifdef FOUR
#include "winoout4_f32_amd64.h"
#else
#include "winoout2_f32_amd64.h"
#endif

next:
	ADDQ $(4*LANES), SI
	ADDQ $(4*LANES), DI
	ADDQ $(4*LANES), R11
	ADDQ $(4*LANES), DX
	SUBQ $LANES, WinoOutArgs_left(AX)
	JG   channels

	MOVQ WinoOutArgs_TileX(AX), SI
	ADDQ SI, WinoOutArgs_tileX(AX)
	MOVQ WinoOutArgs_TileY(AX), SI
	ADDQ SI, WinoOutArgs_tileY(AX)
	MOVQ WinoOutArgs_TileRes(AX), SI
	ADDQ SI, WinoOutArgs_tileRes(AX)
	DECQ WinoOutArgs_tilesLeft(AX)
	JNZ  tile
	VZEROUPPER
	RET

#undef AT0
#undef AT1
#undef AT2
#undef AT3
#undef AT4
#undef AT5
