//go:build !purego

package asm

//go:noescape
func fetchF32_rows_avx2(a *FetchArgs)
