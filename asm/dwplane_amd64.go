//go:build !purego

package asm

// The assembly behind the rows of table_amd64.go.

//go:noescape
func dwplaneF32_4x3s1_avx512(a *DwPlaneArgs)

//go:noescape
func dwplaneF32_4x3s2_avx512(a *DwPlaneArgs)

//go:noescape
func dwplaneF32_4x3s3_avx512(a *DwPlaneArgs)

//go:noescape
func dwplaneF32_4x3s1_avx2(a *DwPlaneArgs)

//go:noescape
func dwplaneF32_4x3s2_avx2(a *DwPlaneArgs)

//go:noescape
func dwplaneF32_4x3s3_avx2(a *DwPlaneArgs)

//go:noescape
func dwplaneF32_4k1x3s1_avx512(a *DwPlaneArgs)

//go:noescape
func dwplaneF32_4k3x1s1_avx512(a *DwPlaneArgs)

//go:noescape
func dwplaneF32_4k1x3s1_avx2(a *DwPlaneArgs)

//go:noescape
func dwplaneF32_4k3x1s1_avx2(a *DwPlaneArgs)

//go:noescape
func dwplaneF32_4k2x2s1_avx512(a *DwPlaneArgs)

//go:noescape
func dwplaneF32_4k5x5s2_avx512(a *DwPlaneArgs)

//go:noescape
func dwplaneF32_4k2x2s1_avx2(a *DwPlaneArgs)
