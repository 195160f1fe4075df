// The body of a pooling kernel that slides along a row of windows of 3 by 3 taps, a pixel apart;
// maxpoolslide_f32_<isa>_amd64.s and avgpoolslide_f32_<isa>_amd64.s say what it computes. Who includes this file defines
//
//	MAIN REST          how many channels a turn of either loop takes
//	EACH(op)           applies op to the vectors of a turn: op(a, b, bytes to the vector);  RESTEACH(op) to those of masked channels
//	OLD NEW SLIDE      reduce a column of taps to a; to b; a third one and with a and b to an output, after which a and b
//	                   are its second and third column. The same with PART at the end, for masked channels
//	CONSTANTS          what stands in registers;  MASK  makes the mask for min(R15, REST) channels
//
//	AX args (MASK may use it, and restores it)
//	SI column of taps     R8 R9 bytes to the second and third row of it     R14 bytes between columns
//	R13 Y     R10 bytes between pixels of Y     R12 X, R11 Y of the channels at hand     R15 channels left
//	DX pixels left        CX scratch
//
// Loops: channels (MAIN a turn, then REST a turn) > pixel.

	MOVQ a+0(FP), AX
	CONSTANTS
	MOVQ PoolArgs_RowX(AX), R8
	LEAQ (R8)(R8*1), R9
	MOVQ PoolArgs_ColX(AX), R14
	MOVQ PoolArgs_PixY(AX), R10
	MOVQ PoolArgs_X(AX), R12
	MOVQ PoolArgs_Y(AX), R11
	MOVQ PoolArgs_C(AX), R15
	SUBQ $MAIN, R15
	JLT  rest

channels:
	MOVQ R12, SI
	MOVQ R11, R13
	MOVQ PoolArgs_Tiles(AX), DX
	EACH(OLD)
	ADDQ R14, SI
	EACH(NEW)
	ADDQ R14, SI

pixel:
	EACH(SLIDE)
	ADDQ R14, SI
	ADDQ R10, R13
	DECQ DX
	JNZ  pixel
	ADDQ $(4*MAIN), R12
	ADDQ $(4*MAIN), R11
	SUBQ $MAIN, R15
	JGE  channels

rest:
	ADDQ $MAIN, R15
	JZ   done

restchannels:
	MASK
	MOVQ R12, SI
	MOVQ R11, R13
	MOVQ PoolArgs_Tiles(AX), DX
	RESTEACH(OLDPART)
	ADDQ R14, SI
	RESTEACH(NEWPART)
	ADDQ R14, SI

restpixel:
	RESTEACH(SLIDEPART)
	ADDQ R14, SI
	ADDQ R10, R13
	DECQ DX
	JNZ  restpixel
	ADDQ $(4*REST), R12
	ADDQ $(4*REST), R11
	SUBQ $REST, R15
	JG   restchannels

done:
	VZEROUPPER
	RET
