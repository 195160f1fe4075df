// BT·x·B of F(4x4,3x3) for four channels: a part of winoin_f32_arm64.h, which has the roles of the registers.

// Lines 1 to 4 of a column: with r = x4-x2 and s = x3-x1, e = r + 3/2 x3 and f = s + 3/2 x2, they are e+f, e-f, r + 2s, r - s/2.
// A column that does not exist leads to absent, and comes back to made.
#define INNER(ld, n, y1, y2, y3, y4, absent, made) \
	TBZ $n, R15, absent; \
	ld(9, 24); ld(10, 25); ld(11, 26); ld(12, 27); \
	FSUB4(24, 26, 28); FSUB4(25, 27, 29); \
	FADD4(28, 28, y3); FADD4(29, y3, y3); \
	MOV16(29, y4); FMLSE4(31, 2, 28, y4); \
	FMLAE4(31, 0, 26, 29); FMLAE4(31, 0, 25, 28); \
	FADD4(28, 29, y1); FSUB4(28, 29, y2); \
made:

// Lines 0 and 5: (x0+x4) - 2 x2 + 3/2 s and (x1+x5) - 2 x3 + 3/2 r.
#define OUTER(ld, n, y0, y5, absent, made) \
	TBZ $n, R15, absent; \
	ld(8, y0); ld(9, 24); ld(10, 25); ld(11, 26); ld(12, 27); ld(13, y5); \
	FADD4(27, y0, y0); FADD4(24, y5, y5); \
	FSUB4(24, 26, 28); FSUB4(25, 27, 29); \
	FMLSE4(31, 1, 25, y0); FMLSE4(31, 1, 26, y5); \
	FMLAE4(31, 0, 28, y0); FMLAE4(31, 0, 29, y5); \
made:

// A line times B, stored.
#define TIMESB(x0, x1, x2, x3, x4, x5) \
	FSUB4(x1, x3, 24); FSUB4(x2, x4, 25); FADD4(x4, x0, x0); FADD4(x1, x5, x5); \
	FMLSE4(31, 1, x2, x0); FMLSE4(31, 1, x3, x5); FMLAE4(31, 0, 24, x0); FMLAE4(31, 0, 25, x5); \
	FADD4(24, 24, 26); FADD4(25, 26, 26); MOV16(25, 27); FMLSE4(31, 2, 24, 27); \
	FMLAE4(31, 0, x3, 25); FMLAE4(31, 0, x2, 24); FADD4(24, 25, x1); FSUB4(24, 25, x4); \
	PUT(x0); PUT(x1); PUT(x4); PUT(26); PUT(27); PUT(x5)

	INNER(LD0, 0, 0, 6, 12, 18, absent0, made0)
	INNER(LD1, 1, 1, 7, 13, 19, absent1, made1)
	INNER(LD2, 2, 2, 8, 14, 20, absent2, made2)
	INNER(LD3, 3, 3, 9, 15, 21, absent3, made3)
	INNER(LD4, 4, 4, 10, 16, 22, absent4, made4)
	INNER(LD5, 5, 5, 11, 17, 23, absent5, made5)
	TIMESB(0, 1, 2, 3, 4, 5)
	TIMESB(6, 7, 8, 9, 10, 11)
	TIMESB(12, 13, 14, 15, 16, 17)
	TIMESB(18, 19, 20, 21, 22, 23)
	OUTER(LD0, 0, 0, 6, absent6, made6)
	OUTER(LD1, 1, 1, 7, absent7, made7)
	OUTER(LD2, 2, 2, 8, absent8, made8)
	OUTER(LD3, 3, 3, 9, absent9, made9)
	OUTER(LD4, 4, 4, 10, absent10, made10)
	OUTER(LD5, 5, 5, 11, absent11, made11)
	TIMESB(6, 7, 8, 9, 10, 11)
	SUB R22, R1
	TIMESB(0, 1, 2, 3, 4, 5)
	ADD $16, R1
	ADD $16, R12
	ADD $16, R13
#undef INNER
#undef OUTER
#undef TIMESB

#define NONE(y1, y2, y3, y4, absent, made) absent: MOVI0(y1); MOVI0(y2); MOVI0(y3); MOVI0(y4); B made
#define ABSENT \
	NONE(0, 6, 12, 18, absent0, made0); NONE(1, 7, 13, 19, absent1, made1); NONE(2, 8, 14, 20, absent2, made2); \
	NONE(3, 9, 15, 21, absent3, made3); NONE(4, 10, 16, 22, absent4, made4); NONE(5, 11, 17, 23, absent5, made5); \
	NONE(0, 6, 0, 6, absent6, made6); NONE(1, 7, 1, 7, absent7, made7); NONE(2, 8, 2, 8, absent8, made8); \
	NONE(3, 9, 3, 9, absent9, made9); NONE(4, 10, 4, 10, absent10, made10); NONE(5, 11, 5, 11, absent11, made11)
