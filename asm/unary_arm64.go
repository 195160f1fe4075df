//go:build !purego

package asm

// The assembly behind the unary rows of table_arm64.go.

//go:noescape
func clampF32_16_neon(a *UnaryArgs)

//go:noescape
func leakyreluF32_16_neon(a *UnaryArgs)

//go:noescape
func sigmoidF32_16_neon(a *UnaryArgs)

//go:noescape
func tanhF32_16_neon(a *UnaryArgs)

//go:noescape
func siluF32_16_neon(a *UnaryArgs)

//go:noescape
func hardsigmoidF32_16_neon(a *UnaryArgs)

//go:noescape
func hardswishF32_16_neon(a *UnaryArgs)

//go:noescape
func eluF32_16_neon(a *UnaryArgs)

//go:noescape
func geluF32_16_neon(a *UnaryArgs)

//go:noescape
func gelutanhF32_16_neon(a *UnaryArgs)

//go:noescape
func expF32_16_neon(a *UnaryArgs)
