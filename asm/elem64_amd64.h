// The element type of the bodies that serve more than one: float64.

#define SIZE 8
#define SHIFT 3
#define VBROADCAST VBROADCASTSD
#define VFMADD231 VFMADD231PD
#define VMUL VMULPD
#define VADD VADDPD
#define VMAX VMAXPD
#define VMIN VMINPD
#define VMOVU VMOVUPD
#define VMASKMOV VMASKMOVPD
#define VHADD VHADDPD

// The scalars of BrgArgs, and whether the upper bound is +Inf.
#define BRGALPHA BrgArgs_Alpha64(AX)
#define BRGBETA BrgArgs_Beta64(AX)
#define BRGLO BrgArgs_Lo64(AX)
#define BRGHI BrgArgs_Hi64(AX)
#define ISINF MOVQ $0x7FF0000000000000, R8; CMPQ BrgArgs_Hi64(AX), R8
