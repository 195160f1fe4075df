//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func packF32_12_neon(a *PackArgs)

//go:noescape
func packF32_8_neon(a *PackArgs)

//go:noescape
func packF32_4_neon(a *PackArgs)

//go:noescape
func packF64_6_neon(a *PackArgs)

//go:noescape
func packF64_4_neon(a *PackArgs)

//go:noescape
func packF64_2_neon(a *PackArgs)
