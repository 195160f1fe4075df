//go:build !purego

package asm

//go:noescape
func transposeF32_16x16_avx512(a *TransposeArgs)

//go:noescape
func transposeF32_8x8_avx2(a *TransposeArgs)

//go:noescape
func transposeF64_8x8_avx512(a *TransposeArgs)

//go:noescape
func transposeF64_4x4_avx2(a *TransposeArgs)
