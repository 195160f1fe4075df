package asm

import (
	"fmt"
	"unsafe"
)

// Binary is a function of two float32, applied element by element.
type Binary uint8

const (
	Add Binary = iota // a + b
	Sub               // a - b
	Mul               // a * b
	Max               // max(a, b), NaN where either is NaN
	Min               // min(a, b), NaN where either is NaN
	Div               // a / b
	NumBinary
)

var binaryNames = [NumBinary]string{"add", "sub", "mul", "max", "min", "div"}

func (b Binary) String() string {
	if b < NumBinary {
		return binaryNames[b]
	}
	return fmt.Sprintf("Binary(%d)", uint8(b))
}

// BinaryArgs are the arguments of a binary kernel:
//
//	for i := range N {
//		Y[i] = min(max(f(A[i], B[i]), Lo), Hi)
//	}
//
// -Inf and +Inf for Lo and Hi leave the result alone, and NaN passes through the clamp. Y may equal
// A or B or both, but must not overlap them otherwise. N is 0 to MaxElems.
type BinaryArgs struct {
	A, B, Y unsafe.Pointer
	N       int
	Lo, Hi  float32
}

// BinaryRow is a kernel for one function.
type BinaryRow struct {
	Row
	Op Binary
	fn func(*BinaryArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *BinaryRow) Call(a *BinaryArgs) { r.fn(a) }

func (r *BinaryRow) op() int { return int(r.Op) }

// clamp1 lets NaN pass.
func clamp1(v, lo, hi float32) float32 {
	if v < lo {
		v = lo
	}
	if v > hi {
		v = hi
	}
	return v
}

func addF32_1_generic(a *BinaryArgs) {
	x, y, z := floats(a.A, a.N), floats(a.B, a.N), floats(a.Y, a.N)
	for i, v := range x {
		z[i] = clamp1(v+y[i], a.Lo, a.Hi)
	}
}

func subF32_1_generic(a *BinaryArgs) {
	x, y, z := floats(a.A, a.N), floats(a.B, a.N), floats(a.Y, a.N)
	for i, v := range x {
		z[i] = clamp1(v-y[i], a.Lo, a.Hi)
	}
}

func mulF32_1_generic(a *BinaryArgs) {
	x, y, z := floats(a.A, a.N), floats(a.B, a.N), floats(a.Y, a.N)
	for i, v := range x {
		z[i] = clamp1(v*y[i], a.Lo, a.Hi)
	}
}

func maxF32_1_generic(a *BinaryArgs) {
	x, y, z := floats(a.A, a.N), floats(a.B, a.N), floats(a.Y, a.N)
	for i, v := range x {
		z[i] = clamp1(max(v, y[i]), a.Lo, a.Hi)
	}
}

func minF32_1_generic(a *BinaryArgs) {
	x, y, z := floats(a.A, a.N), floats(a.B, a.N), floats(a.Y, a.N)
	for i, v := range x {
		z[i] = clamp1(min(v, y[i]), a.Lo, a.Hi)
	}
}

func divF32_1_generic(a *BinaryArgs) {
	x, y, z := floats(a.A, a.N), floats(a.B, a.N), floats(a.Y, a.N)
	for i, v := range x {
		z[i] = clamp1(v/y[i], a.Lo, a.Hi)
	}
}
