//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func fetchF32_rows_neon(a *FetchArgs)
