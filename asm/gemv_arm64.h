// The body of the gemv and gemvt kernels: gemv_<dtype>_neon_arm64.s says what they compute and defines what is done to
// rows. DOT says that it is gemv, whose sums ADDPAIRS brings side by side, PUT8 stores, and PUTLAST where there are fewer.

	MOVD a+0(FP), R0
	MOVD GemvArgs_LdW(R0), R3
	MOVD GemvArgs_Rows(R0), R4
	MOVD GemvArgs_W(R0), R19
	MOVD GemvArgs_Cols(R0), R20
#ifdef DOT
	MOVD GemvArgs_X(R0), R21
	MOVD GemvArgs_Y(R0), R2
#else
	MOVD GemvArgs_Y(R0), R21
	MOVD GemvArgs_X(R0), R2
#endif
	LSL  $LOGSIZE, R20, R26
	AND  $~15, R26
	ADD  R26, R19                   // the end of the whole vectors
	ADD  R26, R21
	NEG  R26, R26
	AND  $(16/SIZE-1), R20
	CMP  $0, R4
	BLE  done

block:
#ifndef DOT
	CMP  $8, R4
	BLT  single
#endif
	MOVD R19, R8
	ROW(1, R8, R9)
	ROW(2, R9, R10)
	ROW(3, R10, R11)
	ROW(4, R11, R12)
	ROW(5, R12, R13)
	ROW(6, R13, R14)
	ROW(7, R14, R15)
	ADD  R3, R15, R19               // of the next block
	SETUP
	ROWS(BEGIN)
	MOVD R21, R1
	MOVD R26, R5
	CBZ  R5, rest
	PCALIGN $32

columns:
	LDQX(5, 1, 26)
	ROWS(FMA)
	SAVE
	ADDS $16, R5
	BNE  columns

rest:
	MOVD R20, R5
	CBZ  R5, end

column:
	FMOV.P SIZE(R1), F26
	ROWS(FMAONE)
	SAVEONE
	SUBS $1, R5
	BGT  column

end:
#ifdef DOT
	ADDPAIRS
	CMP  $8, R4
	BLT  last
	PUT8
#endif
	ADD  $(8*SIZE), R2
	SUBS $8, R4
	BGT  block
	RET

#ifdef DOT
last:                                   // 1 to 7 rows
	PUTLAST
#else

single:
	FMOV.P SIZE(R2), F24
	MOVD R19, R8
	ADD  R3, R19
	MOVD R21, R1
	MOVD R26, R5
	CBZ  R5, rest1

columns1:
	LDQX(5, 1, 26)
	SINGLE
	SAVE
	ADDS $16, R5
	BNE  columns1

rest1:
	MOVD R20, R5
	CBZ  R5, end1

column1:
	FMOV.P SIZE(R1), F26
	SINGLEONE
	SAVEONE
	SUBS $1, R5
	BGT  column1

end1:
	SUBS $1, R4
	BGT  single
#endif

done:
	RET
