//go:build !purego

package asm

// The assembly behind the blend rows of table_amd64.go.

//go:noescape
func blendF32_64_avx512(a *BlendArgs)

//go:noescape
func blendF32_32_avx2(a *BlendArgs)
