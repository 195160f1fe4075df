// The body of the gemv and gemvt kernels: gemv_f32_neon_arm64.s says what they compute and defines what is done to
// rows. DOT says that it is gemv.

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
	AND  $~3, R20, R26
	LSL  $2, R26
	ADD  R26, R19                   // the end of the whole vectors
	ADD  R26, R21
	NEG  R26, R26
	AND  $3, R20
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
	FMOVS.P 4(R1), F26
	ROWS(FMAONE)
	SAVEONE
	SUBS $1, R5
	BGT  column

end:
#ifdef DOT
	FADDP4(1, 0, 0)                 // pairs of neighbours, rows side by side
	FADDP4(3, 2, 2)
	FADDP4(5, 4, 4)
	FADDP4(7, 6, 6)
	FADDP4(2, 0, 0)
	FADDP4(6, 4, 4)
	CMP  $8, R4
	BLT  last
	FMOVQ F0, (R2)
	FMOVQ F4, 16(R2)
#endif
	ADD  $32, R2
	SUBS $8, R4
	BGT  block
	RET

#ifdef DOT
last:                                   // 1 to 7 rows
	TBZ  $2, R4, two
	FMOVQ.P F0, 16(R2)
	MOV16(4, 0)

two:
	TBZ  $1, R4, one
	FMOVD.P F0, 8(R2)
	DUPE4(0, 2, 0)

one:
	TBZ  $0, R4, done
	FMOVS F0, (R2)
#else

single:
	FMOVS.P 4(R2), F24
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
	FMOVS.P 4(R1), F26
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
