//go:build !purego

package asm

//go:noescape
func gemvF32_8x16_avx512(a *GemvArgs)

//go:noescape
func gemvsF32_1x16_avx512(a *GemvArgs)

//go:noescape
func gemvF32_8x8_avx2(a *GemvArgs)

//go:noescape
func gemvsF32_1x8_avx2(a *GemvArgs)

//go:noescape
func gemvtF32_8x16_avx512(a *GemvArgs)

//go:noescape
func gemvtF32_8x8_avx2(a *GemvArgs)

//go:noescape
func gemvpF32_4x32_avx512(a *GemvpArgs)

//go:noescape
func gemvpF32_4x16_avx2(a *GemvpArgs)

//go:noescape
func gemvF64_8x8_avx512(a *GemvArgs)

//go:noescape
func gemvsF64_1x8_avx512(a *GemvArgs)

//go:noescape
func gemvF64_8x4_avx2(a *GemvArgs)

//go:noescape
func gemvsF64_1x4_avx2(a *GemvArgs)

//go:noescape
func gemvtF64_8x8_avx512(a *GemvArgs)

//go:noescape
func gemvtF64_8x4_avx2(a *GemvArgs)

//go:noescape
func gemvpmixedBF16_4x32_avx512(a *GemvpArgs)

//go:noescape
func gemvpmixedBF16_4x16_avx2(a *GemvpArgs)
