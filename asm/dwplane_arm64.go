//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func dwplaneF32_4x3s1_neon(a *DwPlaneArgs)

//go:noescape
func dwplaneF32_4x3s2_neon(a *DwPlaneArgs)
