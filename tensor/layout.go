// Package tensor holds what every layer of the library agrees on: shapes, memory layouts and the
// arithmetic of sliding windows. It imports nothing.
package tensor

import (
	"fmt"
	"math"
)

// Layout is the order of a 4-D tensor's axes in memory, outermost first.
type Layout uint8

const (
	NCHW Layout = iota // batch, channel, row, column: ONNX, PyTorch
	NHWC               // batch, row, column, channel: TensorFlow, the kernels' own layout
)

func (l Layout) String() string {
	switch l {
	case NCHW:
		return "NCHW"
	case NHWC:
		return "NHWC"
	}
	return fmt.Sprintf("Layout(%d)", uint8(l))
}

// Shape is the size of a 4-D tensor, named by axis whatever the layout in memory.
type Shape struct {
	N, C, H, W int
}

func (s Shape) String() string { return fmt.Sprintf("n%dc%dh%dw%d", s.N, s.C, s.H, s.W) }

// Elems is the number of elements. It is valid only for a shape that Check accepts.
func (s Shape) Elems() int { return s.N * s.C * s.H * s.W }

// Check returns an error that names the first axis below 1, or says that the tensor's size in
// bytes, at 4 bytes an element, does not fit an int.
func (s Shape) Check() error {
	for _, a := range [...]struct {
		name string
		size int
	}{{"N", s.N}, {"C", s.C}, {"H", s.H}, {"W", s.W}} {
		if a.size < 1 {
			return fmt.Errorf("tensor: %s is %d, want at least 1", a.name, a.size)
		}
	}
	if _, ok := MulOK(4, s.N, s.C, s.H, s.W); !ok {
		return fmt.Errorf("tensor: shape %v overflows the address space", s)
	}
	return nil
}

// MulOK multiplies non-negative sizes and reports whether the product fits an int.
func MulOK(sizes ...int) (product int, ok bool) {
	product = 1
	for _, s := range sizes {
		if s < 0 || (s != 0 && product > math.MaxInt/s) {
			return 0, false
		}
		product *= s
	}
	return product, true
}

// Mul multiplies non-negative sizes, and stops at the largest int: for estimates, and for comparisons with what is allowed.
func Mul(sizes ...int) int {
	if product, ok := MulOK(sizes...); ok {
		return product
	}
	return math.MaxInt
}
