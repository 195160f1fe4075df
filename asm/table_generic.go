package asm

// The portable rows, compiled on every architecture. Within an operation the first row that fits wins.

var brgGeneric = []BrgRow{
	{Row: Row{"brgF32_4x4_generic", Generic}, MR: 4, NR: 4, fn: brgF32_4x4_generic},
	{Row: Row{"brgF32_3x4_generic", Generic}, MR: 3, NR: 4, fn: brgF32_3x4_generic},
	{Row: Row{"brgF32_2x4_generic", Generic}, MR: 2, NR: 4, fn: brgF32_2x4_generic},
	{Row: Row{"brgF32_1x4_generic", Generic}, MR: 1, NR: 4, fn: brgF32_1x4_generic},
}

var brgU8Generic = []BrgU8Row{
	{Row: Row{"brgU8_4x4_generic", Generic}, MR: 4, NR: 4, Lanes: 4, Work: MaxWork, fn: brgU8_4x4_generic},
	{Row: Row{"brgU8_1x4_generic", Generic}, MR: 1, NR: 4, Lanes: 4, Work: MaxWork, fn: brgU8_1x4_generic},
}

var brgF64Generic = []BrgRow{
	{Row: Row{"brgF64_4x4_generic", Generic}, MR: 4, NR: 4, fn: brgF64_4x4_generic},
	{Row: Row{"brgF64_3x4_generic", Generic}, MR: 3, NR: 4, fn: brgF64_3x4_generic},
	{Row: Row{"brgF64_2x4_generic", Generic}, MR: 2, NR: 4, fn: brgF64_2x4_generic},
	{Row: Row{"brgF64_1x4_generic", Generic}, MR: 1, NR: 4, fn: brgF64_1x4_generic},
}

var brgBF16Generic = []BrgRow{
	{Row: Row{"brgBF16_4x4_generic", Generic}, MR: 4, NR: 4, fn: brgBF16_4x4_generic},
	{Row: Row{"brgBF16_3x4_generic", Generic}, MR: 3, NR: 4, fn: brgBF16_3x4_generic},
	{Row: Row{"brgBF16_2x4_generic", Generic}, MR: 2, NR: 4, fn: brgBF16_2x4_generic},
	{Row: Row{"brgBF16_1x4_generic", Generic}, MR: 1, NR: 4, fn: brgBF16_1x4_generic},
}

var brgMixedGeneric = []BrgRow{
	{Row: Row{"brgmixedBF16_4x4_generic", Generic}, MR: 4, NR: 4, fn: brgmixedBF16_4x4_generic},
	{Row: Row{"brgmixedBF16_3x4_generic", Generic}, MR: 3, NR: 4, fn: brgmixedBF16_3x4_generic},
	{Row: Row{"brgmixedBF16_2x4_generic", Generic}, MR: 2, NR: 4, fn: brgmixedBF16_2x4_generic},
	{Row: Row{"brgmixedBF16_1x4_generic", Generic}, MR: 1, NR: 4, fn: brgmixedBF16_1x4_generic},
}

var gemvpMixedGeneric = []GemvpRow{
	{Row: Row{"gemvpmixedBF16_4x4_generic", Generic}, NR: 4, fn: gemvpmixedBF16_4x4_generic},
}

var peakGeneric = []PeakRow{
	{Row: Row{"peakF32_8x1_generic", Generic}, Chains: 8, Lanes: 1, fn: peakF32_8x1_generic},
}

var peakBF16Generic = []PeakRow{
	{Row: Row{"peakBF16_8x1_generic", Generic}, Chains: 8, Lanes: 1, Adds: true, fn: peakBF16_8x1_generic},
}

var readGeneric = []ReadRow{
	{Row: Row{"readF32_8x1_generic", Generic}, Block: 8, fn: readF32_8x1_generic},
}

var unaryGeneric = []UnaryRow{
	{Row: Row{"clampF32_1_generic", Generic}, Op: Clamp, fn: clampF32_1_generic},
	{Row: Row{"leakyreluF32_1_generic", Generic}, Op: LeakyReLU, fn: leakyreluF32_1_generic},
	{Row: Row{"sigmoidF32_1_generic", Generic}, Op: Sigmoid, fn: sigmoidF32_1_generic},
	{Row: Row{"tanhF32_1_generic", Generic}, Op: Tanh, fn: tanhF32_1_generic},
	{Row: Row{"siluF32_1_generic", Generic}, Op: SiLU, fn: siluF32_1_generic},
	{Row: Row{"hardsigmoidF32_1_generic", Generic}, Op: HardSigmoid, fn: hardsigmoidF32_1_generic},
	{Row: Row{"hardswishF32_1_generic", Generic}, Op: HardSwish, fn: hardswishF32_1_generic},
	{Row: Row{"eluF32_1_generic", Generic}, Op: ELU, fn: eluF32_1_generic},
	{Row: Row{"geluF32_1_generic", Generic}, Op: GELU, fn: geluF32_1_generic},
	{Row: Row{"gelutanhF32_1_generic", Generic}, Op: GELUTanh, fn: gelutanhF32_1_generic},
	{Row: Row{"expF32_1_generic", Generic}, Op: Exp, fn: expF32_1_generic},
}

var binaryGeneric = []BinaryRow{
	{Row: Row{"addF32_1_generic", Generic}, Op: Add, fn: addF32_1_generic},
	{Row: Row{"subF32_1_generic", Generic}, Op: Sub, fn: subF32_1_generic},
	{Row: Row{"mulF32_1_generic", Generic}, Op: Mul, fn: mulF32_1_generic},
	{Row: Row{"maxF32_1_generic", Generic}, Op: Max, fn: maxF32_1_generic},
	{Row: Row{"minF32_1_generic", Generic}, Op: Min, fn: minF32_1_generic},
	{Row: Row{"divF32_1_generic", Generic}, Op: Div, fn: divF32_1_generic},
}

var affineGeneric = []AffineRow{
	{Row: Row{"biasF32_1_generic", Generic}, Op: Bias, fn: biasF32_1_generic},
	{Row: Row{"biasrowF32_1_generic", Generic}, Op: BiasRow, fn: biasrowF32_1_generic},
	{Row: Row{"scaleF32_1_generic", Generic}, Op: Scale, fn: scaleF32_1_generic},
	{Row: Row{"scalerowF32_1_generic", Generic}, Op: ScaleRow, fn: scalerowF32_1_generic},
	{Row: Row{"normF32_1_generic", Generic}, Op: Norm, fn: normF32_1_generic},
	{Row: Row{"normrowF32_1_generic", Generic}, Op: NormRow, fn: normrowF32_1_generic},
}

var softmaxGeneric = []SoftmaxRow{
	{Row: Row{"rowmaxF32_1_generic", Generic}, Op: RowMax, fn: rowmaxF32_1_generic},
	{Row: Row{"rowexpF32_1_generic", Generic}, Op: RowExp, fn: rowexpF32_1_generic},
	{Row: Row{"rowsumexpF32_1_generic", Generic}, Op: RowSumExp, fn: rowsumexpF32_1_generic},
	{Row: Row{"rowscaleF32_1_generic", Generic}, Op: RowScale, fn: rowscaleF32_1_generic},
	{Row: Row{"rowshiftF32_1_generic", Generic}, Op: RowShift, fn: rowshiftF32_1_generic},
}

var gemvGeneric = []GemvRow{
	{Row: Row{"gemvF32_4x1_generic", Generic}, Block: 4, fn: gemvF32_4x1_generic},
}

var gemvsGeneric = []GemvRow{
	{Row: Row{"gemvsF32_1x4_generic", Generic}, Block: 1, fn: gemvsF32_1x4_generic},
}

var gemvtGeneric = []GemvtRow{
	{Row: Row{"gemvtF32_4x1_generic", Generic}, Block: 4, fn: gemvtF32_4x1_generic},
}

var dotGeneric = []DotRow{
	{Row: Row{"dotF32_3x2_generic", Generic}, MR: 3, Block: 2, fn: dotF32_3x2_generic},
	{Row: Row{"dotF32_2x2_generic", Generic}, MR: 2, Block: 2, fn: dotF32_2x2_generic},
}

var axpyGeneric = []AxpyRow{
	{Row: Row{"axpyF32_3x1_generic", Generic}, MR: 3, Block: 1, fn: axpyF32_3x1_generic},
	{Row: Row{"axpyF32_2x1_generic", Generic}, MR: 2, Block: 1, fn: axpyF32_2x1_generic},
}

var gemvpGeneric = []GemvpRow{
	{Row: Row{"gemvpF32_4x4_generic", Generic}, NR: 4, fn: gemvpF32_4x4_generic},
}

var packGeneric = []PackRow{
	{Row: Row{"packF32_4_generic", Generic}, Width: 4, fn: packF32_4_generic},
}

var transposeGeneric = []TransposeRow{
	{Row: Row{"transposeF32_4x4_generic", Generic}, Block: 4, fn: transposeF32_4x4_generic},
}

var gemvF64Generic = []GemvRow{
	{Row: Row{"gemvF64_4x1_generic", Generic}, Block: 4, fn: gemvF64_4x1_generic},
}

var gemvsF64Generic = []GemvRow{
	{Row: Row{"gemvsF64_1x4_generic", Generic}, Block: 1, fn: gemvsF64_1x4_generic},
}

var gemvtF64Generic = []GemvtRow{
	{Row: Row{"gemvtF64_4x1_generic", Generic}, Block: 4, fn: gemvtF64_4x1_generic},
}

var dotF64Generic = []DotRow{
	{Row: Row{"dotF64_3x2_generic", Generic}, MR: 3, Block: 2, fn: dotF64_3x2_generic},
	{Row: Row{"dotF64_2x2_generic", Generic}, MR: 2, Block: 2, fn: dotF64_2x2_generic},
}

var axpyF64Generic = []AxpyRow{
	{Row: Row{"axpyF64_3x1_generic", Generic}, MR: 3, Block: 1, fn: axpyF64_3x1_generic},
	{Row: Row{"axpyF64_2x1_generic", Generic}, MR: 2, Block: 1, fn: axpyF64_2x1_generic},
}

var packF64Generic = []PackRow{
	{Row: Row{"packF64_4_generic", Generic}, Width: 4, fn: packF64_4_generic},
}

var transposeF64Generic = []TransposeRow{
	{Row: Row{"transposeF64_4x4_generic", Generic}, Block: 4, fn: transposeF64_4x4_generic},
}

var dwGeneric = []DwRow{
	{Row: Row{"dwF32_1xn_generic", Generic}, Pixels: 1, Lanes: 4, fn: dwF32_1xn_generic},
}

var dwgroupGeneric = []DwRow{
	{Row: Row{"dwgroupF32_1xn_generic", Generic}, Pixels: 1, Lanes: 4, fn: dwgroupF32_1xn_generic},
}

var dwslideGeneric = []DwSlideRow{
	{Row: Row{"dwslideF32_nx3s1_generic", Generic}, Lanes: 4, Stride: 1, fn: dwslideF32_nx3s1_generic},
	{Row: Row{"dwslideF32_nx3s2_generic", Generic}, Lanes: 4, Stride: 2, fn: dwslideF32_nx3s2_generic},
}

var dwplaneGeneric = []DwPlaneRow{
	{Row: Row{"dwplaneF32_1x3s1_generic", Generic}, Height: 1, Lanes: 1, KH: 3, KW: 3, Stride: 1, fn: dwplaneF32_1x3s1_generic},
	{Row: Row{"dwplaneF32_1x3s2_generic", Generic}, Height: 1, Lanes: 1, KH: 3, KW: 3, Stride: 2, fn: dwplaneF32_1x3s2_generic},
	{Row: Row{"dwplaneF32_1x3s3_generic", Generic}, Height: 1, Lanes: 1, KH: 3, KW: 3, Stride: 3, fn: dwplaneF32_1x3s3_generic},
	{Row: Row{"dwplaneF32_1k1x3s1_generic", Generic}, Height: 1, Lanes: 1, KH: 1, KW: 3, Stride: 1, fn: dwplaneF32_1k1x3s1_generic},
	{Row: Row{"dwplaneF32_1k3x1s1_generic", Generic}, Height: 1, Lanes: 1, KH: 3, KW: 1, Stride: 1, fn: dwplaneF32_1k3x1s1_generic},
	{Row: Row{"dwplaneF32_1k2x2s1_generic", Generic}, Height: 1, Lanes: 1, KH: 2, KW: 2, Stride: 1, fn: dwplaneF32_1k2x2s1_generic},
	{Row: Row{"dwplaneF32_1k5x5s2_generic", Generic}, Height: 1, Lanes: 1, KH: 5, KW: 5, Stride: 2, fn: dwplaneF32_1k5x5s2_generic},
}

var maxpoolGeneric = []PoolRow{
	{Row: Row{"maxpoolF32_1x4_generic", Generic}, Pixels: 1, Lanes: 4, fn: maxpoolF32_1x4_generic},
}

var avgpoolGeneric = []PoolRow{
	{Row: Row{"avgpoolF32_1x4_generic", Generic}, Pixels: 1, Lanes: 4, fn: avgpoolF32_1x4_generic},
}

var blendGeneric = []BlendRow{
	{Row: Row{"blendF32_1_generic", Generic}, fn: blendF32_1_generic},
}

var momentsGeneric = []MomentsRow{
	{Row: Row{"momentsF32_2_generic", Generic}, fn: momentsF32_2_generic},
}

var pickGeneric = []PickRow{
	{Row: Row{"pickF32_1_generic", Generic}, Block: 1, fn: pickF32_1_generic},
}

var unzipGeneric = []UnzipRow{
	{Row: Row{"unzipF32_1_generic", Generic}, fn: unzipF32_1_generic},
}

var winoInGeneric = []WinoInRow{
	{Row: Row{"winoinF32_2x3_generic", Generic}, Op: Wino2, Lanes: 1, fn: winoinF32_2x3_generic},
	{Row: Row{"winoinF32_4x3_generic", Generic}, Op: Wino4, Lanes: 1, fn: winoinF32_4x3_generic},
}

var winoOutGeneric = []WinoOutRow{
	{Row: Row{"winooutF32_2x3_generic", Generic}, Op: Wino2, Lanes: 1, fn: winooutF32_2x3_generic},
	{Row: Row{"winooutF32_4x3_generic", Generic}, Op: Wino4, Lanes: 1, fn: winooutF32_4x3_generic},
}

var quantGeneric = []QuantRow{
	{Row: Row{"quantizeU8_1_generic", Generic}, Op: Quantize, fn: quantizeU8_1_generic},
	{Row: Row{"dequantizeU8_1_generic", Generic}, Op: Dequantize, fn: dequantizeU8_1_generic},
	{Row: Row{"narrowBF16_1_generic", Generic}, Op: Narrow, fn: narrowBF16_1_generic},
	{Row: Row{"widenBF16_1_generic", Generic}, Op: Widen, fn: widenBF16_1_generic},
	{Row: Row{"addU8_1_generic", Generic}, Op: QuantAdd, fn: addU8_1_generic},
	{Row: Row{"lookupU8_1_generic", Generic}, Op: Lookup, fn: lookupU8_1_generic},
	{Row: Row{"fixedU8_1_generic", Generic}, Op: Fixed, fn: fixedU8_1_generic},
}

var maxpoolU8Generic = []PoolU8Row{
	{Row: Row{"maxpoolU8_8_generic", Generic}, fn: maxpoolU8_8_generic},
}

var avgpoolU8Generic = []PoolU8Row{
	{Row: Row{"avgpoolU8_1_generic", Generic}, fn: avgpoolU8_1_generic},
}

var dwU8Generic = []DwU8Row{
	{Row: Row{"dwU8_1xn_generic", Generic}, Block: 1, fn: dwU8_1xn_generic},
}
