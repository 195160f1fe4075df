package asm

import (
	"math"
	"unsafe"
)

// What the tests of the element-wise kernels share.

func first(x []float32) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(x)) }

// lengths is 0 to a little over three vectors, and the neighbourhood of one to three blocks.
func lengths() []int {
	var n []int
	for i := range 51 {
		n = append(n, i)
	}
	return append(n, 63, 64, 65, 79, 80, 81, 96, 127, 128, 129, 143, 145, 193)
}

// same is equality of bits, but all NaN are the same.
func same(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}
