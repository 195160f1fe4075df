//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func maxpoolU8_16_neon(a *PoolU8Args)

//go:noescape
func avgpoolU8_16_neon(a *PoolU8Args)
