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

//go:noescape
func maxpoolF32_1x16k1x2_neon(a *PoolArgs)

//go:noescape
func maxpoolF32_1x16k1x3_neon(a *PoolArgs)

//go:noescape
func maxpoolF32_1x16k2x2_neon(a *PoolArgs)

//go:noescape
func maxpoolF32_1x16k3x3s1_neon(a *PoolArgs)

//go:noescape
func maxpoolF32_1x16k3x3_neon(a *PoolArgs)

//go:noescape
func avgpoolF32_1x16k2x2_neon(a *PoolArgs)

//go:noescape
func avgpoolF32_1x16k3x3s1_neon(a *PoolArgs)

//go:noescape
func avgpoolF32_1x16k3x3_neon(a *PoolArgs)

//go:noescape
func maxpoolF32_1x16k2x3_neon(a *PoolArgs)

//go:noescape
func maxpoolF32_1x16k3x2_neon(a *PoolArgs)

//go:noescape
func avgpoolF32_1x16k2x3_neon(a *PoolArgs)

//go:noescape
func avgpoolF32_1x16k3x2_neon(a *PoolArgs)
