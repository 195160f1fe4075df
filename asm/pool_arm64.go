//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func maxpoolF32_1x16_neon(a *PoolArgs)

//go:noescape
func maxpoolF32_4x4_neon(a *PoolArgs)

//go:noescape
func avgpoolF32_1x16_neon(a *PoolArgs)

//go:noescape
func avgpoolF32_4x4_neon(a *PoolArgs)
