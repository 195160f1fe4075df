//go:build !purego

package asm

import "github.com/simdnn/simdnn/internal/cpu"

// The arm64 rows. Within an operation and a level the first row that fits wins.

func supported() []ISA {
	if !cpu.HasNEON() {
		return nil
	}
	if cpu.HasNEONDot() {
		return []ISA{NEON, NEONDot}
	}
	return []ISA{NEON}
}

func brgTable() []BrgRow { return append(brgARM64, brgGeneric...) }

func brgU8Table() []BrgU8Row { return append(brgU8ARM64, brgU8Generic...) }

// dotWork is so much that a call of dot products takes about as long as one of MaxWork multiplications.
const dotWork = 4 * MaxWork

var brgU8ARM64 = []BrgU8Row{
	{Row: Row{"brgU8_8x8_neondot", NEONDot}, MR: 8, NR: 8, Lanes: 8, Signed: true, Work: dotWork, fn: brgU8_8x8_neondot},
	{Row: Row{"brgU8_7x8_neondot", NEONDot}, MR: 7, NR: 8, Lanes: 8, Signed: true, Work: dotWork, fn: brgU8_7x8_neondot},
	{Row: Row{"brgU8_6x8_neondot", NEONDot}, MR: 6, NR: 8, Lanes: 8, Signed: true, Work: dotWork, fn: brgU8_6x8_neondot},
	{Row: Row{"brgU8_5x8_neondot", NEONDot}, MR: 5, NR: 8, Lanes: 8, Signed: true, Work: dotWork, fn: brgU8_5x8_neondot},
	{Row: Row{"brgU8_4x8_neondot", NEONDot}, MR: 4, NR: 8, Lanes: 8, Signed: true, Work: dotWork, fn: brgU8_4x8_neondot},
	{Row: Row{"brgU8_3x8_neondot", NEONDot}, MR: 3, NR: 8, Lanes: 8, Signed: true, Work: dotWork, fn: brgU8_3x8_neondot},
	{Row: Row{"brgU8_2x8_neondot", NEONDot}, MR: 2, NR: 8, Lanes: 8, Signed: true, Work: dotWork, fn: brgU8_2x8_neondot},
	{Row: Row{"brgU8_1x8_neondot", NEONDot}, MR: 1, NR: 8, Lanes: 8, Signed: true, Work: dotWork, fn: brgU8_1x8_neondot},
	{Row: Row{"brgU8_4x8_neon", NEON}, MR: 4, NR: 8, Lanes: 8, Signed: true, Work: MaxWork, fn: brgU8_4x8_neon},
	{Row: Row{"brgU8_3x8_neon", NEON}, MR: 3, NR: 8, Lanes: 8, Signed: true, Work: MaxWork, fn: brgU8_3x8_neon},
	{Row: Row{"brgU8_2x8_neon", NEON}, MR: 2, NR: 8, Lanes: 8, Signed: true, Work: MaxWork, fn: brgU8_2x8_neon},
	{Row: Row{"brgU8_1x8_neon", NEON}, MR: 1, NR: 8, Lanes: 8, Signed: true, Work: MaxWork, fn: brgU8_1x8_neon},
}

func gemvsTable() []GemvRow { return append(gemvsARM64, gemvsGeneric...) }

func gemvTable() []GemvRow { return append(gemvARM64, gemvGeneric...) }

func gemvtTable() []GemvtRow { return append(gemvtARM64, gemvtGeneric...) }

func gemvpTable() []GemvpRow { return append(gemvpARM64, gemvpGeneric...) }

func dotTable() []DotRow { return append(dotARM64, dotGeneric...) }

func axpyTable() []AxpyRow { return append(axpyARM64, axpyGeneric...) }

func packTable() []PackRow { return append(packARM64, packGeneric...) }

func transposeTable() []TransposeRow { return append(transposeARM64, transposeGeneric...) }

func brgF64Table() []BrgRow    { return append(brgF64ARM64, brgF64Generic...) }
func gemvsF64Table() []GemvRow { return append(gemvsF64ARM64, gemvsF64Generic...) }

func gemvF64Table() []GemvRow           { return append(gemvF64ARM64, gemvF64Generic...) }
func gemvtF64Table() []GemvtRow         { return append(gemvtF64ARM64, gemvtF64Generic...) }
func dotF64Table() []DotRow             { return append(dotF64ARM64, dotF64Generic...) }
func axpyF64Table() []AxpyRow           { return append(axpyF64ARM64, axpyF64Generic...) }
func packF64Table() []PackRow           { return append(packF64ARM64, packF64Generic...) }
func transposeF64Table() []TransposeRow { return append(transposeF64ARM64, transposeF64Generic...) }

func peakTable() []PeakRow { return append(peakARM64, peakGeneric...) }

func readTable() []ReadRow { return append(readARM64, readGeneric...) }

func unaryTable() []UnaryRow { return append(unaryARM64, unaryGeneric...) }

func binaryTable() []BinaryRow { return append(binaryARM64, binaryGeneric...) }

func affineTable() []AffineRow { return append(affineARM64, affineGeneric...) }

func softmaxTable() []SoftmaxRow { return append(softmaxARM64, softmaxGeneric...) }

func dwTable() []DwRow { return append(dwARM64, dwGeneric...) }

func dwgroupTable() []DwRow { return append(dwgroupARM64, dwgroupGeneric...) }

func dwslideTable() []DwSlideRow { return append(dwslideARM64, dwslideGeneric...) }

func dwplaneTable() []DwPlaneRow { return append(dwplaneARM64, dwplaneGeneric...) }

func maxpoolTable() []PoolRow { return append(maxpoolARM64, maxpoolGeneric...) }

func avgpoolTable() []PoolRow { return append(avgpoolARM64, avgpoolGeneric...) }

func blendTable() []BlendRow     { return append(blendARM64, blendGeneric...) }
func momentsTable() []MomentsRow { return append(momentsARM64, momentsGeneric...) }
func pickTable() []PickRow       { return pickGeneric }
func unzipTable() []UnzipRow     { return append(unzipARM64, unzipGeneric...) }

func winoInTable() []WinoInRow { return append(winoInARM64, winoInGeneric...) }

func winoOutTable() []WinoOutRow { return append(winoOutARM64, winoOutGeneric...) }

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

var brgF64ARM64 = []BrgRow{
	{Row: Row{"brgF64_7x6_neon", NEON}, MR: 7, NR: 6, fn: brgF64_7x6_neon},
	{Row: Row{"brgF64_6x6_neon", NEON}, MR: 6, NR: 6, fn: brgF64_6x6_neon},
	{Row: Row{"brgF64_5x6_neon", NEON}, MR: 5, NR: 6, fn: brgF64_5x6_neon},
	{Row: Row{"brgF64_4x6_neon", NEON}, MR: 4, NR: 6, fn: brgF64_4x6_neon},
	{Row: Row{"brgF64_3x6_neon", NEON}, MR: 3, NR: 6, fn: brgF64_3x6_neon},
	{Row: Row{"brgF64_2x6_neon", NEON}, MR: 2, NR: 6, fn: brgF64_2x6_neon},
	{Row: Row{"brgF64_1x6_neon", NEON}, MR: 1, NR: 6, fn: brgF64_1x6_neon},
	{Row: Row{"brgF64_7x4_neon", NEON}, MR: 7, NR: 4, fn: brgF64_7x4_neon},
	{Row: Row{"brgF64_6x4_neon", NEON}, MR: 6, NR: 4, fn: brgF64_6x4_neon},
	{Row: Row{"brgF64_5x4_neon", NEON}, MR: 5, NR: 4, fn: brgF64_5x4_neon},
	{Row: Row{"brgF64_4x4_neon", NEON}, MR: 4, NR: 4, fn: brgF64_4x4_neon},
	{Row: Row{"brgF64_3x4_neon", NEON}, MR: 3, NR: 4, fn: brgF64_3x4_neon},
	{Row: Row{"brgF64_2x4_neon", NEON}, MR: 2, NR: 4, fn: brgF64_2x4_neon},
	{Row: Row{"brgF64_1x4_neon", NEON}, MR: 1, NR: 4, fn: brgF64_1x4_neon},
	{Row: Row{"brgF64_7x2_neon", NEON}, MR: 7, NR: 2, fn: brgF64_7x2_neon},
	{Row: Row{"brgF64_6x2_neon", NEON}, MR: 6, NR: 2, fn: brgF64_6x2_neon},
	{Row: Row{"brgF64_5x2_neon", NEON}, MR: 5, NR: 2, fn: brgF64_5x2_neon},
	{Row: Row{"brgF64_4x2_neon", NEON}, MR: 4, NR: 2, fn: brgF64_4x2_neon},
	{Row: Row{"brgF64_3x2_neon", NEON}, MR: 3, NR: 2, fn: brgF64_3x2_neon},
	{Row: Row{"brgF64_2x2_neon", NEON}, MR: 2, NR: 2, fn: brgF64_2x2_neon},
	{Row: Row{"brgF64_1x2_neon", NEON}, MR: 1, NR: 2, fn: brgF64_1x2_neon},
}

var gemvF64ARM64 = []GemvRow{
	{Row: Row{"gemvF64_8x2_neon", NEON}, Block: 8, fn: gemvF64_8x2_neon},
}

var gemvsF64ARM64 = []GemvRow{
	{Row: Row{"gemvsF64_1x2_neon", NEON}, Block: 1, fn: gemvsF64_1x2_neon},
}

var gemvtF64ARM64 = []GemvtRow{
	{Row: Row{"gemvtF64_8x2_neon", NEON}, Block: 8, fn: gemvtF64_8x2_neon},
}

var dotF64ARM64 = []DotRow{
	{Row: Row{"dotF64_3x8_neon", NEON}, MR: 3, Block: 8, fn: dotF64_3x8_neon},
	{Row: Row{"dotF64_2x8_neon", NEON}, MR: 2, Block: 8, fn: dotF64_2x8_neon},
}

var axpyF64ARM64 = []AxpyRow{
	{Row: Row{"axpyF64_3x8_neon", NEON}, MR: 3, Block: 8, fn: axpyF64_3x8_neon},
	{Row: Row{"axpyF64_2x8_neon", NEON}, MR: 2, Block: 8, fn: axpyF64_2x8_neon},
}

var transposeF64ARM64 = []TransposeRow{
	{Row: Row{"transposeF64_2x2_neon", NEON}, Block: 2, fn: transposeF64_2x2_neon},
}

var packF64ARM64 = []PackRow{
	{Row: Row{"packF64_6_neon", NEON}, Width: 6, fn: packF64_6_neon},
	{Row: Row{"packF64_4_neon", NEON}, Width: 4, fn: packF64_4_neon},
	{Row: Row{"packF64_2_neon", NEON}, Width: 2, fn: packF64_2_neon},
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
	{Row: Row{"minF32_16_neon", NEON}, Op: Min, fn: minF32_16_neon},
	{Row: Row{"divF32_16_neon", NEON}, Op: Div, fn: divF32_16_neon},
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

var dwARM64 = []DwRow{
	{Row: Row{"dwF32_8x3s1_neon", NEON}, Pixels: 8, Lanes: 4, Cols: 3, Stride: 1, fn: dwF32_8x3s1_neon},
	{Row: Row{"dwF32_7x3s1_neon", NEON}, Pixels: 7, Lanes: 4, Cols: 3, Stride: 1, fn: dwF32_7x3s1_neon},
	{Row: Row{"dwF32_6x3s1_neon", NEON}, Pixels: 6, Lanes: 4, Cols: 3, Stride: 1, fn: dwF32_6x3s1_neon},
	{Row: Row{"dwF32_5x3s1_neon", NEON}, Pixels: 5, Lanes: 4, Cols: 3, Stride: 1, fn: dwF32_5x3s1_neon},
	{Row: Row{"dwF32_4x3s1_neon", NEON}, Pixels: 4, Lanes: 4, Cols: 3, Stride: 1, fn: dwF32_4x3s1_neon},
	{Row: Row{"dwF32_8x3s2_neon", NEON}, Pixels: 8, Lanes: 4, Cols: 3, Stride: 2, fn: dwF32_8x3s2_neon},
	{Row: Row{"dwF32_7x3s2_neon", NEON}, Pixels: 7, Lanes: 4, Cols: 3, Stride: 2, fn: dwF32_7x3s2_neon},
	{Row: Row{"dwF32_6x3s2_neon", NEON}, Pixels: 6, Lanes: 4, Cols: 3, Stride: 2, fn: dwF32_6x3s2_neon},
	{Row: Row{"dwF32_5x3s2_neon", NEON}, Pixels: 5, Lanes: 4, Cols: 3, Stride: 2, fn: dwF32_5x3s2_neon},
	{Row: Row{"dwF32_4x3s2_neon", NEON}, Pixels: 4, Lanes: 4, Cols: 3, Stride: 2, fn: dwF32_4x3s2_neon},
	{Row: Row{"dwF32_8x5s1_neon", NEON}, Pixels: 8, Lanes: 4, Cols: 5, Stride: 1, fn: dwF32_8x5s1_neon},
	{Row: Row{"dwF32_7x5s1_neon", NEON}, Pixels: 7, Lanes: 4, Cols: 5, Stride: 1, fn: dwF32_7x5s1_neon},
	{Row: Row{"dwF32_6x5s1_neon", NEON}, Pixels: 6, Lanes: 4, Cols: 5, Stride: 1, fn: dwF32_6x5s1_neon},
	{Row: Row{"dwF32_5x5s1_neon", NEON}, Pixels: 5, Lanes: 4, Cols: 5, Stride: 1, fn: dwF32_5x5s1_neon},
	{Row: Row{"dwF32_4x5s1_neon", NEON}, Pixels: 4, Lanes: 4, Cols: 5, Stride: 1, fn: dwF32_4x5s1_neon},
	{Row: Row{"dwF32_8x5s2_neon", NEON}, Pixels: 8, Lanes: 4, Cols: 5, Stride: 2, fn: dwF32_8x5s2_neon},
	{Row: Row{"dwF32_7x5s2_neon", NEON}, Pixels: 7, Lanes: 4, Cols: 5, Stride: 2, fn: dwF32_7x5s2_neon},
	{Row: Row{"dwF32_6x5s2_neon", NEON}, Pixels: 6, Lanes: 4, Cols: 5, Stride: 2, fn: dwF32_6x5s2_neon},
	{Row: Row{"dwF32_5x5s2_neon", NEON}, Pixels: 5, Lanes: 4, Cols: 5, Stride: 2, fn: dwF32_5x5s2_neon},
	{Row: Row{"dwF32_4x5s2_neon", NEON}, Pixels: 4, Lanes: 4, Cols: 5, Stride: 2, fn: dwF32_4x5s2_neon},
	{Row: Row{"dwF32_8xn_neon", NEON}, Pixels: 8, Lanes: 4, fn: dwF32_8xn_neon},
	{Row: Row{"dwF32_7xn_neon", NEON}, Pixels: 7, Lanes: 4, fn: dwF32_7xn_neon},
	{Row: Row{"dwF32_6xn_neon", NEON}, Pixels: 6, Lanes: 4, fn: dwF32_6xn_neon},
	{Row: Row{"dwF32_5xn_neon", NEON}, Pixels: 5, Lanes: 4, fn: dwF32_5xn_neon},
	{Row: Row{"dwF32_4xn_neon", NEON}, Pixels: 4, Lanes: 4, fn: dwF32_4xn_neon},
	{Row: Row{"dwF32_3xn_neon", NEON}, Pixels: 3, Lanes: 4, fn: dwF32_3xn_neon},
	{Row: Row{"dwF32_2xn_neon", NEON}, Pixels: 2, Lanes: 4, fn: dwF32_2xn_neon},
	{Row: Row{"dwF32_1xn_neon", NEON}, Pixels: 1, Lanes: 4, fn: dwF32_1xn_neon},
}

var dwgroupARM64 = []DwRow{
	{Row: Row{"dwgroupF32_8x3s1_neon", NEON}, Pixels: 8, Lanes: 4, Cols: 3, Stride: 1, fn: dwgroupF32_8x3s1_neon},
	{Row: Row{"dwgroupF32_7x3s1_neon", NEON}, Pixels: 7, Lanes: 4, Cols: 3, Stride: 1, fn: dwgroupF32_7x3s1_neon},
	{Row: Row{"dwgroupF32_6x3s1_neon", NEON}, Pixels: 6, Lanes: 4, Cols: 3, Stride: 1, fn: dwgroupF32_6x3s1_neon},
	{Row: Row{"dwgroupF32_5x3s1_neon", NEON}, Pixels: 5, Lanes: 4, Cols: 3, Stride: 1, fn: dwgroupF32_5x3s1_neon},
	{Row: Row{"dwgroupF32_4x3s1_neon", NEON}, Pixels: 4, Lanes: 4, Cols: 3, Stride: 1, fn: dwgroupF32_4x3s1_neon},
	{Row: Row{"dwgroupF32_8xn_neon", NEON}, Pixels: 8, Lanes: 4, fn: dwgroupF32_8xn_neon},
	{Row: Row{"dwgroupF32_7xn_neon", NEON}, Pixels: 7, Lanes: 4, fn: dwgroupF32_7xn_neon},
	{Row: Row{"dwgroupF32_6xn_neon", NEON}, Pixels: 6, Lanes: 4, fn: dwgroupF32_6xn_neon},
	{Row: Row{"dwgroupF32_5xn_neon", NEON}, Pixels: 5, Lanes: 4, fn: dwgroupF32_5xn_neon},
	{Row: Row{"dwgroupF32_4xn_neon", NEON}, Pixels: 4, Lanes: 4, fn: dwgroupF32_4xn_neon},
	{Row: Row{"dwgroupF32_3xn_neon", NEON}, Pixels: 3, Lanes: 4, fn: dwgroupF32_3xn_neon},
	{Row: Row{"dwgroupF32_2xn_neon", NEON}, Pixels: 2, Lanes: 4, fn: dwgroupF32_2xn_neon},
	{Row: Row{"dwgroupF32_1xn_neon", NEON}, Pixels: 1, Lanes: 4, fn: dwgroupF32_1xn_neon},
}

var dwslideARM64 = []DwSlideRow{
	{Row: Row{"dwslideF32_7x3s1_neon", NEON}, Pixels: 7, Lanes: 4, Stride: 1, fn: dwslideF32_7x3s1_neon},
	{Row: Row{"dwslideF32_6x3s1_neon", NEON}, Pixels: 6, Lanes: 4, Stride: 1, fn: dwslideF32_6x3s1_neon},
	{Row: Row{"dwslideF32_5x3s1_neon", NEON}, Pixels: 5, Lanes: 4, Stride: 1, fn: dwslideF32_5x3s1_neon},
	{Row: Row{"dwslideF32_4x3s1_neon", NEON}, Pixels: 4, Lanes: 4, Stride: 1, fn: dwslideF32_4x3s1_neon},
	{Row: Row{"dwslideF32_7x3s2_neon", NEON}, Pixels: 7, Lanes: 4, Stride: 2, fn: dwslideF32_7x3s2_neon},
	{Row: Row{"dwslideF32_6x3s2_neon", NEON}, Pixels: 6, Lanes: 4, Stride: 2, fn: dwslideF32_6x3s2_neon},
	{Row: Row{"dwslideF32_5x3s2_neon", NEON}, Pixels: 5, Lanes: 4, Stride: 2, fn: dwslideF32_5x3s2_neon},
	{Row: Row{"dwslideF32_4x3s2_neon", NEON}, Pixels: 4, Lanes: 4, Stride: 2, fn: dwslideF32_4x3s2_neon},
}

var dwplaneARM64 = []DwPlaneRow{
	{Row: Row{"dwplaneF32_4x3s1_neon", NEON}, Height: 4, Lanes: 4, KH: 3, KW: 3, Stride: 1, fn: dwplaneF32_4x3s1_neon},
	{Row: Row{"dwplaneF32_4x3s2_neon", NEON}, Height: 4, Lanes: 4, KH: 3, KW: 3, Stride: 2, fn: dwplaneF32_4x3s2_neon},
}

var maxpoolARM64 = []PoolRow{
	{Row: Row{"maxpoolF32_1x16_neon", NEON}, Pixels: 1, Lanes: 16, fn: maxpoolF32_1x16_neon},
	{Row: Row{"maxpoolF32_4x4_neon", NEON}, Pixels: 4, Lanes: 4, fn: maxpoolF32_4x4_neon},
	{Row: Row{"maxpoolF32_1x16k1x2_neon", NEON}, Pixels: 1, Lanes: 16, KH: 1, KW: 2, fn: maxpoolF32_1x16k1x2_neon},
	{Row: Row{"maxpoolF32_1x16k1x3_neon", NEON}, Pixels: 1, Lanes: 16, KH: 1, KW: 3, fn: maxpoolF32_1x16k1x3_neon},
	{Row: Row{"maxpoolF32_1x16k2x2_neon", NEON}, Pixels: 1, Lanes: 16, KH: 2, KW: 2, fn: maxpoolF32_1x16k2x2_neon},
	{Row: Row{"maxpoolF32_1x16k2x3_neon", NEON}, Pixels: 1, Lanes: 16, KH: 2, KW: 3, fn: maxpoolF32_1x16k2x3_neon},
	{Row: Row{"maxpoolF32_1x16k3x2_neon", NEON}, Pixels: 1, Lanes: 16, KH: 3, KW: 2, fn: maxpoolF32_1x16k3x2_neon},
	{Row: Row{"maxpoolF32_1x16k3x3s1_neon", NEON}, Pixels: 1, Lanes: 16, KH: 3, KW: 3, Slides: true, fn: maxpoolF32_1x16k3x3s1_neon},
	{Row: Row{"maxpoolF32_1x16k3x3_neon", NEON}, Pixels: 1, Lanes: 16, KH: 3, KW: 3, fn: maxpoolF32_1x16k3x3_neon},
}

var avgpoolARM64 = []PoolRow{
	{Row: Row{"avgpoolF32_1x16_neon", NEON}, Pixels: 1, Lanes: 16, fn: avgpoolF32_1x16_neon},
	{Row: Row{"avgpoolF32_4x4_neon", NEON}, Pixels: 4, Lanes: 4, fn: avgpoolF32_4x4_neon},
	{Row: Row{"avgpoolF32_1x16k2x2_neon", NEON}, Pixels: 1, Lanes: 16, KH: 2, KW: 2, fn: avgpoolF32_1x16k2x2_neon},
	{Row: Row{"avgpoolF32_1x16k2x3_neon", NEON}, Pixels: 1, Lanes: 16, KH: 2, KW: 3, fn: avgpoolF32_1x16k2x3_neon},
	{Row: Row{"avgpoolF32_1x16k3x2_neon", NEON}, Pixels: 1, Lanes: 16, KH: 3, KW: 2, fn: avgpoolF32_1x16k3x2_neon},
	{Row: Row{"avgpoolF32_1x16k3x3s1_neon", NEON}, Pixels: 1, Lanes: 16, KH: 3, KW: 3, Slides: true, fn: avgpoolF32_1x16k3x3s1_neon},
	{Row: Row{"avgpoolF32_1x16k3x3_neon", NEON}, Pixels: 1, Lanes: 16, KH: 3, KW: 3, fn: avgpoolF32_1x16k3x3_neon},
}

var blendARM64 = []BlendRow{
	{Row: Row{"blendF32_16_neon", NEON}, fn: blendF32_16_neon},
}

var unzipARM64 = []UnzipRow{
	{Row: Row{"unzipF32_8_neon", NEON}, fn: unzipF32_8_neon},
}

var winoInARM64 = []WinoInRow{
	{Row: Row{"winoinF32_2x3_neon", NEON}, Op: Wino2, Lanes: 4, fn: winoinF32_2x3_neon},
	{Row: Row{"winoinF32_4x3_neon", NEON}, Op: Wino4, Lanes: 4, fn: winoinF32_4x3_neon},
}

var winoOutARM64 = []WinoOutRow{
	{Row: Row{"winooutF32_2x3_neon", NEON}, Op: Wino2, Lanes: 4, fn: winooutF32_2x3_neon},
	{Row: Row{"winooutF32_4x3_neon", NEON}, Op: Wino4, Lanes: 4, fn: winooutF32_4x3_neon},
}

var gemvARM64 = []GemvRow{
	{Row: Row{"gemvF32_8x4_neon", NEON}, Block: 8, fn: gemvF32_8x4_neon},
}

var gemvsARM64 = []GemvRow{
	{Row: Row{"gemvsF32_1x4_neon", NEON}, Block: 1, fn: gemvsF32_1x4_neon},
}

var gemvtARM64 = []GemvtRow{
	{Row: Row{"gemvtF32_8x4_neon", NEON}, Block: 8, fn: gemvtF32_8x4_neon},
}

var dotARM64 = []DotRow{
	{Row: Row{"dotF32_3x8_neon", NEON}, MR: 3, Block: 8, fn: dotF32_3x8_neon},
	{Row: Row{"dotF32_2x8_neon", NEON}, MR: 2, Block: 8, fn: dotF32_2x8_neon},
}

var axpyARM64 = []AxpyRow{
	{Row: Row{"axpyF32_3x8_neon", NEON}, MR: 3, Block: 8, fn: axpyF32_3x8_neon},
	{Row: Row{"axpyF32_2x8_neon", NEON}, MR: 2, Block: 8, fn: axpyF32_2x8_neon},
}

var gemvpARM64 = []GemvpRow{
	{Row: Row{"gemvpF32_4x12_neon", NEON}, NR: 12, fn: gemvpF32_4x12_neon},
}

var packARM64 = []PackRow{
	{Row: Row{"packF32_12_neon", NEON}, Width: 12, fn: packF32_12_neon},
	{Row: Row{"packF32_8_neon", NEON}, Width: 8, fn: packF32_8_neon},
	{Row: Row{"packF32_4_neon", NEON}, Width: 4, fn: packF32_4_neon},
}

var transposeARM64 = []TransposeRow{
	{Row: Row{"transposeF32_4x4_neon", NEON}, Block: 4, fn: transposeF32_4x4_neon},
}

var peakARM64 = []PeakRow{
	{Row: Row{"peakF32_24x4_neon", NEON}, Chains: 24, Lanes: 4, Adds: true, fn: peakF32_24x4_neon},
}

var readARM64 = []ReadRow{
	{Row: Row{"readF32_8x4_neon", NEON}, Block: 32, fn: readF32_8x4_neon},
}

func brgBF16Table() []BrgRow      { return brgBF16Generic }
func brgMixedTable() []BrgRow     { return brgMixedGeneric }
func peakBF16Table() []PeakRow    { return peakBF16Generic }
func gemvpMixedTable() []GemvpRow { return gemvpMixedGeneric }

func quantTable() []QuantRow { return append(quantARM64, quantGeneric...) }

func maxpoolU8Table() []PoolU8Row { return append(maxpoolU8ARM64, maxpoolU8Generic...) }

func avgpoolU8Table() []PoolU8Row { return append(avgpoolU8ARM64, avgpoolU8Generic...) }

func dwU8Table() []DwU8Row { return append(dwU8ARM64, dwU8Generic...) }

var dwU8ARM64 = []DwU8Row{
	{Row: Row{"dwU8_16xn_neon", NEON}, Block: 16, Tap: 2, fn: dwU8_16xn_neon},
}

var quantARM64 = []QuantRow{
	{Row: Row{"quantizeU8_8_neon", NEON}, Op: Quantize, fn: quantizeU8_8_neon},
	{Row: Row{"dequantizeU8_8_neon", NEON}, Op: Dequantize, fn: dequantizeU8_8_neon},
	{Row: Row{"narrowBF16_8_neon", NEON}, Op: Narrow, fn: narrowBF16_8_neon},
	{Row: Row{"widenBF16_8_neon", NEON}, Op: Widen, fn: widenBF16_8_neon},
	{Row: Row{"addU8_8_neon", NEON}, Op: QuantAdd, fn: addU8_8_neon},
	{Row: Row{"lookupU8_16_neon", NEON}, Op: Lookup, fn: lookupU8_16_neon},
	{Row: Row{"fixedU8_4_neon", NEON}, Op: Fixed, fn: fixedU8_4_neon},
}

var momentsARM64 = []MomentsRow{
	{Row: Row{"momentsF32_8_neon", NEON}, fn: momentsF32_8_neon},
}

var maxpoolU8ARM64 = []PoolU8Row{
	{Row: Row{"maxpoolU8_16_neon", NEON}, fn: maxpoolU8_16_neon},
}

var avgpoolU8ARM64 = []PoolU8Row{
	{Row: Row{"avgpoolU8_16_neon", NEON}, fn: avgpoolU8_16_neon},
}
