// AT·x·A of F(4x4,3x3) for four channels: a part of winoout_f32_arm64.h, which has the roles of the registers.

// A column: with a = x1+x2 and b = x1-x2, x0 + a + (x3+x4), b + x3/2 - 2 x4, a + x3/4 + 4 x4, b + x5 + x3/8 - 8 x4.
#define COLUMN(ld, y0, y1, y2, y3) \
	ld(8, y0); ld(9, y1); ld(10, 24); ld(11, 25); ld(12, 26); ld(13, y3); \
	FADD4(24, y1, y2); FSUB4(24, y1, y1); FADD4(26, 25, 24); \
	FADD4(y2, y0, y0); FADD4(y1, y3, y3); FADD4(24, y0, y0); \
	TIMESX(25, 26, y1, y2, y3)
#define TIMESX(x3, x4, y1, y2, y3) \
	FMLAE4(28, 0, x3, y1); FMLAE4(28, 1, x3, y2); FMLAE4(28, 2, x3, y3); \
	FMLSE4(28, 3, x4, y1); FMLAE4(27, 0, x4, y2); FMLSE4(27, 1, x4, y3)

// A line times A: into x0, x1, V24 and x5.
#define TIMESA(x0, x1, x2, x3, x4, x5, bare, stored) \
	FADD4(x2, x1, 24); FSUB4(x2, x1, x1); FADD4(x4, x3, 25); \
	FADD4(24, x0, x0); FADD4(x1, x5, x5); FADD4(25, x0, x0); \
	TIMESX(x3, x4, x1, 24, x5); \
	LINE4(x0, x1, 24, x5, bare, stored)

	COLUMN(LD0, 0, 6, 12, 18)
	COLUMN(LD1, 1, 7, 13, 19)
	COLUMN(LD2, 2, 8, 14, 20)
	COLUMN(LD3, 3, 9, 15, 21)
	COLUMN(LD4, 4, 10, 16, 22)
	COLUMN(LD5, 5, 11, 17, 23)
	TIMESA(0, 1, 2, 3, 4, 5, bare0, stored0)
	NEXT(1)
	TIMESA(6, 7, 8, 9, 10, 11, bare1, stored1)
	NEXT(2)
	TIMESA(12, 13, 14, 15, 16, 17, bare2, stored2)
	NEXT(3)
	TIMESA(18, 19, 20, 21, 22, 23, bare3, stored3)
#undef COLUMN
#undef TIMESX
#undef TIMESA
