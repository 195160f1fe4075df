//go:build !purego

package asm

// The assembly behind the rows of table_amd64.go.

//go:noescape
func brgF32_14x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_13x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_12x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_11x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_10x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_9x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_8x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_7x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_6x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_5x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_4x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_3x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_2x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_1x32_avx512(a *BrgArgs)

//go:noescape
func brgF32_14x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_13x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_12x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_11x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_10x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_9x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_8x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_7x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_6x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_5x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_4x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_3x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_2x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_1x16_avx512(a *BrgArgs)

//go:noescape
func brgF32_8x48_avx512(a *BrgArgs)

//go:noescape
func brgF32_7x48_avx512(a *BrgArgs)

//go:noescape
func brgF32_6x48_avx512(a *BrgArgs)

//go:noescape
func brgF32_5x48_avx512(a *BrgArgs)

//go:noescape
func brgF32_4x48_avx512(a *BrgArgs)

//go:noescape
func brgF32_3x48_avx512(a *BrgArgs)

//go:noescape
func brgF32_2x48_avx512(a *BrgArgs)

//go:noescape
func brgF32_1x48_avx512(a *BrgArgs)

//go:noescape
func brgF32_6x16_avx2(a *BrgArgs)

//go:noescape
func brgF32_5x16_avx2(a *BrgArgs)

//go:noescape
func brgF32_4x16_avx2(a *BrgArgs)

//go:noescape
func brgF32_3x16_avx2(a *BrgArgs)

//go:noescape
func brgF32_2x16_avx2(a *BrgArgs)

//go:noescape
func brgF32_1x16_avx2(a *BrgArgs)

//go:noescape
func brgF32_6x8_avx2(a *BrgArgs)

//go:noescape
func brgF32_5x8_avx2(a *BrgArgs)

//go:noescape
func brgF32_4x8_avx2(a *BrgArgs)

//go:noescape
func brgF32_3x8_avx2(a *BrgArgs)

//go:noescape
func brgF32_2x8_avx2(a *BrgArgs)

//go:noescape
func brgF32_1x8_avx2(a *BrgArgs)

//go:noescape
func brgF32_4x24_avx2(a *BrgArgs)

//go:noescape
func brgF32_3x24_avx2(a *BrgArgs)

//go:noescape
func brgF32_2x24_avx2(a *BrgArgs)

//go:noescape
func brgF32_1x24_avx2(a *BrgArgs)
