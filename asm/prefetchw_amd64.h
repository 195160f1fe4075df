// PREFETCHW, which Go's assembler lacks: it asks for a line in order to write it. A line that another core has read must be
// taken from it, and a store would wait for that, even if a plain prefetch has brought the line. Processors that do not
// have the instruction pass over it.
//
// PREFETCHW_DI_64 is PREFETCHW 64(DI), PREFETCHW_DI_R10X2_2048 is PREFETCHW 2048(DI)(R10*2), and so on.

#define PREFETCHW_DI_0 BYTE $0x0f; BYTE $0x0d; BYTE $0x0f
#define PREFETCHW_DI_64 BYTE $0x0f; BYTE $0x0d; BYTE $0x4f; BYTE $64
#define PREFETCHW_DI_128 BYTE $0x0f; BYTE $0x0d; BYTE $0x8f; LONG $128
#define PREFETCHW_SI_0 BYTE $0x0f; BYTE $0x0d; BYTE $0x0e
#define PREFETCHW_SI_64 BYTE $0x0f; BYTE $0x0d; BYTE $0x4e; BYTE $64
#define PREFETCHW_SI_128 BYTE $0x0f; BYTE $0x0d; BYTE $0x8e; LONG $128
#define PREFETCHW_DI_2048 BYTE $0x0f; BYTE $0x0d; BYTE $0x8f; LONG $2048
#define PREFETCHW_DI_R10_2048 BYTE $0x42; BYTE $0x0f; BYTE $0x0d; BYTE $0x8c; BYTE $0x17; LONG $2048
#define PREFETCHW_DI_R10X2_2048 BYTE $0x42; BYTE $0x0f; BYTE $0x0d; BYTE $0x8c; BYTE $0x57; LONG $2048
#define PREFETCHW_DI_R11_2048 BYTE $0x42; BYTE $0x0f; BYTE $0x0d; BYTE $0x8c; BYTE $0x1f; LONG $2048
