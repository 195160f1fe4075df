// AT·x·A of F(2x2,3x3) for four channels: a part of winoout_f32_arm64.h, which has the roles of the registers.

// A column: x0 + x1 + x2 and x1 - x2 + x3.
#define COLUMN(ld, y0, y1) \
	ld(8, y0); ld(9, 24); ld(10, 25); ld(11, 26); \
	FADD4(24, y0, y0); FSUB4(25, 24, y1); FADD4(25, y0, y0); FADD4(26, y1, y1)

// A line times A.
#define TIMESA(x0, x1, x2, x3, bare, stored) \
	FADD4(x1, x0, x0); FSUB4(x2, x1, x1); FADD4(x2, x0, x0); FADD4(x3, x1, x1); \
	LINE2(x0, x1, bare, stored)

	COLUMN(LD0, 0, 4)
	COLUMN(LD1, 1, 5)
	COLUMN(LD2, 2, 6)
	COLUMN(LD3, 3, 7)
	TIMESA(0, 1, 2, 3, bare0, stored0)
	NEXT(1)
	TIMESA(4, 5, 6, 7, bare1, stored1)
#undef COLUMN
#undef TIMESA
