// AT·x·A of F(2x2,3x3) for the channels of a vector: a part of winoout_f32_amd64.h, which has the roles of the registers.

#define LINES(op) op(P0, Q0); op(P1, Q1); op(P2, Q2); op(P3, Q3)

// Lines 0 and 1: x0 + x1 + x2 and x1 - x2 + x3.
#define BOTH(p, q) VMOVUPS AT1, T0; VMOVUPS AT2, T1; VADDPS AT0, T0, p; VSUBPS T1, T0, q; VADDPS T1, p, p; VADDPS AT3, q, q; ADDQ BX, SI
#define TIMESA(x0, x1, x2, x3) VADDPS x1, x0, x0; VSUBPS x2, x1, x1; VADDPS x2, x0, x0; VADDPS x3, x1, x1; VADDPS (DX), x0, x0; VADDPS (DX), x1, x1
#define ADDRES(n, x0, x1, done) TESTQ $const_WinoResidual, WinoOutArgs_Flags(AX); JZ done; IMUL3Q $n, WinoOutArgs_RowRes(AX), CX; ADDQ R11, CX; \
	ADDPART((CX), x0); CMPQ R14, $2; JLT done; ADDQ WinoOutArgs_ColRes(AX), CX; ADDPART((CX), x1)
#define STORE(put, x0, x1, done) put(x0, (R15)); CMPQ R14, $2; JLT done; put(x1, (R15)(R12*1))
#define CLAMPS(x0, x1) CLAMP(x0); CLAMP(x1)

	LINES(BOTH)
	SUBQ R8, SI
	TIMESA(P0, P1, P2, P3)
	ADDRES(0, P0, P1, line0)
line0:
	CLAMPS(P0, P1)
#ifdef PUTPART
	CMPQ WinoOutArgs_left(AX), $LANES
	JLT  part0
#endif
	STORE(PUT, P0, P1, done0)
done0:
	CMPQ WinoOutArgs_OH(AX), $2
	JLT  next
	ADDQ WinoOutArgs_RowY(AX), R15
	TIMESA(Q0, Q1, Q2, Q3)
	ADDRES(1, Q0, Q1, line1)
line1:
	CLAMPS(Q0, Q1)
#ifdef PUTPART
	CMPQ WinoOutArgs_left(AX), $LANES
	JLT  part1
#endif
	STORE(PUT, Q0, Q1, next)
#undef BOTH

#ifdef PUTPART
	JMP next

part0:
	STORE(PUTPART, P0, P1, done0)
	JMP done0
part1:
	STORE(PUTPART, Q0, Q1, next)
	JMP next
#endif
#undef LINES
#undef TIMESA
#undef ADDRES
#undef STORE
#undef CLAMPS
