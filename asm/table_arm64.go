//go:build !purego

package asm

import "github.com/simdnn/simdnn/internal/cpu"

// The arm64 rows. Within an operation and a level the first row that fits wins.

func supported() []ISA {
	if !cpu.HasNEON() {
		return nil
	}
	return []ISA{NEON}
}

func brgTable() []BrgRow { return append(brgARM64, brgGeneric...) }

func gemvTable() []GemvRow { return gemvGeneric }

func gemvtTable() []GemvtRow { return gemvtGeneric }

func gemvpTable() []GemvpRow { return gemvpGeneric }

func packTable() []PackRow { return packGeneric }

func transposeTable() []TransposeRow { return transposeGeneric }

func fetchTable() []FetchRow { return fetchGeneric }

func peakTable() []PeakRow { return peakGeneric }

func readTable() []ReadRow { return readGeneric }

func unaryTable() []UnaryRow { return unaryGeneric }

func binaryTable() []BinaryRow { return binaryGeneric }

func affineTable() []AffineRow { return affineGeneric }

func softmaxTable() []SoftmaxRow { return softmaxGeneric }

func dwTable() []DwRow { return dwGeneric }

func maxpoolTable() []PoolRow { return maxpoolGeneric }

func avgpoolTable() []PoolRow { return avgpoolGeneric }

func unzipTable() []UnzipRow { return unzipGeneric }

var brgARM64 = []BrgRow{
	{Row: Row{"brgF32_7x12_neon", NEON}, MR: 7, NR: 12, fn: brgF32_7x12_neon},
	{Row: Row{"brgF32_6x12_neon", NEON}, MR: 6, NR: 12, fn: brgF32_6x12_neon},
	{Row: Row{"brgF32_5x12_neon", NEON}, MR: 5, NR: 12, fn: brgF32_5x12_neon},
	{Row: Row{"brgF32_4x12_neon", NEON}, MR: 4, NR: 12, fn: brgF32_4x12_neon},
	{Row: Row{"brgF32_3x12_neon", NEON}, MR: 3, NR: 12, fn: brgF32_3x12_neon},
	{Row: Row{"brgF32_2x12_neon", NEON}, MR: 2, NR: 12, fn: brgF32_2x12_neon},
	{Row: Row{"brgF32_1x12_neon", NEON}, MR: 1, NR: 12, fn: brgF32_1x12_neon},
	{Row: Row{"brgF32_7x8_neon", NEON}, MR: 7, NR: 8, fn: brgF32_7x8_neon},
	{Row: Row{"brgF32_6x8_neon", NEON}, MR: 6, NR: 8, fn: brgF32_6x8_neon},
	{Row: Row{"brgF32_5x8_neon", NEON}, MR: 5, NR: 8, fn: brgF32_5x8_neon},
	{Row: Row{"brgF32_4x8_neon", NEON}, MR: 4, NR: 8, fn: brgF32_4x8_neon},
	{Row: Row{"brgF32_3x8_neon", NEON}, MR: 3, NR: 8, fn: brgF32_3x8_neon},
	{Row: Row{"brgF32_2x8_neon", NEON}, MR: 2, NR: 8, fn: brgF32_2x8_neon},
	{Row: Row{"brgF32_1x8_neon", NEON}, MR: 1, NR: 8, fn: brgF32_1x8_neon},
	{Row: Row{"brgF32_7x4_neon", NEON}, MR: 7, NR: 4, fn: brgF32_7x4_neon},
	{Row: Row{"brgF32_6x4_neon", NEON}, MR: 6, NR: 4, fn: brgF32_6x4_neon},
	{Row: Row{"brgF32_5x4_neon", NEON}, MR: 5, NR: 4, fn: brgF32_5x4_neon},
	{Row: Row{"brgF32_4x4_neon", NEON}, MR: 4, NR: 4, fn: brgF32_4x4_neon},
	{Row: Row{"brgF32_3x4_neon", NEON}, MR: 3, NR: 4, fn: brgF32_3x4_neon},
	{Row: Row{"brgF32_2x4_neon", NEON}, MR: 2, NR: 4, fn: brgF32_2x4_neon},
	{Row: Row{"brgF32_1x4_neon", NEON}, MR: 1, NR: 4, fn: brgF32_1x4_neon},
}
