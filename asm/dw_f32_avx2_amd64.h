// The body of a depthwise kernel; dw_f32_avx2_amd64.s says what it computes. Who includes this file
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

channels:
	VMOVUPS (R14), Y13
	PIXELS(BIAS)
	MOVQ R14, BX
	ADDQ DwArgs_WOff(AX), BX
	MOVQ R12, SI
	MOVQ DwArgs_NY(AX), CX
	CMPQ R15, $8
	JLT  part
	TESTQ CX, CX
	JLE  done

row:
#ifdef ANY
	MOVQ DwArgs_NX(AX), DI
	TESTQ DI, DI
	JLE  next

tap:
	VMOVUPS (BX), Y8
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
	VBROADCASTSS DwArgs_Lo(AX), Y13
	VBROADCASTSS DwArgs_Hi(AX), Y14
	PIXELS(CLAMP)
	MOVQ R12, SI                    // as far into the tile of Y as into that of X
	SUBQ DwArgs_tileX(AX), SI
	ADDQ DwArgs_tileY(AX), SI
	MOVQ DwArgs_PixY(AX), DI
	PIXELS(STORE)
	ADDQ $32, R12
	ADDQ DwArgs_LdW(AX), R14
	SUBQ $8, R15
	JG   channels
	JMP  tileend

part:
	LEAQ ·laneMask+32(SB), DI       // the last R15 channels, 1 to 7
	SHLQ $2, R15
	SUBQ R15, DI
	VMOVUPS (DI), Y15
	TESTQ CX, CX
	JLE  partdone

partrow:
#ifdef ANY
	MOVQ DwArgs_NX(AX), DI
	TESTQ DI, DI
	JLE  partnext

parttap:
	VMOVUPS (BX), Y8
	PIXELS(TAPPART)
	ADDQ R8, SI
	ADDQ R13, BX
	DECQ DI
	JNZ  parttap

partnext:
#else
	WEIGHTS
	LEAQ (SI)(R8*1), DI
	WINDOW(LOADPART)
#endif
	ADDQ DwArgs_stepX(AX), SI
	ADDQ DwArgs_stepW(AX), BX
	DECQ CX
	JNZ  partrow

partdone:
	VBROADCASTSS DwArgs_Lo(AX), Y13
	VBROADCASTSS DwArgs_Hi(AX), Y14
	PIXELS(CLAMP)
	MOVQ R12, SI                    // as far into the tile of Y as into that of X
	SUBQ DwArgs_tileX(AX), SI
	ADDQ DwArgs_tileY(AX), SI
	MOVQ DwArgs_PixY(AX), DI
	PIXELS(STOREPART)

tileend:
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
