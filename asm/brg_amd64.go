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

//go:noescape
func brgF64_14x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_13x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_12x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_11x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_10x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_9x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_8x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_7x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_6x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_5x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_4x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_3x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_2x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_1x16_avx512(a *BrgArgs)

//go:noescape
func brgF64_14x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_13x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_12x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_11x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_10x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_9x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_8x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_7x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_6x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_5x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_4x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_3x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_2x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_1x8_avx512(a *BrgArgs)

//go:noescape
func brgF64_6x8_avx2(a *BrgArgs)

//go:noescape
func brgF64_5x8_avx2(a *BrgArgs)

//go:noescape
func brgF64_4x8_avx2(a *BrgArgs)

//go:noescape
func brgF64_3x8_avx2(a *BrgArgs)

//go:noescape
func brgF64_2x8_avx2(a *BrgArgs)

//go:noescape
func brgF64_1x8_avx2(a *BrgArgs)

//go:noescape
func brgF64_6x4_avx2(a *BrgArgs)

//go:noescape
func brgF64_5x4_avx2(a *BrgArgs)

//go:noescape
func brgF64_4x4_avx2(a *BrgArgs)

//go:noescape
func brgF64_3x4_avx2(a *BrgArgs)

//go:noescape
func brgF64_2x4_avx2(a *BrgArgs)

//go:noescape
func brgF64_1x4_avx2(a *BrgArgs)

//go:noescape
func brgU8_14x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_13x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_12x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_11x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_10x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_9x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_8x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_7x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_6x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_5x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_4x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_3x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_2x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_1x32_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_14x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_13x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_12x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_11x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_10x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_9x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_8x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_7x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_6x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_5x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_4x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_3x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_2x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_1x16_avx512vnni(a *BrgU8Args)

//go:noescape
func brgU8_6x16vnni_avx2(a *BrgU8Args)

//go:noescape
func brgU8_5x16vnni_avx2(a *BrgU8Args)

//go:noescape
func brgU8_4x16vnni_avx2(a *BrgU8Args)

//go:noescape
func brgU8_3x16vnni_avx2(a *BrgU8Args)

//go:noescape
func brgU8_2x16vnni_avx2(a *BrgU8Args)

//go:noescape
func brgU8_1x16vnni_avx2(a *BrgU8Args)

//go:noescape
func brgU8_6x16_avx2(a *BrgU8Args)

//go:noescape
func brgU8_5x16_avx2(a *BrgU8Args)

//go:noescape
func brgU8_4x16_avx2(a *BrgU8Args)

//go:noescape
func brgU8_3x16_avx2(a *BrgU8Args)

//go:noescape
func brgU8_2x16_avx2(a *BrgU8Args)

//go:noescape
func brgU8_1x16_avx2(a *BrgU8Args)

//go:noescape
func brgBF16_14x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_13x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_12x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_11x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_10x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_9x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_8x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_7x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_6x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_5x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_4x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_3x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_2x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_1x32_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_14x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_13x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_12x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_11x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_10x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_9x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_8x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_7x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_6x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_5x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_4x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_3x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_2x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgBF16_1x16_avx512bf16(a *BrgArgs)

//go:noescape
func brgmixedBF16_12x32_avx512(a *BrgArgs)

//go:noescape
func brgmixedBF16_11x32_avx512(a *BrgArgs)

//go:noescape
func brgmixedBF16_10x32_avx512(a *BrgArgs)

//go:noescape
func brgmixedBF16_9x32_avx512(a *BrgArgs)

//go:noescape
func brgmixedBF16_8x32_avx512(a *BrgArgs)

//go:noescape
func brgmixedBF16_7x32_avx512(a *BrgArgs)

//go:noescape
func brgmixedBF16_6x32_avx512(a *BrgArgs)

//go:noescape
func brgmixedBF16_5x32_avx512(a *BrgArgs)

//go:noescape
func brgmixedBF16_4x32_avx512(a *BrgArgs)

//go:noescape
func brgmixedBF16_3x32_avx512(a *BrgArgs)

//go:noescape
func brgmixedBF16_2x32_avx512(a *BrgArgs)

//go:noescape
func brgmixedBF16_1x32_avx512(a *BrgArgs)

//go:noescape
func brgmixedBF16_4x16_avx2(a *BrgArgs)

//go:noescape
func brgmixedBF16_3x16_avx2(a *BrgArgs)

//go:noescape
func brgmixedBF16_2x16_avx2(a *BrgArgs)

//go:noescape
func brgmixedBF16_1x16_avx2(a *BrgArgs)
