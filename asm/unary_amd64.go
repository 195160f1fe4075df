//go:build !purego

package asm

// The assembly behind the unary rows of table_amd64.go.

//go:noescape
func clampF32_64_avx512(a *UnaryArgs)

//go:noescape
func leakyreluF32_64_avx512(a *UnaryArgs)

//go:noescape
func sigmoidF32_64_avx512(a *UnaryArgs)

//go:noescape
func tanhF32_64_avx512(a *UnaryArgs)

//go:noescape
func siluF32_64_avx512(a *UnaryArgs)

//go:noescape
func hardsigmoidF32_64_avx512(a *UnaryArgs)

//go:noescape
func hardswishF32_64_avx512(a *UnaryArgs)

//go:noescape
func eluF32_64_avx512(a *UnaryArgs)

//go:noescape
func geluF32_64_avx512(a *UnaryArgs)

//go:noescape
func gelutanhF32_64_avx512(a *UnaryArgs)

//go:noescape
func expF32_64_avx512(a *UnaryArgs)

//go:noescape
func clampF32_32_avx2(a *UnaryArgs)

//go:noescape
func leakyreluF32_32_avx2(a *UnaryArgs)

//go:noescape
func sigmoidF32_32_avx2(a *UnaryArgs)

//go:noescape
func tanhF32_32_avx2(a *UnaryArgs)

//go:noescape
func siluF32_32_avx2(a *UnaryArgs)

//go:noescape
func hardsigmoidF32_32_avx2(a *UnaryArgs)

//go:noescape
func hardswishF32_32_avx2(a *UnaryArgs)

//go:noescape
func eluF32_32_avx2(a *UnaryArgs)

//go:noescape
func geluF32_32_avx2(a *UnaryArgs)

//go:noescape
func gelutanhF32_32_avx2(a *UnaryArgs)

//go:noescape
func expF32_32_avx2(a *UnaryArgs)
