// The body of the pack kernels: pack_<dtype>_neon_arm64.s says what they do and defines WIDTH in words, COPY, which copies a row of a
// panel from (R1) to (R2), and ZEROS, which fills one at (R2) with V3.

	MOVD a+0(FP), R0
	MOVD PackArgs_Src(R0), R8
	MOVD PackArgs_Dst(R0), R9
	MOVD PackArgs_LdSrc(R0), R3
	MOVD PackArgs_Panel(R0), R4
	MOVD PackArgs_K(R0), R10
	MOVD PackArgs_Panels(R0), R11
	MOVD PackArgs_N(R0), R12
	WORDS(R12)
	LSL  $3, R3, R13                // rows ahead that are asked for
	CMP  $0, R11
	BLE  done
	CMP  $0, R10
	BLE  done
	CMP  $WIDTH, R12
	BLT  narrow

row:
	MOVD R8, R1
	MOVD R9, R2
	MOVD R11, R5

panel:
	ADD  R13, R1, R6
	PRFM (R6), PLDL1KEEP
	COPY
	ADD  $(4*WIDTH), R1
	ADD  R4, R2
	SUBS $1, R5
	BGT  panel
	ADD  R3, R8
	ADD  $(4*WIDTH), R9
	SUBS $1, R10
	BGT  row
	RET

narrow:
	FMOVS ZR, F3                    // and the other lanes
some:
	MOVD R8, R1
	MOVD R9, R2
	ZEROS
	TBZ  $3, R12, four
	FMOVQ.P 16(R1), F0
	FMOVQ.P 16(R1), F1
	FMOVQ.P F0, 16(R2)
	FMOVQ.P F1, 16(R2)

four:
	TBZ  $2, R12, two
	FMOVQ.P 16(R1), F0
	FMOVQ.P F0, 16(R2)

two:
	TBZ  $1, R12, one
	FMOVD.P 8(R1), F0
	FMOVD.P F0, 8(R2)

one:
	TBZ  $0, R12, copied
	FMOVS (R1), F0
	FMOVS F0, (R2)

copied:
	ADD  R3, R8
	ADD  $(4*WIDTH), R9
	SUBS $1, R10
	BGT  some

done:
	RET

#undef WIDTH
#undef COPY
#undef ZEROS
