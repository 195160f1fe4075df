// The body of the gemvs kernels: gemv_<dtype>_<isa>_amd64.s says what they compute. Who includes it defines STEP, the bytes of a vector; MASK, the columns of
// the tail, from CX; CLEAR, 8 sums; LONG, 8 vectors of W at R8 and of X at BX, ONE and TAIL, one vector of each; SUM, which leaves the sum of all in X0.
//
//	SI R8 W of the row, next column    BX X, next column    DI Y of the row    DX bytes between rows    R15 rows left    CX columns left    R9 all of them

	MOVQ a+0(FP), AX
	MOVQ GemvArgs_LdW(AX), DX
	MOVQ GemvArgs_Rows(AX), R15
	MOVQ GemvArgs_W(AX), SI
	MOVQ GemvArgs_Y(AX), DI
	MOVQ GemvArgs_Cols(AX), R9
	MOVQ R9, CX
	ANDQ $(STEP/SIZE-1), CX
	MASK
	TESTQ R15, R15
	JLE  done

row:
	MOVQ SI, R8
	MOVQ GemvArgs_X(AX), BX
	MOVQ R9, CX
	CLEAR
	SUBQ $(8*STEP/SIZE), CX
	JLT  few
	PCALIGN $64

long:
	LONG
	ADDQ $(8*STEP), R8
	ADDQ $(8*STEP), BX
	SUBQ $(8*STEP/SIZE), CX
	JGE  long

few:
	ADDQ $(7*STEP/SIZE), CX
	JLT  tail

one:
	ONE
	ADDQ $STEP, R8
	ADDQ $STEP, BX
	SUBQ $(STEP/SIZE), CX
	JGE  one

tail:
	ADDQ $(STEP/SIZE), CX
	JZ   end
	TAIL

end:
	SUM
	ADDQ DX, SI
	ADDQ $SIZE, DI
	DECQ R15
	JNZ  row

done:
	VZEROUPPER
	RET
