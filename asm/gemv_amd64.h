// The body of the gemv and gemvt kernels: gemv_<dtype>_<isa>_amd64.s says what they compute and defines STEP,
// the bytes of a vector, and what is done to rows. DOT or AXPY says which kernel it is.

// The rows of a block: number, accumulator or broadcast X, address of the row.
#define ROWS(op) op(0, A0, SI); op(1, A1, R8); op(2, A2, R9); op(3, A3, R10); op(4, A4, R11); op(5, A5, R12); op(6, A6, R13); op(7, A7, R14)

// Row n of the block, or row n-1 again when there are no more.
#define ROW(n, prev, p) LEAQ (prev)(DX*1), AX; MOVQ prev, p; CMPQ R15, $n; CMOVQGT AX, p

	MOVQ a+0(FP), AX
	MOVQ GemvArgs_LdW(AX), DX
	MOVQ GemvArgs_Rows(AX), R15
	MOVQ GemvArgs_W(AX), SI
	MOVQ GemvArgs_Cols(AX), CX
	MOVQ CX, R8
	ANDQ $(STEP/SIZE-1), CX            // columns of the tail
	SUBQ CX, R8
	MASK                            // columns of the tail, from CX
	LEAQ (SI)(R8*SIZE), SI
#ifdef DOT
	MOVQ GemvArgs_X(AX), BX
	MOVQ GemvArgs_Y(AX), DI
#else
	MOVQ GemvArgs_Y(AX), BX
	MOVQ GemvArgs_X(AX), DI
#endif
	LEAQ (BX)(R8*SIZE), BX
	TESTQ R15, R15
	JLE  done

block:
#ifndef DOT
	CMPQ R15, $8
	JLT  single
#endif
	ROW(1, SI, R8)
	ROW(2, R8, R9)
	ROW(3, R9, R10)
	ROW(4, R10, R11)
	ROW(5, R11, R12)
	ROW(6, R12, R13)
	ROW(7, R13, R14)
	ROWS(BEGIN)
	MOVQ a+0(FP), AX
	MOVQ GemvArgs_Cols(AX), CX
	ANDQ $~(STEP/SIZE-1), CX
	SHLQ $SHIFT, CX
	NEGQ CX
	JZ   tail
	PCALIGN $64

columns:
	LOAD
	ROWS(FMA)
	SAVE
	AHEAD
	ADDQ $STEP, CX
	JNZ  columns

tail:
	MOVQ a+0(FP), AX
	MOVQ GemvArgs_Cols(AX), CX
	ANDQ $(STEP/SIZE-1), CX
	JZ   end
	LOADTAIL
	ROWS(FMATAIL)
	SAVETAIL

end:
#ifdef DOT
	REDUCE
	CMPQ R15, $8
	JLT  last
	STOREALL
#endif
	LEAQ (R14)(DX*1), SI
	ADDQ $(8*SIZE), DI
	SUBQ $8, R15
	JG   block
	JMP  done

#ifdef DOT
last:
	STORELAST
#else

single:
	BEGIN(0, A0, SI)
	MOVQ a+0(FP), AX
	MOVQ GemvArgs_Cols(AX), CX
	ANDQ $~(STEP/SIZE-1), CX
	SHLQ $SHIFT, CX
	NEGQ CX
	JZ   tail1

columns1:
	LOAD
	FMA(0, A0, SI)
	SAVE
	ADDQ $STEP, CX
	JNZ  columns1

tail1:
	MOVQ a+0(FP), AX
	MOVQ GemvArgs_Cols(AX), CX
	ANDQ $(STEP/SIZE-1), CX
	JZ   end1
	LOADTAIL
	FMATAIL(0, A0, SI)
	SAVETAIL

end1:
	ADDQ DX, SI
	ADDQ $SIZE, DI
	DECQ R15
	JNZ  single
#endif

done:
	VZEROUPPER
	RET

#undef ROWS
#undef ROW
