// What the gemv kernels for AVX-512 do to rows, for any element type: gemv_f32_avx512_amd64.s describes it. Who includes it adds up the sums (REDUCE)
// and stores those of a block (STOREALL, STORELAST).

#define A0 Z16
#define A1 Z17
#define A2 Z18
#define A3 Z19
#define A4 Z20
#define A5 Z21
#define A6 Z22
#define A7 Z23
#define STEP 64
#define MASK MOVQ $-1, AX; SHLQ CX, AX; NOTQ AX; KMOVW AX, K1; MOVQ a+0(FP), AX
#define LOAD VMOVU (BX)(CX*1), Z8
#define LOADTAIL VMOVU.Z (BX), K1, Z8
#define FMATAIL(n, v, p) VMOVU.Z (p), K1, Z9; FMAREG(Z9, v)

// gemv: v is a sum.
#define DOT
#define BEGIN(n, v, p) VPXORD v, v, v
#define FMA(n, v, p) VFMADD231 (p)(CX*1), Z8, v
#define FMAREG(w, v) VFMADD231 w, Z8, v
#define SAVE
#define SAVETAIL
#define AHEAD
