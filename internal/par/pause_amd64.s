//go:build !purego

#include "textflag.h"

// func procyield(n uint32)
//
// n times PAUSE, n > 0: the core leaves the spinning loop's share of its units to its other thread, and
// does not mistake the word it waits for (10 to 140 cycles each, as the core likes).
TEXT ·procyield(SB), NOSPLIT, $0-4
	MOVL n+0(FP), AX

again:
	PAUSE
	SUBL $1, AX
	JNZ  again
	RET
