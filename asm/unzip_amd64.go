//go:build !purego

package asm

// The assembly behind the rows of table_amd64.go.

//go:noescape
func unzipF32_16_avx512(a *UnzipArgs)

//go:noescape
func unzipF32_8_avx2(a *UnzipArgs)
