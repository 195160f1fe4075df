// The body of a batch-reduce GEMM kernel: brg_<dtype>_<isa>_amd64.s says what it computes and defines, with what it includes, for each
// tile, MR, NR, ROWS and PTRS (its rows and their pointers), SUMS, the rows as STEP0 to STEP3 want them, SIZEA, the bytes of A that a step
// takes, what is done to the columns of a row, MASKS (of the
// columns, from N), the registers of broadcast scalars: SCALAR, LO, HI; MASKB and LOADBMASK, which load no
// more than N columns of B; FETCHROW, which asks for a row of C; and FETCHAHEAD, which asks for the lines of a packed B that 4 steps of
// k need less those beside them, or ASKROW, which asks for the first line of a row of B, packed or not;
// and, for BrgFetchA, ASKA, which asks for four lines from DI on, if that is not 0, and moves on; and, for results in bfloat16, ADDRES16,
// STORE16 on the rows that SUMS has, and MASK16, its mask.

	MOVQ a+0(FP), AX
	MOVQ BrgArgs_C(AX), R8
	MOVQ R8, BrgArgs_tileC(AX)
	MOVQ BrgArgs_Res(AX), R8
	MOVQ R8, BrgArgs_tileRes(AX)
	MOVQ BrgArgs_Bias(AX), R8
	MOVQ R8, BrgArgs_tileBias(AX)
	MOVQ BrgArgs_Tiles(AX), R8
	MOVQ R8, BrgArgs_tilesLeft(AX)
	MOVQ BrgArgs_A(AX), R13
	ADDQ BrgArgs_AOff(AX), R13
	MOVQ BrgArgs_LdA(AX), DX
	MOVQ BrgArgs_LdB(AX), R14
	MOVQ BrgArgs_Ahead(AX), R15
	MASKB

tile:
	XORL  R12, R12
#ifdef ASKA
	XORL  DI, DI
	TESTQ $const_BrgFetchA, BrgArgs_Flags(AX)
	JZ    nexta
	IMUL3Q $MR, DX, DI
	ADDQ  R13, DI                   // A of the tile that follows

nexta:
	MOVQ  DI, BrgArgs_nextA(AX)
#endif
	TESTQ $const_BrgFetchC, BrgArgs_Flags(AX)
	JZ    zero
	MOVQ  BrgArgs_K(AX), CX
	SHRQ  $2, CX
	IMULQ BrgArgs_NTap(AX), CX
	CMPQ  CX, $MR
	JLT   few
	MOVQ  BrgArgs_tileC(AX), DI
	MOVQ  BrgArgs_LdC(AX), R12
	MOVQ  $MR, BrgArgs_fetchLeft(AX)
	JMP   zero

few:                                    // fewer turns of k4 than rows
	MOVQ  BrgArgs_tileC(AX), SI
	MOVQ  BrgArgs_LdC(AX), R8
	ROWS(FETCH)

zero:
	ROWS(ZERO)
	MOVQ BrgArgs_NTap(AX), CX
	MOVQ BrgArgs_Taps(AX), R8
	MOVQ CX, BrgArgs_tapsLeft(AX)
	TESTQ CX, CX
	JLE done

tap:
	MOVQ (R8), SI
	MOVQ 8(R8), BX
	ADDQ $16, R8
	MOVQ R8, BrgArgs_nextTap(AX)
	ADDQ R13, SI                    // row 0 of A
	ADDQ BrgArgs_B(AX), BX
	PTRS(POINT)
	MOVQ BrgArgs_K(AX), CX
	TESTQ $const_BrgMaskB, BrgArgs_Flags(AX)
	JNZ  maskb
	SUBQ $4, CX
	JLT  rest
	PCALIGN $64

k4:
	TESTQ R12, R12
#ifdef ASKA
	JZ    aska
#else
	JZ    asked
#endif
	FETCHROW
	ADDQ  R12, DI
	DECQ  BrgArgs_fetchLeft(AX)
	JNZ   asked
	XORL  R12, R12
#ifdef ASKA
	MOVQ  BrgArgs_nextA(AX), DI
	JMP   asked

aska:
	ASKA
#endif

asked:
	FETCHAHEAD
	ASKROW
	LOADB((BX))
	SUMS(STEP0)
	ADDQ R14, BX
	ASKROW
	LOADB((BX))
	SUMS(STEP1)
	ADDQ R14, BX
	ASKROW
	LOADB((BX))
	SUMS(STEP2)
	ADDQ R14, BX
	ASKROW
	LOADB((BX))
	SUMS(STEP3)
	ADDQ R14, BX
	ADDQ $(4*SIZEA), SI
	PTRS(ADVANCE4)
	SUBQ $4, CX
	JGE  k4

rest:
	ADDQ $4, CX
	JLE  next

k1:
	LOADB((BX))
	SUMS(STEP0)
	ADDQ R14, BX
	ADDQ $SIZEA, SI
	PTRS(ADVANCE1)
	DECQ CX
	JNZ  k1

next:
	MOVQ BrgArgs_nextTap(AX), R8
	DECQ BrgArgs_tapsLeft(AX)
	JNZ  tap

done:
	MASKS
	MOVQ BrgArgs_Flags(AX), CX
	TESTQ $const_BrgAlpha, CX
	JZ    accumulate
	VBROADCAST BRGALPHA, SCALAR
	ROWS(SCALE)

accumulate:
	TESTQ $const_BrgAccumulate, CX
	JZ    bias
	VBROADCAST BRGBETA, SCALAR
	MOVQ  BrgArgs_tileC(AX), SI
	MOVQ  BrgArgs_LdC(AX), R8
	ROWS(ADDC)

bias:
	TESTQ $const_BrgBias, CX
	JZ    biasrow
	MOVQ  BrgArgs_Bias(AX), SI
	LOADBIAS
	ROWS(ADDBIAS)

biasrow:
	TESTQ $const_BrgBiasRow, CX
	JZ    residual
	MOVQ  BrgArgs_tileBias(AX), SI
	ROWS(ADDBIASROW)
	MOVQ  SI, BrgArgs_tileBias(AX)

residual:
	TESTQ $const_BrgResidual, CX
	JZ    clamp
	MOVQ  BrgArgs_tileRes(AX), SI
	MOVQ  BrgArgs_LdRes(AX), R8
#ifdef STORE16
	TESTQ $const_BrgRes16, CX
	JZ    residual32
	ROWS(ADDRES16)
	MOVQ  SI, BrgArgs_tileRes(AX)
	JMP   clamp

residual32:
#endif
	ROWS(ADDRES)
	MOVQ  SI, BrgArgs_tileRes(AX)

clamp:
	TESTQ $const_BrgClamp, CX
	JZ    store
	VBROADCAST BRGLO, LO
	ROWS(CLAMPLO)                   // NaN in c passes: it is the second source
	ISINF
	JEQ   store                     // +Inf: a ReLU
	VBROADCAST BRGHI, HI
	ROWS(CLAMPHI)

store:
	MOVQ  BrgArgs_tileC(AX), SI
	MOVQ  BrgArgs_LdC(AX), R8
#ifdef STORE16
	TESTQ $const_BrgOut16, BrgArgs_Flags(AX)
	JNZ   store16
#endif
	CMPQ  BrgArgs_N(AX), $NR
	JLT   masked
	ROWS(STORE)

stored:
	MOVQ  SI, BrgArgs_tileC(AX)
	IMUL3Q $MR, DX, R8
	ADDQ  R8, R13
	DECQ  BrgArgs_tilesLeft(AX)
	JNZ   tile
	VZEROUPPER
	RET

maskb:                                  // one k a turn, the columns of B beyond N left alone
	TESTQ CX, CX
	JLE  next

k1mask:
	LOADBMASK
	SUMS(STEP0)
	ADDQ R14, BX
	ADDQ $SIZEA, SI
	PTRS(ADVANCE1)
	DECQ CX
	JNZ  k1mask
	JMP  next

masked:                                 // STORE writes whole vectors
	ROWS(STOREMASK)
	JMP stored

#ifdef STORE16
store16:
	MASK16
	SUMS(STORE16)
	JMP stored

#endif
#undef MR
#undef ROWS
#undef PTRS
