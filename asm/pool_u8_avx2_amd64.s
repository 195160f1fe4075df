//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Pooling of bytes, AVX2.
//
//	func maxpoolU8_32_avx2(a *PoolU8Args)    32 channels
//	func avgpoolU8_16_avx2(a *PoolU8Args)    16 channels
//
// PoolU8Args (poolu8.go) has the contract. Needs AVX2. Clobbers Y0, Y1, Y4, Y5, Y8 to Y15 and all general registers but BP and SP.
//
//	AX args    R8 X of the pixel    R9 Y    R10 pixels left    R11 channels left
//	SI X of the block, R14 next row of taps    BX of this row    CX row by row, R12 tap by tap    DX ColX    R13 RowX    DI Y of the block
//	Y13 Y14 flips of Y and X    Y15 zeros    of averages: Y12 bias    Y11 scale    Y10 zero point, 16 bits    Y8 Y9 limits
//
// Loops: pixel > blocks, then pieces of 16, 8, 4, 2 and 1 channel > row of taps > 3 taps a turn where there are as many, then one. A maximum is a
// load and two operations; 16 sums are a load, six operations.

#include "pool_u8_taps_amd64.h"

#define FLIP(arg, y) MOVBLZX arg, CX; VMOVD CX, X0; VPBROADCASTB X0, y
#define FLIPX Y14
#define FLIPY Y13
#define PIXEL MOVQ PoolU8Args_C(AX), R11; MOVQ R8, SI; MOVQ R9, DI
#define NEXTPIXEL ADDQ PoolU8Args_PixX(AX), R8; ADDQ PoolU8Args_PixY(AX), R9; DECQ R10

// N channels, if so many are left, and then further from go on; the other arguments are labels.
#define BLOCK(n, tap, store, begin, goon, less, row, three, rest, one, nextrow) \
begin: \
	CMPQ R11, $n; \
	JLT  less; \
	BEGIN; \
	TAPS(tap, row, three, rest, one, nextrow); \
	END; \
	store; \
	ADDQ $n, SI; \
	ADDQ $n, DI; \
	SUBQ $n, R11; \
	JMP  goon; \
less:

#define PUT32 VMOVDQU Y0, (DI)
#define PUT16 VMOVDQU X0, (DI)
#define PUT8 VMOVQ X0, (DI)
#define PUT4 VMOVD X0, (DI)
#define PUT2 VPEXTRW $0, X0, (DI)
#define PUT1 VPEXTRB $0, X0, (DI)
#define PIECES \
	BLOCK(8, TAP8, PUT8, begin8, less8, less8, row8, three8, rest8, one8, nextrow8); \
	BLOCK(4, TAP4, PUT4, begin4, less4, less4, row4, three4, rest4, one4, nextrow4); \
	BLOCK(2, TAP2, PUT2, begin2, less2, less2, row2, three2, rest2, one2, nextrow2); \
	BLOCK(1, TAP1, PUT1, begin1, less1, less1, row1, three1, rest1, one1, nextrow1)

// What is loaded goes to X4, of 16 bytes at most.
#define TAP8(p) VMOVQ p, X4; REDUCE
#define TAP4(p) VMOVD p, X4; REDUCE
#define TAP2(p) VPINSRW $0, p, X15, X4; REDUCE
#define TAP1(p) VPINSRB $0, p, X15, X4; REDUCE

#define BEGIN VPXOR Y0, Y0, Y0
#define END VPXOR Y13, Y0, Y0
#define REDUCE VPXOR X14, X4, X4; VPMAXUB X4, X0, X0
#define TAP32(p) VPXOR p, Y14, Y4; VPMAXUB Y4, Y0, Y0
#define TAP16(p) VPXOR p, X14, X4; VPMAXUB X4, X0, X0
TEXT ·maxpoolU8_32_avx2(SB), NOSPLIT, $0-8
	PIXELS
	VPXOR Y15, Y15, Y15

pixel:
	PIXEL
	BLOCK(32, TAP32, PUT32, begin32, begin32, less32, row32, three32, rest32, one32, nextrow32)
	BLOCK(16, TAP16, PUT16, begin16, less16, less16, row16, three16, rest16, one16, nextrow16)
	PIECES
	NEXTPIXEL
	JNZ pixel
	VZEROUPPER
	RET
#undef BEGIN
#undef END
#undef REDUCE
#undef TAP16

#define ROUND(y) VCVTDQ2PS y, y; VMULPS Y11, y, y; VCVTPS2DQ y, y
#define BEGIN VMOVDQA Y12, Y0; VMOVDQA Y12, Y1
#define END \
	ROUND(Y0); ROUND(Y1); VPACKSSDW Y1, Y0, Y0; VPERMQ $0xD8, Y0, Y0; VPADDSW Y10, Y0, Y0; VEXTRACTI128 $1, Y0, X1; \
	VPACKUSWB X1, X0, X0; VPMAXUB X9, X0, X0; VPMINUB X8, X0, X0; VPXOR X13, X0, X0
#define REDUCE VPXOR X14, X4, X4; VPSRLDQ $8, X4, X5; VPMOVZXBD X4, Y4; VPMOVZXBD X5, Y5; VPADDD Y4, Y0, Y0; VPADDD Y5, Y1, Y1
#define TAP16(p) VMOVDQU p, X4; REDUCE
TEXT ·avgpoolU8_16_avx2(SB), NOSPLIT, $0-8
	PIXELS
	VPXOR Y15, Y15, Y15
	VPBROADCASTD PoolU8Args_Bias(AX), Y12
	VBROADCASTSS PoolU8Args_Scale(AX), Y11
	VPBROADCASTW PoolU8Args_Zero(AX), Y10
	VPBROADCASTB PoolU8Args_Lo(AX), Y9
	VPBROADCASTB PoolU8Args_Hi(AX), Y8

pixel:
	PIXEL
	BLOCK(16, TAP16, PUT16, begin16, begin16, less16, row16, three16, rest16, one16, nextrow16)
	PIECES
	NEXTPIXEL
	JNZ pixel
	VZEROUPPER
	RET
