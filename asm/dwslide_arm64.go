//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func dwslideF32_7x3s1_neon(a *DwSlideArgs)

//go:noescape
func dwslideF32_6x3s1_neon(a *DwSlideArgs)

//go:noescape
func dwslideF32_5x3s1_neon(a *DwSlideArgs)

//go:noescape
func dwslideF32_4x3s1_neon(a *DwSlideArgs)

//go:noescape
func dwslideF32_7x3s2_neon(a *DwSlideArgs)

//go:noescape
func dwslideF32_6x3s2_neon(a *DwSlideArgs)

//go:noescape
func dwslideF32_5x3s2_neon(a *DwSlideArgs)

//go:noescape
func dwslideF32_4x3s2_neon(a *DwSlideArgs)
