//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func momentsF32_8_neon(a *MomentsArgs)
