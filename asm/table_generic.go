package asm

// The portable rows, compiled on every architecture. Within an operation the first row that fits wins.

var brgGeneric = []BrgRow{
	{Row: Row{"brgF32_4x4_generic", Generic}, MR: 4, NR: 4, fn: brgF32_4x4_generic},
	{Row: Row{"brgF32_3x4_generic", Generic}, MR: 3, NR: 4, fn: brgF32_3x4_generic},
	{Row: Row{"brgF32_2x4_generic", Generic}, MR: 2, NR: 4, fn: brgF32_2x4_generic},
	{Row: Row{"brgF32_1x4_generic", Generic}, MR: 1, NR: 4, fn: brgF32_1x4_generic},
}

var peakGeneric = []PeakRow{
	{Row: Row{"peakF32_8x1_generic", Generic}, Chains: 8, Lanes: 1, fn: peakF32_8x1_generic},
}

var readGeneric = []ReadRow{
	{Row: Row{"readF32_8x1_generic", Generic}, Block: 8, fn: readF32_8x1_generic},
}
