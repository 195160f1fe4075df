//go:build !purego

package asm

// The assembly behind the rows of table_amd64.go.

//go:noescape
func quantizeU8_16_avx512(a *QuantArgs)

//go:noescape
func dequantizeU8_16_avx512(a *QuantArgs)

//go:noescape
func addU8_64_avx512(a *QuantArgs)

//go:noescape
func lookupU8_64vbmi_avx512(a *QuantArgs)

//go:noescape
func quantizeU8_8_avx2(a *QuantArgs)

//go:noescape
func dequantizeU8_8_avx2(a *QuantArgs)

//go:noescape
func addU8_8_avx2(a *QuantArgs)

//go:noescape
func narrowBF16_16_avx512(a *QuantArgs)

//go:noescape
func widenBF16_16_avx512(a *QuantArgs)

//go:noescape
func narrowBF16_8_avx2(a *QuantArgs)

//go:noescape
func widenBF16_8_avx2(a *QuantArgs)

//go:noescape
func fixedU8_16_avx512(a *QuantArgs)

//go:noescape
func fixedU8_8_avx2(a *QuantArgs)
