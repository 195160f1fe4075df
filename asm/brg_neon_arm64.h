// The tiles of the NEON batch-reduce GEMM kernels, for any element type: brg_f32_neon_arm64.s describes them. Those of three vectors come
// first (brg3), then those of two and of one.

#define BUF 336

// Rows of N words at R8, R9 bytes apart, to the stack; then R8 and R9 are those of the copy.
#define COPYIN(rows, loop) \
	MOVD $buf-BUF(SP), R10; MOVD $rows, R11; \
loop: MOVD R8, R12; MOVD R10, R13; COPYROW(R12, R13); ADD R9, R8; ADD $(4*NR), R10; SUBS $1, R11; BGT loop; \
	MOVD $buf-BUF(SP), R8; MOVD $(4*NR), R9

// N words, N up to 12, by the bits of N.
#define COPYROW(src, dst) \
	TBZ $3, R22, 5(PC); FMOVQ.P 16(src), F24; FMOVQ.P F24, 16(dst); FMOVQ.P 16(src), F24; FMOVQ.P F24, 16(dst); \
	TBZ $2, R22, 3(PC); FMOVQ.P 16(src), F24; FMOVQ.P F24, 16(dst); \
	TBZ $1, R22, 3(PC); FMOVD.P 8(src), F24; FMOVD.P F24, 8(dst); \
	TBZ $0, R22, 3(PC); FMOVS.P 4(src), F24; FMOVS.P F24, 4(dst)

// The pointers of rows 1 to 6, each with the one before it.
#define PTR1(op) op(R8, R9)
#define PTR2(op) op(R9, R10)
#define PTR3(op) op(R10, R11)
#define PTR4(op) op(R11, R12)
#define PTR5(op) op(R12, R13)
#define PTR6(op) op(R13, R14)
#define POINT(prev, p) ADD R3, prev, p

// The rows, and the pointers beyond the first, of a tile.
#define ROWS1(op) ROW0(op)
#define ROWS2(op) ROWS1(op); ROW1(op)
#define ROWS3(op) ROWS2(op); ROW2(op)
#define ROWS4(op) ROWS3(op); ROW3(op)
#define ROWS5(op) ROWS4(op); ROW4(op)
#define ROWS6(op) ROWS5(op); ROW5(op)
#define ROWS7(op) ROWS6(op); ROW6(op)
#define PTRS1(op)
#define PTRS2(op) PTR1(op)
#define PTRS3(op) PTRS2(op); PTR2(op)
#define PTRS4(op) PTRS3(op); PTR3(op)
#define PTRS5(op) PTRS4(op); PTR4(op)
#define PTRS6(op) PTRS5(op); PTR5(op)
#define PTRS7(op) PTRS6(op); PTR6(op)

// The A of a row, one step.
#define LOADA1(c0, c1, c2, a, p) FMOV.P SIZE(p), F(a)
