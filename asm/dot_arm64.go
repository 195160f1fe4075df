//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func dotF32_3x8_neon(a *DotArgs)

//go:noescape
func dotF64_3x8_neon(a *DotArgs)

//go:noescape
func dotF32_2x8_neon(a *DotArgs)

//go:noescape
func dotF64_2x8_neon(a *DotArgs)

//go:noescape
func axpyF32_3x8_neon(a *DotArgs)

//go:noescape
func axpyF32_2x8_neon(a *DotArgs)

//go:noescape
func axpyF64_3x8_neon(a *DotArgs)

//go:noescape
func axpyF64_2x8_neon(a *DotArgs)
