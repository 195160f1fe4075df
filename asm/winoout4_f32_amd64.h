// AT·x·A of F(4x4,3x3) for the channels of a vector: a part of winoout_f32_amd64.h, which has the roles of the registers.

#define LINES(op) op(P0, Q0); op(P1, Q1); op(P2, Q2); op(P3, Q3); op(P4, Q4); op(P5, Q5)

// Lines 0 and 2: x0 + (x1+x2) + (x3+x4) and (x1+x2) + x3/4 + 4 x4.
#define EVEN(p, q) VMOVUPS AT1, q; VADDPS AT2, q, q; VMOVUPS AT3, T0; VMOVUPS AT4, T1; VADDPS AT0, q, p; VADDPS T1, T0, T2; VADDPS T2, p, p; \
	VFMADD231PS QUARTER, T0, q; VFMADD231PS QUAD, T1, q; ADDQ BX, SI

// Lines 1 and 3: (x1-x2) + x3/2 - 2 x4 and (x1-x2) + x5 + x3/8 - 8 x4.
#define ODD(p, q) VMOVUPS AT1, p; VSUBPS AT2, p, p; VMOVUPS AT3, T0; VMOVUPS AT4, T1; VADDPS AT5, p, q; VFMADD231PS HALF, T0, p; VFNMADD231PS TWO, T1, p; \
	VFMADD231PS EIGHTH, T0, q; VFNMADD231PS EIGHT, T1, q; ADDQ BX, SI

// A line times A, and the bias: into x0, x1, T0 and x5.
#define TIMESA(x0, x1, x2, x3, x4, x5) VADDPS x2, x1, T0; VSUBPS x2, x1, x1; VADDPS x4, x3, T1; VADDPS T0, x0, x0; VADDPS T1, x0, x0; \
	VADDPS x1, x5, x5; VFMADD231PS QUARTER, x3, T0; VFMADD231PS QUAD, x4, T0; VFMADD231PS HALF, x3, x1; VFNMADD231PS TWO, x4, x1; \
	VFMADD231PS EIGHTH, x3, x5; VFNMADD231PS EIGHT, x4, x5; \
	VADDPS (DX), x0, x0; VADDPS (DX), x1, x1; VADDPS (DX), T0, T0; VADDPS (DX), x5, x5
#define ADDRES(n, x0, x1, x5, done) TESTQ $const_WinoResidual, WinoOutArgs_Flags(AX); JZ done; IMUL3Q $n, WinoOutArgs_RowRes(AX), CX; ADDQ R11, CX; \
	ADDPART((CX), x0); CMPQ R14, $2; JLT done; ADDQ WinoOutArgs_ColRes(AX), CX; ADDPART((CX), x1); CMPQ R14, $3; JLT done; \
	ADDQ WinoOutArgs_ColRes(AX), CX; ADDPART((CX), T0); CMPQ R14, $4; JLT done; ADDQ WinoOutArgs_ColRes(AX), CX; ADDPART((CX), x5)
#define STORE(put, x0, x1, x5, done) put(x0, (R15)); CMPQ R14, $2; JLT done; put(x1, (R15)(R12*1)); CMPQ R14, $3; JLT done; \
	put(T0, (R15)(R12*2)); CMPQ R14, $4; JLT done; put(x5, (R15)(R13*1))
#define CLAMPS(x0, x1, x5) CLAMP(x0); CLAMP(x1); CLAMP(T0); CLAMP(x5)

	LINES(EVEN)
	TIMESA(P0, P1, P2, P3, P4, P5)
	ADDRES(0, P0, P1, P5, line0)
line0:
	CLAMPS(P0, P1, P5)
#ifdef PUTPART
	CMPQ WinoOutArgs_left(AX), $LANES
	JLT  part0
#endif
	STORE(PUT, P0, P1, P5, done0)
done0:
	CMPQ WinoOutArgs_OH(AX), $3
	JLT  odd
	MOVQ WinoOutArgs_RowY(AX), CX
	LEAQ (DI)(CX*2), R15
	TIMESA(Q0, Q1, Q2, Q3, Q4, Q5)
	ADDRES(2, Q0, Q1, Q5, line2)
line2:
	CLAMPS(Q0, Q1, Q5)
#ifdef PUTPART
	CMPQ WinoOutArgs_left(AX), $LANES
	JLT  part2
#endif
	STORE(PUT, Q0, Q1, Q5, odd)
odd:
	SUBQ R8, SI
	CMPQ WinoOutArgs_OH(AX), $2
	JLT  next
	LINES(ODD)
	SUBQ R8, SI
	MOVQ WinoOutArgs_RowY(AX), CX
	LEAQ (DI)(CX*1), R15
	TIMESA(P0, P1, P2, P3, P4, P5)
	ADDRES(1, P0, P1, P5, line1)
line1:
	CLAMPS(P0, P1, P5)
#ifdef PUTPART
	CMPQ WinoOutArgs_left(AX), $LANES
	JLT  part1
#endif
	STORE(PUT, P0, P1, P5, done1)
done1:
	CMPQ WinoOutArgs_OH(AX), $4
	JLT  next
	MOVQ WinoOutArgs_RowY(AX), CX
	LEAQ (R15)(CX*2), R15
	TIMESA(Q0, Q1, Q2, Q3, Q4, Q5)
	ADDRES(3, Q0, Q1, Q5, line3)
line3:
	CLAMPS(Q0, Q1, Q5)
#ifdef PUTPART
	CMPQ WinoOutArgs_left(AX), $LANES
	JLT  part3
#endif
	STORE(PUT, Q0, Q1, Q5, next)
#undef EVEN
#undef ODD

#ifdef PUTPART
	JMP next

part0:
	STORE(PUTPART, P0, P1, P5, done0)
	JMP done0
part2:
	STORE(PUTPART, Q0, Q1, Q5, odd)
	JMP odd
part1:
	STORE(PUTPART, P0, P1, P5, done1)
	JMP done1
part3:
	STORE(PUTPART, Q0, Q1, Q5, next)
	JMP next
#endif
#undef LINES
#undef TIMESA
#undef ADDRES
#undef STORE
#undef CLAMPS
