// The body of a pooling kernel on bytes: pool_u8_<isa>_amd64.s says what it computes and the registers, and defines BLOCK, the channels of a block; MASK, of
// R11 channels; TAPS (pool_u8_taps_amd64.h); BEGIN and END, before and after the taps; TAP, of a whole block of u8, and TAPFLIP, of any; STORE and STOREFLIP.

pixel:
	MOVQ PoolU8Args_C(AX), R11
	MOVQ R8, SI
	MOVQ R9, DI

block:
	CMPQ R11, $BLOCK
	JLT  flip
	CMPW PoolU8Args_FlipX(AX), $0   // FlipY lies beside it
	JNE  flip
	BEGIN
	TAPS(TAP, row, three, rest, one, nextrow)
	END
	STORE

next:
	ADDQ $BLOCK, SI
	ADDQ $BLOCK, DI
	SUBQ $BLOCK, R11
	JG   block
	ADDQ PoolU8Args_PixX(AX), R8
	ADDQ PoolU8Args_PixY(AX), R9
	DECQ R10
	JNZ  pixel
	VZEROUPPER
	RET

flip:
	MASK
	BEGIN
	TAPS(TAPFLIP, fliprow, flipthree, fliprest, flipone, flipnextrow)
	END
	STOREFLIP
	JMP  next

#undef TAP
#undef TAPFLIP
#undef BEGIN
#undef END
