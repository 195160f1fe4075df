// PREFETCHW, which Go's assembler lacks: it asks for a line in order to write it. A line that another core has read must be
// taken from it, and a store would wait for that, even if a plain prefetch has brought the line. Processors that do not
// have the instruction pass over it.
//
// PREFETCHW_DI_64 is PREFETCHW 64(DI), and so on.

#define PREFETCHW_DI_0 BYTE $0x0f; BYTE $0x0d; BYTE $0x0f
#define PREFETCHW_DI_64 BYTE $0x0f; BYTE $0x0d; BYTE $0x4f; BYTE $64
#define PREFETCHW_DI_128 BYTE $0x0f; BYTE $0x0d; BYTE $0x8f; LONG $128
#define PREFETCHW_SI_0 BYTE $0x0f; BYTE $0x0d; BYTE $0x0e
#define PREFETCHW_SI_64 BYTE $0x0f; BYTE $0x0d; BYTE $0x4e; BYTE $64
#define PREFETCHW_SI_128 BYTE $0x0f; BYTE $0x0d; BYTE $0x8e; LONG $128
