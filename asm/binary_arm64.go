//go:build !purego

package asm

// The assembly behind the binary rows of table_arm64.go.

//go:noescape
func addF32_16_neon(a *BinaryArgs)

//go:noescape
func subF32_16_neon(a *BinaryArgs)

//go:noescape
func mulF32_16_neon(a *BinaryArgs)

//go:noescape
func maxF32_16_neon(a *BinaryArgs)

//go:noescape
func minF32_16_neon(a *BinaryArgs)

//go:noescape
func divF32_16_neon(a *BinaryArgs)
