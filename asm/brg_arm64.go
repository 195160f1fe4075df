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

//go:noescape
func brgF64_7x6_neon(a *BrgArgs)

//go:noescape
func brgF64_6x6_neon(a *BrgArgs)

//go:noescape
func brgF64_5x6_neon(a *BrgArgs)

//go:noescape
func brgF64_4x6_neon(a *BrgArgs)

//go:noescape
func brgF64_3x6_neon(a *BrgArgs)

//go:noescape
func brgF64_2x6_neon(a *BrgArgs)

//go:noescape
func brgF64_1x6_neon(a *BrgArgs)

//go:noescape
func brgF64_7x4_neon(a *BrgArgs)

//go:noescape
func brgF64_6x4_neon(a *BrgArgs)

//go:noescape
func brgF64_5x4_neon(a *BrgArgs)

//go:noescape
func brgF64_4x4_neon(a *BrgArgs)

//go:noescape
func brgF64_3x4_neon(a *BrgArgs)

//go:noescape
func brgF64_2x4_neon(a *BrgArgs)

//go:noescape
func brgF64_1x4_neon(a *BrgArgs)

//go:noescape
func brgF64_7x2_neon(a *BrgArgs)

//go:noescape
func brgF64_6x2_neon(a *BrgArgs)

//go:noescape
func brgF64_5x2_neon(a *BrgArgs)

//go:noescape
func brgF64_4x2_neon(a *BrgArgs)

//go:noescape
func brgF64_3x2_neon(a *BrgArgs)

//go:noescape
func brgF64_2x2_neon(a *BrgArgs)

//go:noescape
func brgF64_1x2_neon(a *BrgArgs)

//go:noescape
func brgU8_4x8_neon(a *BrgU8Args)

//go:noescape
func brgU8_3x8_neon(a *BrgU8Args)

//go:noescape
func brgU8_2x8_neon(a *BrgU8Args)

//go:noescape
func brgU8_1x8_neon(a *BrgU8Args)

//go:noescape
func brgU8_8x8_neondot(a *BrgU8Args)

//go:noescape
func brgU8_7x8_neondot(a *BrgU8Args)

//go:noescape
func brgU8_6x8_neondot(a *BrgU8Args)

//go:noescape
func brgU8_5x8_neondot(a *BrgU8Args)

//go:noescape
func brgU8_4x8_neondot(a *BrgU8Args)

//go:noescape
func brgU8_3x8_neondot(a *BrgU8Args)

//go:noescape
func brgU8_2x8_neondot(a *BrgU8Args)

//go:noescape
func brgU8_1x8_neondot(a *BrgU8Args)
