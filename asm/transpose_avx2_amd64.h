// The body of the transpose kernels, AVX2, for squares of SQUARE = 32/SIZE rows: transpose_f32_avx2_amd64.s describes it. Who includes it
// defines LOADS and STORES, which run the rows but the last, YLAST, and TURN, which turns the square in place.

#define SQUARE (32/SIZE)

// Row n-1 of the square, the last one being row R8-1 or the last; column n-1 likewise.
#define LOAD(n, y) VMOVU (SI), y; CMPQ R8, $n; JEQ turn; ADDQ DX, SI
#define LOADMASK(n, y) VMASKMOV (SI), Y14, y; CMPQ R8, $n; JEQ turn; ADDQ DX, SI
#define STORE(n, y) VMOVU y, (DI); CMPQ R9, $n; JEQ next; ADDQ BX, DI
#define STOREMASK(n, y) VMASKMOV y, Y15, (DI); CMPQ R9, $n; JEQ next; ADDQ BX, DI

// The mask of the first n (in CX) elements of a vector.
#define MASK(y) \
	LEAQ ·laneMask+32(SB), DI \
	SHLQ $SHIFT, CX                    \
	SUBQ CX, DI                     \
	VMOVU (DI), y

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
	CMPQ R9, $SQUARE
	JLT  narrow
	LOADS(LOAD)
	VMOVU (SI), YLAST
	JMP  turn

narrow:
	MOVQ R9, CX
	MASK(Y14)
	LOADS(LOADMASK)
	VMASKMOV (SI), Y14, YLAST

turn:
	TURN
	CMPQ R8, $SQUARE
	JLT  short
	MOVQ R13, DI
	STORES(STORE)
	VMOVU YLAST, (DI)
	JMP  next

short:
	MOVQ R8, CX
	MASK(Y15)
	MOVQ R13, DI
	STORES(STOREMASK)
	VMASKMOV YLAST, Y15, (DI)

next:
	ADDQ $32, R12
	MOVQ BX, CX
	SHLQ $(5-SHIFT), CX
	ADDQ CX, R13
	SUBQ $SQUARE, R9
	JGT  square
	MOVQ DX, CX
	SHLQ $(5-SHIFT), CX
	ADDQ CX, R10
	ADDQ $32, R11
	SUBQ $SQUARE, R8
	JMP  rows

done:
	VZEROUPPER
	RET
