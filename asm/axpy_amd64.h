// The body of the axpy kernels: axpy_<dtype>_<isa>_amd64.s says what they compute and defines STEP, the bytes of a vector,
// BLOCK, the rows of W at a time, their pointers (POINT) and what is done to them (ROWS), the first of them (ROW0), and what is done to the MR
// rows of X and Y.

	MOVQ a+0(FP), AX
	MOVQ DotArgs_LdW(AX), DX
	MOVQ DotArgs_Rows(AX), R15
	MOVQ DotArgs_W(AX), SI
	MOVQ DotArgs_X(AX), BX
	MOVQ BX, DotArgs_next(AX)
	MOVQ DotArgs_Y(AX), BX
	MOVQ DotArgs_Cols(AX), CX
	MOVQ CX, R8
	ANDQ $(STEP/SIZE-1), CX            // columns of the tail
	SUBQ CX, R8
	LEAQ (SI)(R8*SIZE), SI
	LEAQ (BX)(R8*SIZE), BX
	MASK                            // columns of the tail, from CX
	SUBQ $BLOCK, R15
	JLT  rest

block:
	POINT
	XVECTORS(BLOCK)
	ROWS(LOADX)
	YROWS
	JZ   tail
	PCALIGN $64

columns:
	LOADY
	ROWS(MULADD)
	SAVEY
	ROWS(ASK)
	ADDQ $STEP, CX
	JNZ  columns

tail:
	TAILCOLS
	JZ   end
	LOADYTAIL
	ROWS(MULADDTAIL)
	SAVEYTAIL

end:
	LEAQ (LAST)(DX*1), SI
	SUBQ $BLOCK, R15
	JGE  block

rest:
	ADDQ $BLOCK, R15
	JLE  done

single:
	XVECTORS(1)
	ROW0(LOADX)
	YROWS
	JZ   tail1

columns1:
	LOADY
	ROW0(MULADD)
	SAVEY
	ADDQ $STEP, CX
	JNZ  columns1

tail1:
	TAILCOLS
	JZ   end1
	LOADYTAIL
	ROW0(MULADDTAIL)
	SAVEYTAIL

end1:
	ADDQ DX, SI
	DECQ R15
	JNZ  single

done:
	VZEROUPPER
	RET
