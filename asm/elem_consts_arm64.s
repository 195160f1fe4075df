//go:build !purego

#include "textflag.h"

// The constants of the element-wise kernels, named in elem_consts_arm64.h.

DATA ·elemConst+0(SB)/4, $0x3fb8aa3b // LOG2E
DATA ·elemConst+4(SB)/4, $0x4b40007f // MAGIC1
DATA ·elemConst+8(SB)/4, $0x4b4000fe // MAGIC2
DATA ·elemConst+12(SB)/4, $0x3f317218 // LN2HI
DATA ·elemConst+16(SB)/4, $0xb102e308 // LN2LO
DATA ·elemConst+20(SB)/4, $0x3efffffe // EXPC2
DATA ·elemConst+24(SB)/4, $0x3e2aaa49 // EXPC3
DATA ·elemConst+28(SB)/4, $0x3d2aac79 // EXPC4
DATA ·elemConst+32(SB)/4, $0x3c091cf2 // EXPC5
DATA ·elemConst+36(SB)/4, $0x3ab51218 // EXPC6
DATA ·elemConst+40(SB)/4, $0xc2d00000 // EXPLO
DATA ·elemConst+44(SB)/4, $0x42b20000 // EXPHI
DATA ·elemConst+48(SB)/4, $0xc2200000 // EXPM1LO
DATA ·elemConst+52(SB)/4, $0x3f800000 // ONE
DATA ·elemConst+56(SB)/4, $0x40000000 // TWO
DATA ·elemConst+60(SB)/4, $0x40400000 // THREE
DATA ·elemConst+64(SB)/4, $0x40c00000 // SIX
DATA ·elemConst+68(SB)/4, $0x3e2aaaab // SIXTH
DATA ·elemConst+72(SB)/4, $0xbf000000 // MHALF
DATA ·elemConst+76(SB)/4, $0x80000000 // SIGN
DATA ·elemConst+80(SB)/4, $0x41680000 // PHIHI
DATA ·elemConst+84(SB)/4, $0x40200000 // PHIK
DATA ·elemConst+88(SB)/4, $0x40a00000 // PHI2K
DATA ·elemConst+92(SB)/4, $0x3f34e773 // PHIC0
DATA ·elemConst+96(SB)/4, $0xbede0ce1 // PHIC1
DATA ·elemConst+100(SB)/4, $0x3e072797 // PHIC2
DATA ·elemConst+104(SB)/4, $0x3c17523c // PHIC3
DATA ·elemConst+108(SB)/4, $0xbc863bfa // PHIC4
DATA ·elemConst+112(SB)/4, $0xbad1d756 // PHIC5
DATA ·elemConst+116(SB)/4, $0x3b255dea // PHIC6
DATA ·elemConst+120(SB)/4, $0x3a33659a // PHIC7
DATA ·elemConst+124(SB)/4, $0xb9a2fbad // PHIC8
DATA ·elemConst+128(SB)/4, $0xb924e818 // PHIC9
DATA ·elemConst+132(SB)/4, $0x3fcc422a // GELUA
DATA ·elemConst+136(SB)/4, $0x3d922279 // GELUB
GLOBL ·elemConst(SB), RODATA|NOPTR, $140
