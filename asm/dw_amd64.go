//go:build !purego

package asm

// The assembly behind the rows of table_amd64.go.

//go:noescape
func dwF32_8x3s1_avx512(a *DwArgs)

//go:noescape
func dwF32_7x3s1_avx512(a *DwArgs)

//go:noescape
func dwF32_6x3s1_avx512(a *DwArgs)

//go:noescape
func dwF32_5x3s1_avx512(a *DwArgs)

//go:noescape
func dwF32_4x3s1_avx512(a *DwArgs)

//go:noescape
func dwF32_8x3s2_avx512(a *DwArgs)

//go:noescape
func dwF32_7x3s2_avx512(a *DwArgs)

//go:noescape
func dwF32_6x3s2_avx512(a *DwArgs)

//go:noescape
func dwF32_5x3s2_avx512(a *DwArgs)

//go:noescape
func dwF32_4x3s2_avx512(a *DwArgs)

//go:noescape
func dwF32_8x5s1_avx512(a *DwArgs)

//go:noescape
func dwF32_7x5s1_avx512(a *DwArgs)

//go:noescape
func dwF32_6x5s1_avx512(a *DwArgs)

//go:noescape
func dwF32_5x5s1_avx512(a *DwArgs)

//go:noescape
func dwF32_4x5s1_avx512(a *DwArgs)

//go:noescape
func dwF32_8x5s2_avx512(a *DwArgs)

//go:noescape
func dwF32_7x5s2_avx512(a *DwArgs)

//go:noescape
func dwF32_6x5s2_avx512(a *DwArgs)

//go:noescape
func dwF32_5x5s2_avx512(a *DwArgs)

//go:noescape
func dwF32_4x5s2_avx512(a *DwArgs)

//go:noescape
func dwF32_8xn_avx512(a *DwArgs)

//go:noescape
func dwF32_7xn_avx512(a *DwArgs)

//go:noescape
func dwF32_6xn_avx512(a *DwArgs)

//go:noescape
func dwF32_5xn_avx512(a *DwArgs)

//go:noescape
func dwF32_4xn_avx512(a *DwArgs)

//go:noescape
func dwF32_3xn_avx512(a *DwArgs)

//go:noescape
func dwF32_2xn_avx512(a *DwArgs)

//go:noescape
func dwF32_1xn_avx512(a *DwArgs)

//go:noescape
func dwF32_8x3s1_avx2(a *DwArgs)

//go:noescape
func dwF32_7x3s1_avx2(a *DwArgs)

//go:noescape
func dwF32_6x3s1_avx2(a *DwArgs)

//go:noescape
func dwF32_5x3s1_avx2(a *DwArgs)

//go:noescape
func dwF32_4x3s1_avx2(a *DwArgs)

//go:noescape
func dwF32_8x3s2_avx2(a *DwArgs)

//go:noescape
func dwF32_7x3s2_avx2(a *DwArgs)

//go:noescape
func dwF32_6x3s2_avx2(a *DwArgs)

//go:noescape
func dwF32_5x3s2_avx2(a *DwArgs)

//go:noescape
func dwF32_4x3s2_avx2(a *DwArgs)

//go:noescape
func dwF32_8x5s1_avx2(a *DwArgs)

//go:noescape
func dwF32_7x5s1_avx2(a *DwArgs)

//go:noescape
func dwF32_6x5s1_avx2(a *DwArgs)

//go:noescape
func dwF32_5x5s1_avx2(a *DwArgs)

//go:noescape
func dwF32_4x5s1_avx2(a *DwArgs)

//go:noescape
func dwF32_8x5s2_avx2(a *DwArgs)

//go:noescape
func dwF32_7x5s2_avx2(a *DwArgs)

//go:noescape
func dwF32_6x5s2_avx2(a *DwArgs)

//go:noescape
func dwF32_5x5s2_avx2(a *DwArgs)

//go:noescape
func dwF32_4x5s2_avx2(a *DwArgs)

//go:noescape
func dwF32_8xn_avx2(a *DwArgs)

//go:noescape
func dwF32_7xn_avx2(a *DwArgs)

//go:noescape
func dwF32_6xn_avx2(a *DwArgs)

//go:noescape
func dwF32_5xn_avx2(a *DwArgs)

//go:noescape
func dwF32_4xn_avx2(a *DwArgs)

//go:noescape
func dwF32_3xn_avx2(a *DwArgs)

//go:noescape
func dwF32_2xn_avx2(a *DwArgs)

//go:noescape
func dwF32_1xn_avx2(a *DwArgs)

//go:noescape
func dwU8_3x3s1_avx512vnni(a *DwU8Args)

//go:noescape
func dwU8_3x3s2_avx512vnni(a *DwU8Args)

//go:noescape
func dwU8_16xn_avx2(a *DwU8Args)
