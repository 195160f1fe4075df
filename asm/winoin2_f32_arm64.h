// BT·x·B of F(2x2,3x3) for four channels: a part of winoin_f32_arm64.h, which has the roles of the registers.

// A column: x2-x0, x1+x2, x2-x1, x3-x1. One that does not exist leads to absent, and comes back to made.
#define COLUMN(ld, n, y0, y1, y2, y3, absent, made) \
	TBZ $n, R15, absent; \
	ld(8, 24); ld(9, 25); ld(10, 26); ld(11, 27); \
	FSUB4(24, 26, y0); FADD4(26, 25, y1); FSUB4(25, 26, y2); FSUB4(25, 27, y3); \
made:

// A line times B, stored.
#define TIMESB(x0, x1, x2, x3) \
	FSUB4(x0, x2, x0); FSUB4(x1, x3, x3); FADD4(x2, x1, 24); FSUB4(x1, x2, x2); \
	PUT(x0); PUT(24); PUT(x2); PUT(x3)

	COLUMN(LD0, 0, 0, 4, 8, 12, absent0, made0)
	COLUMN(LD1, 1, 1, 5, 9, 13, absent1, made1)
	COLUMN(LD2, 2, 2, 6, 10, 14, absent2, made2)
	COLUMN(LD3, 3, 3, 7, 11, 15, absent3, made3)
	TIMESB(0, 1, 2, 3)
	TIMESB(4, 5, 6, 7)
	TIMESB(8, 9, 10, 11)
	TIMESB(12, 13, 14, 15)
	SUB R22, R1
	ADD $16, R1
#undef COLUMN
#undef TIMESB

#define NONE(y0, y1, y2, y3, absent, made) absent: MOVI0(y0); MOVI0(y1); MOVI0(y2); MOVI0(y3); B made
#define ABSENT NONE(0, 4, 8, 12, absent0, made0); NONE(1, 5, 9, 13, absent1, made1); NONE(2, 6, 10, 14, absent2, made2); NONE(3, 7, 11, 15, absent3, made3)
