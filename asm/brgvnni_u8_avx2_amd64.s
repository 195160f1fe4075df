//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "vnni_amd64.h"

// Batch-reduce GEMM, bytes, AVX2 and AVX-VNNI: C[MR x NR] = end of (bias + sum over taps of A[MR x K] · B[K x NR]).
//
//	func brgU8_<MR>x16vnni_avx2(a *BrgU8Args)       MR 6 to 1
//
// BrgU8Args (brgu8.go) has the contract. Needs AVX2 and AVX-VNNI. Clobbers all vector registers and all general registers but BP and SP.
// Nothing is written beyond N columns of C: tiles of fewer go through a copy on the stack.
//
// The tile, of 6 rows:
//
//	            Y12 = B[k][0:8]    Y13 = B[k][8:16]
//	 row 0            Y0                 Y1
//	 row 1            Y2                 Y3             += broadcast A[row][k:k+4] (Y14) times B
//	  ...             ...                ...
//	 row 5           Y10                Y11
//
//	AX args       BX B, next k     CX k left       DX lda       Y15 R11  0x80 in all bytes where A is s8, else 0
//	SI R8 A of rows 0 3, next k (two more rows each through DX)       R9 R10 the last bytes of k, or of a row
//	DI C of the next row, R8 ldc after the sums    R12 tiles left    R13 A of the tile    R14 next tap, C    R15 taps left
//
// Loops: tile > tap > k16 (16 k a turn), then k4. A step, 4 k, costs 12 products and 8 loads: 6 cycles, bound by the multipliers. They have
// a latency of 5 cycles: 10 sums, 5 rows, fill two of them.
//
// Place 8v+4i+e of B, Bias and Scale holds column 8i+4v+e: VPACKSSDW of the two vectors of a row has the words in order.

#include "brg_u8_avx2_amd64.h"

#define LOADFLIP(r) VMOVD r, X15; VPBROADCASTD X15, Y15; MOVL r, R11
#define LOADB(s) VMOVDQU (s*NRB)(BX), Y12; VMOVDQU (s*NRB+32)(BX), Y13
#define DOT(n0, n1) VPDPBUSDY(12, 14, n0); VPDPBUSDY(13, 14, n1)

// A step: of one row, the four bytes of A at a displacement; of all rows.
#define ROWSTEP0(c0, c1, n0, n1, x, a) VPBROADCASTD 0 a, Y14; DOT(n0, n1)
#define ROWSTEP1(c0, c1, n0, n1, x, a) VPBROADCASTD 4 a, Y14; DOT(n0, n1)
#define ROWSTEP2(c0, c1, n0, n1, x, a) VPBROADCASTD 8 a, Y14; DOT(n0, n1)
#define ROWSTEP3(c0, c1, n0, n1, x, a) VPBROADCASTD 12 a, Y14; DOT(n0, n1)
#define ROWFLIP0(c0, c1, n0, n1, x, a) VPBROADCASTD 0 a, Y14; VPXOR Y15, Y14, Y14; DOT(n0, n1)
#define ROWFLIP1(c0, c1, n0, n1, x, a) VPBROADCASTD 4 a, Y14; VPXOR Y15, Y14, Y14; DOT(n0, n1)
#define ROWFLIP2(c0, c1, n0, n1, x, a) VPBROADCASTD 8 a, Y14; VPXOR Y15, Y14, Y14; DOT(n0, n1)
#define ROWFLIP3(c0, c1, n0, n1, x, a) VPBROADCASTD 12 a, Y14; VPXOR Y15, Y14, Y14; DOT(n0, n1)
#define TURN0 LOADB(0); ROWS(ROWSTEP0)
#define TURN1 LOADB(1); ROWS(ROWSTEP1)
#define TURN2 LOADB(2); ROWS(ROWSTEP2)
#define TURN3 LOADB(3); ROWS(ROWSTEP3)
#define FLIP0 LOADB(0); ROWS(ROWFLIP0)
#define FLIP1 LOADB(1); ROWS(ROWFLIP1)
#define FLIP2 LOADB(2); ROWS(ROWFLIP2)
#define FLIP3 LOADB(3); ROWS(ROWFLIP3)
#define REST(c0, c1, n0, n1) XORL R11, R9; VMOVD R9, X14; VPBROADCASTD X14, Y14; DOT(n0, n1)
#define RESTROWS(op) LOADB(0); ROWS(op)

#define MR 6
#define ROWS(op) ROWS6(op)
#define PTRS(op) PTRS6(op)
TEXT ·brgU8_6x16vnni_avx2(SB), NOSPLIT, $BUF-8
#include "brg_u8_amd64.h"

#define MR 5
#define ROWS(op) ROWS5(op)
#define PTRS(op) PTRS5(op)
TEXT ·brgU8_5x16vnni_avx2(SB), NOSPLIT, $BUF-8
#include "brg_u8_amd64.h"

#define MR 4
#define ROWS(op) ROWS4(op)
#define PTRS(op) PTRS4(op)
TEXT ·brgU8_4x16vnni_avx2(SB), NOSPLIT, $BUF-8
#include "brg_u8_amd64.h"

#define MR 3
#define ROWS(op) ROWS3(op)
#define PTRS(op) PTRS3(op)
TEXT ·brgU8_3x16vnni_avx2(SB), NOSPLIT, $BUF-8
#include "brg_u8_amd64.h"

#define MR 2
#define ROWS(op) ROWS2(op)
#define PTRS(op) PTRS2(op)
TEXT ·brgU8_2x16vnni_avx2(SB), NOSPLIT, $BUF-8
#include "brg_u8_amd64.h"

#define MR 1
#define ROWS(op) ROWS1(op)
#define PTRS(op) PTRS1(op)
TEXT ·brgU8_1x16vnni_avx2(SB), NOSPLIT, $BUF-8
#include "brg_u8_amd64.h"
