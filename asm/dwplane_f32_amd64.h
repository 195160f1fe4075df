// The body of a depthwise kernel for planes; dwplane_f32_<isa>_amd64.s says what it computes and defines LANES, STRIDE, ROWS (4 times
// the stride) and COLUMNS (those of X that a tile reads); CONSTANTS; WEIGHTS, the bias and taps at R9; TILE, the sums of a tile inside
// of X and Y, STORE, WEIGHTBYTES of a plane, and INSIDE, what has to be done before; MASKS, for a tile at the column in R12 with R13 pixels; and, if such a
// tile has a code of its own, EDGE and STOREEDGE.

	MOVQ a+0(FP), AX
	MOVQ DwPlaneArgs_RowX(AX), DX
	MOVQ DwPlaneArgs_RowY(AX), R10
	LEAQ (R10)(R10*2), R11
	CONSTANTS
	MOVQ DwPlaneArgs_Planes(AX), R15
	MOVQ DwPlaneArgs_X(AX), SI
	MOVQ DwPlaneArgs_Top(AX), CX
	IMULQ DX, CX
	SUBQ CX, SI
	MOVQ DwPlaneArgs_Left(AX), CX
	SHLQ $2, CX
	SUBQ CX, SI                     // where the first tap of the first output is or would be
	MOVQ DwPlaneArgs_Y(AX), DI
	MOVQ DwPlaneArgs_W(AX), R9

plane:
	MOVQ SI, DwPlaneArgs_planeX(AX)
	MOVQ DI, DwPlaneArgs_planeY(AX)
	MOVQ R9, DwPlaneArgs_planeW(AX)
	WEIGHTS
	MOVQ DwPlaneArgs_Rows(AX), R14
	MOVQ DwPlaneArgs_Top(AX), CX
	MOVQ CX, DwPlaneArgs_above(AX)

rows:
	MOVQ SI, DwPlaneArgs_rowX(AX)
	MOVQ DI, DwPlaneArgs_rowY(AX)

	// Of the rows of X from the tile's first tap on, the first above of them are missing, and those from InRows+above on.
	MOVQ $63, R8
	MOVQ DwPlaneArgs_above(AX), CX
	MOVQ DwPlaneArgs_InRows(AX), R9
	ADDQ CX, R9
	XORL R12, R12
	TESTQ R9, R9
	CMOVQLT R12, R9
	TESTQ CX, CX
	CMOVQLT R12, CX
	CMPQ CX, R8
	CMOVQGT R8, CX
	MOVQ $-1, BX
	SHLQ CX, BX
	MOVQ R9, CX
	CMPQ CX, R8
	CMOVQGT R8, CX
	MOVQ $1, R12
	SHLQ CX, R12
	DECQ R12
	ANDQ R12, BX

	MOVQ DwPlaneArgs_Left(AX), R12
	NEGQ R12
	MOVQ DwPlaneArgs_Cols(AX), R13

pixels:
	LEAQ (SI)(DX*2), R8
	ADDQ DX, R8
	LEAQ (R8)(DX*2), R9
	ADDQ DX, R9
	PREFETCHT0 4096(SI)
	PREFETCHT0 4096(SI)(DX*1)
	PREFETCHT0 4096(SI)(DX*2)
	PREFETCHT0 4096(R8)
	PREFETCHW_DI_2048
	PREFETCHW_DI_R10_2048
	PREFETCHW_DI_R10X2_2048
	PREFETCHW_DI_R11_2048
	TESTQ R12, R12
	JLT  masks
	LEAQ COLUMNS(R12), CX
	CMPQ CX, DwPlaneArgs_InCols(AX)
	JGT  masks
	CMPQ R13, $LANES
	JLT  masks
	INSIDE

tile:
	TILE
	STORE(stored)

stored:
	ADDQ $(4*LANES*STRIDE), SI
	ADDQ $(4*LANES), DI
	ADDQ $(LANES*STRIDE), R12
	SUBQ $LANES, R13
	JG   pixels

	MOVQ DwPlaneArgs_rowX(AX), SI
	IMUL3Q $ROWS, DX, CX
	ADDQ CX, SI
	MOVQ DwPlaneArgs_rowY(AX), DI
	LEAQ (DI)(R10*4), DI
	SUBQ $ROWS, DwPlaneArgs_above(AX)
	SUBQ $4, R14
	JG   rows

	MOVQ DwPlaneArgs_planeX(AX), SI
	ADDQ DwPlaneArgs_PlaneX(AX), SI
	MOVQ DwPlaneArgs_planeY(AX), DI
	ADDQ DwPlaneArgs_PlaneY(AX), DI
	MOVQ DwPlaneArgs_planeW(AX), R9
	ADDQ $WEIGHTBYTES, R9
	DECQ R15
	JNZ  plane
	VZEROUPPER
	RET

masks:
	MASKS
#ifdef EDGE
	EDGE
	STOREEDGE(stored)
	JMP stored
#else
	JMP tile
#endif
