// The body of the pack kernels. Who includes it defines STEP, the bytes of a row of a panel, COPY and
// COPYMASK, which copy one from (SI) to (DI), and FETCH, which asks for one at (SI)(R13*1); and has
// prepared the masks.

	MOVQ PackArgs_Src(AX), R8
	MOVQ PackArgs_Dst(AX), R9
	MOVQ PackArgs_LdSrc(AX), DX
	MOVQ PackArgs_Panel(AX), BX
	MOVQ PackArgs_K(AX), R10
	MOVQ PackArgs_Panels(AX), R11
	LEAQ (DX*8), R13                // rows ahead that are asked for
	TESTQ R11, R11
	JLE  done
	TESTQ R10, R10
	JLE  done
	CMPQ PackArgs_N(AX), $(STEP/SIZE)
	JLT  narrow

row:
	MOVQ R8, SI
	MOVQ R9, DI
	MOVQ R11, CX

panel:
	FETCH
	COPY
	ADDQ $STEP, SI
	ADDQ BX, DI
	DECQ CX
	JNZ  panel
	ADDQ DX, R8
	ADDQ $STEP, R9
	DECQ R10
	JNZ  row
	JMP  done

narrow:
	MOVQ R8, SI
	MOVQ R9, DI
	FETCH
	COPYMASK
	ADDQ DX, R8
	ADDQ $STEP, R9
	DECQ R10
	JNZ  narrow

done:
	VZEROUPPER
	RET
