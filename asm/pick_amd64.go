//go:build !purego

package asm

// The assembly behind the rows of table_amd64.go.

//go:noescape
func pickF32_16_avx512(a *PickArgs)

//go:noescape
func pickF32_8_avx2(a *PickArgs)
