// What the depthwise kernels of amd64 share: the columns of X that the pixels of a tile use, and which
// tap of which pixel each belongs to. Included at the top of dw_f32_<isa>_amd64.s, which defines FMA, the
// accumulators A0 to A7 and the weights W0 to W4 of one row of taps.

// Column j of the tile's window lies j*DX bytes after SI. R9 R10 R11 R8 are 3, 5, 7 and 9 times DX, and
// DI is SI + R8.
#define COL0 (SI)
#define COL1 (SI)(DX*1)
#define COL2 (SI)(DX*2)
#define COL3 (SI)(R9*1)
#define COL4 (SI)(DX*4)
#define COL5 (SI)(R10*1)
#define COL6 (SI)(R9*2)
#define COL7 (SI)(R11*1)
#define COL8 (SI)(DX*8)
#define COL9 (DI)
#define COL10 (DI)(DX*1)
#define COL11 (DI)(DX*2)
#define COL12 (DI)(R9*1)
#define COL13 (DI)(DX*4)
#define COL14 (DI)(R10*1)
#define COL15 (DI)(R9*2)
#define COL16 (DI)(R11*1)
#define COL17 (DI)(DX*8)
#define COL18 (SI)(R8*2)

// One row of taps of a tile of 8 pixels, COLUMNS<taps>S<stride>: each column is loaded once, and is tap k
// of the pixel (column-k)/stride.
#define COLUMNS3S1(load) \
	load(COL0); FMA(W0, A0); \
	load(COL1); FMA(W1, A0); FMA(W0, A1); \
	load(COL2); FMA(W2, A0); FMA(W1, A1); FMA(W0, A2); \
	load(COL3); FMA(W2, A1); FMA(W1, A2); FMA(W0, A3); \
	load(COL4); FMA(W2, A2); FMA(W1, A3); FMA(W0, A4); \
	load(COL5); FMA(W2, A3); FMA(W1, A4); FMA(W0, A5); \
	load(COL6); FMA(W2, A4); FMA(W1, A5); FMA(W0, A6); \
	load(COL7); FMA(W2, A5); FMA(W1, A6); FMA(W0, A7); \
	load(COL8); FMA(W2, A6); FMA(W1, A7); \
	load(COL9); FMA(W2, A7)

#define COLUMNS3S2(load) \
	load(COL0); FMA(W0, A0); \
	load(COL1); FMA(W1, A0); \
	load(COL2); FMA(W2, A0); FMA(W0, A1); \
	load(COL3); FMA(W1, A1); \
	load(COL4); FMA(W2, A1); FMA(W0, A2); \
	load(COL5); FMA(W1, A2); \
	load(COL6); FMA(W2, A2); FMA(W0, A3); \
	load(COL7); FMA(W1, A3); \
	load(COL8); FMA(W2, A3); FMA(W0, A4); \
	load(COL9); FMA(W1, A4); \
	load(COL10); FMA(W2, A4); FMA(W0, A5); \
	load(COL11); FMA(W1, A5); \
	load(COL12); FMA(W2, A5); FMA(W0, A6); \
	load(COL13); FMA(W1, A6); \
	load(COL14); FMA(W2, A6); FMA(W0, A7); \
	load(COL15); FMA(W1, A7); \
	load(COL16); FMA(W2, A7)

#define COLUMNS5S1(load) \
	load(COL0); FMA(W0, A0); \
	load(COL1); FMA(W1, A0); FMA(W0, A1); \
	load(COL2); FMA(W2, A0); FMA(W1, A1); FMA(W0, A2); \
	load(COL3); FMA(W3, A0); FMA(W2, A1); FMA(W1, A2); FMA(W0, A3); \
	load(COL4); FMA(W4, A0); FMA(W3, A1); FMA(W2, A2); FMA(W1, A3); FMA(W0, A4); \
	load(COL5); FMA(W4, A1); FMA(W3, A2); FMA(W2, A3); FMA(W1, A4); FMA(W0, A5); \
	load(COL6); FMA(W4, A2); FMA(W3, A3); FMA(W2, A4); FMA(W1, A5); FMA(W0, A6); \
	load(COL7); FMA(W4, A3); FMA(W3, A4); FMA(W2, A5); FMA(W1, A6); FMA(W0, A7); \
	load(COL8); FMA(W4, A4); FMA(W3, A5); FMA(W2, A6); FMA(W1, A7); \
	load(COL9); FMA(W4, A5); FMA(W3, A6); FMA(W2, A7); \
	load(COL10); FMA(W4, A6); FMA(W3, A7); \
	load(COL11); FMA(W4, A7)

#define COLUMNS5S2(load) \
	load(COL0); FMA(W0, A0); \
	load(COL1); FMA(W1, A0); \
	load(COL2); FMA(W2, A0); FMA(W0, A1); \
	load(COL3); FMA(W3, A0); FMA(W1, A1); \
	load(COL4); FMA(W4, A0); FMA(W2, A1); FMA(W0, A2); \
	load(COL5); FMA(W3, A1); FMA(W1, A2); \
	load(COL6); FMA(W4, A1); FMA(W2, A2); FMA(W0, A3); \
	load(COL7); FMA(W3, A2); FMA(W1, A3); \
	load(COL8); FMA(W4, A2); FMA(W2, A3); FMA(W0, A4); \
	load(COL9); FMA(W3, A3); FMA(W1, A4); \
	load(COL10); FMA(W4, A3); FMA(W2, A4); FMA(W0, A5); \
	load(COL11); FMA(W3, A4); FMA(W1, A5); \
	load(COL12); FMA(W4, A4); FMA(W2, A5); FMA(W0, A6); \
	load(COL13); FMA(W3, A5); FMA(W1, A6); \
	load(COL14); FMA(W4, A5); FMA(W2, A6); FMA(W0, A7); \
	load(COL15); FMA(W3, A6); FMA(W1, A7); \
	load(COL16); FMA(W4, A6); FMA(W2, A7); \
	load(COL17); FMA(W3, A7); \
	load(COL18); FMA(W4, A7)

// The pixels of a tile of the kernels for any taps.
#define PIXEL0(op) op(A0, COL0)
#define PIXEL1(op) op(A1, COL1)
#define PIXEL2(op) op(A2, COL2)
#define PIXEL3(op) op(A3, COL3)
#define PIXEL4(op) op(A4, COL4)
#define PIXEL5(op) op(A5, COL5)
#define PIXEL6(op) op(A6, COL6)
#define PIXEL7(op) op(A7, COL7)
#define PIXELS1(op) PIXEL0(op)
#define PIXELS2(op) PIXELS1(op); PIXEL1(op)
#define PIXELS3(op) PIXELS2(op); PIXEL2(op)
#define PIXELS4(op) PIXELS3(op); PIXEL3(op)
#define PIXELS5(op) PIXELS4(op); PIXEL4(op)
#define PIXELS6(op) PIXELS5(op); PIXEL5(op)
#define PIXELS7(op) PIXELS6(op); PIXEL6(op)
#define PIXELS8(op) PIXELS7(op); PIXEL7(op)
