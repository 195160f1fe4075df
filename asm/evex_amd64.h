// Instructions on bfloat16 that Go's assembler lacks, by the numbers of Z registers: EVEX.512.F3.0F38.W0 52 /r and so on. As in Go's order of
// operands the destination is last. BIT0(x, n) is bit n of x turned over; every shift has brackets of its own, for a>>b&c is a>>(b&c) to the
// assembler. A test compares them with the assembler's own VPDPBUSD, which differs in prefix and opcode alone, and with what objdump reads.
#define BIT0(x, n) (((31-(x))>>n)&1)
#define EVEX512(pp, op, m, v, d) LONG $(0x40000262|(BIT0(d, 3)<<15)|(BIT0(m, 4)<<14)|(BIT0(m, 3)<<13)|(BIT0(d, 4)<<12)|(((31-(v))&15)<<19)|((4|(pp))<<16)|(BIT0(v, 4)<<27)); WORD $((op)|((0xC0|(((d)&7)<<3)|((m)&7))<<8))

// d += v·m: pairs of bfloat16 to float32.
#define VDPBF16PS(m, v, d) EVEX512(2, 0x52, m, v, d)
// d = bfloat16 of m, then of v.
#define VCVTNE2PS2BF16(m, v, d) EVEX512(3, 0x72, m, v, d)
// The lower half of d = bfloat16 of m.
#define VCVTNEPS2BF16(m, d) EVEX512(2, 0x72, m, 0, d)
