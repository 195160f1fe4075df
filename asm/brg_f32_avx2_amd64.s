//go:build !purego

#include "go_asm.h"
#include "textflag.h"

DATA brgMask<>+0(SB)/8, $0xffffffffffffffff
DATA brgMask<>+8(SB)/8, $0xffffffffffffffff
DATA brgMask<>+16(SB)/8, $0xffffffffffffffff
DATA brgMask<>+24(SB)/8, $0xffffffffffffffff
DATA brgMask<>+32(SB)/8, $0xffffffffffffffff
DATA brgMask<>+40(SB)/8, $0xffffffffffffffff
DATA brgMask<>+48(SB)/8, $0xffffffffffffffff
DATA brgMask<>+56(SB)/8, $0xffffffffffffffff
DATA brgMask<>+64(SB)/8, $0
DATA brgMask<>+72(SB)/8, $0
DATA brgMask<>+80(SB)/8, $0
DATA brgMask<>+88(SB)/8, $0
DATA brgMask<>+96(SB)/8, $0
DATA brgMask<>+104(SB)/8, $0
DATA brgMask<>+112(SB)/8, $0
DATA brgMask<>+120(SB)/8, $0
GLOBL brgMask<>(SB), RODATA|NOPTR, $128

#define NR16

#define MR 6
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_6x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_5x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_4x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op)
#define PTRS(op) 
TEXT ·brgF32_3x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROW0(op); ROW1(op)
#define PTRS(op) 
TEXT ·brgF32_2x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROW0(op)
#define PTRS(op) 
TEXT ·brgF32_1x16_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#undef NR16

#define MR 6
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_6x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_5x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_4x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op)
#define PTRS(op) 
TEXT ·brgF32_3x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROW0(op); ROW1(op)
#define PTRS(op) 
TEXT ·brgF32_2x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROW0(op)
#define PTRS(op) 
TEXT ·brgF32_1x8_avx2(SB), NOSPLIT, $0-8
#include "brg_f32_avx2_amd64.h"
#undef MR
#undef ROWS
#undef PTRS
