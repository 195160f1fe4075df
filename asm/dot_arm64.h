// The body of the dot kernels: dot_<dtype>_neon_arm64.s says what they compute and defines what is done to the rows of W (ROWS)
// and to the MR rows of X and Y.

	MOVD a+0(FP), R0
	MOVD DotArgs_LdW(R0), R3
	MOVD DotArgs_Rows(R0), R4
	MOVD DotArgs_W(R0), R19
	MOVD DotArgs_Y(R0), R2
	MOVD DotArgs_LdX(R0), R23
	MOVD DotArgs_LdY(R0), R24
	MOVD DotArgs_Cols(R0), R20
	LSL  $LOGSIZE, R20, R26
	AND  $~15, R26
	MOVD DotArgs_X(R0), R25
	ADD  R26, R19                   // the end of the whole vectors
	ADD  R26, R25
	NEG  R26, R26
	AND  $(16/SIZE-1), R20
	CMP  $0, R4
	BLE  done

block:
	MOVD R19, R8
	ROW(1, R8, R9)
	ROW(2, R9, R10)
	ROW(3, R10, R11)
	ROW(4, R11, R12)
	ROW(5, R12, R13)
	ROW(6, R13, R14)
	ROW(7, R14, R15)
	ADD  R3, R15, R19               // of the next block
	MOVD R25, R1
	ADD  R23, R1, R21
	ADD  R23, R21, R22
	ROWS(ZERO)
	MOVD R26, R5
	CBZ  R5, rest
	PCALIGN $32

columns:
	LOADX
	ROWS(FMA)
	ADDS $16, R5
	BNE  columns

rest:
	MOVD R20, R5
	CBZ  R5, end

column:
	LOADXONE
	ROWS(FMAONE)
	SUBS $1, R5
	BGT  column

end:
	MOVD $8, R6
	CMP  R6, R4
	CSEL LT, R4, R6, R6
	MOVD R2, R7
	ADDROWS
	ADD  $(8*SIZE), R2
	SUBS $8, R4
	BGT  block

done:
	RET
