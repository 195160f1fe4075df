// The body of a batch-reduce GEMM kernel on bytes: brg_u8_neon_arm64.s, or brg_u8_neondot_arm64.s, says what it computes and defines, for each tile, MR, ROWS and PTRS, what is done to
// a row, and in SIXTEENS how 16 k are taken at once.

	MOVD a+0(FP), R0
	MOVD BrgU8Args_C(R0), R20
	MOVD BrgU8Args_Tiles(R0), R24
	MOVD BrgU8Args_B(R0), R25
	MOVD BrgU8Args_A(R0), R7
	MOVD BrgU8Args_AOff(R0), R8
	ADD  R8, R7
	MOVD BrgU8Args_LdA(R0), R3
	MOVD BrgU8Args_LdC(R0), R26
	MOVD BrgU8Args_N(R0), R22
	MOVD BrgU8Args_Out(R0), R19
	MOVD BrgU8Args_Flags(R0), R8
	MOVD $0x80808080, R9
	TST  $const_BrgU8SignedA, R8
	CSEL EQ, R9, ZR, R9
	VDUP R9, V31.S4

tile:
	ROWS(ZERO)
	MOVD BrgU8Args_K(R0), R2
	CBZ  R2, done
	MOVD BrgU8Args_NTap(R0), R6
	MOVD BrgU8Args_Taps(R0), R5
	CMP  $0, R6
	BLE  done

tap:
	LDP.P 16(R5), (R8, R1)
	ADD  R7, R8                     // row 0 of A
	ADD  R25, R1
	PTRS(POINT)
	MOVD BrgU8Args_K(R0), R2
	SIXTEENS
	SUBS $4, R2
	BLT  rest
	PCALIGN $32

k4:
	FMOVQ (R1), F16
	FMOVQ 16(R1), F17
	ADD  $32, R1
	ROWS(STEP)
	SUBS $4, R2
	BGE  k4

rest:
	ADDS $4, R2
	BLE  next
	FMOVQ (R1), F16
	FMOVQ 16(R1), F17
	ROWS(REST)

next:
	SUBS $1, R6
	BGT  tap

done:
	MOVD BrgU8Args_Bias(R0), R8
	FMOVQ (R8), F24
	FMOVQ 16(R8), F25
	ROWS(JOIN)
	CMP  $const_BrgU8OutS32, R19
	BEQ  store32
	MOVD BrgU8Args_Scale(R0), R8
	FMOVQ (R8), F26
	FMOVQ 16(R8), F27
	ROWS(SCALE)
	CMP  $const_BrgU8OutF32, R19
	BEQ  store32
	MOVW BrgU8Args_Zero(R0), R8
	MOVW BrgU8Args_Lo(R0), R9
	MOVW BrgU8Args_Hi(R0), R10
	VDUP R8, V28.H8
	VDUP R9, V29.H8
	VDUP R10, V30.H8
	ROWS(STORE8)

stored:
	MOVD $MR, R16
	MADD R16, R7, R3, R7
	SUBS $1, R24
	BGT  tile
	RET

store32:
	ROWS(STORE32)
	B stored

#undef MR
#undef ROWS
#undef PTRS
