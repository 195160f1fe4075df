// What the gemv kernels for AVX2 do to rows, for any element type: gemv_f32_avx2_amd64.s describes it. Who includes it adds up the sums (REDUCE)
// and stores those of a block (STOREALL, STORELAST).

#define A0 Y0
#define A1 Y1
#define A2 Y2
#define A3 Y3
#define A4 Y4
#define A5 Y5
#define A6 Y6
#define A7 Y7
#define STEP 32
#define MASK LEAQ ·laneMask+32(SB), AX; SHLQ $SHIFT, CX; SUBQ CX, AX; VMOVU (AX), Y14; MOVQ a+0(FP), AX
#define LOAD VMOVU (BX)(CX*1), Y8
#define LOADTAIL VMASKMOV (BX), Y14, Y8
#define FMATAIL(n, v, p) VMASKMOV (p), Y14, Y9; FMAREG(Y9, v)

// gemv: v is a sum.
#define DOT
#define BEGIN(n, v, p) VXORPS v, v, v
#define FMA(n, v, p) VFMADD231 (p)(CX*1), Y8, v
#define FMAREG(w, v) VFMADD231 w, Y8, v
#define SAVE
#define SAVETAIL
#define AHEAD
