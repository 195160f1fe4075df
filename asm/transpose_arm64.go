//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func transposeF32_4x4_neon(a *TransposeArgs)

//go:noescape
func transposeF64_2x2_neon(a *TransposeArgs)
