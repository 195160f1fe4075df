//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Batch-reduce GEMM, bytes, AVX2: C[MR x NR] = end of (bias + sum over taps of A[MR x K] · B[K x NR]).
//
//	func brgU8_<MR>x16_avx2(a *BrgU8Args)           MR 6 to 1
//
// brgvnni_u8_avx2_amd64.s without its instruction: it has the contract, the tile and the loops. Needs AVX2.
//
// VPMADDUBSW would saturate: 255·127 twice is more than 16 bits hold. So even and odd bytes of A and B become 16 bits each, and VPMADDWD,
// which is exact, adds two products. First the even bytes of a step, then the odd ones, since there is no register for more:
//
//	Y12 Y13  B[k][0:8], B[k][8:16], bytes k and k+2, then k+1 and k+3      Y14 the same bytes of A      Y15 products
//	R11  32 bytes 0x80 where A is s8, else 0
//
// A step costs 60 operations of the rows and 6 of B for 384 products: bound by the three vector pipes, 22 cycles, or by four, 16.5.

DATA evenBytes<>+0(SB)/8, $0x00FF00FF00FF00FF
DATA evenBytes<>+8(SB)/8, $0x00FF00FF00FF00FF
DATA evenBytes<>+16(SB)/8, $0x00FF00FF00FF00FF
DATA evenBytes<>+24(SB)/8, $0x00FF00FF00FF00FF
GLOBL evenBytes<>(SB), RODATA|NOPTR, $32

// What A is turned over with: nothing, and the top bits.
DATA topBits<>+0(SB)/8, $0
DATA topBits<>+8(SB)/8, $0
DATA topBits<>+16(SB)/8, $0
DATA topBits<>+24(SB)/8, $0
DATA topBits<>+32(SB)/8, $0x8080808080808080
DATA topBits<>+40(SB)/8, $0x8080808080808080
DATA topBits<>+48(SB)/8, $0x8080808080808080
DATA topBits<>+56(SB)/8, $0x8080808080808080
GLOBL topBits<>(SB), RODATA|NOPTR, $64

#include "brg_u8_avx2_amd64.h"

#define LOADFLIP(r) SHRL $26, r; LEAQ topBits<>(SB), R11; ADDQ r, R11
#define EVENB(s) VMOVDQU (s*NRB)(BX), Y12; VMOVDQU (s*NRB+32)(BX), Y13; VPSLLW $8, Y12, Y12; VPSLLW $8, Y13, Y13; VPSRAW $8, Y12, Y12; VPSRAW $8, Y13, Y13
#define ODDB(s) VMOVDQU (s*NRB)(BX), Y12; VMOVDQU (s*NRB+32)(BX), Y13; VPSRAW $8, Y12, Y12; VPSRAW $8, Y13, Y13
#define MULADD(c0, c1) VPMADDWD Y12, Y14, Y15; VPADDD Y15, c0, c0; VPMADDWD Y13, Y14, Y14; VPADDD Y14, c1, c1
#define EVEN(c0, c1) VPAND evenBytes<>(SB), Y14, Y14; MULADD(c0, c1)
#define ODD(c0, c1) VPSRLW $8, Y14, Y14; MULADD(c0, c1)

// A step: of one row, the four bytes of A at a displacement; of all rows.
#define ROWEVEN0(c0, c1, n0, n1, x, a) VPBROADCASTD 0 a, Y14; EVEN(c0, c1)
#define ROWEVEN1(c0, c1, n0, n1, x, a) VPBROADCASTD 4 a, Y14; EVEN(c0, c1)
#define ROWEVEN2(c0, c1, n0, n1, x, a) VPBROADCASTD 8 a, Y14; EVEN(c0, c1)
#define ROWEVEN3(c0, c1, n0, n1, x, a) VPBROADCASTD 12 a, Y14; EVEN(c0, c1)
#define ROWFLIPEVEN0(c0, c1, n0, n1, x, a) VPBROADCASTD 0 a, Y14; VPXOR (R11), Y14, Y14; EVEN(c0, c1)
#define ROWFLIPEVEN1(c0, c1, n0, n1, x, a) VPBROADCASTD 4 a, Y14; VPXOR (R11), Y14, Y14; EVEN(c0, c1)
#define ROWFLIPEVEN2(c0, c1, n0, n1, x, a) VPBROADCASTD 8 a, Y14; VPXOR (R11), Y14, Y14; EVEN(c0, c1)
#define ROWFLIPEVEN3(c0, c1, n0, n1, x, a) VPBROADCASTD 12 a, Y14; VPXOR (R11), Y14, Y14; EVEN(c0, c1)
#define ROWODD0(c0, c1, n0, n1, x, a) VPBROADCASTD 0 a, Y14; ODD(c0, c1)
#define ROWODD1(c0, c1, n0, n1, x, a) VPBROADCASTD 4 a, Y14; ODD(c0, c1)
#define ROWODD2(c0, c1, n0, n1, x, a) VPBROADCASTD 8 a, Y14; ODD(c0, c1)
#define ROWODD3(c0, c1, n0, n1, x, a) VPBROADCASTD 12 a, Y14; ODD(c0, c1)
#define ROWFLIPODD0(c0, c1, n0, n1, x, a) VPBROADCASTD 0 a, Y14; VPXOR (R11), Y14, Y14; ODD(c0, c1)
#define ROWFLIPODD1(c0, c1, n0, n1, x, a) VPBROADCASTD 4 a, Y14; VPXOR (R11), Y14, Y14; ODD(c0, c1)
#define ROWFLIPODD2(c0, c1, n0, n1, x, a) VPBROADCASTD 8 a, Y14; VPXOR (R11), Y14, Y14; ODD(c0, c1)
#define ROWFLIPODD3(c0, c1, n0, n1, x, a) VPBROADCASTD 12 a, Y14; VPXOR (R11), Y14, Y14; ODD(c0, c1)
#define TURN0 EVENB(0); ROWS(ROWEVEN0); ODDB(0); ROWS(ROWODD0)
#define TURN1 EVENB(1); ROWS(ROWEVEN1); ODDB(1); ROWS(ROWODD1)
#define TURN2 EVENB(2); ROWS(ROWEVEN2); ODDB(2); ROWS(ROWODD2)
#define TURN3 EVENB(3); ROWS(ROWEVEN3); ODDB(3); ROWS(ROWODD3)
#define FLIP0 EVENB(0); ROWS(ROWFLIPEVEN0); ODDB(0); ROWS(ROWFLIPODD0)
#define FLIP1 EVENB(1); ROWS(ROWFLIPEVEN1); ODDB(1); ROWS(ROWFLIPODD1)
#define FLIP2 EVENB(2); ROWS(ROWFLIPEVEN2); ODDB(2); ROWS(ROWFLIPODD2)
#define FLIP3 EVENB(3); ROWS(ROWFLIPEVEN3); ODDB(3); ROWS(ROWFLIPODD3)
#define REST(c0, c1, n0, n1) XORL (R11), R9; EVENB(0); VMOVD R9, X14; VPBROADCASTD X14, Y14; EVEN(c0, c1); ODDB(0); VMOVD R9, X14; VPBROADCASTD X14, Y14; ODD(c0, c1)
#define RESTROWS(op) ROWS(op)

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgU8_6x16_avx2(SB), NOSPLIT, $BUF-8
#include "brg_u8_amd64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgU8_5x16_avx2(SB), NOSPLIT, $BUF-8
#include "brg_u8_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgU8_4x16_avx2(SB), NOSPLIT, $BUF-8
#include "brg_u8_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgU8_3x16_avx2(SB), NOSPLIT, $BUF-8
#include "brg_u8_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgU8_2x16_avx2(SB), NOSPLIT, $BUF-8
#include "brg_u8_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgU8_1x16_avx2(SB), NOSPLIT, $BUF-8
#include "brg_u8_amd64.h"
