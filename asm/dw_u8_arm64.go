//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func dwU8_16xn_neon(a *DwU8Args)
