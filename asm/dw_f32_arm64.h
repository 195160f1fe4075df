// What the depthwise kernels of arm64 share. Columns of X are loaded one after the other by COL, which moves R8 on,
// to V13: which tap of which pixel each belongs to. LD loads (or stores) the channels at hand.

#define FMA(w, c) FMLA4(13, w, c)

// One row of taps of a tile, for each window: every column is loaded once and is tap column-stride*p of
// pixel p (V0 to V7), with the weights V8 to V12. HEAD begins the first pixels, MID goes on with one more pixel, TAIL
// ends the last.

// 3 taps, stride 1: MID is a column, that of three pixels.
#define HEAD3S1 COL; FMA(8, 0); COL; FMA(9, 0); FMA(8, 1)
#define MID3S1(a, b, c) COL; FMA(10, a); FMA(9, b); FMA(8, c)
#define TAIL3S1(a, b) COL; FMA(10, a); FMA(9, b); COL; FMA(10, b)
#define TO4 HEAD3S1; MID3S1(0, 1, 2); MID3S1(1, 2, 3)
#define TO5 TO4; MID3S1(2, 3, 4)
#define TO6 TO5; MID3S1(3, 4, 5)
#define TO7 TO6; MID3S1(4, 5, 6)
#define TO8 TO7; MID3S1(5, 6, 7)
#define WINDOW4x3S1 TO4; TAIL3S1(2, 3)
#define WINDOW5x3S1 TO5; TAIL3S1(3, 4)
#define WINDOW6x3S1 TO6; TAIL3S1(4, 5)
#define WINDOW7x3S1 TO7; TAIL3S1(5, 6)
#define WINDOW8x3S1 TO8; TAIL3S1(6, 7)

// 3 taps, stride 2: MID is the last two columns of a pixel, the second is the first of the next.
#define MID3S2(a, b) COL; FMA(9, a); COL; FMA(10, a); FMA(8, b)
#define TAIL3S2(a) COL; FMA(9, a); COL; FMA(10, a)
#define BY4 COL; FMA(8, 0); MID3S2(0, 1); MID3S2(1, 2); MID3S2(2, 3)
#define BY5 BY4; MID3S2(3, 4)
#define BY6 BY5; MID3S2(4, 5)
#define BY7 BY6; MID3S2(5, 6)
#define BY8 BY7; MID3S2(6, 7)
#define WINDOW4x3S2 BY4; TAIL3S2(3)
#define WINDOW5x3S2 BY5; TAIL3S2(4)
#define WINDOW6x3S2 BY6; TAIL3S2(5)
#define WINDOW7x3S2 BY7; TAIL3S2(6)
#define WINDOW8x3S2 BY8; TAIL3S2(7)

// 5 taps, stride 1: MID is a column, that of five pixels.
#define MID5S1(a, b, c, d, e) COL; FMA(12, a); FMA(11, b); FMA(10, c); FMA(9, d); FMA(8, e)
#define TAIL5S1(a, b, c, d) COL; FMA(12, a); FMA(11, b); FMA(10, c); FMA(9, d); COL; FMA(12, b); FMA(11, c); FMA(10, d); COL; FMA(12, c); FMA(11, d); COL; FMA(12, d)
#define FIVE4 HEAD3S1; MID3S1(0, 1, 2); COL; FMA(11, 0); FMA(10, 1); FMA(9, 2); FMA(8, 3)
#define FIVE5 FIVE4; MID5S1(0, 1, 2, 3, 4)
#define FIVE6 FIVE5; MID5S1(1, 2, 3, 4, 5)
#define FIVE7 FIVE6; MID5S1(2, 3, 4, 5, 6)
#define FIVE8 FIVE7; MID5S1(3, 4, 5, 6, 7)
#define WINDOW4x5S1 FIVE4; TAIL5S1(0, 1, 2, 3)
#define WINDOW5x5S1 FIVE5; TAIL5S1(1, 2, 3, 4)
#define WINDOW6x5S1 FIVE6; TAIL5S1(2, 3, 4, 5)
#define WINDOW7x5S1 FIVE7; TAIL5S1(3, 4, 5, 6)
#define WINDOW8x5S1 FIVE8; TAIL5S1(4, 5, 6, 7)

// 5 taps, stride 2: MID is two columns, of three pixels and of two.
#define HEAD5S2 COL; FMA(8, 0); COL; FMA(9, 0); COL; FMA(10, 0); FMA(8, 1); COL; FMA(11, 0); FMA(9, 1)
#define MID5S2(a, b, c) COL; FMA(12, a); FMA(10, b); FMA(8, c); COL; FMA(11, b); FMA(9, c)
#define TAIL5S2(a, b) COL; FMA(12, a); FMA(10, b); COL; FMA(11, b); COL; FMA(12, b)
#define FIFTH4 HEAD5S2; MID5S2(0, 1, 2); MID5S2(1, 2, 3)
#define FIFTH5 FIFTH4; MID5S2(2, 3, 4)
#define FIFTH6 FIFTH5; MID5S2(3, 4, 5)
#define FIFTH7 FIFTH6; MID5S2(4, 5, 6)
#define FIFTH8 FIFTH7; MID5S2(5, 6, 7)
#define WINDOW4x5S2 FIFTH4; TAIL5S2(2, 3)
#define WINDOW5x5S2 FIFTH5; TAIL5S2(3, 4)
#define WINDOW6x5S2 FIFTH6; TAIL5S2(4, 5)
#define WINDOW7x5S2 FIFTH7; TAIL5S2(5, 6)
#define WINDOW8x5S2 FIFTH8; TAIL5S2(6, 7)

// The pixels of a tile.
#define PIXELS1(op) op(0)
#define PIXELS2(op) PIXELS1(op); op(1)
#define PIXELS3(op) PIXELS2(op); op(2)
#define PIXELS4(op) PIXELS3(op); op(3)
#define PIXELS5(op) PIXELS4(op); op(4)
#define PIXELS6(op) PIXELS5(op); op(5)
#define PIXELS7(op) PIXELS6(op); op(6)
#define PIXELS8(op) PIXELS7(op); op(7)

// The weights of a row of taps, R10 bytes apart from R9 on; changes R9.
#define WEIGHTS3 LD (R9), F8; ADD R10, R9; LD (R9), F9; ADD R10, R9; LD (R9), F10
#define WEIGHTS5 WEIGHTS3; ADD R10, R9; LD (R9), F11; ADD R10, R9; LD (R9), F12
