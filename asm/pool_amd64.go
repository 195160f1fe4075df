//go:build !purego

package asm

// The assembly behind the rows of table_amd64.go.

//go:noescape
func maxpoolF32_1x64_avx512(a *PoolArgs)

//go:noescape
func maxpoolF32_4x16_avx512(a *PoolArgs)

//go:noescape
func maxpoolF32_1x32_avx2(a *PoolArgs)

//go:noescape
func maxpoolF32_4x8_avx2(a *PoolArgs)

//go:noescape
func avgpoolF32_1x64_avx512(a *PoolArgs)

//go:noescape
func avgpoolF32_4x16_avx512(a *PoolArgs)

//go:noescape
func avgpoolF32_1x32_avx2(a *PoolArgs)

//go:noescape
func avgpoolF32_4x8_avx2(a *PoolArgs)

//go:noescape
func maxpoolF32_1x64k1x2_avx512(a *PoolArgs)

//go:noescape
func maxpoolF32_1x64k1x3_avx512(a *PoolArgs)

//go:noescape
func maxpoolF32_1x64k2x2_avx512(a *PoolArgs)

//go:noescape
func maxpoolF32_1x64k3x3_avx512(a *PoolArgs)

//go:noescape
func avgpoolF32_1x64k2x2_avx512(a *PoolArgs)

//go:noescape
func avgpoolF32_1x64k3x3_avx512(a *PoolArgs)

//go:noescape
func maxpoolF32_1x32k1x2_avx2(a *PoolArgs)

//go:noescape
func maxpoolF32_1x32k1x3_avx2(a *PoolArgs)

//go:noescape
func maxpoolF32_1x32k2x2_avx2(a *PoolArgs)

//go:noescape
func maxpoolF32_1x32k3x3_avx2(a *PoolArgs)

//go:noescape
func avgpoolF32_1x32k2x2_avx2(a *PoolArgs)

//go:noescape
func avgpoolF32_1x32k3x3_avx2(a *PoolArgs)

//go:noescape
func maxpoolF32_1x64k3x3s1_avx512(a *PoolArgs)

//go:noescape
func maxpoolF32_1x32k3x3s1_avx2(a *PoolArgs)

//go:noescape
func avgpoolF32_1x64k3x3s1_avx512(a *PoolArgs)

//go:noescape
func avgpoolF32_1x32k3x3s1_avx2(a *PoolArgs)

//go:noescape
func maxpoolF32_1x64k2x3_avx512(a *PoolArgs)

//go:noescape
func maxpoolF32_1x64k3x2_avx512(a *PoolArgs)

//go:noescape
func maxpoolF32_1x32k2x3_avx2(a *PoolArgs)

//go:noescape
func maxpoolF32_1x32k3x2_avx2(a *PoolArgs)

//go:noescape
func avgpoolF32_1x64k2x3_avx512(a *PoolArgs)

//go:noescape
func avgpoolF32_1x64k3x2_avx512(a *PoolArgs)

//go:noescape
func avgpoolF32_1x32k2x3_avx2(a *PoolArgs)

//go:noescape
func avgpoolF32_1x32k3x2_avx2(a *PoolArgs)

//go:noescape
func maxpoolU8_64_avx512(a *PoolU8Args)

//go:noescape
func maxpoolU8_32_avx2(a *PoolU8Args)

//go:noescape
func avgpoolU8_16_avx2(a *PoolU8Args)

//go:noescape
func avgpoolU8_64_avx512(a *PoolU8Args)
