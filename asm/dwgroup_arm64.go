//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func dwgroupF32_8x3s1_neon(a *DwArgs)

//go:noescape
func dwgroupF32_7x3s1_neon(a *DwArgs)

//go:noescape
func dwgroupF32_6x3s1_neon(a *DwArgs)

//go:noescape
func dwgroupF32_5x3s1_neon(a *DwArgs)

//go:noescape
func dwgroupF32_4x3s1_neon(a *DwArgs)

//go:noescape
func dwgroupF32_8xn_neon(a *DwArgs)

//go:noescape
func dwgroupF32_7xn_neon(a *DwArgs)

//go:noescape
func dwgroupF32_6xn_neon(a *DwArgs)

//go:noescape
func dwgroupF32_5xn_neon(a *DwArgs)

//go:noescape
func dwgroupF32_4xn_neon(a *DwArgs)

//go:noescape
func dwgroupF32_3xn_neon(a *DwArgs)

//go:noescape
func dwgroupF32_2xn_neon(a *DwArgs)

//go:noescape
func dwgroupF32_1xn_neon(a *DwArgs)
