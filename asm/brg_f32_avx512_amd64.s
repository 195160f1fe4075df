//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// PLACEHOLDER

#define NR32

#define MR 14
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op); ROW11(op); ROW12(op); ROW13(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op); PTR12(op)
TEXT ·brgF32_14x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 13
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op); ROW11(op); ROW12(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op); PTR12(op)
TEXT ·brgF32_13x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 12
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op); ROW11(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op)
TEXT ·brgF32_12x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 11
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op)
TEXT ·brgF32_11x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 10
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op)
TEXT ·brgF32_10x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 9
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op)
#define PTRS(op) PTR3(op); PTR6(op)
TEXT ·brgF32_9x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 8
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op)
#define PTRS(op) PTR3(op); PTR6(op)
TEXT ·brgF32_8x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 7
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op)
#define PTRS(op) PTR3(op); PTR6(op)
TEXT ·brgF32_7x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 6
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_6x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_5x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_4x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op)
#define PTRS(op) 
TEXT ·brgF32_3x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROW0(op); ROW1(op)
#define PTRS(op) 
TEXT ·brgF32_2x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROW0(op)
#define PTRS(op) 
TEXT ·brgF32_1x32_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS
#undef NR32

#define MR 14
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op); ROW11(op); ROW12(op); ROW13(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op); PTR12(op)
TEXT ·brgF32_14x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 13
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op); ROW11(op); ROW12(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op); PTR12(op)
TEXT ·brgF32_13x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 12
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op); ROW11(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op)
TEXT ·brgF32_12x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 11
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op); ROW10(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op)
TEXT ·brgF32_11x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 10
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op); ROW9(op)
#define PTRS(op) PTR3(op); PTR6(op); PTR9(op)
TEXT ·brgF32_10x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 9
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op); ROW8(op)
#define PTRS(op) PTR3(op); PTR6(op)
TEXT ·brgF32_9x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 8
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op); ROW7(op)
#define PTRS(op) PTR3(op); PTR6(op)
TEXT ·brgF32_8x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 7
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op); ROW6(op)
#define PTRS(op) PTR3(op); PTR6(op)
TEXT ·brgF32_7x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 6
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op); ROW5(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_6x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 5
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op); ROW4(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_5x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 4
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op); ROW3(op)
#define PTRS(op) PTR3(op)
TEXT ·brgF32_4x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 3
#define ROWS(op) ROW0(op); ROW1(op); ROW2(op)
#define PTRS(op) 
TEXT ·brgF32_3x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 2
#define ROWS(op) ROW0(op); ROW1(op)
#define PTRS(op) 
TEXT ·brgF32_2x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS

#define MR 1
#define ROWS(op) ROW0(op)
#define PTRS(op) 
TEXT ·brgF32_1x16_avx512(SB), NOSPLIT, $0-8
#include "brg_f32_avx512_amd64.h"
#undef MR
#undef ROWS
#undef PTRS
