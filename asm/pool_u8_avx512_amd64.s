//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Pooling of bytes, AVX-512, 64 channels.
//
//	func maxpoolU8_64_avx512(a *PoolU8Args)
//	func avgpoolU8_64_avx512(a *PoolU8Args)
//
// PoolU8Args (poolu8.go) has the contract. Needs AVX-512 F and BW. Clobbers Z0 to Z7 and Z24 to Z31, K1 and all general registers but BP and SP.
//
//	AX args    R8 X of the pixel    R9 Y    R10 pixels left    R11 channels left
//	SI X of the block, first row of taps    BX of this row    CX row by row, R12 tap by tap    DX ColX    R13 RowX    DI Y of the block
//	K1 its channels    Z24 Z25 flips of X and Y
//
// Loops: pixel > block of 64 channels > row of taps > 3 taps a turn where there are as many, then one. A maximum is a load and an operation, a sum
// four loads, four shuffles and four additions: 4 cycles. Bytes that are flipped and the last channels go through masks.

#include "pool_u8_taps_amd64.h"

#define FLIP(arg, z) MOVBLZX arg, CX; IMULL $0x01010101, CX; VPBROADCASTD CX, z
#define FLIPX Z24
#define FLIPY Z25


// The mask of the channels from R11 on.
#define MASK \
	MOVQ $-1, R12; \
	CMPQ R11, $64; \
	JGE  5(PC); \
	MOVQ R11, CX; \
	MOVQ $1, R12; \
	SHLQ CX, R12; \
	DECQ R12; \
	KMOVQ R12, K1

#define BLOCK 64
#define STORE VMOVDQU32 Z0, (DI)
#define STOREFLIP VPXORD Z25, Z0, Z0; VMOVDQU8 Z0, K1, (DI)

#define MAX(p) VPMAXUB p, Z0, Z0
#define MAXFLIP(p) VMOVDQU8.Z p, K1, Z1; VPXORD Z24, Z1, Z1; VPMAXUB Z1, Z0, Z0
#define BEGINMAX VPXORD Z0, Z0, Z0
#define ENDMAX

#define ADD4 VPADDD Z4, Z0, Z0; VPADDD Z5, Z1, Z1; VPADDD Z6, Z2, Z2; VPADDD Z7, Z3, Z3
#define SUM(p) VPMOVZXBD 0 p, Z4; VPMOVZXBD 16 p, Z5; VPMOVZXBD 32 p, Z6; VPMOVZXBD 48 p, Z7; ADD4
#define SUMFLIP(p) \
	VMOVDQU8.Z p, K1, Z4; VPXORD Z24, Z4, Z4; VEXTRACTI64X4 $1, Z4, Y6; VEXTRACTI128 $1, Y4, X5; VEXTRACTI128 $1, Y6, X7; \
	VPMOVZXBD X4, Z4; VPMOVZXBD X5, Z5; VPMOVZXBD X6, Z6; VPMOVZXBD X7, Z7; ADD4
#define BEGINAVG VMOVDQA32 Z26, Z0; VMOVDQA32 Z26, Z1; VMOVDQA32 Z26, Z2; VMOVDQA32 Z26, Z3
#define ROUND(z) VCVTDQ2PS z, z; VMULPS Z27, z, z; VCVTPS2DQ z, z
#define ENDAVG \
	ROUND(Z0); ROUND(Z1); ROUND(Z2); ROUND(Z3); VPACKSSDW Z1, Z0, Z0; VPACKSSDW Z3, Z2, Z2; VPADDSW Z28, Z0, Z0; VPADDSW Z28, Z2, Z2; \
	VPACKUSWB Z2, Z0, Z0; VPMAXUB Z29, Z0, Z0; VPMINUB Z30, Z0, Z0; VPERMD Z0, Z31, Z0

#define TAP(p) MAX(p)
#define TAPFLIP(p) MAXFLIP(p)
#define BEGIN BEGINMAX
#define END ENDMAX
TEXT ·maxpoolU8_64_avx512(SB), NOSPLIT, $0-8
	PIXELS
#include "pool_u8_amd64.h"

#define TAP(p) SUM(p)
#define TAPFLIP(p) SUMFLIP(p)
#define BEGIN BEGINAVG
#define END ENDAVG
TEXT ·avgpoolU8_64_avx512(SB), NOSPLIT, $0-8
	PIXELS
	VPBROADCASTD PoolU8Args_Bias(AX), Z26
	VBROADCASTSS PoolU8Args_Scale(AX), Z27
	VPBROADCASTW PoolU8Args_Zero(AX), Z28
	VPBROADCASTB PoolU8Args_Lo(AX), Z29
	VPBROADCASTB PoolU8Args_Hi(AX), Z30
	VMOVDQU32 ·byteOrder(SB), Z31
#include "pool_u8_amd64.h"
