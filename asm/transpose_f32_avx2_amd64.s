//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Transpose, float32, AVX2, in squares of 8 x 8: Dst[c][r] = Src[r][c].
//
//	func transposeF32_8x8_avx2(a *TransposeArgs)
//
// TransposeArgs (transpose.go) has the contract. Needs AVX. Clobbers Y0 to Y15, AX, BX, CX, DX, SI, DI and
// R8 to R13. A square with fewer rows or columns leaves its loads or stores early and masks their ends
// (Y14 for loads, Y15 for stores); full vectors go without a mask, because masked stores are slow on
// some processors.
//
//	AX args                  R8 rows left      R9 columns left
//	R10 Src of the row of squares              R11 Dst of the row of squares
//	R12 Src of the square    R13 Dst of the square
//	SI  Src, next row        DX bytes between rows of Src
//	DI  Dst, next row        BX bytes between rows of Dst
//
// Loops: 8 rows of Src > 8 columns. A square costs 24 shuffles, 8 loads and 8 stores: bound by the
// shuffles, 12 to 24 cycles, and by memory when Dst is not in the first cache.

DATA transposeMask<>+0(SB)/8, $-1
DATA transposeMask<>+8(SB)/8, $-1
DATA transposeMask<>+16(SB)/8, $-1
DATA transposeMask<>+24(SB)/8, $-1
DATA transposeMask<>+32(SB)/8, $0
DATA transposeMask<>+40(SB)/8, $0
DATA transposeMask<>+48(SB)/8, $0
DATA transposeMask<>+56(SB)/8, $0
GLOBL transposeMask<>(SB), RODATA|NOPTR, $64

// Two rows interleaved: l, h = the low and the high halves of each lane of a and b.
#define PAIR4(a, b, l, h) VUNPCKLPS b, a, l; VUNPCKHPS b, a, h
#define PAIR8(a, b, l, h) VUNPCKLPD b, a, l; VUNPCKHPD b, a, h

// The low lanes of a and b, and their high lanes.
#define LANES(a, b, l, h) VPERM2F128 $0x20, b, a, l; VPERM2F128 $0x31, b, a, h

// Row n-1 of the square, the last one being row R8-1 or 7; column n-1 likewise.
#define LOAD(n, y) VMOVUPS (SI), y; CMPQ R8, $n; JEQ turn; ADDQ DX, SI
#define LOADMASK(n, y) VMASKMOVPS (SI), Y14, y; CMPQ R8, $n; JEQ turn; ADDQ DX, SI
#define STORE(n, y) VMOVUPS y, (DI); CMPQ R9, $n; JEQ next; ADDQ BX, DI
#define STOREMASK(n, y) VMASKMOVPS y, Y15, (DI); CMPQ R9, $n; JEQ next; ADDQ BX, DI

// The mask of the first n (in CX) of 8 elements.
#define MASK(y) \
	LEAQ transposeMask<>+32(SB), DI \
	SHLQ $2, CX                     \
	SUBQ CX, DI                     \
	VMOVUPS (DI), y

TEXT ·transposeF32_8x8_avx2(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), AX
	MOVQ TransposeArgs_Src(AX), R10
	MOVQ TransposeArgs_Dst(AX), R11
	MOVQ TransposeArgs_LdSrc(AX), DX
	MOVQ TransposeArgs_LdDst(AX), BX
	MOVQ TransposeArgs_Rows(AX), R8
	CMPQ TransposeArgs_Cols(AX), $0
	JLE  done

rows:
	TESTQ R8, R8
	JLE  done
	MOVQ TransposeArgs_Cols(AX), R9
	MOVQ R10, R12
	MOVQ R11, R13

square:
	MOVQ R12, SI
	CMPQ R9, $8
	JLT  narrow
	LOAD(1, Y0)
	LOAD(2, Y1)
	LOAD(3, Y2)
	LOAD(4, Y3)
	LOAD(5, Y4)
	LOAD(6, Y5)
	LOAD(7, Y6)
	VMOVUPS (SI), Y7
	JMP  turn

narrow:
	MOVQ R9, CX
	MASK(Y14)
	LOADMASK(1, Y0)
	LOADMASK(2, Y1)
	LOADMASK(3, Y2)
	LOADMASK(4, Y3)
	LOADMASK(5, Y4)
	LOADMASK(6, Y5)
	LOADMASK(7, Y6)
	VMASKMOVPS (SI), Y14, Y7

turn:
	PAIR4(Y0, Y1, Y8, Y9)
	PAIR4(Y2, Y3, Y0, Y1)
	PAIR4(Y4, Y5, Y2, Y3)
	PAIR4(Y6, Y7, Y4, Y5)
	PAIR8(Y8, Y0, Y6, Y7)           // rows 0 to 3 of columns 0 and 4, of 1 and 5
	PAIR8(Y9, Y1, Y10, Y11)         // of 2 and 6, of 3 and 7
	PAIR8(Y2, Y4, Y8, Y9)           // rows 4 to 7 of columns 0 and 4, of 1 and 5
	PAIR8(Y3, Y5, Y12, Y13)         // of 2 and 6, of 3 and 7
	LANES(Y6, Y8, Y0, Y4)           // Yc: column c
	LANES(Y7, Y9, Y1, Y5)
	LANES(Y10, Y12, Y2, Y6)
	LANES(Y11, Y13, Y3, Y7)
	CMPQ R8, $8
	JLT  short
	MOVQ R13, DI
	STORE(1, Y0)
	STORE(2, Y1)
	STORE(3, Y2)
	STORE(4, Y3)
	STORE(5, Y4)
	STORE(6, Y5)
	STORE(7, Y6)
	VMOVUPS Y7, (DI)
	JMP  next

short:
	MOVQ R8, CX
	MASK(Y15)
	MOVQ R13, DI
	STOREMASK(1, Y0)
	STOREMASK(2, Y1)
	STOREMASK(3, Y2)
	STOREMASK(4, Y3)
	STOREMASK(5, Y4)
	STOREMASK(6, Y5)
	STOREMASK(7, Y6)
	VMASKMOVPS Y7, Y15, (DI)

next:
	ADDQ $32, R12
	MOVQ BX, CX
	SHLQ $3, CX
	ADDQ CX, R13
	SUBQ $8, R9
	JGT  square
	MOVQ DX, CX
	SHLQ $3, CX
	ADDQ CX, R10
	ADDQ $32, R11
	SUBQ $8, R8
	JMP  rows

done:
	VZEROUPPER
	RET
