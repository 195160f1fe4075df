//go:build !purego

package asm

// The assembly behind the binary rows of table_amd64.go.

//go:noescape
func addF32_64_avx512(a *BinaryArgs)

//go:noescape
func subF32_64_avx512(a *BinaryArgs)

//go:noescape
func mulF32_64_avx512(a *BinaryArgs)

//go:noescape
func maxF32_64_avx512(a *BinaryArgs)

//go:noescape
func minF32_64_avx512(a *BinaryArgs)

//go:noescape
func divF32_64_avx512(a *BinaryArgs)

//go:noescape
func addF32_32_avx2(a *BinaryArgs)

//go:noescape
func subF32_32_avx2(a *BinaryArgs)

//go:noescape
func mulF32_32_avx2(a *BinaryArgs)

//go:noescape
func maxF32_32_avx2(a *BinaryArgs)

//go:noescape
func minF32_32_avx2(a *BinaryArgs)

//go:noescape
func divF32_32_avx2(a *BinaryArgs)
