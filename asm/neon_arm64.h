// NEON instructions that Go's assembler lacks, or takes only by the names of registers, for the kernels on
// arm64. Arguments are the numbers of registers, sources first and the destination last as in Go; a lane is 0 to 3, of float64 0 or 1.
// F(n) is the same register n where Go's own loads and stores are used.
//
// Behind each macro stands the instruction as the manual writes it. A test assembles every macro with many
// operands, disassembles it and compares the two, so this list is proven, and only what stands here.

// Arithmetic on four float32, and comparisons, which give all ones or zeros.
#define FADD4(m, n, d) WORD $(0x4E20D400 | (m)<<16 | (n)<<5 | (d)) // fadd v<d>.4s, v<n>.4s, v<m>.4s
#define FSUB4(m, n, d) WORD $(0x4EA0D400 | (m)<<16 | (n)<<5 | (d)) // fsub v<d>.4s, v<n>.4s, v<m>.4s
#define FMUL4(m, n, d) WORD $(0x6E20DC00 | (m)<<16 | (n)<<5 | (d)) // fmul v<d>.4s, v<n>.4s, v<m>.4s
#define FDIV4(m, n, d) WORD $(0x6E20FC00 | (m)<<16 | (n)<<5 | (d)) // fdiv v<d>.4s, v<n>.4s, v<m>.4s
#define FMAX4(m, n, d) WORD $(0x4E20F400 | (m)<<16 | (n)<<5 | (d)) // fmax v<d>.4s, v<n>.4s, v<m>.4s
#define FMIN4(m, n, d) WORD $(0x4EA0F400 | (m)<<16 | (n)<<5 | (d)) // fmin v<d>.4s, v<n>.4s, v<m>.4s
#define FMLA4(m, n, d) WORD $(0x4E20CC00 | (m)<<16 | (n)<<5 | (d)) // fmla v<d>.4s, v<n>.4s, v<m>.4s
#define FMLS4(m, n, d) WORD $(0x4EA0CC00 | (m)<<16 | (n)<<5 | (d)) // fmls v<d>.4s, v<n>.4s, v<m>.4s
#define FADDP4(m, n, d) WORD $(0x6E20D400 | (m)<<16 | (n)<<5 | (d)) // faddp v<d>.4s, v<n>.4s, v<m>.4s
#define FABS4(n, d) WORD $(0x4EA0F800 | (n)<<5 | (d)) // fabs v<d>.4s, v<n>.4s
#define FNEG4(n, d) WORD $(0x6EA0F800 | (n)<<5 | (d)) // fneg v<d>.4s, v<n>.4s
#define FCMLTZ4(n, d) WORD $(0x4EA0E800 | (n)<<5 | (d)) // fcmlt v<d>.4s, v<n>.4s, #0
#define FMAXNM4(m, n, d) WORD $(0x4E20C400 | (m)<<16 | (n)<<5 | (d)) // fmaxnm v<d>.4s, v<n>.4s, v<m>.4s
#define FCMEQ4(m, n, d) WORD $(0x4E20E400 | (m)<<16 | (n)<<5 | (d)) // fcmeq v<d>.4s, v<n>.4s, v<m>.4s
#define FCMGT4(m, n, d) WORD $(0x6EA0E400 | (m)<<16 | (n)<<5 | (d)) // fcmgt v<d>.4s, v<n>.4s, v<m>.4s

// One lane of m times four of n.
#define FMLAE4(m, lane, n, d) WORD $(0x4F801000 | ((lane)&1)<<21 | (m)<<16 | ((lane)>>1)<<11 | (n)<<5 | (d)) // fmla v<d>.4s, v<n>.4s, v<m>.s[<lane>]
#define FMLSE4(m, lane, n, d) WORD $(0x4F805000 | ((lane)&1)<<21 | (m)<<16 | ((lane)>>1)<<11 | (n)<<5 | (d)) // fmls v<d>.4s, v<n>.4s, v<m>.s[<lane>]
#define FMULE4(m, lane, n, d) WORD $(0x4F809000 | ((lane)&1)<<21 | (m)<<16 | ((lane)>>1)<<11 | (n)<<5 | (d)) // fmul v<d>.4s, v<n>.4s, v<m>.s[<lane>]

// The same on two float64.
#define FCVTL2(n, d) WORD $(0x0E617800 | (n)<<5 | (d)) // fcvtl v<d>.2d, v<n>.2s
#define FCVTL22(n, d) WORD $(0x4E617800 | (n)<<5 | (d)) // fcvtl2 v<d>.2d, v<n>.4s
#define FSUB2(m, n, d) WORD $(0x4EE0D400 | (m)<<16 | (n)<<5 | (d)) // fsub v<d>.2d, v<n>.2d, v<m>.2d
#define FADD2(m, n, d) WORD $(0x4E60D400 | (m)<<16 | (n)<<5 | (d)) // fadd v<d>.2d, v<n>.2d, v<m>.2d
#define FMAX2(m, n, d) WORD $(0x4E60F400 | (m)<<16 | (n)<<5 | (d)) // fmax v<d>.2d, v<n>.2d, v<m>.2d
#define FMIN2(m, n, d) WORD $(0x4EE0F400 | (m)<<16 | (n)<<5 | (d)) // fmin v<d>.2d, v<n>.2d, v<m>.2d
#define FMLA2(m, n, d) WORD $(0x4E60CC00 | (m)<<16 | (n)<<5 | (d)) // fmla v<d>.2d, v<n>.2d, v<m>.2d
#define FADDPD2(m, n, d) WORD $(0x6E60D400 | (m)<<16 | (n)<<5 | (d)) // faddp v<d>.2d, v<n>.2d, v<m>.2d
#define FMLAE2(m, lane, n, d) WORD $(0x4FC01000 | (m)<<16 | (lane)<<11 | (n)<<5 | (d)) // fmla v<d>.2d, v<n>.2d, v<m>.d[<lane>]
#define FMULE2(m, lane, n, d) WORD $(0x4FC09000 | (m)<<16 | (lane)<<11 | (n)<<5 | (d)) // fmul v<d>.2d, v<n>.2d, v<m>.d[<lane>]
#define LD1R2(n, d) WORD $(0x4D40CC00 | (n)<<5 | (d)) // ld1r {v<d>.2d}, [x<n>]

// Four float32 from R(n), from R(n) + R(m), to there, and to R(n), which then moves on by R(m).
#define LDQ(n, d) WORD $(0x3DC00000 | (n)<<5 | (d)) // ldr q<d>, [x<n>]
#define LDQX(m, n, d) WORD $(0x3CE06800 | (m)<<16 | (n)<<5 | (d)) // ldr q<d>, [x<n>,x<m>]
#define STQX(m, n, d) WORD $(0x3CA06800 | (m)<<16 | (n)<<5 | (d)) // str q<d>, [x<n>,x<m>]
#define ST1X4(m, n, d) WORD $(0x4C807800 | (m)<<16 | (n)<<5 | (d)) // st1 {v<d>.4s}, [x<n>], x<m>

// Across the lanes of one register, to a scalar.
#define FMAXV4(n, d) WORD $(0x6E30F800 | (n)<<5 | (d)) // fmaxv s<d>, v<n>.4s
#define FADDP2(n, d) WORD $(0x7E30D800 | (n)<<5 | (d)) // faddp s<d>, v<n>.2s

// Bits, and integers. BSL takes n where the destination has ones, else m; BIT puts n where m has ones, BIF where
// it has zeros.
#define AND16(m, n, d) WORD $(0x4E201C00 | (m)<<16 | (n)<<5 | (d)) // and v<d>.16b, v<n>.16b, v<m>.16b
#define ORR16(m, n, d) WORD $(0x4EA01C00 | (m)<<16 | (n)<<5 | (d)) // orr v<d>.16b, v<n>.16b, v<m>.16b
#define BSL16(m, n, d) WORD $(0x6E601C00 | (m)<<16 | (n)<<5 | (d)) // bsl v<d>.16b, v<n>.16b, v<m>.16b
#define BIT16(m, n, d) WORD $(0x6EA01C00 | (m)<<16 | (n)<<5 | (d)) // bit v<d>.16b, v<n>.16b, v<m>.16b
#define BIF16(m, n, d) WORD $(0x6EE01C00 | (m)<<16 | (n)<<5 | (d)) // bif v<d>.16b, v<n>.16b, v<m>.16b
#define MOV16(n, d) WORD $(0x4EA01C00 | (n)<<16 | (n)<<5 | (d)) // mov v<d>.16b, v<n>.16b
#define MOVI0(d) WORD $(0x4F000400 | (d)) // movi v<d>.4s, #0x0
#define SUB4(m, n, d) WORD $(0x6EA08400 | (m)<<16 | (n)<<5 | (d)) // sub v<d>.4s, v<n>.4s, v<m>.4s
#define SHL4(shift, n, d) WORD $(0x4F205400 | (shift)<<16 | (n)<<5 | (d)) // shl v<d>.4s, v<n>.4s, #<shift>
#define USHR4(shift, n, d) WORD $(0x6F000400 | (64-(shift))<<16 | (n)<<5 | (d)) // ushr v<d>.4s, v<n>.4s, #<shift>
#define CMGT16(m, n, d) WORD $(0x4E203400 | (m)<<16 | (n)<<5 | (d)) // cmgt v<d>.16b, v<n>.16b, v<m>.16b

// Lanes. DUP copies one lane to all, LD1R a float from memory (at R(n)) to all.
#define DUPE4(n, lane, d) WORD $(0x4E040400 | (lane)<<19 | (n)<<5 | (d)) // dup v<d>.4s, v<n>.s[<lane>]
#define LD1R4(n, d) WORD $(0x4D40C800 | (n)<<5 | (d)) // ld1r {v<d>.4s}, [x<n>]
#define ZIP1S4(m, n, d) WORD $(0x4E803800 | (m)<<16 | (n)<<5 | (d)) // zip1 v<d>.4s, v<n>.4s, v<m>.4s
#define ZIP1D2(m, n, d) WORD $(0x4EC03800 | (m)<<16 | (n)<<5 | (d)) // zip1 v<d>.2d, v<n>.2d, v<m>.2d
#define ZIP2D2(m, n, d) WORD $(0x4EC07800 | (m)<<16 | (n)<<5 | (d)) // zip2 v<d>.2d, v<n>.2d, v<m>.2d
#define ZIP2S4(m, n, d) WORD $(0x4E807800 | (m)<<16 | (n)<<5 | (d)) // zip2 v<d>.4s, v<n>.4s, v<m>.4s

// Bytes and words: products of eight bytes, of the lower half or the upper one; sums of pairs of words added to 32 bits; sums of pairs; narrowing, which
// saturates or (XTN) does not; conversions.
#define SMULL8(m, n, d) WORD $(0x0E20C000 | (m)<<16 | (n)<<5 | (d)) // smull v<d>.8h, v<n>.8b, v<m>.8b
#define SMULL28(m, n, d) WORD $(0x4E20C000 | (m)<<16 | (n)<<5 | (d)) // smull2 v<d>.8h, v<n>.16b, v<m>.16b
#define SMLAL4(m, n, d) WORD $(0x0E608000 | (m)<<16 | (n)<<5 | (d)) // smlal v<d>.4s, v<n>.4h, v<m>.4h
#define SMLAL24(m, n, d) WORD $(0x4E608000 | (m)<<16 | (n)<<5 | (d)) // smlal2 v<d>.4s, v<n>.8h, v<m>.8h
#define SADALP4(n, d) WORD $(0x4E606800 | (n)<<5 | (d)) // sadalp v<d>.4s, v<n>.8h
#define EOR16(m, n, d) WORD $(0x6E201C00 | (m)<<16 | (n)<<5 | (d)) // eor v<d>.16b, v<n>.16b, v<m>.16b
#define SDOT4(m, n, d) WORD $(0x4E809400 | (m)<<16 | (n)<<5 | (d)) // sdot v<d>.4s, v<n>.16b, v<m>.16b
#define SDOTE(m, lane, n, d) WORD $(0x4F80E000 | ((lane)&1)<<21 | (m)<<16 | ((lane)>>1)<<11 | (n)<<5 | (d)) // sdot v<d>.4s, v<n>.16b, v<m>.4b[<lane>]
#define UXTL8(n, d) WORD $(0x2F08A400 | (n)<<5 | (d)) // uxtl v<d>.8h, v<n>.8b
#define UXTL4(n, d) WORD $(0x2F10A400 | (n)<<5 | (d)) // uxtl v<d>.4s, v<n>.4h
#define UXTL24(n, d) WORD $(0x6F10A400 | (n)<<5 | (d)) // uxtl2 v<d>.4s, v<n>.8h
#define ADDP4(m, n, d) WORD $(0x4EA0BC00 | (m)<<16 | (n)<<5 | (d)) // addp v<d>.4s, v<n>.4s, v<m>.4s
#define ADD4(m, n, d) WORD $(0x4EA08400 | (m)<<16 | (n)<<5 | (d)) // add v<d>.4s, v<n>.4s, v<m>.4s
#define SQADD8(m, n, d) WORD $(0x4E600C00 | (m)<<16 | (n)<<5 | (d)) // sqadd v<d>.8h, v<n>.8h, v<m>.8h
#define SMAX8(m, n, d) WORD $(0x4E606400 | (m)<<16 | (n)<<5 | (d)) // smax v<d>.8h, v<n>.8h, v<m>.8h
#define SMIN8(m, n, d) WORD $(0x4E606C00 | (m)<<16 | (n)<<5 | (d)) // smin v<d>.8h, v<n>.8h, v<m>.8h
#define SQXTN4(n, d) WORD $(0x0E614800 | (n)<<5 | (d)) // sqxtn v<d>.4h, v<n>.4s
#define SQXTN24(n, d) WORD $(0x4E614800 | (n)<<5 | (d)) // sqxtn2 v<d>.8h, v<n>.4s
#define SQXTUN8(n, d) WORD $(0x2E212800 | (n)<<5 | (d)) // sqxtun v<d>.8b, v<n>.8h
#define SQXTUN28(n, d) WORD $(0x6E212800 | (n)<<5 | (d)) // sqxtun2 v<d>.16b, v<n>.8h
#define XTN8(n, d) WORD $(0x0E212800 | (n)<<5 | (d)) // xtn v<d>.8b, v<n>.8h
#define DUPD2(n, d) WORD $(0x4E180400 | (n)<<5 | (d)) // dup v<d>.2d, v<n>.d[1]
#define SCVTF4(n, d) WORD $(0x4E21D800 | (n)<<5 | (d)) // scvtf v<d>.4s, v<n>.4s
#define FCVTNS4(n, d) WORD $(0x4E21A800 | (n)<<5 | (d)) // fcvtns v<d>.4s, v<n>.4s

// Fixed point: minima and maxima, shifts by the numbers of m, to the right where they are negative (SRSHL rounds), the upper half of the doubled product, rounded.
#define SMAX4(m, n, d) WORD $(0x4EA06400 | (m)<<16 | (n)<<5 | (d)) // smax v<d>.4s, v<n>.4s, v<m>.4s
#define SMIN4(m, n, d) WORD $(0x4EA06C00 | (m)<<16 | (n)<<5 | (d)) // smin v<d>.4s, v<n>.4s, v<m>.4s
#define SSHL4(m, n, d) WORD $(0x4EA04400 | (m)<<16 | (n)<<5 | (d)) // sshl v<d>.4s, v<n>.4s, v<m>.4s
#define SRSHL4(m, n, d) WORD $(0x4EA05400 | (m)<<16 | (n)<<5 | (d)) // srshl v<d>.4s, v<n>.4s, v<m>.4s
#define SSHR4(shift, n, d) WORD $(0x4F000400 | (64-(shift))<<16 | (n)<<5 | (d)) // sshr v<d>.4s, v<n>.4s, #<shift>
#define SQRDMULH4(m, n, d) WORD $(0x6EA0B400 | (m)<<16 | (n)<<5 | (d)) // sqrdmulh v<d>.4s, v<n>.4s, v<m>.4s
