//go:build !purego

#include "textflag.h"

// func procyield(n uint32)
//
// n times YIELD, n > 0.
TEXT ·procyield(SB), NOSPLIT, $0-4
	MOVWU n+0(FP), R0

again:
	YIELD
	SUBW $1, R0
	CBNZW R0, again
	RET
