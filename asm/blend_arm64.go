//go:build !purego

package asm

// The assembly behind the blend row of table_arm64.go.

//go:noescape
func blendF32_16_neon(a *BlendArgs)
