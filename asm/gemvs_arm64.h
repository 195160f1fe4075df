// The body of the gemvs kernels: gemv_<dtype>_neon_arm64.s says what they compute and defines SUM, which adds the lanes of V0.

	MOVD a+0(FP), R0
	MOVD GemvArgs_LdW(R0), R3
	MOVD GemvArgs_Rows(R0), R4
	MOVD GemvArgs_W(R0), R19
	MOVD GemvArgs_X(R0), R21
	MOVD GemvArgs_Y(R0), R2
	MOVD GemvArgs_Cols(R0), R20
	CMP  $0, R4
	BLE  done

row:
	MOVD R19, R8
	MOVD R21, R9
	MOVI0(0)
	MOVI0(1)
	MOVI0(2)
	MOVI0(3)
	MOVI0(4)
	MOVI0(5)
	MOVI0(6)
	MOVI0(7)
	SUBS $(8*16/SIZE), R20, R5
	BLT  few
	PCALIGN $32

long:
	VLD1.P 64(R8), [V16.B16, V17.B16, V18.B16, V19.B16]
	VLD1.P 64(R9), [V20.B16, V21.B16, V22.B16, V23.B16]
	FMLA(20, 16, 0)
	FMLA(21, 17, 1)
	FMLA(22, 18, 2)
	FMLA(23, 19, 3)
	VLD1.P 64(R8), [V24.B16, V25.B16, V26.B16, V27.B16]
	VLD1.P 64(R9), [V28.B16, V29.B16, V30.B16, V31.B16]
	FMLA(28, 24, 4)
	FMLA(29, 25, 5)
	FMLA(30, 26, 6)
	FMLA(31, 27, 7)
	SUBS $(8*16/SIZE), R5
	BGE  long

few:
	ADDS $(7*16/SIZE), R5
	BLT  tail

one:
	FMOVQ.P 16(R8), F16
	FMOVQ.P 16(R9), F20
	FMLA(20, 16, 0)
	SUBS $(16/SIZE), R5
	BGE  one

tail:
	ADDS $(16/SIZE), R5
	BEQ  end

single:
	FMOV.P SIZE(R8), F16
	FMOV.P SIZE(R9), F20
	FMLA(20, 16, 1)
	SUBS $1, R5
	BGT  single

end:
	FADDL(1, 0, 0)
	FADDL(3, 2, 2)
	FADDL(5, 4, 4)
	FADDL(7, 6, 6)
	FADDL(2, 0, 0)
	FADDL(6, 4, 4)
	FADDL(4, 0, 0)
	SUM
	FMOV.P F0, SIZE(R2)
	ADD  R3, R19
	SUBS $1, R4
	BGT  row

done:
	RET
