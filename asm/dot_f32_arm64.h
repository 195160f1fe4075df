// The body of the dot kernels: dot_f32_neon_arm64.s says what they compute and defines what is done to rows of W (ROWS) and to
// the rows of X, MR of which there are.

	MOVD a+0(FP), R0
	MOVD DotArgs_LdW(R0), R3
	MOVD DotArgs_Rows(R0), R4
	MOVD DotArgs_W(R0), R19
	MOVD DotArgs_Cols(R0), R20
	MOVD DotArgs_X(R0), R21
	MOVD DotArgs_LdX(R0), R22
	MOVD DotArgs_Y(R0), R23
	MOVD DotArgs_LdY(R0), R24
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
	ROWS(ZERO)
	MOVD R21, R1
	ADD  R22, R1, R2
	ADD  R22, R2, R6
	SUBS $4, R20, R5
	BLT  rest
	PCALIGN $32

columns:
	LOADX(FMOVQ.P 16)
	ROWS(FMA)
	SUBS $4, R5
	BGE  columns

rest:
	ADDS $4, R5
	BLE  sums

column:
	LOADX(FMOVS.P 4)
	ROWS(FMAONE)
	SUBS $1, R5
	BGT  column

sums:
	MOVD R23, R1
	ADD  R24, R1, R2
	ADD  R24, R2, R6
	REDUCE
	CMP  $8, R4
	BLT  last
	ADDROWS
	ADD  $32, R23
	SUBS $8, R4
	BGT  block
	RET

last:                                   // 1 to 7 rows
	ADDPARTS

done:
	RET
