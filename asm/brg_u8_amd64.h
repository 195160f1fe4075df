// The body of a batch-reduce GEMM kernel on bytes: brg_u8_<isa>_amd64.s says what it computes and defines, for each tile, MR, ROWS and
// PTRS (its rows and their pointers), and for all of them NRB, the bytes of a step of B; PREPARE, masks from N and K; LOADBIAS and INIT;
// LOADFLIP, which keeps what A is turned over with; TURN0 to TURN3, steps of k that lie so many behind BX and the pointers; FLIP0 to FLIP3, the same
// with A turned over; STEPREST, a step of 1 to 3 bytes of k, of which CX has the number; BEGINSTORE and ENDSTORE, before and after rows go to DI,
// R8 apart; LOADSCALE; SCALE, to float32; WORDS, to integers of 16 bits; LIMITS, registers of the zero point and the limits; STOREU8,
// which needs no limit above but 255, and STORE8; STORE32.

	MOVQ a+0(FP), AX
	MOVQ BrgU8Args_C(AX), DI
	MOVQ BrgU8Args_Tiles(AX), R12
	MOVQ BrgU8Args_A(AX), R13
	ADDQ BrgU8Args_AOff(AX), R13
	MOVQ BrgU8Args_LdA(AX), DX
	PREPARE

tile:
	MOVQ  BrgU8Args_Bias(AX), R8
	LOADBIAS
	ROWS(INIT)
	XORL  CX, CX
	TESTQ $const_BrgU8SignedA, BrgU8Args_Flags(AX)
	JZ    flip
	MOVL  $0x80808080, CX

flip:
	LOADFLIP(CX)
	CMPQ  BrgU8Args_K(AX), $0
	JEQ   done
	MOVQ  BrgU8Args_NTap(AX), R15
	TESTQ R15, R15
	JLE   done
	MOVQ  BrgU8Args_Taps(AX), R14

tap:
	MOVQ (R14), SI
	MOVQ 8(R14), BX
	ADDQ $16, R14
	ADDQ R13, SI                    // row 0 of A
	ADDQ BrgU8Args_B(AX), BX
	PTRS(POINT)
	MOVQ BrgU8Args_K(AX), CX
	SUBQ $16, CX
	JLT  rest
	TESTQ $const_BrgU8SignedA, BrgU8Args_Flags(AX)
	JNZ  signed
	PCALIGN $64

k16:
	TURN0
	TURN1
	TURN2
	TURN3
	ADDQ $(4*NRB), BX
	ADDQ $16, SI
	PTRS(ADVANCE4)
	SUBQ $16, CX
	JGE  k16

rest:
	ADDQ $12, CX
	JLT  last

k4:
	FLIP0
	ADDQ $NRB, BX
	ADDQ $4, SI
	PTRS(ADVANCE1)
	SUBQ $4, CX
	JGE  k4

last:
	ADDQ $4, CX
	JLE  next
	STEPREST

next:
	DECQ R15
	JNZ  tap

done:
	MOVQ BrgU8Args_LdC(AX), R8
	BEGINSTORE
	MOVQ BrgU8Args_Scale(AX), R9
	MOVQ BrgU8Args_Out(AX), CX
	CMPQ CX, $const_BrgU8OutS32
	JEQ  store32
	LOADSCALE
	CMPQ CX, $const_BrgU8OutF32
	JEQ  scale
	ROWS(WORDS)
	LIMITS
	CMPQ CX, $const_BrgU8OutU8
	JNE  store8
	CMPL BrgU8Args_Hi(AX), $255
	JNE  store8
	ROWS(STOREU8)

stored:
	ENDSTORE
	IMUL3Q $MR, DX, R8
	ADDQ   R8, R13
	DECQ   R12
	JNZ    tile
	VZEROUPPER
	RET

signed:
	FLIP0
	FLIP1
	FLIP2
	FLIP3
	ADDQ $(4*NRB), BX
	ADDQ $16, SI
	PTRS(ADVANCE4)
	SUBQ $16, CX
	JGE  signed
	JMP  rest

store8:
	ROWS(STORE8)
	JMP stored

scale:
	ROWS(SCALE)

store32:
	ROWS(STORE32)
	JMP stored

#undef MR
#undef ROWS
#undef PTRS
