//go:build !purego

package asm

//go:noescape
func dotF32_3x8_avx512(a *DotArgs)

//go:noescape
func dotF32_2x8_avx512(a *DotArgs)

//go:noescape
func dotF32_3x4_avx2(a *DotArgs)

//go:noescape
func dotF32_2x4_avx2(a *DotArgs)

//go:noescape
func axpyF32_3x8_avx512(a *DotArgs)

//go:noescape
func axpyF32_2x8_avx512(a *DotArgs)

//go:noescape
func axpyF32_3x4_avx2(a *DotArgs)

//go:noescape
func axpyF32_2x4_avx2(a *DotArgs)

//go:noescape
func dotF64_3x8_avx512(a *DotArgs)

//go:noescape
func dotF64_2x8_avx512(a *DotArgs)

//go:noescape
func dotF64_3x4_avx2(a *DotArgs)

//go:noescape
func dotF64_2x4_avx2(a *DotArgs)

//go:noescape
func axpyF64_3x8_avx512(a *DotArgs)

//go:noescape
func axpyF64_2x8_avx512(a *DotArgs)

//go:noescape
func axpyF64_3x4_avx2(a *DotArgs)

//go:noescape
func axpyF64_2x4_avx2(a *DotArgs)
