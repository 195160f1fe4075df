//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Rows of memory asked for ahead of their use: every line of Bytes bytes at P, P+Ld, ...
//
//	func fetchF32_rows_avx2(a *FetchArgs)
//
// FetchArgs (fetch.go) has the contract. Needs no more than SSE. Clobbers AX BX CX DX SI DI.
//
//	SI line   DI end of the row   BX row   CX rows left   DX ld   AX bytes
//
// One prefetch a line, two a cycle at best; they run out when the core's miss buffers are full, so
// callers ask for some tens of lines at a time.

TEXT ·fetchF32_rows_avx2(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), SI
	MOVQ FetchArgs_P(SI), BX
	MOVQ FetchArgs_Rows(SI), CX
	MOVQ FetchArgs_Ld(SI), DX
	MOVQ FetchArgs_Bytes(SI), AX
	TESTQ AX, AX
	JLE  done
	TESTQ CX, CX
	JLE  done

row:
	LEAQ (BX)(AX*1), DI             // end of the row
	MOVQ BX, SI
	ANDQ $-64, SI                   // line of its first byte

line:
	PREFETCHT1 (SI)
	ADDQ $64, SI
	CMPQ SI, DI
	JB   line
	ADDQ DX, BX
	DECQ CX
	JNZ  row

done:
	RET
