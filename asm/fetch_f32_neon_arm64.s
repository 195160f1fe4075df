//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Rows of memory asked for ahead of their use: every line of Bytes bytes at P, P+Ld, ...
//
//	func fetchF32_rows_neon(a *FetchArgs)
//
// FetchArgs (fetch.go) has the contract. Needs no more than the base instructions. Clobbers R0-R6.
//
//	R5 line   R6 end of the row   R1 row   R2 rows left   R3 ld   R4 bytes
//
// One prefetch for every 64 bytes: where lines are longer, one too many does no harm. They run out when the core's
// miss buffers are full, so callers ask for some tens of lines at a time.

TEXT ·fetchF32_rows_neon(SB), NOSPLIT, $0-8
	MOVD a+0(FP), R0
	MOVD FetchArgs_P(R0), R1
	MOVD FetchArgs_Rows(R0), R2
	MOVD FetchArgs_Ld(R0), R3
	MOVD FetchArgs_Bytes(R0), R4
	CMP  $0, R4
	BLE  done
	CMP  $0, R2
	BLE  done

row:
	ADD  R4, R1, R6                 // end of the row
	AND  $~63, R1, R5               // line of its first byte

line:
	PRFM (R5), PLDL2KEEP
	ADD  $64, R5
	CMP  R6, R5
	BLO  line
	ADD  R3, R1
	SUBS $1, R2
	BGT  row

done:
	RET
