//go:build !purego

#include "textflag.h"

// Where the 32-bit parts of 64 bytes in order are, after VPACKSSDW and VPACKUSWB of four vectors in order.
DATA ·byteOrder+0(SB)/4, $0
DATA ·byteOrder+4(SB)/4, $4
DATA ·byteOrder+8(SB)/4, $8
DATA ·byteOrder+12(SB)/4, $12
DATA ·byteOrder+16(SB)/4, $1
DATA ·byteOrder+20(SB)/4, $5
DATA ·byteOrder+24(SB)/4, $9
DATA ·byteOrder+28(SB)/4, $13
DATA ·byteOrder+32(SB)/4, $2
DATA ·byteOrder+36(SB)/4, $6
DATA ·byteOrder+40(SB)/4, $10
DATA ·byteOrder+44(SB)/4, $14
DATA ·byteOrder+48(SB)/4, $3
DATA ·byteOrder+52(SB)/4, $7
DATA ·byteOrder+56(SB)/4, $11
DATA ·byteOrder+60(SB)/4, $15
GLOBL ·byteOrder(SB), RODATA|NOPTR, $64
