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

func unaryTable() []UnaryRow { return append(unaryARM64, unaryGeneric...) }

func binaryTable() []BinaryRow { return append(binaryARM64, binaryGeneric...) }

func affineTable() []AffineRow { return append(affineARM64, affineGeneric...) }

func softmaxTable() []SoftmaxRow { return append(softmaxARM64, softmaxGeneric...) }

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

var unaryARM64 = []UnaryRow{
	{Row: Row{"clampF32_16_neon", NEON}, Op: Clamp, fn: clampF32_16_neon},
	{Row: Row{"leakyreluF32_16_neon", NEON}, Op: LeakyReLU, fn: leakyreluF32_16_neon},
	{Row: Row{"sigmoidF32_16_neon", NEON}, Op: Sigmoid, fn: sigmoidF32_16_neon},
	{Row: Row{"tanhF32_16_neon", NEON}, Op: Tanh, fn: tanhF32_16_neon},
	{Row: Row{"siluF32_16_neon", NEON}, Op: SiLU, fn: siluF32_16_neon},
	{Row: Row{"hardsigmoidF32_16_neon", NEON}, Op: HardSigmoid, fn: hardsigmoidF32_16_neon},
	{Row: Row{"hardswishF32_16_neon", NEON}, Op: HardSwish, fn: hardswishF32_16_neon},
	{Row: Row{"eluF32_16_neon", NEON}, Op: ELU, fn: eluF32_16_neon},
	{Row: Row{"geluF32_16_neon", NEON}, Op: GELU, fn: geluF32_16_neon},
	{Row: Row{"gelutanhF32_16_neon", NEON}, Op: GELUTanh, fn: gelutanhF32_16_neon},
	{Row: Row{"expF32_16_neon", NEON}, Op: Exp, fn: expF32_16_neon},
}

var binaryARM64 = []BinaryRow{
	{Row: Row{"addF32_16_neon", NEON}, Op: Add, fn: addF32_16_neon},
	{Row: Row{"subF32_16_neon", NEON}, Op: Sub, fn: subF32_16_neon},
	{Row: Row{"mulF32_16_neon", NEON}, Op: Mul, fn: mulF32_16_neon},
	{Row: Row{"maxF32_16_neon", NEON}, Op: Max, fn: maxF32_16_neon},
}

var affineARM64 = []AffineRow{
	{Row: Row{"biasF32_16_neon", NEON}, Op: Bias, fn: biasF32_16_neon},
	{Row: Row{"biasrowF32_16_neon", NEON}, Op: BiasRow, fn: biasrowF32_16_neon},
	{Row: Row{"scaleF32_16_neon", NEON}, Op: Scale, fn: scaleF32_16_neon},
	{Row: Row{"scalerowF32_16_neon", NEON}, Op: ScaleRow, fn: scalerowF32_16_neon},
	{Row: Row{"normF32_16_neon", NEON}, Op: Norm, fn: normF32_16_neon},
	{Row: Row{"normrowF32_16_neon", NEON}, Op: NormRow, fn: normrowF32_16_neon},
}

var softmaxARM64 = []SoftmaxRow{
	{Row: Row{"rowmaxF32_16_neon", NEON}, Op: RowMax, fn: rowmaxF32_16_neon},
	{Row: Row{"rowexpF32_16_neon", NEON}, Op: RowExp, fn: rowexpF32_16_neon},
	{Row: Row{"rowsumexpF32_16_neon", NEON}, Op: RowSumExp, fn: rowsumexpF32_16_neon},
	{Row: Row{"rowscaleF32_16_neon", NEON}, Op: RowScale, fn: rowscaleF32_16_neon},
	{Row: Row{"rowshiftF32_16_neon", NEON}, Op: RowShift, fn: rowshiftF32_16_neon},
}
