//go:build !purego

package asm

// The assembly behind the softmax rows of table_arm64.go.

//go:noescape
func rowmaxF32_16_neon(a *SoftmaxArgs)

//go:noescape
func rowexpF32_16_neon(a *SoftmaxArgs)

//go:noescape
func rowsumexpF32_16_neon(a *SoftmaxArgs)

//go:noescape
func rowscaleF32_16_neon(a *SoftmaxArgs)

//go:noescape
func rowshiftF32_16_neon(a *SoftmaxArgs)
