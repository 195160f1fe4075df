// The body of the transpose kernels, AVX-512, for squares of SQUARE = 64/SIZE rows: transpose_f32_avx512_amd64.s describes it. Who includes
// it defines LOADS and STORES (of LOAD and STORE) and, between them, TURN.

#define SQUARE (64/SIZE)

// Row n-1 of the square, the last one being row R8-1 or 15; column n-1 likewise.
#define LOAD(n, z) VMOVU.Z (SI), K1, z; CMPQ R8, $n; JEQ turn; ADDQ DX, SI
#define STORE(n, z) VMOVU z, K2, (DI); CMPQ R9, $n; JEQ next; ADDQ BX, DI

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
	MOVQ $SQUARE, CX
	CMPQ R8, CX
	CMOVQLT R8, CX
	MOVQ $-1, DI
	SHLQ CX, DI
	NOTQ DI
	KMOVW DI, K2                    // rows of these squares: columns of Dst
	MOVQ TransposeArgs_Cols(AX), R9
	MOVQ R10, R12
	MOVQ R11, R13

square:
	MOVQ $SQUARE, CX
	CMPQ R9, CX
	CMOVQLT R9, CX
	MOVQ $-1, DI
	SHLQ CX, DI
	NOTQ DI
	KMOVW DI, K1                    // columns of this square
	MOVQ R12, SI
	MOVQ R13, DI
	LOADS

turn:
	TURN
	STORES

next:
	ADDQ $64, R12
	MOVQ BX, CX
	SHLQ $(6-SHIFT), CX
	ADDQ CX, R13
	SUBQ $SQUARE, R9
	JGT  square
	MOVQ DX, CX
	SHLQ $(6-SHIFT), CX
	ADDQ CX, R10
	ADDQ $64, R11
	SUBQ $SQUARE, R8
	JMP  rows

done:
	VZEROUPPER
	RET
