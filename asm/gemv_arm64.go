//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func gemvF32_8x4_neon(a *GemvArgs)

//go:noescape
func gemvsF32_1x4_neon(a *GemvArgs)

//go:noescape
func gemvtF32_8x4_neon(a *GemvArgs)

//go:noescape
func gemvpF32_4x12_neon(a *GemvpArgs)

//go:noescape
func gemvF64_8x2_neon(a *GemvArgs)

//go:noescape
func gemvsF64_1x2_neon(a *GemvArgs)

//go:noescape
func gemvtF64_8x2_neon(a *GemvArgs)
