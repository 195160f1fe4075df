// The body of a pooling kernel for one size of window; maxpoolwin_f32_<isa>_amd64.s and avgpoolwin_f32_<isa>_amd64.s say
// what it computes. Who includes this file defines
//
//	MAIN REST         how many channels a turn of either loop takes
//	EACH(op, x)       applies op to the sums of a turn, x being a tap of the first;  RESTEACH(op, x) to those of masked channels
//	WINDOW(each, first, note, check, take)   the taps of a window: each(first, A0) and so on
//	FIRST NOTE CHECK TAKE FINISH, and the same with PART at the end, for masked channels
//	CONSTANTS         what stands in registers;  MASK  makes the mask for min(R15, REST) channels
//
//	AX args (MASK may use it, and restores it)
//	SI BX DI X, rows of taps      R14 bytes between taps of a row     R13 Y      R15 channels left
//	R12 X of the pixel    R11 Y of the pixel   R8 R9 bytes between pixels of X and Y    R10 bytes between rows of taps
//	DX pixels left        CX scratch
//
// Loops: pixel > channels (MAIN a turn, then REST a turn).

#define A0 (SI)
#define A1 (SI)(R14*1)
#define A2 (SI)(R14*2)
#define B0 (BX)
#define B1 (BX)(R14*1)
#define B2 (BX)(R14*2)
#define C0 (DI)
#define C1 (DI)(R14*1)
#define C2 (DI)(R14*2)
#define ON(bytes) ADDQ $(bytes), SI; ADDQ $(bytes), BX; ADDQ $(bytes), DI; ADDQ $(bytes), R13

	MOVQ a+0(FP), AX
	CONSTANTS
	MOVQ PoolArgs_PixX(AX), R8
	MOVQ PoolArgs_PixY(AX), R9
	MOVQ PoolArgs_RowX(AX), R10
	MOVQ PoolArgs_ColX(AX), R14
	MOVQ PoolArgs_X(AX), R12
	MOVQ PoolArgs_Y(AX), R11
	MOVQ PoolArgs_Tiles(AX), DX

pixel:
	MOVQ R12, SI
	LEAQ (SI)(R10*1), BX
	LEAQ (SI)(R10*2), DI
	MOVQ R11, R13
	MOVQ PoolArgs_C(AX), R15
	SUBQ $MAIN, R15
	JLT  rest

channels:
	WINDOW(EACH, FIRST, NOTE, CHECK, TAKE)
	TESTQ $const_PoolAccumulate, PoolArgs_Flags(AX)
	JZ   finish
	EACH(CHECK, (R13))

finish:
	EACH(FINISH, (R13))
	ON(4*MAIN)
	SUBQ $MAIN, R15
	JGE  channels

rest:
	ADDQ $MAIN, R15
	JZ   next

restchannels:
	MASK
	WINDOW(RESTEACH, FIRSTPART, NOTEPART, CHECKPART, TAKEPART)
	TESTQ $const_PoolAccumulate, PoolArgs_Flags(AX)
	JZ   restfinish
	RESTEACH(CHECKPART, (R13))

restfinish:
	RESTEACH(FINISHPART, (R13))
	ON(4*REST)
	SUBQ $REST, R15
	JG   restchannels

next:
	ADDQ R8, R12
	ADDQ R9, R11
	DECQ DX
	JNZ  pixel
	VZEROUPPER
	RET

#undef A0
#undef A1
#undef A2
#undef B0
#undef B1
#undef B2
#undef C0
#undef C1
#undef C2
#undef ON
