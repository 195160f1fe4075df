//go:build !purego

package asm

// The assembly behind the rows of table_arm64.go.

//go:noescape
func winoinF32_2x3_neon(a *WinoInArgs)

//go:noescape
func winoinF32_4x3_neon(a *WinoInArgs)

//go:noescape
func winooutF32_2x3_neon(a *WinoOutArgs)

//go:noescape
func winooutF32_4x3_neon(a *WinoOutArgs)
