//go:build !purego

package asm

// The assembly behind the rows of table_amd64.go.

//go:noescape
func dwslideF32_7x3s1_avx512(a *DwSlideArgs)

//go:noescape
func dwslideF32_6x3s1_avx512(a *DwSlideArgs)

//go:noescape
func dwslideF32_5x3s1_avx512(a *DwSlideArgs)

//go:noescape
func dwslideF32_4x3s1_avx512(a *DwSlideArgs)

//go:noescape
func dwslideF32_7x3s2_avx512(a *DwSlideArgs)

//go:noescape
func dwslideF32_6x3s2_avx512(a *DwSlideArgs)

//go:noescape
func dwslideF32_5x3s2_avx512(a *DwSlideArgs)

//go:noescape
func dwslideF32_4x3s2_avx512(a *DwSlideArgs)
