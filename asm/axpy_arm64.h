// The body of the axpy kernels: axpy_<dtype>_neon_arm64.s says what they compute and defines what is done to the rows of W (ROWS, and
// ROW0 for one alone) and to the MR rows of X and Y.

	MOVD a+0(FP), R0
	MOVD DotArgs_LdW(R0), R3
	MOVD DotArgs_Rows(R0), R4
	MOVD DotArgs_W(R0), R19
	MOVD DotArgs_X(R0), R2
	MOVD DotArgs_LdX(R0), R23
	MOVD DotArgs_LdY(R0), R24
	MOVD DotArgs_Cols(R0), R20
	LSL  $LOGSIZE, R20, R26
	AND  $~15, R26
	MOVD DotArgs_Y(R0), R25
	ADD  R26, R19                   // the end of the whole vectors
	ADD  R26, R25
	NEG  R26, R26
	AND  $(16/SIZE-1), R20
	SUBS $8, R4
	BLT  few

block:
	MOVD R19, R8
	ADD  R3, R8, R9
	ADD  R3, R9, R10
	ADD  R3, R10, R11
	ADD  R3, R11, R12
	ADD  R3, R12, R13
	ADD  R3, R13, R14
	ADD  R3, R14, R15
	ADD  R3, R15, R19
	LOADX
	YROWS
	CBZ  R5, rest
	PCALIGN $32

columns:
	LOADY
	ROWS(FMA)
	SAVEY
	ADDS $16, R5
	BNE  columns

rest:
	MOVD R20, R5
	CBZ  R5, end

column:
	LOADYONE
	ROWS(FMAONE)
	SAVEYONE
	SUBS $1, R5
	BGT  column

end:
	SUBS $8, R4
	BGE  block

few:
	ADDS $8, R4
	BLE  done

single:
	MOVD R19, R8
	ADD  R3, R19
	LOADXONE
	YROWS
	CBZ  R5, rest1

columns1:
	LOADY
	ROW0(FMA)
	SAVEY
	ADDS $16, R5
	BNE  columns1

rest1:
	MOVD R20, R5
	CBZ  R5, end1

column1:
	LOADYONE
	ROW0(FMAONE)
	SAVEYONE
	SUBS $1, R5
	BGT  column1

end1:
	SUBS $1, R4
	BGT  single

done:
	RET
