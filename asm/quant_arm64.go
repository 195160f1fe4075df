//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func quantizeU8_8_neon(a *QuantArgs)

//go:noescape
func dequantizeU8_8_neon(a *QuantArgs)

//go:noescape
func addU8_8_neon(a *QuantArgs)

//go:noescape
func lookupU8_16_neon(a *QuantArgs)

//go:noescape
func fixedU8_4_neon(a *QuantArgs)

//go:noescape
func narrowBF16_8_neon(a *QuantArgs)

//go:noescape
func widenBF16_8_neon(a *QuantArgs)
