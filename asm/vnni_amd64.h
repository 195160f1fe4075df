// VPDPBUSD of AVX-VNNI, which Go assembles for AVX-512 only, by the numbers of Y registers: VEX.256.66.0F38.W0 50 /r. As in Go's order of
// operands: m has s8, v u8, d the sums. A test compares it with the assembler's own VPMADDUBSW, which differs in the opcode alone.
#define VPDPBUSDY(m, v, d) LONG $(0x500542C4 | ((15-(d))>>3)<<15 | ((15-(m))>>3)<<13 | (15-(v))<<19); BYTE $(0xC0 | ((d)&7)<<3 | ((m)&7))
