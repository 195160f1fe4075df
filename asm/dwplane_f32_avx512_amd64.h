// The body of a depthwise kernel for planes; dwplane_f32_avx512_amd64.s says what it computes. Who includes this file defines
// STRIDE; ROWS, 4 times the stride; COLUMNS, those of X that a tile reads; MASKX, which sets K1 to K3 for the column in R12; and TILE, the sums.

	MOVQ a+0(FP), AX
	MOVQ DwPlaneArgs_RowX(AX), DX
	MOVQ DwPlaneArgs_RowY(AX), R10
	LEAQ (R10)(R10*2), R11
	VBROADCASTSS DwPlaneArgs_Lo(AX), Z30
	VBROADCASTSS DwPlaneArgs_Hi(AX), Z31
	VPBROADCASTD DwPlaneArgs_InCols(AX), Z27
	VMOVDQU32 dwplaneLanes<>(SB), Z26
	VPADDD Z26, Z26, Z24            // 0, 2 ... 30
	MOVL $1, CX
	VPBROADCASTD CX, Z25
	VPADDD Z24, Z25, Z25            // 1, 3 ... 31
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
	VBROADCASTSS (R9), Z13
	VBROADCASTSS 4(R9), Z4
	VBROADCASTSS 8(R9), Z5
	VBROADCASTSS 12(R9), Z6
	VBROADCASTSS 16(R9), Z7
	VBROADCASTSS 20(R9), Z8
	VBROADCASTSS 24(R9), Z9
	VBROADCASTSS 28(R9), Z10
	VBROADCASTSS 32(R9), Z11
	VBROADCASTSS 36(R9), Z12
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
	TESTQ R12, R12
	JLT  masks
	LEAQ COLUMNS(R12), CX
	CMPQ CX, DwPlaneArgs_InCols(AX)
	JGT  masks
	CMPQ R13, $16
	JLT  masks
	KXNORW K1, K1, K1
	KXNORW K2, K2, K2
	KXNORW K3, K3, K3
	KXNORW K4, K4, K4

tile:
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
	VMOVAPS Z13, Z0
	VMOVAPS Z13, Z1
	VMOVAPS Z13, Z2
	VMOVAPS Z13, Z3
	TILE
	VMAXPS Z0, Z30, Z0              // a NaN sum passes: it is the second source
	VMINPS Z0, Z31, Z0
	VMOVUPS Z0, K4, (DI)
	CMPQ R14, $2
	JLT  stored
	VMAXPS Z1, Z30, Z1
	VMINPS Z1, Z31, Z1
	VMOVUPS Z1, K4, (DI)(R10*1)
	JEQ  stored
	VMAXPS Z2, Z30, Z2
	VMINPS Z2, Z31, Z2
	VMOVUPS Z2, K4, (DI)(R10*2)
	CMPQ R14, $4
	JLT  stored
	VMAXPS Z3, Z30, Z3
	VMINPS Z3, Z31, Z3
	VMOVUPS Z3, K4, (DI)(R11*1)

stored:
	ADDQ $(64*STRIDE), SI
	ADDQ $64, DI
	ADDQ $(16*STRIDE), R12
	SUBQ $16, R13
	JG   pixels

	MOVQ DwPlaneArgs_rowX(AX), SI
	LEAQ (SI)(DX*ROWS), SI
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
	ADDQ $40, R9
	DECQ R15
	JNZ  plane
	VZEROUPPER
	RET

masks:
	VPBROADCASTD R13, Z16
	VPCMPUD $1, Z16, Z26, K4        // fewer lanes before than pixels left
	MASKX
	JMP tile
