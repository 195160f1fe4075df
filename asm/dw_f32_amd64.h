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

// One row of taps of a tile, for each window: every column is loaded once and is tap column-stride*p of
// pixel p. HEAD begins the first pixels, MID goes on with one more pixel, TAIL ends the last.

// 3 taps, stride 1: MID is column j, the pixels j-2 to j.
#define HEAD3S1(load) load(COL0); FMA(W0, A0); load(COL1); FMA(W1, A0); FMA(W0, A1)
#define MID3S1(load, col, a, b, c) load(col); FMA(W2, a); FMA(W1, b); FMA(W0, c)
#define TAIL3S1(load, col, last, a, b) load(col); FMA(W2, a); FMA(W1, b); load(last); FMA(W2, b)
#define TO3(load) HEAD3S1(load); MID3S1(load, COL2, A0, A1, A2); MID3S1(load, COL3, A1, A2, A3)
#define TO4(load) TO3(load); MID3S1(load, COL4, A2, A3, A4)
#define TO5(load) TO4(load); MID3S1(load, COL5, A3, A4, A5)
#define TO6(load) TO5(load); MID3S1(load, COL6, A4, A5, A6)
#define TO7(load) TO6(load); MID3S1(load, COL7, A5, A6, A7)
#define WINDOW4x3S1(load) TO3(load); TAIL3S1(load, COL4, COL5, A2, A3)
#define WINDOW5x3S1(load) TO4(load); TAIL3S1(load, COL5, COL6, A3, A4)
#define WINDOW6x3S1(load) TO5(load); TAIL3S1(load, COL6, COL7, A4, A5)
#define WINDOW7x3S1(load) TO6(load); TAIL3S1(load, COL7, COL8, A5, A6)
#define WINDOW8x3S1(load) TO7(load); TAIL3S1(load, COL8, COL9, A6, A7)

// 3 taps, stride 2: MID is the columns 2p+1 and 2p+2 of pixel p.
#define HEAD3S2(load) load(COL0); FMA(W0, A0)
#define MID3S2(load, odd, even, a, b) load(odd); FMA(W1, a); load(even); FMA(W2, a); FMA(W0, b)
#define TAIL3S2(load, odd, even, a) load(odd); FMA(W1, a); load(even); FMA(W2, a)
#define BY3(load) HEAD3S2(load); MID3S2(load, COL1, COL2, A0, A1); MID3S2(load, COL3, COL4, A1, A2); MID3S2(load, COL5, COL6, A2, A3)
#define BY4(load) BY3(load); MID3S2(load, COL7, COL8, A3, A4)
#define BY5(load) BY4(load); MID3S2(load, COL9, COL10, A4, A5)
#define BY6(load) BY5(load); MID3S2(load, COL11, COL12, A5, A6)
#define BY7(load) BY6(load); MID3S2(load, COL13, COL14, A6, A7)
#define WINDOW4x3S2(load) BY3(load); TAIL3S2(load, COL7, COL8, A3)
#define WINDOW5x3S2(load) BY4(load); TAIL3S2(load, COL9, COL10, A4)
#define WINDOW6x3S2(load) BY5(load); TAIL3S2(load, COL11, COL12, A5)
#define WINDOW7x3S2(load) BY6(load); TAIL3S2(load, COL13, COL14, A6)
#define WINDOW8x3S2(load) BY7(load); TAIL3S2(load, COL15, COL16, A7)

// 5 taps, stride 1: MID is column j, the pixels j-4 to j.
#define HEAD5S1(load) HEAD3S1(load); MID3S1(load, COL2, A0, A1, A2); load(COL3); FMA(W3, A0); FMA(W2, A1); FMA(W1, A2); FMA(W0, A3)
#define MID5S1(load, col, a, b, c, d, e) load(col); FMA(W4, a); FMA(W3, b); FMA(W2, c); FMA(W1, d); FMA(W0, e)
#define TAIL5S1(load, col, col1, col2, col3, a, b, c, d) load(col); FMA(W4, a); FMA(W3, b); FMA(W2, c); FMA(W1, d); load(col1); FMA(W4, b); FMA(W3, c); FMA(W2, d); load(col2); FMA(W4, c); FMA(W3, d); load(col3); FMA(W4, d)
#define FIVE4(load) HEAD5S1(load); MID5S1(load, COL4, A0, A1, A2, A3, A4)
#define FIVE5(load) FIVE4(load); MID5S1(load, COL5, A1, A2, A3, A4, A5)
#define FIVE6(load) FIVE5(load); MID5S1(load, COL6, A2, A3, A4, A5, A6)
#define FIVE7(load) FIVE6(load); MID5S1(load, COL7, A3, A4, A5, A6, A7)
#define WINDOW4x5S1(load) HEAD5S1(load); TAIL5S1(load, COL4, COL5, COL6, COL7, A0, A1, A2, A3)
#define WINDOW5x5S1(load) FIVE4(load); TAIL5S1(load, COL5, COL6, COL7, COL8, A1, A2, A3, A4)
#define WINDOW6x5S1(load) FIVE5(load); TAIL5S1(load, COL6, COL7, COL8, COL9, A2, A3, A4, A5)
#define WINDOW7x5S1(load) FIVE6(load); TAIL5S1(load, COL7, COL8, COL9, COL10, A3, A4, A5, A6)
#define WINDOW8x5S1(load) FIVE7(load); TAIL5S1(load, COL8, COL9, COL10, COL11, A4, A5, A6, A7)

// 5 taps, stride 2: MID is the columns 2p and 2p+1, p the last of three pixels.
#define HEAD5S2(load) load(COL0); FMA(W0, A0); load(COL1); FMA(W1, A0); load(COL2); FMA(W2, A0); FMA(W0, A1); load(COL3); FMA(W3, A0); FMA(W1, A1)
#define MID5S2(load, even, odd, a, b, c) load(even); FMA(W4, a); FMA(W2, b); FMA(W0, c); load(odd); FMA(W3, b); FMA(W1, c)
#define TAIL5S2(load, even, odd, last, a, b) load(even); FMA(W4, a); FMA(W2, b); load(odd); FMA(W3, b); load(last); FMA(W4, b)
#define FIFTH3(load) HEAD5S2(load); MID5S2(load, COL4, COL5, A0, A1, A2); MID5S2(load, COL6, COL7, A1, A2, A3)
#define FIFTH4(load) FIFTH3(load); MID5S2(load, COL8, COL9, A2, A3, A4)
#define FIFTH5(load) FIFTH4(load); MID5S2(load, COL10, COL11, A3, A4, A5)
#define FIFTH6(load) FIFTH5(load); MID5S2(load, COL12, COL13, A4, A5, A6)
#define FIFTH7(load) FIFTH6(load); MID5S2(load, COL14, COL15, A5, A6, A7)
#define WINDOW4x5S2(load) FIFTH3(load); TAIL5S2(load, COL8, COL9, COL10, A2, A3)
#define WINDOW5x5S2(load) FIFTH4(load); TAIL5S2(load, COL10, COL11, COL12, A3, A4)
#define WINDOW6x5S2(load) FIFTH5(load); TAIL5S2(load, COL12, COL13, COL14, A4, A5)
#define WINDOW7x5S2(load) FIFTH6(load); TAIL5S2(load, COL14, COL15, COL16, A5, A6)
#define WINDOW8x5S2(load) FIFTH7(load); TAIL5S2(load, COL16, COL17, COL18, A6, A7)

// The pixels of a tile.
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

// The weights of a row of taps, R13 bytes apart; changes DI.
#define WEIGHTS3 VMOVUPS (BX), W0; VMOVUPS (BX)(R13*1), W1; VMOVUPS (BX)(R13*2), W2
#define WEIGHTS5 WEIGHTS3; LEAQ (BX)(R13*1), DI; VMOVUPS (DI)(R13*2), W3; VMOVUPS (BX)(R13*4), W4
