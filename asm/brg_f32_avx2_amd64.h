// The body of a batch-reduce GEMM kernel with NR = 16 (NR16 defined) or 8 columns; brg_f32_avx2_amd64.s
// says what it computes. MR, ROWS and PTRS are defined by who includes this file.

// One row of a tile: its accumulators and the address of its next A, less the displacement.
// Three rows share a pointer: lda*0, lda*1, lda*2.
#define ROW0(op) op(Y0, Y1, (SI))
#define ROW1(op) op(Y2, Y3, (SI)(DX*1))
#define ROW2(op) op(Y4, Y5, (SI)(DX*2))
#define ROW3(op) op(Y6, Y7, (R8))
#define ROW4(op) op(Y8, Y9, (R8)(DX*1))
#define ROW5(op) op(Y10, Y11, (R8)(DX*2))

// The pointer of row 3, with the one before it.
#define PTR3(op) op(SI, R8)
#define POINT(prev, p) LEAQ (prev)(DX*2), p; ADDQ DX, p
#define ADVANCE1(prev, p) ADDQ $4, p
#define ADVANCE4(prev, p) ADDQ $16, p

// What is done to the columns of a row, and to the vectors that all rows share.
#ifdef NR16
#define LOADB(b) VMOVUPS b, Y12; VMOVUPS 32 b, Y13
#define FMA(c0, c1) VFMADD231PS Y12, Y14, c0; VFMADD231PS Y13, Y14, c1
#define ZERO(c0, c1, a) VXORPS c0, c0, c0; VXORPS c1, c1, c1
#define SCALE(c0, c1, a) VMULPS Y15, c0, c0; VMULPS Y15, c1, c1
#define ADDC(c0, c1, a) VMASKMOVPS (SI), Y12, Y14; VFMADD231PS Y14, Y15, c0; VMASKMOVPS 32(SI), Y13, Y14; VFMADD231PS Y14, Y15, c1; ADDQ R8, SI
#define LOADBIAS VMASKMOVPS (SI), Y12, Y14; VMASKMOVPS 32(SI), Y13, Y15
#define ADDBIAS(c0, c1, a) VADDPS Y14, c0, c0; VADDPS Y15, c1, c1
#define ADDBIASROW(c0, c1, a) VBROADCASTSS (SI), Y14; VADDPS Y14, c0, c0; VADDPS Y14, c1, c1; ADDQ $4, SI
#define ADDRES(c0, c1, a) VMASKMOVPS (SI), Y12, Y14; VADDPS Y14, c0, c0; VMASKMOVPS 32(SI), Y13, Y15; VADDPS Y15, c1, c1; ADDQ R8, SI
#define CLAMP(c0, c1, a) VMAXPS c0, Y14, c0; VMAXPS c1, Y14, c1; VMINPS c0, Y15, c0; VMINPS c1, Y15, c1
#define STORE(c0, c1, a) VMOVUPS c0, (SI); VMOVUPS c1, 32(SI); ADDQ R8, SI
#define STOREMASK(c0, c1, a) VMASKMOVPS c0, Y12, (SI); VMASKMOVPS c1, Y13, 32(SI); ADDQ R8, SI
#define NR 16
#else
#define LOADB(b) VMOVUPS b, Y12
#define FMA(c0, c1) VFMADD231PS Y12, Y14, c0
#define ZERO(c0, c1, a) VXORPS c0, c0, c0
#define SCALE(c0, c1, a) VMULPS Y15, c0, c0
#define ADDC(c0, c1, a) VMASKMOVPS (SI), Y12, Y14; VFMADD231PS Y14, Y15, c0; ADDQ R8, SI
#define LOADBIAS VMASKMOVPS (SI), Y12, Y14
#define ADDBIAS(c0, c1, a) VADDPS Y14, c0, c0
#define ADDBIASROW(c0, c1, a) VBROADCASTSS (SI), Y14; VADDPS Y14, c0, c0; ADDQ $4, SI
#define ADDRES(c0, c1, a) VMASKMOVPS (SI), Y12, Y14; VADDPS Y14, c0, c0; ADDQ R8, SI
#define CLAMP(c0, c1, a) VMAXPS c0, Y14, c0; VMINPS c0, Y15, c0
#define STORE(c0, c1, a) VMOVUPS c0, (SI); ADDQ R8, SI
#define STOREMASK(c0, c1, a) VMASKMOVPS c0, Y12, (SI); ADDQ R8, SI
#define NR 8
#endif

// One k of one row: c += a[k]·b[k][0:NR], for the k at a displacement of 0 to 3 floats.
#define STEP0(c0, c1, a) VBROADCASTSS 0 a, Y14; FMA(c0, c1)
#define STEP1(c0, c1, a) VBROADCASTSS 4 a, Y14; FMA(c0, c1)
#define STEP2(c0, c1, a) VBROADCASTSS 8 a, Y14; FMA(c0, c1)
#define STEP3(c0, c1, a) VBROADCASTSS 12 a, Y14; FMA(c0, c1)

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
	LEAQ (R14)(R14*2), R15

tile:
	ROWS(ZERO)
	MOVQ BrgArgs_NTap(AX), R12
	MOVQ BrgArgs_Taps(AX), DI
	TESTQ R12, R12
	JLE done

tap:
	MOVQ (DI), SI
	MOVQ 8(DI), BX
	ADDQ $16, DI
	ADDQ R13, SI                    // row 0 of A
	ADDQ BrgArgs_B(AX), BX
	PTRS(POINT)
	MOVQ BrgArgs_K(AX), CX
	SUBQ $4, CX
	JLT  rest
	PCALIGN $64

k4:
	LOADB((BX))
	ROWS(STEP0)
	LOADB((BX)(R14*1))
	ROWS(STEP1)
	LOADB((BX)(R14*2))
	ROWS(STEP2)
	LOADB((BX)(R15*1))
	ROWS(STEP3)
	LEAQ (BX)(R14*4), BX
	ADDQ $16, SI
	PTRS(ADVANCE4)
	SUBQ $4, CX
	JGE  k4

rest:
	ADDQ $4, CX
	JLE  next

k1:
	LOADB((BX))
	ROWS(STEP0)
	ADDQ R14, BX
	ADDQ $4, SI
	PTRS(ADVANCE1)
	DECQ CX
	JNZ  k1

next:
	DECQ R12
	JNZ  tap

done:
	MOVQ BrgArgs_N(AX), CX
	SHLQ $2, CX
	LEAQ brgMask<>+64(SB), SI
	SUBQ CX, SI                     // N words of ones, then zeros
	VMOVUPS (SI), Y12               // columns 0 to 7
	VMOVUPS 32(SI), Y13             // columns 8 to 15
	MOVQ BrgArgs_Flags(AX), CX
	TESTQ $const_BrgAlpha, CX
	JZ    accumulate
	VBROADCASTSS BrgArgs_Alpha(AX), Y15
	ROWS(SCALE)

accumulate:
	TESTQ $const_BrgAccumulate, CX
	JZ    bias
	VBROADCASTSS BrgArgs_Beta(AX), Y15
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
	ROWS(ADDRES)
	MOVQ  SI, BrgArgs_tileRes(AX)

clamp:
	TESTQ $const_BrgClamp, CX
	JZ    store
	VBROADCASTSS BrgArgs_Lo(AX), Y14
	VBROADCASTSS BrgArgs_Hi(AX), Y15
	ROWS(CLAMP)                     // NaN in c passes: it is the second source

store:
	MOVQ  BrgArgs_tileC(AX), SI
	MOVQ  BrgArgs_LdC(AX), R8
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

masked:
	ROWS(STOREMASK)
	JMP stored

#undef ROW0
#undef ROW1
#undef ROW2
#undef ROW3
#undef ROW4
#undef ROW5
#undef PTR3
#undef POINT
#undef ADVANCE1
#undef ADVANCE4
#undef LOADB
#undef FMA
#undef ZERO
#undef SCALE
#undef ADDC
#undef LOADBIAS
#undef ADDBIAS
#undef ADDBIASROW
#undef ADDRES
#undef CLAMP
#undef STORE
#undef STOREMASK
#undef NR
#undef STEP0
#undef STEP1
#undef STEP2
#undef STEP3
