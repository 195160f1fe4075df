//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func dwF32_8x3s1_neon(a *DwArgs)

//go:noescape
func dwF32_7x3s1_neon(a *DwArgs)

//go:noescape
func dwF32_6x3s1_neon(a *DwArgs)

//go:noescape
func dwF32_5x3s1_neon(a *DwArgs)

//go:noescape
func dwF32_4x3s1_neon(a *DwArgs)

//go:noescape
func dwF32_8x3s2_neon(a *DwArgs)

//go:noescape
func dwF32_7x3s2_neon(a *DwArgs)

//go:noescape
func dwF32_6x3s2_neon(a *DwArgs)

//go:noescape
func dwF32_5x3s2_neon(a *DwArgs)

//go:noescape
func dwF32_4x3s2_neon(a *DwArgs)

//go:noescape
func dwF32_8x5s1_neon(a *DwArgs)

//go:noescape
func dwF32_7x5s1_neon(a *DwArgs)

//go:noescape
func dwF32_6x5s1_neon(a *DwArgs)

//go:noescape
func dwF32_5x5s1_neon(a *DwArgs)

//go:noescape
func dwF32_4x5s1_neon(a *DwArgs)

//go:noescape
func dwF32_8x5s2_neon(a *DwArgs)

//go:noescape
func dwF32_7x5s2_neon(a *DwArgs)

//go:noescape
func dwF32_6x5s2_neon(a *DwArgs)

//go:noescape
func dwF32_5x5s2_neon(a *DwArgs)

//go:noescape
func dwF32_4x5s2_neon(a *DwArgs)

//go:noescape
func dwF32_8xn_neon(a *DwArgs)

//go:noescape
func dwF32_7xn_neon(a *DwArgs)

//go:noescape
func dwF32_6xn_neon(a *DwArgs)

//go:noescape
func dwF32_5xn_neon(a *DwArgs)

//go:noescape
func dwF32_4xn_neon(a *DwArgs)

//go:noescape
func dwF32_3xn_neon(a *DwArgs)

//go:noescape
func dwF32_2xn_neon(a *DwArgs)

//go:noescape
func dwF32_1xn_neon(a *DwArgs)
