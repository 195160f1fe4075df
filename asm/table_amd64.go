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
	if cpu.HasAVX512BF16() {
		s = append(s, AVX512BF16)
	}
	return s
}

func brgTable() []BrgRow { return append(brgAMD64, brgGeneric...) }

// brgU8Table has the rows on AVX-VNNI first, where the machine has it: it goes with no level.
func brgU8Table() []BrgU8Row {
	rows := append(brgU8AMD64, brgU8Generic...)
	if cpu.HasAVXVNNI() {
		rows = append(brgU8VNNI, rows...)
	}
	return rows
}

func gemvsTable() []GemvRow { return append(gemvsAMD64, gemvsGeneric...) }

func gemvTable() []GemvRow { return append(gemvAMD64, gemvGeneric...) }

func gemvtTable() []GemvtRow { return append(gemvtAMD64, gemvtGeneric...) }

func gemvpTable() []GemvpRow { return append(gemvpAMD64, gemvpGeneric...) }

func dotTable() []DotRow { return append(dotAMD64, dotGeneric...) }

func axpyTable() []AxpyRow { return append(axpyAMD64, axpyGeneric...) }

func packTable() []PackRow { return append(packAMD64, packGeneric...) }

func transposeTable() []TransposeRow { return append(transposeAMD64, transposeGeneric...) }

func brgF64Table() []BrgRow    { return append(brgF64AMD64, brgF64Generic...) }
func gemvsF64Table() []GemvRow { return append(gemvsF64AMD64, gemvsF64Generic...) }

func gemvF64Table() []GemvRow           { return append(gemvF64AMD64, gemvF64Generic...) }
func gemvtF64Table() []GemvtRow         { return append(gemvtF64AMD64, gemvtF64Generic...) }
func dotF64Table() []DotRow             { return append(dotF64AMD64, dotF64Generic...) }
func axpyF64Table() []AxpyRow           { return append(axpyF64AMD64, axpyF64Generic...) }
func packF64Table() []PackRow           { return append(packF64AMD64, packF64Generic...) }
func transposeF64Table() []TransposeRow { return append(transposeF64AMD64, transposeF64Generic...) }

func peakTable() []PeakRow { return append(peakAMD64, peakGeneric...) }

func readTable() []ReadRow { return append(readAMD64, readGeneric...) }

var brgBF16AMD64 = []BrgRow{
	{Row: Row{"brgBF16_14x32_avx512bf16", AVX512BF16}, MR: 14, NR: 32, fn: brgBF16_14x32_avx512bf16},
	{Row: Row{"brgBF16_13x32_avx512bf16", AVX512BF16}, MR: 13, NR: 32, fn: brgBF16_13x32_avx512bf16},
	{Row: Row{"brgBF16_12x32_avx512bf16", AVX512BF16}, MR: 12, NR: 32, fn: brgBF16_12x32_avx512bf16},
	{Row: Row{"brgBF16_11x32_avx512bf16", AVX512BF16}, MR: 11, NR: 32, fn: brgBF16_11x32_avx512bf16},
	{Row: Row{"brgBF16_10x32_avx512bf16", AVX512BF16}, MR: 10, NR: 32, fn: brgBF16_10x32_avx512bf16},
	{Row: Row{"brgBF16_9x32_avx512bf16", AVX512BF16}, MR: 9, NR: 32, fn: brgBF16_9x32_avx512bf16},
	{Row: Row{"brgBF16_8x32_avx512bf16", AVX512BF16}, MR: 8, NR: 32, fn: brgBF16_8x32_avx512bf16},
	{Row: Row{"brgBF16_7x32_avx512bf16", AVX512BF16}, MR: 7, NR: 32, fn: brgBF16_7x32_avx512bf16},
	{Row: Row{"brgBF16_6x32_avx512bf16", AVX512BF16}, MR: 6, NR: 32, fn: brgBF16_6x32_avx512bf16},
	{Row: Row{"brgBF16_5x32_avx512bf16", AVX512BF16}, MR: 5, NR: 32, fn: brgBF16_5x32_avx512bf16},
	{Row: Row{"brgBF16_4x32_avx512bf16", AVX512BF16}, MR: 4, NR: 32, fn: brgBF16_4x32_avx512bf16},
	{Row: Row{"brgBF16_3x32_avx512bf16", AVX512BF16}, MR: 3, NR: 32, fn: brgBF16_3x32_avx512bf16},
	{Row: Row{"brgBF16_2x32_avx512bf16", AVX512BF16}, MR: 2, NR: 32, fn: brgBF16_2x32_avx512bf16},
	{Row: Row{"brgBF16_1x32_avx512bf16", AVX512BF16}, MR: 1, NR: 32, fn: brgBF16_1x32_avx512bf16},
	{Row: Row{"brgBF16_14x16_avx512bf16", AVX512BF16}, MR: 14, NR: 16, fn: brgBF16_14x16_avx512bf16},
	{Row: Row{"brgBF16_13x16_avx512bf16", AVX512BF16}, MR: 13, NR: 16, fn: brgBF16_13x16_avx512bf16},
	{Row: Row{"brgBF16_12x16_avx512bf16", AVX512BF16}, MR: 12, NR: 16, fn: brgBF16_12x16_avx512bf16},
	{Row: Row{"brgBF16_11x16_avx512bf16", AVX512BF16}, MR: 11, NR: 16, fn: brgBF16_11x16_avx512bf16},
	{Row: Row{"brgBF16_10x16_avx512bf16", AVX512BF16}, MR: 10, NR: 16, fn: brgBF16_10x16_avx512bf16},
	{Row: Row{"brgBF16_9x16_avx512bf16", AVX512BF16}, MR: 9, NR: 16, fn: brgBF16_9x16_avx512bf16},
	{Row: Row{"brgBF16_8x16_avx512bf16", AVX512BF16}, MR: 8, NR: 16, fn: brgBF16_8x16_avx512bf16},
	{Row: Row{"brgBF16_7x16_avx512bf16", AVX512BF16}, MR: 7, NR: 16, fn: brgBF16_7x16_avx512bf16},
	{Row: Row{"brgBF16_6x16_avx512bf16", AVX512BF16}, MR: 6, NR: 16, fn: brgBF16_6x16_avx512bf16},
	{Row: Row{"brgBF16_5x16_avx512bf16", AVX512BF16}, MR: 5, NR: 16, fn: brgBF16_5x16_avx512bf16},
	{Row: Row{"brgBF16_4x16_avx512bf16", AVX512BF16}, MR: 4, NR: 16, fn: brgBF16_4x16_avx512bf16},
	{Row: Row{"brgBF16_3x16_avx512bf16", AVX512BF16}, MR: 3, NR: 16, fn: brgBF16_3x16_avx512bf16},
	{Row: Row{"brgBF16_2x16_avx512bf16", AVX512BF16}, MR: 2, NR: 16, fn: brgBF16_2x16_avx512bf16},
	{Row: Row{"brgBF16_1x16_avx512bf16", AVX512BF16}, MR: 1, NR: 16, fn: brgBF16_1x16_avx512bf16},
}

var brgMixedAMD64 = []BrgRow{
	{Row: Row{"brgmixedBF16_12x32_avx512", AVX512}, MR: 12, NR: 32, fn: brgmixedBF16_12x32_avx512},
	{Row: Row{"brgmixedBF16_11x32_avx512", AVX512}, MR: 11, NR: 32, fn: brgmixedBF16_11x32_avx512},
	{Row: Row{"brgmixedBF16_10x32_avx512", AVX512}, MR: 10, NR: 32, fn: brgmixedBF16_10x32_avx512},
	{Row: Row{"brgmixedBF16_9x32_avx512", AVX512}, MR: 9, NR: 32, fn: brgmixedBF16_9x32_avx512},
	{Row: Row{"brgmixedBF16_8x32_avx512", AVX512}, MR: 8, NR: 32, fn: brgmixedBF16_8x32_avx512},
	{Row: Row{"brgmixedBF16_7x32_avx512", AVX512}, MR: 7, NR: 32, fn: brgmixedBF16_7x32_avx512},
	{Row: Row{"brgmixedBF16_6x32_avx512", AVX512}, MR: 6, NR: 32, fn: brgmixedBF16_6x32_avx512},
	{Row: Row{"brgmixedBF16_5x32_avx512", AVX512}, MR: 5, NR: 32, fn: brgmixedBF16_5x32_avx512},
	{Row: Row{"brgmixedBF16_4x32_avx512", AVX512}, MR: 4, NR: 32, fn: brgmixedBF16_4x32_avx512},
	{Row: Row{"brgmixedBF16_3x32_avx512", AVX512}, MR: 3, NR: 32, fn: brgmixedBF16_3x32_avx512},
	{Row: Row{"brgmixedBF16_2x32_avx512", AVX512}, MR: 2, NR: 32, fn: brgmixedBF16_2x32_avx512},
	{Row: Row{"brgmixedBF16_1x32_avx512", AVX512}, MR: 1, NR: 32, fn: brgmixedBF16_1x32_avx512},
	{Row: Row{"brgmixedBF16_4x16_avx2", AVX2}, MR: 4, NR: 16, fn: brgmixedBF16_4x16_avx2},
	{Row: Row{"brgmixedBF16_3x16_avx2", AVX2}, MR: 3, NR: 16, fn: brgmixedBF16_3x16_avx2},
	{Row: Row{"brgmixedBF16_2x16_avx2", AVX2}, MR: 2, NR: 16, fn: brgmixedBF16_2x16_avx2},
	{Row: Row{"brgmixedBF16_1x16_avx2", AVX2}, MR: 1, NR: 16, fn: brgmixedBF16_1x16_avx2},
}

var gemvpMixedAMD64 = []GemvpRow{
	{Row: Row{"gemvpmixedBF16_4x32_avx512", AVX512}, NR: 32, fn: gemvpmixedBF16_4x32_avx512},
	{Row: Row{"gemvpmixedBF16_4x16_avx2", AVX2}, NR: 16, fn: gemvpmixedBF16_4x16_avx2},
}

func brgBF16Table() []BrgRow      { return append(brgBF16AMD64, brgBF16Generic...) }
func brgMixedTable() []BrgRow     { return append(brgMixedAMD64, brgMixedGeneric...) }
func gemvpMixedTable() []GemvpRow { return append(gemvpMixedAMD64, gemvpMixedGeneric...) }

var gemvAMD64 = []GemvRow{
	{Row: Row{"gemvF32_8x16_avx512", AVX512}, Block: 8, fn: gemvF32_8x16_avx512},
	{Row: Row{"gemvF32_8x8_avx2", AVX2}, Block: 8, fn: gemvF32_8x8_avx2},
}

var gemvsAMD64 = []GemvRow{
	{Row: Row{"gemvsF32_1x16_avx512", AVX512}, Block: 1, fn: gemvsF32_1x16_avx512},
	{Row: Row{"gemvsF32_1x8_avx2", AVX2}, Block: 1, fn: gemvsF32_1x8_avx2},
}

var gemvtAMD64 = []GemvtRow{
	{Row: Row{"gemvtF32_8x16_avx512", AVX512}, Block: 8, fn: gemvtF32_8x16_avx512},
	{Row: Row{"gemvtF32_8x8_avx2", AVX2}, Block: 8, fn: gemvtF32_8x8_avx2},
}

var gemvpAMD64 = []GemvpRow{
	{Row: Row{"gemvpF32_4x32_avx512", AVX512}, NR: 32, fn: gemvpF32_4x32_avx512},
	{Row: Row{"gemvpF32_4x16_avx2", AVX2}, NR: 16, fn: gemvpF32_4x16_avx2},
}

var dotAMD64 = []DotRow{
	{Row: Row{"dotF32_3x8_avx512", AVX512}, MR: 3, Block: 8, fn: dotF32_3x8_avx512},
	{Row: Row{"dotF32_2x8_avx512", AVX512}, MR: 2, Block: 8, fn: dotF32_2x8_avx512},
	{Row: Row{"dotF32_3x4_avx2", AVX2}, MR: 3, Block: 4, fn: dotF32_3x4_avx2},
	{Row: Row{"dotF32_2x4_avx2", AVX2}, MR: 2, Block: 4, fn: dotF32_2x4_avx2},
}

var axpyAMD64 = []AxpyRow{
	{Row: Row{"axpyF32_3x8_avx512", AVX512}, MR: 3, Block: 8, fn: axpyF32_3x8_avx512},
	{Row: Row{"axpyF32_2x8_avx512", AVX512}, MR: 2, Block: 8, fn: axpyF32_2x8_avx512},
	{Row: Row{"axpyF32_3x4_avx2", AVX2}, MR: 3, Block: 4, fn: axpyF32_3x4_avx2},
	{Row: Row{"axpyF32_2x4_avx2", AVX2}, MR: 2, Block: 4, fn: axpyF32_2x4_avx2},
}

var packAMD64 = []PackRow{
	{Row: Row{"packF32_32_avx512", AVX512}, Width: 32, fn: packF32_32_avx512},
	{Row: Row{"packF32_16_avx512", AVX512}, Width: 16, fn: packF32_16_avx512},
	{Row: Row{"packF32_16_avx2", AVX2}, Width: 16, fn: packF32_16_avx2},
	{Row: Row{"packF32_8_avx2", AVX2}, Width: 8, fn: packF32_8_avx2},
}

var transposeAMD64 = []TransposeRow{
	{Row: Row{"transposeF32_16x16_avx512", AVX512}, Block: 16, fn: transposeF32_16x16_avx512},
	{Row: Row{"transposeF32_8x8_avx2", AVX2}, Block: 8, fn: transposeF32_8x8_avx2},
}

var peakAMD64 = []PeakRow{
	{Row: Row{"peakF32_24x16_avx512", AVX512}, Chains: 24, Lanes: 16, fn: peakF32_24x16_avx512},
	{Row: Row{"peakF32_12x8_avx2", AVX2}, Chains: 12, Lanes: 8, fn: peakF32_12x8_avx2},
}

var peakBF16AMD64 = []PeakRow{
	{Row: Row{"peakBF16_24x16_avx512bf16", AVX512BF16}, Chains: 24, Lanes: 16, Adds: true, fn: peakBF16_24x16_avx512bf16},
}

func peakBF16Table() []PeakRow { return append(peakBF16AMD64, peakBF16Generic...) }

var readAMD64 = []ReadRow{
	{Row: Row{"readF32_8x16_avx512", AVX512}, Block: 128, fn: readF32_8x16_avx512},
	{Row: Row{"readF32_8x8_avx2", AVX2}, Block: 64, fn: readF32_8x8_avx2},
}

func unaryTable() []UnaryRow { return append(unaryAMD64, unaryGeneric...) }

var unaryAMD64 = []UnaryRow{
	{Row: Row{"clampF32_64_avx512", AVX512}, Op: Clamp, fn: clampF32_64_avx512},
	{Row: Row{"leakyreluF32_64_avx512", AVX512}, Op: LeakyReLU, fn: leakyreluF32_64_avx512},
	{Row: Row{"sigmoidF32_64_avx512", AVX512}, Op: Sigmoid, fn: sigmoidF32_64_avx512},
	{Row: Row{"tanhF32_64_avx512", AVX512}, Op: Tanh, fn: tanhF32_64_avx512},
	{Row: Row{"siluF32_64_avx512", AVX512}, Op: SiLU, fn: siluF32_64_avx512},
	{Row: Row{"hardsigmoidF32_64_avx512", AVX512}, Op: HardSigmoid, fn: hardsigmoidF32_64_avx512},
	{Row: Row{"hardswishF32_64_avx512", AVX512}, Op: HardSwish, fn: hardswishF32_64_avx512},
	{Row: Row{"eluF32_64_avx512", AVX512}, Op: ELU, fn: eluF32_64_avx512},
	{Row: Row{"geluF32_64_avx512", AVX512}, Op: GELU, fn: geluF32_64_avx512},
	{Row: Row{"gelutanhF32_64_avx512", AVX512}, Op: GELUTanh, fn: gelutanhF32_64_avx512},
	{Row: Row{"expF32_64_avx512", AVX512}, Op: Exp, fn: expF32_64_avx512},
	{Row: Row{"clampF32_32_avx2", AVX2}, Op: Clamp, fn: clampF32_32_avx2},
	{Row: Row{"leakyreluF32_32_avx2", AVX2}, Op: LeakyReLU, fn: leakyreluF32_32_avx2},
	{Row: Row{"sigmoidF32_32_avx2", AVX2}, Op: Sigmoid, fn: sigmoidF32_32_avx2},
	{Row: Row{"tanhF32_32_avx2", AVX2}, Op: Tanh, fn: tanhF32_32_avx2},
	{Row: Row{"siluF32_32_avx2", AVX2}, Op: SiLU, fn: siluF32_32_avx2},
	{Row: Row{"hardsigmoidF32_32_avx2", AVX2}, Op: HardSigmoid, fn: hardsigmoidF32_32_avx2},
	{Row: Row{"hardswishF32_32_avx2", AVX2}, Op: HardSwish, fn: hardswishF32_32_avx2},
	{Row: Row{"eluF32_32_avx2", AVX2}, Op: ELU, fn: eluF32_32_avx2},
	{Row: Row{"geluF32_32_avx2", AVX2}, Op: GELU, fn: geluF32_32_avx2},
	{Row: Row{"gelutanhF32_32_avx2", AVX2}, Op: GELUTanh, fn: gelutanhF32_32_avx2},
	{Row: Row{"expF32_32_avx2", AVX2}, Op: Exp, fn: expF32_32_avx2},
}

func binaryTable() []BinaryRow { return append(binaryAMD64, binaryGeneric...) }

var binaryAMD64 = []BinaryRow{
	{Row: Row{"addF32_64_avx512", AVX512}, Op: Add, fn: addF32_64_avx512},
	{Row: Row{"subF32_64_avx512", AVX512}, Op: Sub, fn: subF32_64_avx512},
	{Row: Row{"mulF32_64_avx512", AVX512}, Op: Mul, fn: mulF32_64_avx512},
	{Row: Row{"maxF32_64_avx512", AVX512}, Op: Max, fn: maxF32_64_avx512},
	{Row: Row{"minF32_64_avx512", AVX512}, Op: Min, fn: minF32_64_avx512},
	{Row: Row{"divF32_64_avx512", AVX512}, Op: Div, fn: divF32_64_avx512},
	{Row: Row{"addF32_32_avx2", AVX2}, Op: Add, fn: addF32_32_avx2},
	{Row: Row{"subF32_32_avx2", AVX2}, Op: Sub, fn: subF32_32_avx2},
	{Row: Row{"mulF32_32_avx2", AVX2}, Op: Mul, fn: mulF32_32_avx2},
	{Row: Row{"maxF32_32_avx2", AVX2}, Op: Max, fn: maxF32_32_avx2},
	{Row: Row{"minF32_32_avx2", AVX2}, Op: Min, fn: minF32_32_avx2},
	{Row: Row{"divF32_32_avx2", AVX2}, Op: Div, fn: divF32_32_avx2},
}

func affineTable() []AffineRow { return append(affineAMD64, affineGeneric...) }

var affineAMD64 = []AffineRow{
	{Row: Row{"biasF32_64_avx512", AVX512}, Op: Bias, fn: biasF32_64_avx512},
	{Row: Row{"biasrowF32_64_avx512", AVX512}, Op: BiasRow, fn: biasrowF32_64_avx512},
	{Row: Row{"scaleF32_64_avx512", AVX512}, Op: Scale, fn: scaleF32_64_avx512},
	{Row: Row{"scalerowF32_64_avx512", AVX512}, Op: ScaleRow, fn: scalerowF32_64_avx512},
	{Row: Row{"normF32_64_avx512", AVX512}, Op: Norm, fn: normF32_64_avx512},
	{Row: Row{"normrowF32_64_avx512", AVX512}, Op: NormRow, fn: normrowF32_64_avx512},
	{Row: Row{"biasF32_32_avx2", AVX2}, Op: Bias, fn: biasF32_32_avx2},
	{Row: Row{"biasrowF32_32_avx2", AVX2}, Op: BiasRow, fn: biasrowF32_32_avx2},
	{Row: Row{"scaleF32_32_avx2", AVX2}, Op: Scale, fn: scaleF32_32_avx2},
	{Row: Row{"scalerowF32_32_avx2", AVX2}, Op: ScaleRow, fn: scalerowF32_32_avx2},
	{Row: Row{"normF32_32_avx2", AVX2}, Op: Norm, fn: normF32_32_avx2},
	{Row: Row{"normrowF32_32_avx2", AVX2}, Op: NormRow, fn: normrowF32_32_avx2},
}

func softmaxTable() []SoftmaxRow { return append(softmaxAMD64, softmaxGeneric...) }

var softmaxAMD64 = []SoftmaxRow{
	{Row: Row{"rowmaxF32_64_avx512", AVX512}, Op: RowMax, fn: rowmaxF32_64_avx512},
	{Row: Row{"rowexpF32_64_avx512", AVX512}, Op: RowExp, fn: rowexpF32_64_avx512},
	{Row: Row{"rowsumexpF32_64_avx512", AVX512}, Op: RowSumExp, fn: rowsumexpF32_64_avx512},
	{Row: Row{"rowscaleF32_64_avx512", AVX512}, Op: RowScale, fn: rowscaleF32_64_avx512},
	{Row: Row{"rowshiftF32_64_avx512", AVX512}, Op: RowShift, fn: rowshiftF32_64_avx512},
	{Row: Row{"rowmaxF32_32_avx2", AVX2}, Op: RowMax, fn: rowmaxF32_32_avx2},
	{Row: Row{"rowexpF32_32_avx2", AVX2}, Op: RowExp, fn: rowexpF32_32_avx2},
	{Row: Row{"rowsumexpF32_32_avx2", AVX2}, Op: RowSumExp, fn: rowsumexpF32_32_avx2},
	{Row: Row{"rowscaleF32_32_avx2", AVX2}, Op: RowScale, fn: rowscaleF32_32_avx2},
	{Row: Row{"rowshiftF32_32_avx2", AVX2}, Op: RowShift, fn: rowshiftF32_32_avx2},
}

var brgU8AMD64 = []BrgU8Row{
	{Row: Row{"brgU8_14x32_avx512vnni", AVX512VNNI}, MR: 14, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_14x32_avx512vnni},
	{Row: Row{"brgU8_13x32_avx512vnni", AVX512VNNI}, MR: 13, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_13x32_avx512vnni},
	{Row: Row{"brgU8_12x32_avx512vnni", AVX512VNNI}, MR: 12, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_12x32_avx512vnni},
	{Row: Row{"brgU8_11x32_avx512vnni", AVX512VNNI}, MR: 11, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_11x32_avx512vnni},
	{Row: Row{"brgU8_10x32_avx512vnni", AVX512VNNI}, MR: 10, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_10x32_avx512vnni},
	{Row: Row{"brgU8_9x32_avx512vnni", AVX512VNNI}, MR: 9, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_9x32_avx512vnni},
	{Row: Row{"brgU8_8x32_avx512vnni", AVX512VNNI}, MR: 8, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_8x32_avx512vnni},
	{Row: Row{"brgU8_7x32_avx512vnni", AVX512VNNI}, MR: 7, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_7x32_avx512vnni},
	{Row: Row{"brgU8_6x32_avx512vnni", AVX512VNNI}, MR: 6, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_6x32_avx512vnni},
	{Row: Row{"brgU8_5x32_avx512vnni", AVX512VNNI}, MR: 5, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_5x32_avx512vnni},
	{Row: Row{"brgU8_4x32_avx512vnni", AVX512VNNI}, MR: 4, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_4x32_avx512vnni},
	{Row: Row{"brgU8_3x32_avx512vnni", AVX512VNNI}, MR: 3, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_3x32_avx512vnni},
	{Row: Row{"brgU8_2x32_avx512vnni", AVX512VNNI}, MR: 2, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_2x32_avx512vnni},
	{Row: Row{"brgU8_1x32_avx512vnni", AVX512VNNI}, MR: 1, NR: 32, Lanes: 4, Work: 4 * MaxWork, fn: brgU8_1x32_avx512vnni},
	{Row: Row{"brgU8_14x16_avx512vnni", AVX512VNNI}, MR: 14, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_14x16_avx512vnni},
	{Row: Row{"brgU8_13x16_avx512vnni", AVX512VNNI}, MR: 13, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_13x16_avx512vnni},
	{Row: Row{"brgU8_12x16_avx512vnni", AVX512VNNI}, MR: 12, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_12x16_avx512vnni},
	{Row: Row{"brgU8_11x16_avx512vnni", AVX512VNNI}, MR: 11, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_11x16_avx512vnni},
	{Row: Row{"brgU8_10x16_avx512vnni", AVX512VNNI}, MR: 10, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_10x16_avx512vnni},
	{Row: Row{"brgU8_9x16_avx512vnni", AVX512VNNI}, MR: 9, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_9x16_avx512vnni},
	{Row: Row{"brgU8_8x16_avx512vnni", AVX512VNNI}, MR: 8, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_8x16_avx512vnni},
	{Row: Row{"brgU8_7x16_avx512vnni", AVX512VNNI}, MR: 7, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_7x16_avx512vnni},
	{Row: Row{"brgU8_6x16_avx512vnni", AVX512VNNI}, MR: 6, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_6x16_avx512vnni},
	{Row: Row{"brgU8_5x16_avx512vnni", AVX512VNNI}, MR: 5, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_5x16_avx512vnni},
	{Row: Row{"brgU8_4x16_avx512vnni", AVX512VNNI}, MR: 4, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_4x16_avx512vnni},
	{Row: Row{"brgU8_3x16_avx512vnni", AVX512VNNI}, MR: 3, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_3x16_avx512vnni},
	{Row: Row{"brgU8_2x16_avx512vnni", AVX512VNNI}, MR: 2, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_2x16_avx512vnni},
	{Row: Row{"brgU8_1x16_avx512vnni", AVX512VNNI}, MR: 1, NR: 16, Lanes: 16, Work: 4 * MaxWork, fn: brgU8_1x16_avx512vnni},
	{Row: Row{"brgU8_6x16_avx2", AVX2}, MR: 6, NR: 16, Lanes: 4, Work: MaxWork, fn: brgU8_6x16_avx2},
	{Row: Row{"brgU8_5x16_avx2", AVX2}, MR: 5, NR: 16, Lanes: 4, Work: MaxWork, fn: brgU8_5x16_avx2},
	{Row: Row{"brgU8_4x16_avx2", AVX2}, MR: 4, NR: 16, Lanes: 4, Work: MaxWork, fn: brgU8_4x16_avx2},
	{Row: Row{"brgU8_3x16_avx2", AVX2}, MR: 3, NR: 16, Lanes: 4, Work: MaxWork, fn: brgU8_3x16_avx2},
	{Row: Row{"brgU8_2x16_avx2", AVX2}, MR: 2, NR: 16, Lanes: 4, Work: MaxWork, fn: brgU8_2x16_avx2},
	{Row: Row{"brgU8_1x16_avx2", AVX2}, MR: 1, NR: 16, Lanes: 4, Work: MaxWork, fn: brgU8_1x16_avx2},
}

var brgU8VNNI = []BrgU8Row{
	{Row: Row{"brgU8_6x16vnni_avx2", AVX2}, MR: 6, NR: 16, Lanes: 4, Work: 2 * MaxWork, fn: brgU8_6x16vnni_avx2},
	{Row: Row{"brgU8_5x16vnni_avx2", AVX2}, MR: 5, NR: 16, Lanes: 4, Work: 2 * MaxWork, fn: brgU8_5x16vnni_avx2},
	{Row: Row{"brgU8_4x16vnni_avx2", AVX2}, MR: 4, NR: 16, Lanes: 4, Work: 2 * MaxWork, fn: brgU8_4x16vnni_avx2},
	{Row: Row{"brgU8_3x16vnni_avx2", AVX2}, MR: 3, NR: 16, Lanes: 4, Work: 2 * MaxWork, fn: brgU8_3x16vnni_avx2},
	{Row: Row{"brgU8_2x16vnni_avx2", AVX2}, MR: 2, NR: 16, Lanes: 4, Work: 2 * MaxWork, fn: brgU8_2x16vnni_avx2},
	{Row: Row{"brgU8_1x16vnni_avx2", AVX2}, MR: 1, NR: 16, Lanes: 4, Work: 2 * MaxWork, fn: brgU8_1x16vnni_avx2},
}

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
	{Row: Row{"brgF32_8x48_avx512", AVX512}, MR: 8, NR: 48, fn: brgF32_8x48_avx512},
	{Row: Row{"brgF32_7x48_avx512", AVX512}, MR: 7, NR: 48, fn: brgF32_7x48_avx512},
	{Row: Row{"brgF32_6x48_avx512", AVX512}, MR: 6, NR: 48, fn: brgF32_6x48_avx512},
	{Row: Row{"brgF32_5x48_avx512", AVX512}, MR: 5, NR: 48, fn: brgF32_5x48_avx512},
	{Row: Row{"brgF32_4x48_avx512", AVX512}, MR: 4, NR: 48, fn: brgF32_4x48_avx512},
	{Row: Row{"brgF32_3x48_avx512", AVX512}, MR: 3, NR: 48, fn: brgF32_3x48_avx512},
	{Row: Row{"brgF32_2x48_avx512", AVX512}, MR: 2, NR: 48, fn: brgF32_2x48_avx512},
	{Row: Row{"brgF32_1x48_avx512", AVX512}, MR: 1, NR: 48, fn: brgF32_1x48_avx512},
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
	{Row: Row{"brgF32_4x24_avx2", AVX2}, MR: 4, NR: 24, fn: brgF32_4x24_avx2},
	{Row: Row{"brgF32_3x24_avx2", AVX2}, MR: 3, NR: 24, fn: brgF32_3x24_avx2},
	{Row: Row{"brgF32_2x24_avx2", AVX2}, MR: 2, NR: 24, fn: brgF32_2x24_avx2},
	{Row: Row{"brgF32_1x24_avx2", AVX2}, MR: 1, NR: 24, fn: brgF32_1x24_avx2},
}

func dwTable() []DwRow { return append(dwAMD64, dwGeneric...) }

func dwgroupTable() []DwRow { return append(dwgroupAMD64, dwgroupGeneric...) }

func dwslideTable() []DwSlideRow { return append(dwslideAMD64, dwslideGeneric...) }
func dwplaneTable() []DwPlaneRow { return append(dwplaneAMD64, dwplaneGeneric...) }

func maxpoolTable() []PoolRow { return append(maxpoolAMD64, maxpoolGeneric...) }

func avgpoolTable() []PoolRow { return append(avgpoolAMD64, avgpoolGeneric...) }

func blendTable() []BlendRow     { return append(blendAMD64, blendGeneric...) }
func momentsTable() []MomentsRow { return append(momentsAMD64, momentsGeneric...) }
func pickTable() []PickRow       { return append(pickAMD64, pickGeneric...) }
func unzipTable() []UnzipRow     { return append(unzipAMD64, unzipGeneric...) }

var dwAMD64 = []DwRow{
	{Row: Row{"dwF32_8x3s1_avx512", AVX512}, Pixels: 8, Lanes: 16, Cols: 3, Stride: 1, fn: dwF32_8x3s1_avx512},
	{Row: Row{"dwF32_7x3s1_avx512", AVX512}, Pixels: 7, Lanes: 16, Cols: 3, Stride: 1, fn: dwF32_7x3s1_avx512},
	{Row: Row{"dwF32_6x3s1_avx512", AVX512}, Pixels: 6, Lanes: 16, Cols: 3, Stride: 1, fn: dwF32_6x3s1_avx512},
	{Row: Row{"dwF32_5x3s1_avx512", AVX512}, Pixels: 5, Lanes: 16, Cols: 3, Stride: 1, fn: dwF32_5x3s1_avx512},
	{Row: Row{"dwF32_4x3s1_avx512", AVX512}, Pixels: 4, Lanes: 16, Cols: 3, Stride: 1, fn: dwF32_4x3s1_avx512},
	{Row: Row{"dwF32_8x3s2_avx512", AVX512}, Pixels: 8, Lanes: 16, Cols: 3, Stride: 2, fn: dwF32_8x3s2_avx512},
	{Row: Row{"dwF32_7x3s2_avx512", AVX512}, Pixels: 7, Lanes: 16, Cols: 3, Stride: 2, fn: dwF32_7x3s2_avx512},
	{Row: Row{"dwF32_6x3s2_avx512", AVX512}, Pixels: 6, Lanes: 16, Cols: 3, Stride: 2, fn: dwF32_6x3s2_avx512},
	{Row: Row{"dwF32_5x3s2_avx512", AVX512}, Pixels: 5, Lanes: 16, Cols: 3, Stride: 2, fn: dwF32_5x3s2_avx512},
	{Row: Row{"dwF32_4x3s2_avx512", AVX512}, Pixels: 4, Lanes: 16, Cols: 3, Stride: 2, fn: dwF32_4x3s2_avx512},
	{Row: Row{"dwF32_8x5s1_avx512", AVX512}, Pixels: 8, Lanes: 16, Cols: 5, Stride: 1, fn: dwF32_8x5s1_avx512},
	{Row: Row{"dwF32_7x5s1_avx512", AVX512}, Pixels: 7, Lanes: 16, Cols: 5, Stride: 1, fn: dwF32_7x5s1_avx512},
	{Row: Row{"dwF32_6x5s1_avx512", AVX512}, Pixels: 6, Lanes: 16, Cols: 5, Stride: 1, fn: dwF32_6x5s1_avx512},
	{Row: Row{"dwF32_5x5s1_avx512", AVX512}, Pixels: 5, Lanes: 16, Cols: 5, Stride: 1, fn: dwF32_5x5s1_avx512},
	{Row: Row{"dwF32_4x5s1_avx512", AVX512}, Pixels: 4, Lanes: 16, Cols: 5, Stride: 1, fn: dwF32_4x5s1_avx512},
	{Row: Row{"dwF32_8x5s2_avx512", AVX512}, Pixels: 8, Lanes: 16, Cols: 5, Stride: 2, fn: dwF32_8x5s2_avx512},
	{Row: Row{"dwF32_7x5s2_avx512", AVX512}, Pixels: 7, Lanes: 16, Cols: 5, Stride: 2, fn: dwF32_7x5s2_avx512},
	{Row: Row{"dwF32_6x5s2_avx512", AVX512}, Pixels: 6, Lanes: 16, Cols: 5, Stride: 2, fn: dwF32_6x5s2_avx512},
	{Row: Row{"dwF32_5x5s2_avx512", AVX512}, Pixels: 5, Lanes: 16, Cols: 5, Stride: 2, fn: dwF32_5x5s2_avx512},
	{Row: Row{"dwF32_4x5s2_avx512", AVX512}, Pixels: 4, Lanes: 16, Cols: 5, Stride: 2, fn: dwF32_4x5s2_avx512},
	{Row: Row{"dwF32_8xn_avx512", AVX512}, Pixels: 8, Lanes: 16, fn: dwF32_8xn_avx512},
	{Row: Row{"dwF32_7xn_avx512", AVX512}, Pixels: 7, Lanes: 16, fn: dwF32_7xn_avx512},
	{Row: Row{"dwF32_6xn_avx512", AVX512}, Pixels: 6, Lanes: 16, fn: dwF32_6xn_avx512},
	{Row: Row{"dwF32_5xn_avx512", AVX512}, Pixels: 5, Lanes: 16, fn: dwF32_5xn_avx512},
	{Row: Row{"dwF32_4xn_avx512", AVX512}, Pixels: 4, Lanes: 16, fn: dwF32_4xn_avx512},
	{Row: Row{"dwF32_3xn_avx512", AVX512}, Pixels: 3, Lanes: 16, fn: dwF32_3xn_avx512},
	{Row: Row{"dwF32_2xn_avx512", AVX512}, Pixels: 2, Lanes: 16, fn: dwF32_2xn_avx512},
	{Row: Row{"dwF32_1xn_avx512", AVX512}, Pixels: 1, Lanes: 16, fn: dwF32_1xn_avx512},
	{Row: Row{"dwF32_8x3s1_avx2", AVX2}, Pixels: 8, Lanes: 8, Cols: 3, Stride: 1, fn: dwF32_8x3s1_avx2},
	{Row: Row{"dwF32_7x3s1_avx2", AVX2}, Pixels: 7, Lanes: 8, Cols: 3, Stride: 1, fn: dwF32_7x3s1_avx2},
	{Row: Row{"dwF32_6x3s1_avx2", AVX2}, Pixels: 6, Lanes: 8, Cols: 3, Stride: 1, fn: dwF32_6x3s1_avx2},
	{Row: Row{"dwF32_5x3s1_avx2", AVX2}, Pixels: 5, Lanes: 8, Cols: 3, Stride: 1, fn: dwF32_5x3s1_avx2},
	{Row: Row{"dwF32_4x3s1_avx2", AVX2}, Pixels: 4, Lanes: 8, Cols: 3, Stride: 1, fn: dwF32_4x3s1_avx2},
	{Row: Row{"dwF32_8x3s2_avx2", AVX2}, Pixels: 8, Lanes: 8, Cols: 3, Stride: 2, fn: dwF32_8x3s2_avx2},
	{Row: Row{"dwF32_7x3s2_avx2", AVX2}, Pixels: 7, Lanes: 8, Cols: 3, Stride: 2, fn: dwF32_7x3s2_avx2},
	{Row: Row{"dwF32_6x3s2_avx2", AVX2}, Pixels: 6, Lanes: 8, Cols: 3, Stride: 2, fn: dwF32_6x3s2_avx2},
	{Row: Row{"dwF32_5x3s2_avx2", AVX2}, Pixels: 5, Lanes: 8, Cols: 3, Stride: 2, fn: dwF32_5x3s2_avx2},
	{Row: Row{"dwF32_4x3s2_avx2", AVX2}, Pixels: 4, Lanes: 8, Cols: 3, Stride: 2, fn: dwF32_4x3s2_avx2},
	{Row: Row{"dwF32_8x5s1_avx2", AVX2}, Pixels: 8, Lanes: 8, Cols: 5, Stride: 1, fn: dwF32_8x5s1_avx2},
	{Row: Row{"dwF32_7x5s1_avx2", AVX2}, Pixels: 7, Lanes: 8, Cols: 5, Stride: 1, fn: dwF32_7x5s1_avx2},
	{Row: Row{"dwF32_6x5s1_avx2", AVX2}, Pixels: 6, Lanes: 8, Cols: 5, Stride: 1, fn: dwF32_6x5s1_avx2},
	{Row: Row{"dwF32_5x5s1_avx2", AVX2}, Pixels: 5, Lanes: 8, Cols: 5, Stride: 1, fn: dwF32_5x5s1_avx2},
	{Row: Row{"dwF32_4x5s1_avx2", AVX2}, Pixels: 4, Lanes: 8, Cols: 5, Stride: 1, fn: dwF32_4x5s1_avx2},
	{Row: Row{"dwF32_8x5s2_avx2", AVX2}, Pixels: 8, Lanes: 8, Cols: 5, Stride: 2, fn: dwF32_8x5s2_avx2},
	{Row: Row{"dwF32_7x5s2_avx2", AVX2}, Pixels: 7, Lanes: 8, Cols: 5, Stride: 2, fn: dwF32_7x5s2_avx2},
	{Row: Row{"dwF32_6x5s2_avx2", AVX2}, Pixels: 6, Lanes: 8, Cols: 5, Stride: 2, fn: dwF32_6x5s2_avx2},
	{Row: Row{"dwF32_5x5s2_avx2", AVX2}, Pixels: 5, Lanes: 8, Cols: 5, Stride: 2, fn: dwF32_5x5s2_avx2},
	{Row: Row{"dwF32_4x5s2_avx2", AVX2}, Pixels: 4, Lanes: 8, Cols: 5, Stride: 2, fn: dwF32_4x5s2_avx2},
	{Row: Row{"dwF32_8xn_avx2", AVX2}, Pixels: 8, Lanes: 8, fn: dwF32_8xn_avx2},
	{Row: Row{"dwF32_7xn_avx2", AVX2}, Pixels: 7, Lanes: 8, fn: dwF32_7xn_avx2},
	{Row: Row{"dwF32_6xn_avx2", AVX2}, Pixels: 6, Lanes: 8, fn: dwF32_6xn_avx2},
	{Row: Row{"dwF32_5xn_avx2", AVX2}, Pixels: 5, Lanes: 8, fn: dwF32_5xn_avx2},
	{Row: Row{"dwF32_4xn_avx2", AVX2}, Pixels: 4, Lanes: 8, fn: dwF32_4xn_avx2},
	{Row: Row{"dwF32_3xn_avx2", AVX2}, Pixels: 3, Lanes: 8, fn: dwF32_3xn_avx2},
	{Row: Row{"dwF32_2xn_avx2", AVX2}, Pixels: 2, Lanes: 8, fn: dwF32_2xn_avx2},
	{Row: Row{"dwF32_1xn_avx2", AVX2}, Pixels: 1, Lanes: 8, fn: dwF32_1xn_avx2},
}

var dwgroupAMD64 = []DwRow{
	{Row: Row{"dwgroupF32_8x3s1_avx512", AVX512}, Pixels: 8, Lanes: 16, Cols: 3, Stride: 1, fn: dwgroupF32_8x3s1_avx512},
	{Row: Row{"dwgroupF32_7x3s1_avx512", AVX512}, Pixels: 7, Lanes: 16, Cols: 3, Stride: 1, fn: dwgroupF32_7x3s1_avx512},
	{Row: Row{"dwgroupF32_6x3s1_avx512", AVX512}, Pixels: 6, Lanes: 16, Cols: 3, Stride: 1, fn: dwgroupF32_6x3s1_avx512},
	{Row: Row{"dwgroupF32_5x3s1_avx512", AVX512}, Pixels: 5, Lanes: 16, Cols: 3, Stride: 1, fn: dwgroupF32_5x3s1_avx512},
	{Row: Row{"dwgroupF32_4x3s1_avx512", AVX512}, Pixels: 4, Lanes: 16, Cols: 3, Stride: 1, fn: dwgroupF32_4x3s1_avx512},
	{Row: Row{"dwgroupF32_8xn_avx512", AVX512}, Pixels: 8, Lanes: 16, fn: dwgroupF32_8xn_avx512},
	{Row: Row{"dwgroupF32_7xn_avx512", AVX512}, Pixels: 7, Lanes: 16, fn: dwgroupF32_7xn_avx512},
	{Row: Row{"dwgroupF32_6xn_avx512", AVX512}, Pixels: 6, Lanes: 16, fn: dwgroupF32_6xn_avx512},
	{Row: Row{"dwgroupF32_5xn_avx512", AVX512}, Pixels: 5, Lanes: 16, fn: dwgroupF32_5xn_avx512},
	{Row: Row{"dwgroupF32_4xn_avx512", AVX512}, Pixels: 4, Lanes: 16, fn: dwgroupF32_4xn_avx512},
	{Row: Row{"dwgroupF32_3xn_avx512", AVX512}, Pixels: 3, Lanes: 16, fn: dwgroupF32_3xn_avx512},
	{Row: Row{"dwgroupF32_2xn_avx512", AVX512}, Pixels: 2, Lanes: 16, fn: dwgroupF32_2xn_avx512},
	{Row: Row{"dwgroupF32_1xn_avx512", AVX512}, Pixels: 1, Lanes: 16, fn: dwgroupF32_1xn_avx512},
	{Row: Row{"dwgroupF32_8x3s1_avx2", AVX2}, Pixels: 8, Lanes: 8, Cols: 3, Stride: 1, fn: dwgroupF32_8x3s1_avx2},
	{Row: Row{"dwgroupF32_7x3s1_avx2", AVX2}, Pixels: 7, Lanes: 8, Cols: 3, Stride: 1, fn: dwgroupF32_7x3s1_avx2},
	{Row: Row{"dwgroupF32_6x3s1_avx2", AVX2}, Pixels: 6, Lanes: 8, Cols: 3, Stride: 1, fn: dwgroupF32_6x3s1_avx2},
	{Row: Row{"dwgroupF32_5x3s1_avx2", AVX2}, Pixels: 5, Lanes: 8, Cols: 3, Stride: 1, fn: dwgroupF32_5x3s1_avx2},
	{Row: Row{"dwgroupF32_4x3s1_avx2", AVX2}, Pixels: 4, Lanes: 8, Cols: 3, Stride: 1, fn: dwgroupF32_4x3s1_avx2},
	{Row: Row{"dwgroupF32_8xn_avx2", AVX2}, Pixels: 8, Lanes: 8, fn: dwgroupF32_8xn_avx2},
	{Row: Row{"dwgroupF32_7xn_avx2", AVX2}, Pixels: 7, Lanes: 8, fn: dwgroupF32_7xn_avx2},
	{Row: Row{"dwgroupF32_6xn_avx2", AVX2}, Pixels: 6, Lanes: 8, fn: dwgroupF32_6xn_avx2},
	{Row: Row{"dwgroupF32_5xn_avx2", AVX2}, Pixels: 5, Lanes: 8, fn: dwgroupF32_5xn_avx2},
	{Row: Row{"dwgroupF32_4xn_avx2", AVX2}, Pixels: 4, Lanes: 8, fn: dwgroupF32_4xn_avx2},
	{Row: Row{"dwgroupF32_3xn_avx2", AVX2}, Pixels: 3, Lanes: 8, fn: dwgroupF32_3xn_avx2},
	{Row: Row{"dwgroupF32_2xn_avx2", AVX2}, Pixels: 2, Lanes: 8, fn: dwgroupF32_2xn_avx2},
	{Row: Row{"dwgroupF32_1xn_avx2", AVX2}, Pixels: 1, Lanes: 8, fn: dwgroupF32_1xn_avx2},
}

var dwslideAMD64 = []DwSlideRow{
	{Row: Row{"dwslideF32_7x3s1_avx512", AVX512}, Pixels: 7, Lanes: 16, Stride: 1, fn: dwslideF32_7x3s1_avx512},
	{Row: Row{"dwslideF32_6x3s1_avx512", AVX512}, Pixels: 6, Lanes: 16, Stride: 1, fn: dwslideF32_6x3s1_avx512},
	{Row: Row{"dwslideF32_5x3s1_avx512", AVX512}, Pixels: 5, Lanes: 16, Stride: 1, fn: dwslideF32_5x3s1_avx512},
	{Row: Row{"dwslideF32_4x3s1_avx512", AVX512}, Pixels: 4, Lanes: 16, Stride: 1, fn: dwslideF32_4x3s1_avx512},
	{Row: Row{"dwslideF32_7x3s2_avx512", AVX512}, Pixels: 7, Lanes: 16, Stride: 2, fn: dwslideF32_7x3s2_avx512},
	{Row: Row{"dwslideF32_6x3s2_avx512", AVX512}, Pixels: 6, Lanes: 16, Stride: 2, fn: dwslideF32_6x3s2_avx512},
	{Row: Row{"dwslideF32_5x3s2_avx512", AVX512}, Pixels: 5, Lanes: 16, Stride: 2, fn: dwslideF32_5x3s2_avx512},
	{Row: Row{"dwslideF32_4x3s2_avx512", AVX512}, Pixels: 4, Lanes: 16, Stride: 2, fn: dwslideF32_4x3s2_avx512},
}

var dwplaneAMD64 = []DwPlaneRow{
	{Row: Row{"dwplaneF32_4x3s1_avx512", AVX512}, Height: 4, Lanes: 16, KH: 3, KW: 3, Stride: 1, fn: dwplaneF32_4x3s1_avx512},
	{Row: Row{"dwplaneF32_4x3s2_avx512", AVX512}, Height: 4, Lanes: 16, KH: 3, KW: 3, Stride: 2, fn: dwplaneF32_4x3s2_avx512},
	{Row: Row{"dwplaneF32_4x3s3_avx512", AVX512}, Height: 4, Lanes: 16, KH: 3, KW: 3, Stride: 3, fn: dwplaneF32_4x3s3_avx512},
	{Row: Row{"dwplaneF32_4k1x3s1_avx512", AVX512}, Height: 4, Lanes: 16, KH: 1, KW: 3, Stride: 1, fn: dwplaneF32_4k1x3s1_avx512},
	{Row: Row{"dwplaneF32_4k3x1s1_avx512", AVX512}, Height: 4, Lanes: 16, KH: 3, KW: 1, Stride: 1, fn: dwplaneF32_4k3x1s1_avx512},
	{Row: Row{"dwplaneF32_4k2x2s1_avx512", AVX512}, Height: 4, Lanes: 16, KH: 2, KW: 2, Stride: 1, fn: dwplaneF32_4k2x2s1_avx512},
	{Row: Row{"dwplaneF32_4k5x5s2_avx512", AVX512}, Height: 4, Lanes: 16, KH: 5, KW: 5, Stride: 2, fn: dwplaneF32_4k5x5s2_avx512},
	{Row: Row{"dwplaneF32_4x3s1_avx2", AVX2}, Height: 4, Lanes: 8, KH: 3, KW: 3, Stride: 1, fn: dwplaneF32_4x3s1_avx2},
	{Row: Row{"dwplaneF32_4x3s2_avx2", AVX2}, Height: 4, Lanes: 8, KH: 3, KW: 3, Stride: 2, fn: dwplaneF32_4x3s2_avx2},
	{Row: Row{"dwplaneF32_4x3s3_avx2", AVX2}, Height: 4, Lanes: 8, KH: 3, KW: 3, Stride: 3, fn: dwplaneF32_4x3s3_avx2},
	{Row: Row{"dwplaneF32_4k1x3s1_avx2", AVX2}, Height: 4, Lanes: 8, KH: 1, KW: 3, Stride: 1, fn: dwplaneF32_4k1x3s1_avx2},
	{Row: Row{"dwplaneF32_4k3x1s1_avx2", AVX2}, Height: 4, Lanes: 8, KH: 3, KW: 1, Stride: 1, fn: dwplaneF32_4k3x1s1_avx2},
	{Row: Row{"dwplaneF32_4k2x2s1_avx2", AVX2}, Height: 4, Lanes: 8, KH: 2, KW: 2, Stride: 1, fn: dwplaneF32_4k2x2s1_avx2},
}

var maxpoolAMD64 = []PoolRow{
	{Row: Row{"maxpoolF32_1x64_avx512", AVX512}, Pixels: 1, Lanes: 64, fn: maxpoolF32_1x64_avx512},
	{Row: Row{"maxpoolF32_4x16_avx512", AVX512}, Pixels: 4, Lanes: 16, fn: maxpoolF32_4x16_avx512},
	{Row: Row{"maxpoolF32_1x64k1x2_avx512", AVX512}, Pixels: 1, Lanes: 64, KH: 1, KW: 2, fn: maxpoolF32_1x64k1x2_avx512},
	{Row: Row{"maxpoolF32_1x64k1x3_avx512", AVX512}, Pixels: 1, Lanes: 64, KH: 1, KW: 3, fn: maxpoolF32_1x64k1x3_avx512},
	{Row: Row{"maxpoolF32_1x64k2x2_avx512", AVX512}, Pixels: 1, Lanes: 64, KH: 2, KW: 2, fn: maxpoolF32_1x64k2x2_avx512},
	{Row: Row{"maxpoolF32_1x64k2x3_avx512", AVX512}, Pixels: 1, Lanes: 64, KH: 2, KW: 3, fn: maxpoolF32_1x64k2x3_avx512},
	{Row: Row{"maxpoolF32_1x64k3x2_avx512", AVX512}, Pixels: 1, Lanes: 64, KH: 3, KW: 2, fn: maxpoolF32_1x64k3x2_avx512},
	{Row: Row{"maxpoolF32_1x64k3x3s1_avx512", AVX512}, Pixels: 1, Lanes: 64, KH: 3, KW: 3, Slides: true, fn: maxpoolF32_1x64k3x3s1_avx512},
	{Row: Row{"maxpoolF32_1x64k3x3_avx512", AVX512}, Pixels: 1, Lanes: 64, KH: 3, KW: 3, fn: maxpoolF32_1x64k3x3_avx512},
	{Row: Row{"maxpoolF32_1x32_avx2", AVX2}, Pixels: 1, Lanes: 32, fn: maxpoolF32_1x32_avx2},
	{Row: Row{"maxpoolF32_4x8_avx2", AVX2}, Pixels: 4, Lanes: 8, fn: maxpoolF32_4x8_avx2},
	{Row: Row{"maxpoolF32_1x32k1x2_avx2", AVX2}, Pixels: 1, Lanes: 32, KH: 1, KW: 2, fn: maxpoolF32_1x32k1x2_avx2},
	{Row: Row{"maxpoolF32_1x32k1x3_avx2", AVX2}, Pixels: 1, Lanes: 32, KH: 1, KW: 3, fn: maxpoolF32_1x32k1x3_avx2},
	{Row: Row{"maxpoolF32_1x32k2x2_avx2", AVX2}, Pixels: 1, Lanes: 32, KH: 2, KW: 2, fn: maxpoolF32_1x32k2x2_avx2},
	{Row: Row{"maxpoolF32_1x32k2x3_avx2", AVX2}, Pixels: 1, Lanes: 32, KH: 2, KW: 3, fn: maxpoolF32_1x32k2x3_avx2},
	{Row: Row{"maxpoolF32_1x32k3x2_avx2", AVX2}, Pixels: 1, Lanes: 32, KH: 3, KW: 2, fn: maxpoolF32_1x32k3x2_avx2},
	{Row: Row{"maxpoolF32_1x32k3x3s1_avx2", AVX2}, Pixels: 1, Lanes: 32, KH: 3, KW: 3, Slides: true, fn: maxpoolF32_1x32k3x3s1_avx2},
	{Row: Row{"maxpoolF32_1x32k3x3_avx2", AVX2}, Pixels: 1, Lanes: 32, KH: 3, KW: 3, fn: maxpoolF32_1x32k3x3_avx2},
}

var avgpoolAMD64 = []PoolRow{
	{Row: Row{"avgpoolF32_1x64_avx512", AVX512}, Pixels: 1, Lanes: 64, fn: avgpoolF32_1x64_avx512},
	{Row: Row{"avgpoolF32_4x16_avx512", AVX512}, Pixels: 4, Lanes: 16, fn: avgpoolF32_4x16_avx512},
	{Row: Row{"avgpoolF32_1x64k2x2_avx512", AVX512}, Pixels: 1, Lanes: 64, KH: 2, KW: 2, fn: avgpoolF32_1x64k2x2_avx512},
	{Row: Row{"avgpoolF32_1x64k2x3_avx512", AVX512}, Pixels: 1, Lanes: 64, KH: 2, KW: 3, fn: avgpoolF32_1x64k2x3_avx512},
	{Row: Row{"avgpoolF32_1x64k3x2_avx512", AVX512}, Pixels: 1, Lanes: 64, KH: 3, KW: 2, fn: avgpoolF32_1x64k3x2_avx512},
	{Row: Row{"avgpoolF32_1x64k3x3s1_avx512", AVX512}, Pixels: 1, Lanes: 64, KH: 3, KW: 3, Slides: true, fn: avgpoolF32_1x64k3x3s1_avx512},
	{Row: Row{"avgpoolF32_1x64k3x3_avx512", AVX512}, Pixels: 1, Lanes: 64, KH: 3, KW: 3, fn: avgpoolF32_1x64k3x3_avx512},
	{Row: Row{"avgpoolF32_1x32_avx2", AVX2}, Pixels: 1, Lanes: 32, fn: avgpoolF32_1x32_avx2},
	{Row: Row{"avgpoolF32_4x8_avx2", AVX2}, Pixels: 4, Lanes: 8, fn: avgpoolF32_4x8_avx2},
	{Row: Row{"avgpoolF32_1x32k2x2_avx2", AVX2}, Pixels: 1, Lanes: 32, KH: 2, KW: 2, fn: avgpoolF32_1x32k2x2_avx2},
	{Row: Row{"avgpoolF32_1x32k2x3_avx2", AVX2}, Pixels: 1, Lanes: 32, KH: 2, KW: 3, fn: avgpoolF32_1x32k2x3_avx2},
	{Row: Row{"avgpoolF32_1x32k3x2_avx2", AVX2}, Pixels: 1, Lanes: 32, KH: 3, KW: 2, fn: avgpoolF32_1x32k3x2_avx2},
	{Row: Row{"avgpoolF32_1x32k3x3s1_avx2", AVX2}, Pixels: 1, Lanes: 32, KH: 3, KW: 3, Slides: true, fn: avgpoolF32_1x32k3x3s1_avx2},
	{Row: Row{"avgpoolF32_1x32k3x3_avx2", AVX2}, Pixels: 1, Lanes: 32, KH: 3, KW: 3, fn: avgpoolF32_1x32k3x3_avx2},
}

var blendAMD64 = []BlendRow{
	{Row: Row{"blendF32_64_avx512", AVX512}, fn: blendF32_64_avx512},
	{Row: Row{"blendF32_32_avx2", AVX2}, fn: blendF32_32_avx2},
}

var momentsAMD64 = []MomentsRow{
	{Row: Row{"momentsF32_32_avx512", AVX512}, fn: momentsF32_32_avx512},
	{Row: Row{"momentsF32_16_avx2", AVX2}, fn: momentsF32_16_avx2},
}

var pickAMD64 = []PickRow{
	{Row: Row{"pickF32_16_avx512", AVX512}, Block: 16, fn: pickF32_16_avx512},
	{Row: Row{"pickF32_8_avx2", AVX2}, Block: 8, fn: pickF32_8_avx2},
}

var unzipAMD64 = []UnzipRow{
	{Row: Row{"unzipF32_16_avx512", AVX512}, fn: unzipF32_16_avx512},
	{Row: Row{"unzipF32_8_avx2", AVX2}, fn: unzipF32_8_avx2},
}

func winoInTable() []WinoInRow   { return append(winoInAMD64, winoInGeneric...) }
func winoOutTable() []WinoOutRow { return append(winoOutAMD64, winoOutGeneric...) }

var winoInAMD64 = []WinoInRow{
	{Row: Row{"winoinF32_2x3_avx512", AVX512}, Op: Wino2, Lanes: 16, fn: winoinF32_2x3_avx512},
	{Row: Row{"winoinF32_4x3_avx512", AVX512}, Op: Wino4, Lanes: 16, fn: winoinF32_4x3_avx512},
	{Row: Row{"winoinF32_2x3_avx2", AVX2}, Op: Wino2, Lanes: 8, fn: winoinF32_2x3_avx2},
	{Row: Row{"winoinF32_4x3_avx2", AVX2}, Op: Wino4, Lanes: 8, fn: winoinF32_4x3_avx2},
}

var winoOutAMD64 = []WinoOutRow{
	{Row: Row{"winooutF32_2x3_avx512", AVX512}, Op: Wino2, Lanes: 16, fn: winooutF32_2x3_avx512},
	{Row: Row{"winooutF32_4x3_avx512", AVX512}, Op: Wino4, Lanes: 16, fn: winooutF32_4x3_avx512},
	{Row: Row{"winooutF32_2x3_avx2", AVX2}, Op: Wino2, Lanes: 8, fn: winooutF32_2x3_avx2},
	{Row: Row{"winooutF32_4x3_avx2", AVX2}, Op: Wino4, Lanes: 8, fn: winooutF32_4x3_avx2},
}

// quantTable has the row on AVX-512 VBMI where the machine has it: it goes with no level.
func quantTable() []QuantRow {
	rows := append(quantAMD64, quantGeneric...)
	if cpu.HasAVX512VBMI() {
		rows = append(quantVBMI, rows...)
	}
	return rows
}

var quantVBMI = []QuantRow{
	{Row: Row{"lookupU8_64vbmi_avx512", AVX512}, Op: Lookup, fn: lookupU8_64vbmi_avx512},
}

var quantAMD64 = []QuantRow{
	{Row: Row{"quantizeU8_16_avx512", AVX512}, Op: Quantize, fn: quantizeU8_16_avx512},
	{Row: Row{"dequantizeU8_16_avx512", AVX512}, Op: Dequantize, fn: dequantizeU8_16_avx512},
	{Row: Row{"narrowBF16_16_avx512", AVX512}, Op: Narrow, fn: narrowBF16_16_avx512},
	{Row: Row{"widenBF16_16_avx512", AVX512}, Op: Widen, fn: widenBF16_16_avx512},
	{Row: Row{"addU8_64_avx512", AVX512}, Op: QuantAdd, fn: addU8_64_avx512},
	{Row: Row{"fixedU8_16_avx512", AVX512}, Op: Fixed, fn: fixedU8_16_avx512},
	{Row: Row{"quantizeU8_8_avx2", AVX2}, Op: Quantize, fn: quantizeU8_8_avx2},
	{Row: Row{"dequantizeU8_8_avx2", AVX2}, Op: Dequantize, fn: dequantizeU8_8_avx2},
	{Row: Row{"narrowBF16_8_avx2", AVX2}, Op: Narrow, fn: narrowBF16_8_avx2},
	{Row: Row{"widenBF16_8_avx2", AVX2}, Op: Widen, fn: widenBF16_8_avx2},
	{Row: Row{"addU8_8_avx2", AVX2}, Op: QuantAdd, fn: addU8_8_avx2},
	{Row: Row{"fixedU8_8_avx2", AVX2}, Op: Fixed, fn: fixedU8_8_avx2},
}

func maxpoolU8Table() []PoolU8Row { return append(maxpoolU8AMD64, maxpoolU8Generic...) }

func avgpoolU8Table() []PoolU8Row { return append(avgpoolU8AMD64, avgpoolU8Generic...) }

var maxpoolU8AMD64 = []PoolU8Row{
	{Row: Row{"maxpoolU8_64_avx512", AVX512}, fn: maxpoolU8_64_avx512},
	{Row: Row{"maxpoolU8_32_avx2", AVX2}, fn: maxpoolU8_32_avx2},
}

var avgpoolU8AMD64 = []PoolU8Row{
	{Row: Row{"avgpoolU8_64_avx512", AVX512}, fn: avgpoolU8_64_avx512},
	{Row: Row{"avgpoolU8_16_avx2", AVX2}, fn: avgpoolU8_16_avx2},
}

func dwU8Table() []DwU8Row { return append(dwU8AMD64, dwU8Generic...) }

var dwU8AMD64 = []DwU8Row{
	{Row: Row{"dwU8_3x3s1_avx512vnni", AVX512VNNI}, Block: 64, KH: 3, KW: 3, Stride: 1, fn: dwU8_3x3s1_avx512vnni},
	{Row: Row{"dwU8_3x3s2_avx512vnni", AVX512VNNI}, Block: 64, KH: 3, KW: 3, Stride: 2, fn: dwU8_3x3s2_avx512vnni},
	{Row: Row{"dwU8_16xn_avx2", AVX2}, Block: 16, Tap: 4, fn: dwU8_16xn_avx2},
}

var brgF64AMD64 = []BrgRow{
	{Row: Row{"brgF64_14x16_avx512", AVX512}, MR: 14, NR: 16, fn: brgF64_14x16_avx512},
	{Row: Row{"brgF64_13x16_avx512", AVX512}, MR: 13, NR: 16, fn: brgF64_13x16_avx512},
	{Row: Row{"brgF64_12x16_avx512", AVX512}, MR: 12, NR: 16, fn: brgF64_12x16_avx512},
	{Row: Row{"brgF64_11x16_avx512", AVX512}, MR: 11, NR: 16, fn: brgF64_11x16_avx512},
	{Row: Row{"brgF64_10x16_avx512", AVX512}, MR: 10, NR: 16, fn: brgF64_10x16_avx512},
	{Row: Row{"brgF64_9x16_avx512", AVX512}, MR: 9, NR: 16, fn: brgF64_9x16_avx512},
	{Row: Row{"brgF64_8x16_avx512", AVX512}, MR: 8, NR: 16, fn: brgF64_8x16_avx512},
	{Row: Row{"brgF64_7x16_avx512", AVX512}, MR: 7, NR: 16, fn: brgF64_7x16_avx512},
	{Row: Row{"brgF64_6x16_avx512", AVX512}, MR: 6, NR: 16, fn: brgF64_6x16_avx512},
	{Row: Row{"brgF64_5x16_avx512", AVX512}, MR: 5, NR: 16, fn: brgF64_5x16_avx512},
	{Row: Row{"brgF64_4x16_avx512", AVX512}, MR: 4, NR: 16, fn: brgF64_4x16_avx512},
	{Row: Row{"brgF64_3x16_avx512", AVX512}, MR: 3, NR: 16, fn: brgF64_3x16_avx512},
	{Row: Row{"brgF64_2x16_avx512", AVX512}, MR: 2, NR: 16, fn: brgF64_2x16_avx512},
	{Row: Row{"brgF64_1x16_avx512", AVX512}, MR: 1, NR: 16, fn: brgF64_1x16_avx512},
	{Row: Row{"brgF64_14x8_avx512", AVX512}, MR: 14, NR: 8, fn: brgF64_14x8_avx512},
	{Row: Row{"brgF64_13x8_avx512", AVX512}, MR: 13, NR: 8, fn: brgF64_13x8_avx512},
	{Row: Row{"brgF64_12x8_avx512", AVX512}, MR: 12, NR: 8, fn: brgF64_12x8_avx512},
	{Row: Row{"brgF64_11x8_avx512", AVX512}, MR: 11, NR: 8, fn: brgF64_11x8_avx512},
	{Row: Row{"brgF64_10x8_avx512", AVX512}, MR: 10, NR: 8, fn: brgF64_10x8_avx512},
	{Row: Row{"brgF64_9x8_avx512", AVX512}, MR: 9, NR: 8, fn: brgF64_9x8_avx512},
	{Row: Row{"brgF64_8x8_avx512", AVX512}, MR: 8, NR: 8, fn: brgF64_8x8_avx512},
	{Row: Row{"brgF64_7x8_avx512", AVX512}, MR: 7, NR: 8, fn: brgF64_7x8_avx512},
	{Row: Row{"brgF64_6x8_avx512", AVX512}, MR: 6, NR: 8, fn: brgF64_6x8_avx512},
	{Row: Row{"brgF64_5x8_avx512", AVX512}, MR: 5, NR: 8, fn: brgF64_5x8_avx512},
	{Row: Row{"brgF64_4x8_avx512", AVX512}, MR: 4, NR: 8, fn: brgF64_4x8_avx512},
	{Row: Row{"brgF64_3x8_avx512", AVX512}, MR: 3, NR: 8, fn: brgF64_3x8_avx512},
	{Row: Row{"brgF64_2x8_avx512", AVX512}, MR: 2, NR: 8, fn: brgF64_2x8_avx512},
	{Row: Row{"brgF64_1x8_avx512", AVX512}, MR: 1, NR: 8, fn: brgF64_1x8_avx512},
	{Row: Row{"brgF64_6x8_avx2", AVX2}, MR: 6, NR: 8, fn: brgF64_6x8_avx2},
	{Row: Row{"brgF64_5x8_avx2", AVX2}, MR: 5, NR: 8, fn: brgF64_5x8_avx2},
	{Row: Row{"brgF64_4x8_avx2", AVX2}, MR: 4, NR: 8, fn: brgF64_4x8_avx2},
	{Row: Row{"brgF64_3x8_avx2", AVX2}, MR: 3, NR: 8, fn: brgF64_3x8_avx2},
	{Row: Row{"brgF64_2x8_avx2", AVX2}, MR: 2, NR: 8, fn: brgF64_2x8_avx2},
	{Row: Row{"brgF64_1x8_avx2", AVX2}, MR: 1, NR: 8, fn: brgF64_1x8_avx2},
	{Row: Row{"brgF64_6x4_avx2", AVX2}, MR: 6, NR: 4, fn: brgF64_6x4_avx2},
	{Row: Row{"brgF64_5x4_avx2", AVX2}, MR: 5, NR: 4, fn: brgF64_5x4_avx2},
	{Row: Row{"brgF64_4x4_avx2", AVX2}, MR: 4, NR: 4, fn: brgF64_4x4_avx2},
	{Row: Row{"brgF64_3x4_avx2", AVX2}, MR: 3, NR: 4, fn: brgF64_3x4_avx2},
	{Row: Row{"brgF64_2x4_avx2", AVX2}, MR: 2, NR: 4, fn: brgF64_2x4_avx2},
	{Row: Row{"brgF64_1x4_avx2", AVX2}, MR: 1, NR: 4, fn: brgF64_1x4_avx2},
}

var gemvF64AMD64 = []GemvRow{
	{Row: Row{"gemvF64_8x8_avx512", AVX512}, Block: 8, fn: gemvF64_8x8_avx512},
	{Row: Row{"gemvF64_8x4_avx2", AVX2}, Block: 8, fn: gemvF64_8x4_avx2},
}

var gemvsF64AMD64 = []GemvRow{
	{Row: Row{"gemvsF64_1x8_avx512", AVX512}, Block: 1, fn: gemvsF64_1x8_avx512},
	{Row: Row{"gemvsF64_1x4_avx2", AVX2}, Block: 1, fn: gemvsF64_1x4_avx2},
}

var gemvtF64AMD64 = []GemvtRow{
	{Row: Row{"gemvtF64_8x8_avx512", AVX512}, Block: 8, fn: gemvtF64_8x8_avx512},
	{Row: Row{"gemvtF64_8x4_avx2", AVX2}, Block: 8, fn: gemvtF64_8x4_avx2},
}

var dotF64AMD64 = []DotRow{
	{Row: Row{"dotF64_3x8_avx512", AVX512}, MR: 3, Block: 8, fn: dotF64_3x8_avx512},
	{Row: Row{"dotF64_2x8_avx512", AVX512}, MR: 2, Block: 8, fn: dotF64_2x8_avx512},
	{Row: Row{"dotF64_3x4_avx2", AVX2}, MR: 3, Block: 4, fn: dotF64_3x4_avx2},
	{Row: Row{"dotF64_2x4_avx2", AVX2}, MR: 2, Block: 4, fn: dotF64_2x4_avx2},
}

var axpyF64AMD64 = []AxpyRow{
	{Row: Row{"axpyF64_3x8_avx512", AVX512}, MR: 3, Block: 8, fn: axpyF64_3x8_avx512},
	{Row: Row{"axpyF64_2x8_avx512", AVX512}, MR: 2, Block: 8, fn: axpyF64_2x8_avx512},
	{Row: Row{"axpyF64_3x4_avx2", AVX2}, MR: 3, Block: 4, fn: axpyF64_3x4_avx2},
	{Row: Row{"axpyF64_2x4_avx2", AVX2}, MR: 2, Block: 4, fn: axpyF64_2x4_avx2},
}

var packF64AMD64 = []PackRow{
	{Row: Row{"packF64_16_avx512", AVX512}, Width: 16, fn: packF64_16_avx512},
	{Row: Row{"packF64_8_avx512", AVX512}, Width: 8, fn: packF64_8_avx512},
	{Row: Row{"packF64_8_avx2", AVX2}, Width: 8, fn: packF64_8_avx2},
	{Row: Row{"packF64_4_avx2", AVX2}, Width: 4, fn: packF64_4_avx2},
}

var transposeF64AMD64 = []TransposeRow{
	{Row: Row{"transposeF64_8x8_avx512", AVX512}, Block: 8, fn: transposeF64_8x8_avx512},
	{Row: Row{"transposeF64_4x4_avx2", AVX2}, Block: 4, fn: transposeF64_4x4_avx2},
}
