//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func peakF32_24x4_neon(a *PeakArgs)

//go:noescape
func readF32_8x4_neon(a *ReadArgs)
