//go:build !purego

package asm

// The assembly behind the rows of table_amd64.go.

//go:noescape
func dwgroupF32_8x3s1_avx512(a *DwArgs)

//go:noescape
func dwgroupF32_7x3s1_avx512(a *DwArgs)

//go:noescape
func dwgroupF32_6x3s1_avx512(a *DwArgs)

//go:noescape
func dwgroupF32_5x3s1_avx512(a *DwArgs)

//go:noescape
func dwgroupF32_4x3s1_avx512(a *DwArgs)

//go:noescape
func dwgroupF32_8xn_avx512(a *DwArgs)

//go:noescape
func dwgroupF32_7xn_avx512(a *DwArgs)

//go:noescape
func dwgroupF32_6xn_avx512(a *DwArgs)

//go:noescape
func dwgroupF32_5xn_avx512(a *DwArgs)

//go:noescape
func dwgroupF32_4xn_avx512(a *DwArgs)

//go:noescape
func dwgroupF32_3xn_avx512(a *DwArgs)

//go:noescape
func dwgroupF32_2xn_avx512(a *DwArgs)

//go:noescape
func dwgroupF32_1xn_avx512(a *DwArgs)

//go:noescape
func dwgroupF32_8x3s1_avx2(a *DwArgs)

//go:noescape
func dwgroupF32_7x3s1_avx2(a *DwArgs)

//go:noescape
func dwgroupF32_6x3s1_avx2(a *DwArgs)

//go:noescape
func dwgroupF32_5x3s1_avx2(a *DwArgs)

//go:noescape
func dwgroupF32_4x3s1_avx2(a *DwArgs)

//go:noescape
func dwgroupF32_8xn_avx2(a *DwArgs)

//go:noescape
func dwgroupF32_7xn_avx2(a *DwArgs)

//go:noescape
func dwgroupF32_6xn_avx2(a *DwArgs)

//go:noescape
func dwgroupF32_5xn_avx2(a *DwArgs)

//go:noescape
func dwgroupF32_4xn_avx2(a *DwArgs)

//go:noescape
func dwgroupF32_3xn_avx2(a *DwArgs)

//go:noescape
func dwgroupF32_2xn_avx2(a *DwArgs)

//go:noescape
func dwgroupF32_1xn_avx2(a *DwArgs)
