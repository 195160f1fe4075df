//go:build !purego

package asm

// The assembly behind the rows of table_amd64.go.

//go:noescape
func momentsF32_32_avx512(a *MomentsArgs)

//go:noescape
func momentsF32_16_avx2(a *MomentsArgs)
