//go:build !purego

package asm

// The assembly behind the affine rows of table_amd64.go.

//go:noescape
func biasF32_64_avx512(a *AffineArgs)

//go:noescape
func biasrowF32_64_avx512(a *AffineArgs)

//go:noescape
func scaleF32_64_avx512(a *AffineArgs)

//go:noescape
func scalerowF32_64_avx512(a *AffineArgs)

//go:noescape
func normF32_64_avx512(a *AffineArgs)

//go:noescape
func normrowF32_64_avx512(a *AffineArgs)

//go:noescape
func biasF32_32_avx2(a *AffineArgs)

//go:noescape
func biasrowF32_32_avx2(a *AffineArgs)

//go:noescape
func scaleF32_32_avx2(a *AffineArgs)

//go:noescape
func scalerowF32_32_avx2(a *AffineArgs)

//go:noescape
func normF32_32_avx2(a *AffineArgs)

//go:noescape
func normrowF32_32_avx2(a *AffineArgs)
