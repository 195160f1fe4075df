// The body of a batch-reduce GEMM kernel with NR = 32 (NR32 defined) or 16 columns; brg_f32_avx512_amd64.s
// says what it computes. MR, ROWS and PTRS are defined by who includes this file.

// One row of a tile: its accumulators and the address of its next A, less the displacement.
// Three rows share a pointer: lda*0, lda*1, lda*2.
#define ROW0(op) op(Z0, Z1, (SI))
#define ROW1(op) op(Z2, Z3, (SI)(DX*1))
#define ROW2(op) op(Z4, Z5, (SI)(DX*2))
#define ROW3(op) op(Z6, Z7, (R8))
#define ROW4(op) op(Z8, Z9, (R8)(DX*1))
#define ROW5(op) op(Z10, Z11, (R8)(DX*2))
#define ROW6(op) op(Z12, Z13, (R9))
#define ROW7(op) op(Z14, Z15, (R9)(DX*1))
#define ROW8(op) op(Z16, Z17, (R9)(DX*2))
#define ROW9(op) op(Z18, Z19, (R10))
#define ROW10(op) op(Z20, Z21, (R10)(DX*1))
#define ROW11(op) op(Z22, Z23, (R10)(DX*2))
#define ROW12(op) op(Z24, Z25, (R11))
#define ROW13(op) op(Z26, Z27, (R11)(DX*1))

// The pointers of rows 0 3 6 9 12, each with the one before it.
#define PTR3(op) op(SI, R8)
#define PTR6(op) op(R8, R9)
#define PTR9(op) op(R9, R10)
#define PTR12(op) op(R10, R11)
#define POINT(prev, p) LEAQ (prev)(DX*2), p; ADDQ DX, p
#define ADVANCE1(prev, p) ADDQ $4, p
#define ADVANCE4(prev, p) ADDQ $16, p

// What is done to the columns of a row, and to the vectors that all rows share.
#ifdef NR32
#define LOADB(b) VMOVUPS b, Z28; VMOVUPS 64 b, Z29
#define FMA(c0, c1) VFMADD231PS Z28, Z30, c0; VFMADD231PS Z29, Z30, c1
#define ZERO(c0, c1, a) VPXORD c0, c0, c0; VPXORD c1, c1, c1
#define SCALE(c0, c1, a) VMULPS Z30, c0, c0; VMULPS Z30, c1, c1
#define ADDC(c0, c1, a) VFMADD231PS (SI), Z30, K1, c0; VFMADD231PS 64(SI), Z30, K2, c1; ADDQ R8, SI
#define LOADBIAS VMOVUPS.Z (SI), K1, Z28; VMOVUPS.Z 64(SI), K2, Z29
#define ADDBIAS(c0, c1, a) VADDPS Z28, c0, c0; VADDPS Z29, c1, c1
#define ADDBIASROW(c0, c1, a) VBROADCASTSS (SI), Z30; VADDPS Z30, c0, c0; VADDPS Z30, c1, c1; ADDQ $4, SI
#define ADDRES(c0, c1, a) VADDPS (SI), c0, K1, c0; VADDPS 64(SI), c1, K2, c1; ADDQ R8, SI
#define CLAMP(c0, c1, a) VMAXPS c0, Z30, c0; VMAXPS c1, Z30, c1; VMINPS c0, Z31, c0; VMINPS c1, Z31, c1
#define STORE(c0, c1, a) VMOVUPS c0, K1, (SI); VMOVUPS c1, K2, 64(SI); ADDQ R8, SI
#else
#define LOADB(b) VMOVUPS b, Z28
#define FMA(c0, c1) VFMADD231PS Z28, Z30, c0
#define ZERO(c0, c1, a) VPXORD c0, c0, c0
#define SCALE(c0, c1, a) VMULPS Z30, c0, c0
#define ADDC(c0, c1, a) VFMADD231PS (SI), Z30, K1, c0; ADDQ R8, SI
#define LOADBIAS VMOVUPS.Z (SI), K1, Z28
#define ADDBIAS(c0, c1, a) VADDPS Z28, c0, c0
#define ADDBIASROW(c0, c1, a) VADDPS.BCST (SI), c0, c0; ADDQ $4, SI
#define ADDRES(c0, c1, a) VADDPS (SI), c0, K1, c0; ADDQ R8, SI
#define CLAMP(c0, c1, a) VMAXPS c0, Z30, c0; VMINPS c0, Z31, c0
#define STORE(c0, c1, a) VMOVUPS c0, K1, (SI); ADDQ R8, SI
#endif

// One k of one row: c += a[k]·b[k][0:NR], for the k at a displacement of 0 to 3 floats.
#define STEP0(c0, c1, a) VBROADCASTSS 0 a, Z30; FMA(c0, c1)
#define STEP1(c0, c1, a) VBROADCASTSS 4 a, Z30; FMA(c0, c1)
#define STEP2(c0, c1, a) VBROADCASTSS 8 a, Z30; FMA(c0, c1)
#define STEP3(c0, c1, a) VBROADCASTSS 12 a, Z30; FMA(c0, c1)

	MOVQ a+0(FP), AX
	MOVQ BrgArgs_N(AX), CX
	MOVQ $1, BX
	SHLQ CX, BX
	DECQ BX
	KMOVW BX, K1                    // columns 0 to 15
	SHRQ $16, BX
	KMOVW BX, K2                    // columns 16 to 31
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
	MOVQ BrgArgs_Flags(AX), CX
	TESTQ $const_BrgAlpha, CX
	JZ    accumulate
	VBROADCASTSS BrgArgs_Alpha(AX), Z30
	ROWS(SCALE)

accumulate:
	TESTQ $const_BrgAccumulate, CX
	JZ    bias
	VBROADCASTSS BrgArgs_Beta(AX), Z30
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
	VBROADCASTSS BrgArgs_Lo(AX), Z30
	VBROADCASTSS BrgArgs_Hi(AX), Z31
	ROWS(CLAMP)                     // NaN in c passes: it is the second source

store:
	MOVQ  BrgArgs_tileC(AX), SI
	MOVQ  BrgArgs_LdC(AX), R8
	ROWS(STORE)
	MOVQ  SI, BrgArgs_tileC(AX)
	IMUL3Q $MR, DX, R8
	ADDQ  R8, R13
	DECQ  BrgArgs_tilesLeft(AX)
	JNZ   tile
	VZEROUPPER
	RET

#undef ROW0
#undef ROW1
#undef ROW2
#undef ROW3
#undef ROW4
#undef ROW5
#undef ROW6
#undef ROW7
#undef ROW8
#undef ROW9
#undef ROW10
#undef ROW11
#undef ROW12
#undef ROW13
#undef PTR3
#undef PTR6
#undef PTR9
#undef PTR12
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
#undef STEP0
#undef STEP1
#undef STEP2
#undef STEP3
