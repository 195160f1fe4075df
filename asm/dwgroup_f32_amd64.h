// The body of a grouped kernel; dwgroup_f32_<isa>_amd64.s says what it computes and defines VECTOR (its bytes) and BIASES (the register
// that is loaded with them); SETUP; LOADINDEX from (DI) and NEXTINDEX, the next channel; BOUNDS, what CLAMP and STORE need; LOAD and TAP, and
// the same for blocks that do not fill a vector. Who includes this file defines TILE and PIXELS, and ANY or WINDOW.

// The sums of a block.
#ifdef ANY
#define SUMS(row, channel, tap, next, op, load) \
row: \
	MOVQ DwArgs_Index(AX), DI; \
	LOADINDEX; \
	MOVQ DwArgs_K(AX), R15; \
channel: \
	MOVQ DwArgs_NX(AX), DI; \
	TESTQ DI, DI; \
	JLE  next; \
tap: \
	VMOVUPS (BX), W0; \
	PIXELS(op); \
	ADDQ R8, SI; \
	ADDQ R13, BX; \
	DECQ DI; \
	JNZ  tap; \
next: \
	SUBQ DwArgs_stepX(AX), SI; \
	SUBQ DwArgs_stepW(AX), BX; \
	NEXTINDEX; \
	DECQ R15; \
	JNZ  channel; \
	ADDQ DwArgs_RowX(AX), SI; \
	ADDQ DwArgs_rowW(AX), BX; \
	DECQ CX; \
	JNZ  row
#else
#define SUMS(row, channel, tap, next, op, load) \
row: \
	MOVQ DwArgs_Index(AX), DI; \
	LOADINDEX; \
	MOVQ DwArgs_K(AX), R15; \
channel: \
	WEIGHTS3; \
	LEAQ (SI)(R8*1), DI; \
	WINDOW(load); \
	ADDQ $VECTOR, BX; \
	NEXTINDEX; \
	DECQ R15; \
	JNZ  channel; \
	ADDQ DwArgs_RowX(AX), SI; \
	ADDQ DwArgs_rowW(AX), BX; \
	DECQ CX; \
	JNZ  row
#endif

	MOVQ a+0(FP), AX
	SETUP
	MOVQ DwArgs_ColW(AX), R13
	MOVQ DwArgs_K(AX), CX           // from the end of a row of taps, K channels on, to the next one
	IMUL3Q $VECTOR, CX, CX
	MOVQ DwArgs_RowW(AX), BX
	SUBQ CX, BX
	MOVQ BX, DwArgs_rowW(AX)
#ifdef ANY
	MOVQ DwArgs_PixX(AX), DX
	MOVQ DwArgs_ColX(AX), R8
	MOVQ DwArgs_NX(AX), CX          // from the end of a channel, NX taps on, to the next one
	MOVQ R8, BX
	IMULQ CX, BX
	MOVQ BX, DwArgs_stepX(AX)
	IMULQ R13, CX
	SUBQ $VECTOR, CX
	MOVQ CX, DwArgs_stepW(AX)
#else
	MOVQ DwArgs_ColX(AX), DX
	LEAQ (DX)(DX*8), R8             // 9
#endif
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
	MOVQ DwArgs_tileY(AX), CX
	MOVQ CX, DwArgs_blockY(AX)
	MOVQ DwArgs_W(AX), R14
	MOVQ DwArgs_C(AX), CX
	MOVQ CX, DwArgs_channels(AX)

block:
	VMOVUPS (R14), BIASES
	PIXELS(BIAS)
	MOVQ R14, BX
	ADDQ DwArgs_WOff(AX), BX
	MOVQ R12, SI
	MOVQ DwArgs_NY(AX), CX
	TESTQ CX, CX
	JLE  done

	CMPQ DwArgs_In(AX), $(VECTOR/4)
	JNE  part
	SUMS(row, channel, tap, next, TAP, LOAD)
	JMP  done

part:
	SUMS(partrow, partchannel, parttap, partnext, TAPPART, LOADPART)

done:
	BOUNDS
	PIXELS(CLAMP)
	MOVQ DwArgs_blockY(AX), SI
	MOVQ DwArgs_PixY(AX), DI
	PIXELS(STORE)
	MOVQ DwArgs_In(AX), CX
	LEAQ (R12)(CX*4), R12
	MOVQ DwArgs_Out(AX), CX
	SUBQ CX, DwArgs_channels(AX)
	LEAQ (CX*4), CX
	ADDQ CX, DwArgs_blockY(AX)
	ADDQ DwArgs_LdW(AX), R14
	CMPQ DwArgs_channels(AX), $0
	JGT  block

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

#undef SUMS
