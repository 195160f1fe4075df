//go:build !purego

#include "textflag.h"

// Masks for VMASKMOVPS: the one for the first n of 8 lanes begins 32-4n bytes into the table.
DATA ·laneMask+0(SB)/8, $0xffffffffffffffff
DATA ·laneMask+8(SB)/8, $0xffffffffffffffff
DATA ·laneMask+16(SB)/8, $0xffffffffffffffff
DATA ·laneMask+24(SB)/8, $0xffffffffffffffff
DATA ·laneMask+32(SB)/8, $0
DATA ·laneMask+40(SB)/8, $0
DATA ·laneMask+48(SB)/8, $0
DATA ·laneMask+56(SB)/8, $0
GLOBL ·laneMask(SB), RODATA|NOPTR, $64

// Masks for the rows of a tile: from 96 less N elements on, N that are in and the rest that are out.
DATA ·wideMask+0(SB)/8, $0xffffffffffffffff
DATA ·wideMask+8(SB)/8, $0xffffffffffffffff
DATA ·wideMask+16(SB)/8, $0xffffffffffffffff
DATA ·wideMask+24(SB)/8, $0xffffffffffffffff
DATA ·wideMask+32(SB)/8, $0xffffffffffffffff
DATA ·wideMask+40(SB)/8, $0xffffffffffffffff
DATA ·wideMask+48(SB)/8, $0xffffffffffffffff
DATA ·wideMask+56(SB)/8, $0xffffffffffffffff
DATA ·wideMask+64(SB)/8, $0xffffffffffffffff
DATA ·wideMask+72(SB)/8, $0xffffffffffffffff
DATA ·wideMask+80(SB)/8, $0xffffffffffffffff
DATA ·wideMask+88(SB)/8, $0xffffffffffffffff
DATA ·wideMask+96(SB)/8, $0
DATA ·wideMask+104(SB)/8, $0
DATA ·wideMask+112(SB)/8, $0
DATA ·wideMask+120(SB)/8, $0
DATA ·wideMask+128(SB)/8, $0
DATA ·wideMask+136(SB)/8, $0
DATA ·wideMask+144(SB)/8, $0
DATA ·wideMask+152(SB)/8, $0
DATA ·wideMask+160(SB)/8, $0
DATA ·wideMask+168(SB)/8, $0
DATA ·wideMask+176(SB)/8, $0
DATA ·wideMask+184(SB)/8, $0
GLOBL ·wideMask(SB), RODATA|NOPTR, $192
