// The element type of the bodies that serve more than one: float32.

#define SIZE 4
#define SHIFT 2
#define VBROADCAST VBROADCASTSS
#define VFMADD231 VFMADD231PS
#define VMUL VMULPS
#define VADD VADDPS
#define VMAX VMAXPS
#define VMIN VMINPS
#define VMOVU VMOVUPS
#define VMASKMOV VMASKMOVPS
#define VHADD VHADDPS

// The scalars of BrgArgs, and whether the upper bound is +Inf.
#define BRGALPHA BrgArgs_Alpha(AX)
#define BRGBETA BrgArgs_Beta(AX)
#define BRGLO BrgArgs_Lo(AX)
#define BRGHI BrgArgs_Hi(AX)
#define ISINF CMPL BrgArgs_Hi(AX), $0x7F800000
