// The body of a sliding depthwise kernel; dwslide_f32_avx512_amd64.s says what it computes. Who includes this
// file defines EACH, INNER, RIGHT, SLIDE and NINTH.

	MOVQ a+0(FP), AX
	MOVQ DwSlideArgs_ColX(AX), DX
	LEAQ (DX)(DX*2), R9             // 3
	LEAQ (DX)(DX*4), R10            // 5
	LEAQ (R9)(DX*4), R11            // 7
	LEAQ (DX)(DX*8), R8             // 9
	MOVQ DwSlideArgs_PixY(AX), R13
	MOVQ DwSlideArgs_Edges(AX), R14
	MOVQ DwSlideArgs_C(AX), R15
	MOVQ DwSlideArgs_X(AX), SI
	TESTQ $const_DwNoLeft, R14
	JZ   left
	SUBQ DX, SI                     // where the column would be that is missing

left:
	MOVQ SI, DwSlideArgs_blockX(AX)
	MOVQ DwSlideArgs_Y(AX), BX
	MOVQ BX, DwSlideArgs_blockY(AX)
	MOVQ DwSlideArgs_W(AX), DI
	MOVQ DI, DwSlideArgs_blockW(AX)
	KXNORW K1, K1, K1               // all 16 channels

channels:
	CMPQ R15, $16
	JGE  whole
	MOVQ R15, CX
	MOVQ $1, BX
	SHLQ CX, BX
	DECQ BX
	KMOVW BX, K1                    // the last R15 channels

whole:
	MOVQ DwSlideArgs_blockX(AX), SI
	MOVQ DwSlideArgs_blockY(AX), BX
	MOVQ DwSlideArgs_blockW(AX), DI
	VMOVUPS (DI), Z31
	VMOVUPS 64(DI), Z21
	VMOVUPS 128(DI), Z22
	VMOVUPS 192(DI), Z23
	VMOVUPS 256(DI), Z24
	VMOVUPS 320(DI), Z25
	VMOVUPS 384(DI), Z26
	VMOVUPS 448(DI), Z27
	VMOVUPS 512(DI), Z28
	VMOVUPS 576(DI), Z29
	MOVQ DwSlideArgs_Rows(AX), CX
	SLIDE

bottom:
	TESTQ $const_DwNoBottom, R14
	JNZ  finish
	STEP(A2, noleft5, noright5)

finish:
	FINISH
	ADDQ $64, DwSlideArgs_blockX(AX)
	ADDQ $64, DwSlideArgs_blockY(AX)
	MOVQ DwSlideArgs_LdW(AX), DI
	ADDQ DI, DwSlideArgs_blockW(AX)
	SUBQ $16, R15
	JG   channels
	VZEROUPPER
	RET
