// The body of a depthwise kernel; dw_f32_avx512_amd64.s says what it computes. Who includes this file
// defines TILE and PIXELS, and ANY or WINDOW and WEIGHTS.

	MOVQ a+0(FP), AX
	MOVQ DwArgs_ColW(AX), R13
	MOVQ DwArgs_RowX(AX), SI        // from one row of taps to the next: X
	MOVQ DwArgs_RowW(AX), BX        // and W
#ifdef ANY
	MOVQ DwArgs_PixX(AX), DX
	MOVQ DwArgs_NX(AX), DI          // from the end of a row, NX taps on
	MOVQ DwArgs_ColX(AX), R8
	IMULQ DI, R8
	SUBQ R8, SI
	IMULQ R13, DI
	SUBQ DI, BX
	MOVQ DwArgs_ColX(AX), R8
#else
	MOVQ DwArgs_ColX(AX), DX
	LEAQ (DX)(DX*8), R8             // 9
#endif
	MOVQ SI, DwArgs_stepX(AX)
	MOVQ BX, DwArgs_stepW(AX)
	LEAQ (DX)(DX*2), R9             // 3
	LEAQ (DX)(DX*4), R10            // 5
	LEAQ (R9)(DX*4), R11            // 7
	VBROADCASTSS DwArgs_Lo(AX), Z28
	VBROADCASTSS DwArgs_Hi(AX), Z29
	MOVQ DwArgs_X(AX), R12
	MOVQ R12, DwArgs_tileX(AX)
	MOVQ DwArgs_Y(AX), CX
	MOVQ CX, DwArgs_tileY(AX)
	MOVQ DwArgs_Tiles(AX), CX
	MOVQ CX, DwArgs_tilesLeft(AX)

tile:
	MOVQ DwArgs_tileX(AX), R12
	MOVQ DwArgs_W(AX), R14
	MOVQ DwArgs_C(AX), R15
	KXNORW K1, K1, K1               // all 16 channels

channels:
	CMPQ R15, $16
	JGE  whole
	MOVQ R15, CX
	MOVQ $1, BX
	SHLQ CX, BX
	DECQ BX
	KMOVW BX, K1                    // the last R15 channels

whole:
	VMOVUPS (R14), Z30
	PIXELS(BIAS)
	MOVQ R14, BX
	ADDQ DwArgs_WOff(AX), BX
	MOVQ R12, SI
	MOVQ DwArgs_NY(AX), CX
	TESTQ CX, CX
	JLE  done

row:
#ifdef ANY
	MOVQ DwArgs_NX(AX), DI
	TESTQ DI, DI
	JLE  next

tap:
	VMOVUPS (BX), Z16
	PIXELS(TAP)
	ADDQ R8, SI
	ADDQ R13, BX
	DECQ DI
	JNZ  tap

next:
#else
	WEIGHTS
	LEAQ (SI)(R8*1), DI
	WINDOW(LOAD)
#endif
	ADDQ DwArgs_stepX(AX), SI
	ADDQ DwArgs_stepW(AX), BX
	DECQ CX
	JNZ  row

done:
	PIXELS(CLAMP)
	MOVQ R12, SI                    // as far into the tile of Y as into that of X
	SUBQ DwArgs_tileX(AX), SI
	ADDQ DwArgs_tileY(AX), SI
	MOVQ DwArgs_PixY(AX), DI
	PIXELS(STORE)
	ADDQ $64, R12
	ADDQ DwArgs_LdW(AX), R14
	SUBQ $16, R15
	JG   channels

	MOVQ DwArgs_PixX(AX), SI
	IMUL3Q $TILE, SI, SI
	ADDQ SI, DwArgs_tileX(AX)
	MOVQ DwArgs_PixY(AX), DI
	IMUL3Q $TILE, DI, DI
	ADDQ DI, DwArgs_tileY(AX)
	DECQ DwArgs_tilesLeft(AX)
	JNZ  tile
	VZEROUPPER
	RET
