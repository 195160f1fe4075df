//go:build !purego

package asm

// The assembly behind the softmax rows of table_amd64.go.

//go:noescape
func rowmaxF32_64_avx512(a *SoftmaxArgs)

//go:noescape
func rowexpF32_64_avx512(a *SoftmaxArgs)

//go:noescape
func rowsumexpF32_64_avx512(a *SoftmaxArgs)

//go:noescape
func rowscaleF32_64_avx512(a *SoftmaxArgs)

//go:noescape
func rowshiftF32_64_avx512(a *SoftmaxArgs)

//go:noescape
func rowmaxF32_32_avx2(a *SoftmaxArgs)

//go:noescape
func rowexpF32_32_avx2(a *SoftmaxArgs)

//go:noescape
func rowsumexpF32_32_avx2(a *SoftmaxArgs)

//go:noescape
func rowscaleF32_32_avx2(a *SoftmaxArgs)

//go:noescape
func rowshiftF32_32_avx2(a *SoftmaxArgs)
