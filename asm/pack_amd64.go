//go:build !purego

package asm

//go:noescape
func packF32_32_avx512(a *PackArgs)

//go:noescape
func packF32_16_avx512(a *PackArgs)

//go:noescape
func packF32_16_avx2(a *PackArgs)

//go:noescape
func packF32_8_avx2(a *PackArgs)

//go:noescape
func packF64_16_avx512(a *PackArgs)

//go:noescape
func packF64_8_avx512(a *PackArgs)

//go:noescape
func packF64_8_avx2(a *PackArgs)

//go:noescape
func packF64_4_avx2(a *PackArgs)
