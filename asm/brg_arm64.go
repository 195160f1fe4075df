//go:build !purego

package asm

// The assembly behind the brg rows of table_arm64.go.

//go:noescape
func brgF32_7x12_neon(a *BrgArgs)

//go:noescape
func brgF32_6x12_neon(a *BrgArgs)

//go:noescape
func brgF32_5x12_neon(a *BrgArgs)

//go:noescape
func brgF32_4x12_neon(a *BrgArgs)

//go:noescape
func brgF32_3x12_neon(a *BrgArgs)

//go:noescape
func brgF32_2x12_neon(a *BrgArgs)

//go:noescape
func brgF32_1x12_neon(a *BrgArgs)

//go:noescape
func brgF32_7x8_neon(a *BrgArgs)

//go:noescape
func brgF32_6x8_neon(a *BrgArgs)

//go:noescape
func brgF32_5x8_neon(a *BrgArgs)

//go:noescape
func brgF32_4x8_neon(a *BrgArgs)

//go:noescape
func brgF32_3x8_neon(a *BrgArgs)

//go:noescape
func brgF32_2x8_neon(a *BrgArgs)

//go:noescape
func brgF32_1x8_neon(a *BrgArgs)

//go:noescape
func brgF32_7x4_neon(a *BrgArgs)

//go:noescape
func brgF32_6x4_neon(a *BrgArgs)

//go:noescape
func brgF32_5x4_neon(a *BrgArgs)

//go:noescape
func brgF32_4x4_neon(a *BrgArgs)

//go:noescape
func brgF32_3x4_neon(a *BrgArgs)

//go:noescape
func brgF32_2x4_neon(a *BrgArgs)

//go:noescape
func brgF32_1x4_neon(a *BrgArgs)
