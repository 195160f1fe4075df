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

// BinaryArgs are the arguments of a binary kernel. In Go, with p[i] the float32 i bytes after p:
//
//	for r := range Rows {
//		for i := range N {
//			Y[r*LdY+4*i] = min(max(f(A[r*LdA+i*StepA], B[r*LdB+i*StepB]), Lo), Hi)
//		}
//	}
//
// -Inf and +Inf for Lo and Hi leave the result alone, and NaN passes through the clamp. A step is 4, or 0 where one number serves a whole row. Y may
// equal A or B or both where the step is 4 and the rows lie alike, but must not overlap them otherwise. Rows*N is 0 to MaxElems.
type BinaryArgs struct {
	A, B, Y       unsafe.Pointer
	Rows, N       int
	LdA, LdB, LdY int // bytes between rows
	StepA, StepB  int // bytes between elements
	Lo, Hi        float32
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

// spreadLen is the number of elements for which the portable kernels lay out a number that serves a whole row.
const spreadLen = 64

// spread is a number laid out.
type spread [spreadLen]float32

// pieces of rows that the portable kernels take one by one: whole rows, or as much as there is of a number that is laid out.
func (a *BinaryArgs) pieces() (count, n int) {
	n = a.N
	if a.StepA == 0 || a.StepB == 0 {
		n = min(n, spreadLen)
	}
	if n == 0 {
		return 0, 0
	}
	return a.Rows * ((a.N + n - 1) / n), n
}

// piece returns piece i, of at most n elements.
func (a *BinaryArgs) piece(i, n int, s, t *spread) (x, y, z []float32) {
	perRow := (a.N + n - 1) / n
	r, j := i/perRow, i%perRow*n
	n = min(n, a.N-j)
	return operand(a.A, r*a.LdA, a.StepA, j, n, s), operand(a.B, r*a.LdB, a.StepB, j, n, t), floats(unsafe.Add(a.Y, r*a.LdY+4*j), n)
}

// operand returns elements j to j+n-1 of the row that begins at bytes after p.
func operand(p unsafe.Pointer, at, step, j, n int, s *spread) []float32 {
	if step != 0 {
		return floats(unsafe.Add(p, at+4*j), n)
	}
	v := *(*float32)(unsafe.Add(p, at))
	for i := range s[:n] {
		s[i] = v
	}
	return s[:n]
}

func addF32_1_generic(a *BinaryArgs) {
	var s, t spread
	count, n := a.pieces()
	for k := range count {
		x, y, z := a.piece(k, n, &s, &t)
		for i, v := range x {
			z[i] = clamp1(v+y[i], a.Lo, a.Hi)
		}
	}
}

func subF32_1_generic(a *BinaryArgs) {
	var s, t spread
	count, n := a.pieces()
	for k := range count {
		x, y, z := a.piece(k, n, &s, &t)
		for i, v := range x {
			z[i] = clamp1(v-y[i], a.Lo, a.Hi)
		}
	}
}

func mulF32_1_generic(a *BinaryArgs) {
	var s, t spread
	count, n := a.pieces()
	for k := range count {
		x, y, z := a.piece(k, n, &s, &t)
		for i, v := range x {
			z[i] = clamp1(v*y[i], a.Lo, a.Hi)
		}
	}
}

func maxF32_1_generic(a *BinaryArgs) {
	var s, t spread
	count, n := a.pieces()
	for k := range count {
		x, y, z := a.piece(k, n, &s, &t)
		for i, v := range x {
			z[i] = clamp1(max(v, y[i]), a.Lo, a.Hi)
		}
	}
}

func minF32_1_generic(a *BinaryArgs) {
	var s, t spread
	count, n := a.pieces()
	for k := range count {
		x, y, z := a.piece(k, n, &s, &t)
		for i, v := range x {
			z[i] = clamp1(min(v, y[i]), a.Lo, a.Hi)
		}
	}
}

func divF32_1_generic(a *BinaryArgs) {
	var s, t spread
	count, n := a.pieces()
	for k := range count {
		x, y, z := a.piece(k, n, &s, &t)
		for i, v := range x {
			z[i] = clamp1(v/y[i], a.Lo, a.Hi)
		}
	}
}
