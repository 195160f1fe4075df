// What kernels on bytes that take blocks of 16, 8 and one channel share, NEON: R0 args, R9 the next tap, R6 the pixel of Y, R13 scratch; V0 to V3 sums of
// 32 bits, V4 bytes of a tap; V16 V17 flips of X and Y, V28 zero point, 16 bits, V29 V30 limits, bytes.

#define BYTES16(arg, d) MOVBU arg(R0), R13; VDUP R13, d.B16
#define LOAD16 FMOVQ (R9), F4
#define LOAD8 FMOVD (R9), F4
#define LOAD1 MOVBU (R9), R13; FMOVS R13, F4
#define STORE16 FMOVQ F0, (R6)
#define STORE8 FMOVD F0, (R6)
#define STORE1 FMOVS F0, R13; MOVB R13, (R6)

// Integers of 32 bits, in V0 to V3, to bytes in V0.
#define NARROW \
	SQXTN4(0, 0); \
	SQXTN24(1, 0); \
	SQXTN4(2, 2); \
	SQXTN24(3, 2); \
	SQADD8(28, 0, 0); \
	SQADD8(28, 2, 2); \
	SQXTUN8(0, 0); \
	SQXTUN28(2, 0); \
	VUMAX V29.B16, V0.B16, V0.B16; \
	VUMIN V30.B16, V0.B16, V0.B16
