//go:build !purego

#include "textflag.h"

// The constants of the element-wise kernels, named in elem_consts_amd64.h.

// One constant: the four quarters of its 32 bytes, each two copies.
#define CONST(o0, o1, o2, o3, v) \
	DATA ·elemConst+o0(SB)/8, v; \
	DATA ·elemConst+o1(SB)/8, v; \
	DATA ·elemConst+o2(SB)/8, v; \
	DATA ·elemConst+o3(SB)/8, v

CONST(0, 8, 16, 24, $0x3fb8aa3b3fb8aa3b) // LOG2E
CONST(32, 40, 48, 56, $0x4b4000004b400000) // MAGIC
CONST(64, 72, 80, 88, $0x4b40007f4b40007f) // MAGIC1
CONST(96, 104, 112, 120, $0x4b4000fe4b4000fe) // MAGIC2
CONST(128, 136, 144, 152, $0x3f3172183f317218) // LN2HI
CONST(160, 168, 176, 184, $0xb102e308b102e308) // LN2LO
CONST(192, 200, 208, 216, $0x3efffffe3efffffe) // EXPC2
CONST(224, 232, 240, 248, $0x3e2aaa493e2aaa49) // EXPC3
CONST(256, 264, 272, 280, $0x3d2aac793d2aac79) // EXPC4
CONST(288, 296, 304, 312, $0x3c091cf23c091cf2) // EXPC5
CONST(320, 328, 336, 344, $0x3ab512183ab51218) // EXPC6
CONST(352, 360, 368, 376, $0xc2d00000c2d00000) // EXPLO
CONST(384, 392, 400, 408, $0x42b2000042b20000) // EXPHI
CONST(416, 424, 432, 440, $0xc2200000c2200000) // EXPM1LO
CONST(448, 456, 464, 472, $0x3f8000003f800000) // ONE
CONST(480, 488, 496, 504, $0x4000000040000000) // TWO
CONST(512, 520, 528, 536, $0x4040000040400000) // THREE
CONST(544, 552, 560, 568, $0x40c0000040c00000) // SIX
CONST(576, 584, 592, 600, $0x3e2aaaab3e2aaaab) // SIXTH
CONST(608, 616, 624, 632, $0xbf000000bf000000) // MHALF
CONST(640, 648, 656, 664, $0x8000000080000000) // SIGN
CONST(672, 680, 688, 696, $0x4168000041680000) // PHIHI
CONST(704, 712, 720, 728, $0x3f0000003f000000) // PHIP0
CONST(736, 744, 752, 760, $0x3ee067a83ee067a8) // PHIP1
CONST(768, 776, 784, 792, $0x3e3ba1213e3ba121) // PHIP2
CONST(800, 808, 816, 824, $0x3d266dc93d266dc9) // PHIP3
CONST(832, 840, 848, 856, $0x3b86e0713b86e071) // PHIP4
CONST(864, 872, 880, 888, $0x3fd654ec3fd654ec) // PHIQ1
CONST(896, 904, 912, 920, $0x3f99eb313f99eb31) // PHIQ2
CONST(928, 936, 944, 952, $0x3ef05d4e3ef05d4e) // PHIQ3
CONST(960, 968, 976, 984, $0x3dd099d03dd099d0) // PHIQ4
CONST(992, 1000, 1008, 1016, $0x3c290a7c3c290a7c) // PHIQ5
CONST(1024, 1032, 1040, 1048, $0x3fcc422a3fcc422a) // GELUA
CONST(1056, 1064, 1072, 1080, $0x3d9222793d922279) // GELUB
GLOBL ·elemConst(SB), RODATA|NOPTR, $1088

// Eight lanes on, eight off: 32 bytes from 32-4·n are the mask of the first n lanes.
DATA ·elemMask+0(SB)/8, $0xffffffffffffffff
DATA ·elemMask+8(SB)/8, $0xffffffffffffffff
DATA ·elemMask+16(SB)/8, $0xffffffffffffffff
DATA ·elemMask+24(SB)/8, $0xffffffffffffffff
DATA ·elemMask+32(SB)/8, $0
DATA ·elemMask+40(SB)/8, $0
DATA ·elemMask+48(SB)/8, $0
DATA ·elemMask+56(SB)/8, $0
GLOBL ·elemMask(SB), RODATA|NOPTR, $64
