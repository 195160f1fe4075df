// The body of a pooling kernel; maxpool_f32_<isa>_amd64.s and avgpool_f32_<isa>_amd64.s say what it
// computes. Who includes this file defines
//
//	MAIN REST    how many channels a turn of either loop takes
//	EACH RESTEACH  apply a macro to the sums of a turn: op(sum, NaN, x, x of the next tap, y)
//	START RESUME PAIR ONE FINISH and the same with PART at the end, for masked channels
//	CONSTANTS    what stands in registers;  MASK  makes the mask for min(R15, REST) channels
//	PIXELS       the tile
//
//	AX args       SI X, tap     BX X, next tap     DI taps left of the row   R8 X, row of taps
//	CX rows left  DX R9  1 and 3 pixels of X       R10 R11  1 and 3 pixels of Y
//	R12 X, R13 Y, of the channels at hand          R14 bytes between taps    R15 channels left
//
// Loops: tile > channels (MAIN a turn, then REST a turn) > row of taps > pairs of taps.

	MOVQ a+0(FP), AX
	CONSTANTS
	MOVQ PoolArgs_PixX(AX), DX
	LEAQ (DX)(DX*2), R9
	MOVQ PoolArgs_PixY(AX), R10
	LEAQ (R10)(R10*2), R11
	MOVQ PoolArgs_ColX(AX), R14
	MOVQ PoolArgs_X(AX), R12
	MOVQ R12, PoolArgs_tileX(AX)
	MOVQ PoolArgs_Y(AX), R13
	MOVQ R13, PoolArgs_tileY(AX)
	MOVQ PoolArgs_Tiles(AX), CX
	MOVQ CX, PoolArgs_tilesLeft(AX)

tile:
	MOVQ PoolArgs_tileX(AX), R12
	MOVQ PoolArgs_tileY(AX), R13
	MOVQ PoolArgs_C(AX), R15
	SUBQ $MAIN, R15
	JLT  rest

channels:
	EACH(START)
	TESTQ $const_PoolAccumulate, PoolArgs_Flags(AX)
	JZ    fresh
	EACH(RESUME)

fresh:
	MOVQ R12, R8
	MOVQ PoolArgs_NY(AX), CX
	TESTQ CX, CX
	JLE  done

row:
	MOVQ R8, SI
	MOVQ PoolArgs_NX(AX), DI
	SUBQ $2, DI
	JLT  odd

pair:
	LEAQ (SI)(R14*1), BX
	EACH(PAIR)
	LEAQ (SI)(R14*2), SI
	SUBQ $2, DI
	JGE  pair

odd:
	INCQ DI
	JLT  next
	EACH(ONE)

next:
	ADDQ PoolArgs_RowX(AX), R8
	DECQ CX
	JNZ  row

done:
	EACH(FINISH)
	ADDQ $(4*MAIN), R12
	ADDQ $(4*MAIN), R13
	SUBQ $MAIN, R15
	JGE  channels

rest:
	ADDQ $MAIN, R15
	JZ   tileend

restchannels:
	MASK
	RESTEACH(START)
	TESTQ $const_PoolAccumulate, PoolArgs_Flags(AX)
	JZ    restfresh
	RESTEACH(RESUMEPART)

restfresh:
	MOVQ R12, R8
	MOVQ PoolArgs_NY(AX), CX
	TESTQ CX, CX
	JLE  restdone

restrow:
	MOVQ R8, SI
	MOVQ PoolArgs_NX(AX), DI
	SUBQ $2, DI
	JLT  restodd

restpair:
	LEAQ (SI)(R14*1), BX
	RESTEACH(PAIRPART)
	LEAQ (SI)(R14*2), SI
	SUBQ $2, DI
	JGE  restpair

restodd:
	INCQ DI
	JLT  restnext
	RESTEACH(ONEPART)

restnext:
	ADDQ PoolArgs_RowX(AX), R8
	DECQ CX
	JNZ  restrow

restdone:
	RESTEACH(FINISHPART)
	ADDQ $(4*REST), R12
	ADDQ $(4*REST), R13
	SUBQ $REST, R15
	JG   restchannels

tileend:
	MOVQ DX, SI
	IMUL3Q $PIXELS, SI, SI
	ADDQ SI, PoolArgs_tileX(AX)
	MOVQ R10, DI
	IMUL3Q $PIXELS, DI, DI
	ADDQ DI, PoolArgs_tileY(AX)
	DECQ PoolArgs_tilesLeft(AX)
	JNZ  tile
	VZEROUPPER
	RET
