//go:build !purego

package asm

//go:noescape
func peakF32_24x16_avx512(a *PeakArgs)

//go:noescape
func peakF32_12x8_avx2(a *PeakArgs)

//go:noescape
func peakBF16_24x16_avx512bf16(a *PeakArgs)

//go:noescape
func readF32_8x16_avx512(a *ReadArgs)

//go:noescape
func readF32_8x8_avx2(a *ReadArgs)
