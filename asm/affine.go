package asm

import (
	"fmt"
	"unsafe"
)

// Affine says how the rows of a matrix are scaled and shifted.
type Affine uint8

const (
	Bias     Affine = iota // x + T[j]
	BiasRow                // x + T[r]
	Scale                  // x * S[j]
	ScaleRow               // x * S[r]
	Norm                   // x * S[j] + T[j], rounded once
	NormRow                // x * S[r] + T[r], rounded once
	NumAffine
)

var affineNames = [NumAffine]string{"bias", "biasrow", "scale", "scalerow", "norm", "normrow"}

func (a Affine) String() string {
	if a < NumAffine {
		return affineNames[a]
	}
	return fmt.Sprintf("Affine(%d)", uint8(a))
}

// AffineArgs are the arguments of an affine kernel: a scale and a bias per column (the channels of
// NHWC pixels) or per row (the channels of NCHW planes). In Go, with p[i] the float32 i bytes after p,
// and c = j for Bias, Scale and Norm, c = r for the others:
//
//	for r := range Rows {
//		for j := range N {
//			y := X[r*LdX+4*j]*S[4*c] + T[4*c]
//			Y[r*LdY+4*j] = min(max(y, Lo), Hi)
//		}
//	}
//
// Bias and BiasRow do not scale and do not read S, Scale and ScaleRow do not add and do not read T.
// -Inf and +Inf for Lo and Hi leave the result alone, and NaN passes through the clamp. Y may equal X
// where LdY equals LdX, but must not overlap it otherwise. Rows*N is 0 to MaxElems.
type AffineArgs struct {
	X, Y     unsafe.Pointer
	S, T     unsafe.Pointer
	Rows, N  int
	LdX, LdY int // bytes between rows
	Lo, Hi   float32
}

// AffineRow is a kernel for one way of scaling and shifting.
type AffineRow struct {
	Row
	Op Affine
	fn func(*AffineArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *AffineRow) Call(a *AffineArgs) { r.fn(a) }

func (r *AffineRow) op() int { return int(r.Op) }

// rowXY returns row r of X and of Y.
func (a *AffineArgs) rowXY(r int) (x, y []float32) {
	return floats(unsafe.Add(a.X, r*a.LdX), a.N), floats(unsafe.Add(a.Y, r*a.LdY), a.N)
}

func biasF32_1_generic(a *AffineArgs) {
	t := floats(a.T, a.N)
	for r := range a.Rows {
		x, y := a.rowXY(r)
		for i, v := range x {
			y[i] = clamp1(v+t[i], a.Lo, a.Hi)
		}
	}
}

func biasrowF32_1_generic(a *AffineArgs) {
	t := floats(a.T, a.Rows)
	for r, t := range t {
		x, y := a.rowXY(r)
		for i, v := range x {
			y[i] = clamp1(v+t, a.Lo, a.Hi)
		}
	}
}

func scaleF32_1_generic(a *AffineArgs) {
	s := floats(a.S, a.N)
	for r := range a.Rows {
		x, y := a.rowXY(r)
		for i, v := range x {
			y[i] = clamp1(v*s[i], a.Lo, a.Hi)
		}
	}
}

func scalerowF32_1_generic(a *AffineArgs) {
	s := floats(a.S, a.Rows)
	for r, s := range s {
		x, y := a.rowXY(r)
		for i, v := range x {
			y[i] = clamp1(v*s, a.Lo, a.Hi)
		}
	}
}

// In float64 the product is exact, which leaves one rounding that counts.

func normF32_1_generic(a *AffineArgs) {
	s, t := floats(a.S, a.N), floats(a.T, a.N)
	for r := range a.Rows {
		x, y := a.rowXY(r)
		for i, v := range x {
			y[i] = clamp1(float32(float64(v)*float64(s[i])+float64(t[i])), a.Lo, a.Hi)
		}
	}
}

func normrowF32_1_generic(a *AffineArgs) {
	s, t := floats(a.S, a.Rows), floats(a.T, a.Rows)
	for r, s := range s {
		x, y := a.rowXY(r)
		for i, v := range x {
			y[i] = clamp1(float32(float64(v)*float64(s)+float64(t[r])), a.Lo, a.Hi)
		}
	}
}
