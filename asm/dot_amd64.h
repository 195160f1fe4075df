// The body of the dot kernels: dot_<dtype>_<isa>_amd64.s says what they compute and defines STEP, the bytes of a vector,
// BLOCK, the rows of W at a time, their pointers (POINT) and what is done to them (ROWS), and what is done to the MR rows of X.

	MOVQ a+0(FP), AX
	MOVQ DotArgs_LdW(AX), DX
	MOVQ DotArgs_Rows(AX), R15
	MOVQ DotArgs_W(AX), SI
	MOVQ DotArgs_Y(AX), BX
	MOVQ BX, DotArgs_next(AX)
	MOVQ DotArgs_X(AX), BX
	MOVQ DotArgs_Cols(AX), CX
	MOVQ CX, R8
	ANDQ $(STEP/SIZE-1), CX            // columns of the tail
	SUBQ CX, R8
	LEAQ (SI)(R8*SIZE), SI
	LEAQ (BX)(R8*SIZE), BX
	MASK                            // columns of the tail, from CX
	TESTQ R15, R15
	JLE  done

block:
	POINT
	ZERO
	MOVQ a+0(FP), CX
	MOVQ DotArgs_LdX(CX), AX
	LEAQ (BX)(AX*2), DI             // row 2 of X
	ADDQ BX, AX                     // row 1
	MOVQ DotArgs_Cols(CX), CX
	ANDQ $~(STEP/SIZE-1), CX
	SHLQ $SHIFT, CX
	NEGQ CX
	JZ   tail
	PCALIGN $64

columns:
	LOADX
	ROWS(FMA)
	ADDQ $STEP, CX
	JNZ  columns

tail:
	MOVQ a+0(FP), CX
	MOVQ DotArgs_Cols(CX), CX
	ANDQ $(STEP/SIZE-1), CX
	JZ   sums
	LOADXTAIL
	ROWS(FMATAIL)

sums:
	MOVQ a+0(FP), AX
	MOVQ DotArgs_next(AX), DI
	ADDQ $(SIZE*BLOCK), DotArgs_next(AX)
	MOVQ DotArgs_LdY(AX), CX
	MASKROWS                        // rows of the block, from R15
	ADDROWS
	LEAQ (LAST)(DX*1), SI
	SUBQ $BLOCK, R15
	JG   block

done:
	VZEROUPPER
	RET
