//go:build !purego

package asm

// The assembly behind the rows of table_amd64.go.

//go:noescape
func winoinF32_2x3_avx512(a *WinoInArgs)

//go:noescape
func winoinF32_4x3_avx512(a *WinoInArgs)

//go:noescape
func winoinF32_2x3_avx2(a *WinoInArgs)

//go:noescape
func winoinF32_4x3_avx2(a *WinoInArgs)

//go:noescape
func winooutF32_2x3_avx512(a *WinoOutArgs)

//go:noescape
func winooutF32_4x3_avx512(a *WinoOutArgs)

//go:noescape
func winooutF32_2x3_avx2(a *WinoOutArgs)

//go:noescape
func winooutF32_4x3_avx2(a *WinoOutArgs)
