//go:build !purego

package asm

// The assembly behind the affine rows of table_arm64.go.

//go:noescape
func biasF32_16_neon(a *AffineArgs)

//go:noescape
func biasrowF32_16_neon(a *AffineArgs)

//go:noescape
func scaleF32_16_neon(a *AffineArgs)

//go:noescape
func scalerowF32_16_neon(a *AffineArgs)

//go:noescape
func normF32_16_neon(a *AffineArgs)

//go:noescape
func normrowF32_16_neon(a *AffineArgs)
