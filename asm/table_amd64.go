//go:build !purego

package asm

import "github.com/simdnn/simdnn/internal/cpu"

// The amd64 rows. Within an operation and a level the first row that fits wins.

func supported() []ISA {
	var s []ISA
	if cpu.HasAVX2FMA() {
		s = append(s, AVX2)
	}
	if cpu.HasAVX512() {
		s = append(s, AVX512)
	}
	if cpu.HasAVX512VNNI() {
		s = append(s, AVX512VNNI)
	}
	return s
}

func brgTable() []BrgRow { return append(brgAMD64, brgGeneric...) }

func fetchTable() []FetchRow { return append(fetchAMD64, fetchGeneric...) }

func peakTable() []PeakRow { return append(peakAMD64, peakGeneric...) }

func readTable() []ReadRow { return append(readAMD64, readGeneric...) }

var fetchAMD64 = []FetchRow{
	{Row: Row{"fetchF32_rows_avx2", AVX2}, fn: fetchF32_rows_avx2},
}

var peakAMD64 = []PeakRow{
	{Row: Row{"peakF32_24x16_avx512", AVX512}, Chains: 24, Lanes: 16, fn: peakF32_24x16_avx512},
	{Row: Row{"peakF32_12x8_avx2", AVX2}, Chains: 12, Lanes: 8, fn: peakF32_12x8_avx2},
}

var readAMD64 = []ReadRow{
	{Row: Row{"readF32_8x16_avx512", AVX512}, Block: 128, fn: readF32_8x16_avx512},
	{Row: Row{"readF32_8x8_avx2", AVX2}, Block: 64, fn: readF32_8x8_avx2},
}

func unaryTable() []UnaryRow     { return unaryGeneric }
func binaryTable() []BinaryRow   { return binaryGeneric }
func affineTable() []AffineRow   { return affineGeneric }
func softmaxTable() []SoftmaxRow { return softmaxGeneric }

var brgAMD64 = []BrgRow{
	{Row: Row{"brgF32_14x32_avx512", AVX512}, MR: 14, NR: 32, fn: brgF32_14x32_avx512},
	{Row: Row{"brgF32_13x32_avx512", AVX512}, MR: 13, NR: 32, fn: brgF32_13x32_avx512},
	{Row: Row{"brgF32_12x32_avx512", AVX512}, MR: 12, NR: 32, fn: brgF32_12x32_avx512},
	{Row: Row{"brgF32_11x32_avx512", AVX512}, MR: 11, NR: 32, fn: brgF32_11x32_avx512},
	{Row: Row{"brgF32_10x32_avx512", AVX512}, MR: 10, NR: 32, fn: brgF32_10x32_avx512},
	{Row: Row{"brgF32_9x32_avx512", AVX512}, MR: 9, NR: 32, fn: brgF32_9x32_avx512},
	{Row: Row{"brgF32_8x32_avx512", AVX512}, MR: 8, NR: 32, fn: brgF32_8x32_avx512},
	{Row: Row{"brgF32_7x32_avx512", AVX512}, MR: 7, NR: 32, fn: brgF32_7x32_avx512},
	{Row: Row{"brgF32_6x32_avx512", AVX512}, MR: 6, NR: 32, fn: brgF32_6x32_avx512},
	{Row: Row{"brgF32_5x32_avx512", AVX512}, MR: 5, NR: 32, fn: brgF32_5x32_avx512},
	{Row: Row{"brgF32_4x32_avx512", AVX512}, MR: 4, NR: 32, fn: brgF32_4x32_avx512},
	{Row: Row{"brgF32_3x32_avx512", AVX512}, MR: 3, NR: 32, fn: brgF32_3x32_avx512},
	{Row: Row{"brgF32_2x32_avx512", AVX512}, MR: 2, NR: 32, fn: brgF32_2x32_avx512},
	{Row: Row{"brgF32_1x32_avx512", AVX512}, MR: 1, NR: 32, fn: brgF32_1x32_avx512},
	{Row: Row{"brgF32_14x16_avx512", AVX512}, MR: 14, NR: 16, fn: brgF32_14x16_avx512},
	{Row: Row{"brgF32_13x16_avx512", AVX512}, MR: 13, NR: 16, fn: brgF32_13x16_avx512},
	{Row: Row{"brgF32_12x16_avx512", AVX512}, MR: 12, NR: 16, fn: brgF32_12x16_avx512},
	{Row: Row{"brgF32_11x16_avx512", AVX512}, MR: 11, NR: 16, fn: brgF32_11x16_avx512},
	{Row: Row{"brgF32_10x16_avx512", AVX512}, MR: 10, NR: 16, fn: brgF32_10x16_avx512},
	{Row: Row{"brgF32_9x16_avx512", AVX512}, MR: 9, NR: 16, fn: brgF32_9x16_avx512},
	{Row: Row{"brgF32_8x16_avx512", AVX512}, MR: 8, NR: 16, fn: brgF32_8x16_avx512},
	{Row: Row{"brgF32_7x16_avx512", AVX512}, MR: 7, NR: 16, fn: brgF32_7x16_avx512},
	{Row: Row{"brgF32_6x16_avx512", AVX512}, MR: 6, NR: 16, fn: brgF32_6x16_avx512},
	{Row: Row{"brgF32_5x16_avx512", AVX512}, MR: 5, NR: 16, fn: brgF32_5x16_avx512},
	{Row: Row{"brgF32_4x16_avx512", AVX512}, MR: 4, NR: 16, fn: brgF32_4x16_avx512},
	{Row: Row{"brgF32_3x16_avx512", AVX512}, MR: 3, NR: 16, fn: brgF32_3x16_avx512},
	{Row: Row{"brgF32_2x16_avx512", AVX512}, MR: 2, NR: 16, fn: brgF32_2x16_avx512},
	{Row: Row{"brgF32_1x16_avx512", AVX512}, MR: 1, NR: 16, fn: brgF32_1x16_avx512},
	{Row: Row{"brgF32_6x16_avx2", AVX2}, MR: 6, NR: 16, fn: brgF32_6x16_avx2},
	{Row: Row{"brgF32_5x16_avx2", AVX2}, MR: 5, NR: 16, fn: brgF32_5x16_avx2},
	{Row: Row{"brgF32_4x16_avx2", AVX2}, MR: 4, NR: 16, fn: brgF32_4x16_avx2},
	{Row: Row{"brgF32_3x16_avx2", AVX2}, MR: 3, NR: 16, fn: brgF32_3x16_avx2},
	{Row: Row{"brgF32_2x16_avx2", AVX2}, MR: 2, NR: 16, fn: brgF32_2x16_avx2},
	{Row: Row{"brgF32_1x16_avx2", AVX2}, MR: 1, NR: 16, fn: brgF32_1x16_avx2},
	{Row: Row{"brgF32_6x8_avx2", AVX2}, MR: 6, NR: 8, fn: brgF32_6x8_avx2},
	{Row: Row{"brgF32_5x8_avx2", AVX2}, MR: 5, NR: 8, fn: brgF32_5x8_avx2},
	{Row: Row{"brgF32_4x8_avx2", AVX2}, MR: 4, NR: 8, fn: brgF32_4x8_avx2},
	{Row: Row{"brgF32_3x8_avx2", AVX2}, MR: 3, NR: 8, fn: brgF32_3x8_avx2},
	{Row: Row{"brgF32_2x8_avx2", AVX2}, MR: 2, NR: 8, fn: brgF32_2x8_avx2},
	{Row: Row{"brgF32_1x8_avx2", AVX2}, MR: 1, NR: 8, fn: brgF32_1x8_avx2},
}
