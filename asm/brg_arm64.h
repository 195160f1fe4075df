// The body of a batch-reduce GEMM kernel: brg_<dtype>_neon_arm64.s says what it computes and defines, with what it includes, for each tile, MR, NR (in words), ROWS
// and PTRS (its rows and their pointers), what is done to the columns of a row, and STEP, the steps of k in a turn of
// the main loop, with their macro STEPS.

	MOVD a+0(FP), R0
	MOVD BrgArgs_C(R0), R20
	MOVD BrgArgs_Res(R0), R21
	MOVD BrgArgs_Bias(R0), R23
	MOVD BrgArgs_Tiles(R0), R24
	MOVD BrgArgs_B(R0), R25
	MOVD BrgArgs_A(R0), R7
	MOVD BrgArgs_AOff(R0), R8
	ADD  R8, R7
	MOVD BrgArgs_LdA(R0), R3
	MOVD BrgArgs_LdB(R0), R4
	MOVD BrgArgs_N(R0), R22
	WORDS(R22)
	MOVD BrgArgs_Flags(R0), R19
	MOVD BrgArgs_LdC(R0), R26

tile:
	TBZ  $6, R19, zero              // BrgFetchC
	MOVD R20, R8
	ROWS(FETCH)

zero:
	ROWS(ZERO)
	MOVD BrgArgs_NTap(R0), R6
	MOVD BrgArgs_Taps(R0), R5
	CMP  $0, R6
	BLE  done

tap:
	LDP.P 16(R5), (R8, R1)
	ADD  R7, R8                     // row 0 of A
	ADD  R25, R1
	PTRS(POINT)
	MOVD BrgArgs_K(R0), R2
	TBNZ $7, R19, maskb             // BrgMaskB
	SUBS $STEP, R2
	BLT  rest
	PCALIGN $32

steps:
	STEPS
	SUBS $STEP, R2
	BGE  steps

rest:
	ADDS $STEP, R2
	BLE  next

k1:
	LOADB
	ROWS(LOADA1)
	ROWS(STEP0)
	SUBS $1, R2
	BGT  k1

next:
	SUBS $1, R6
	BGT  tap

done:
	TBZ  $0, R19, accumulate        // BrgAlpha
	FMOV BRGALPHA(R0), F31
	ROWS(SCALE)

accumulate:
	TBZ  $1, R19, bias              // BrgAccumulate
	MOVD R20, R8
	MOVD R26, R9
	CMP  $NR, R22
	BLT  somec

allc:
	FMOV BRGBETA(R0), F31
	ROWS(ADDC)

bias:
	TBZ  $2, R19, biasrow           // BrgBias
	MOVD BrgArgs_Bias(R0), R8
	CMP  $NR, R22
	BLT  somebias

allbias:
	LOADBIAS
	ROWS(ADDBIAS)

biasrow:
	TBZ  $3, R19, residual          // BrgBiasRow
	ROWS(ADDBIASROW)

residual:
	TBZ  $4, R19, clamp             // BrgResidual
	MOVD R21, R8
	MOVD BrgArgs_LdRes(R0), R9
	MOVD $MR, R16
	MADD R16, R21, R9, R21          // of the next tile
	CMP  $NR, R22
	BLT  someres

allres:
	ROWS(ADDRES)

clamp:
	TBZ  $5, R19, store             // BrgClamp
	ADD  $BRGLO, R0, R8
	LD1R(8, 30)
	ADD  $BRGHI, R0, R8
	LD1R(8, 31)
	ROWS(CLAMP)                     // FMAX and FMIN pass a NaN on

store:
	MOVD R20, R8
	MOVD R26, R9
	CMP  $NR, R22
	BLT  some
	ROWS(STORE)
	MOVD R8, R20

stored:
	MOVD $MR, R16
	MADD R16, R7, R3, R7
	SUBS $1, R24
	BGT  tile
	RET

// One k a turn, through a copy of the N columns of B; what lies beyond them there is summed and not stored.
maskb:
	CMP  $0, R2
	BLE  next

k1mask:
	MOVD R1, R15
	MOVD $buf-BUF(SP), R16
	COPYROW(R15, R16)
	MOVD R1, R15
	MOVD $buf-BUF(SP), R1
	LOADB
	ADD  R4, R15, R1
	ROWS(LOADA1)
	ROWS(STEP0)
	SUBS $1, R2
	BGT  k1mask
	B    next

// Tiles of fewer columns go through a copy on the stack: rows of C and of Res and the bias are copied there
// before they are added, and the tile is stored there first.
somec:
	COPYIN(MR, crow)
	B allc

somebias:
	COPYIN(1, bias1)
	B allbias

someres:
	COPYIN(MR, resrow)
	B allres

some:
	MOVD $buf-BUF(SP), R8
	MOVD $(4*NR), R9
	ROWS(STORE)
	MOVD $buf-BUF(SP), R8
	MOVD $MR, R11

row:
	MOVD R8, R12
	MOVD R20, R13
	COPYROW(R12, R13)
	ADD  $(4*NR), R8
	ADD  R26, R20
	SUBS $1, R11
	BGT  row
	B    stored

#undef MR
#undef ROWS
#undef PTRS
