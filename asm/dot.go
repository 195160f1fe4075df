package asm

import "unsafe"

// DotArgs are the arguments of kernels that multiply a matrix of rows, LdW bytes apart, with MR rows (a constant of the
// kernel) as columns: what gemv does for one. p[i] stands for "the float32 i bytes after p":
//
//	for r := range Rows {
//		for i := range MR {
//			Y[i*LdY+4*r] += sum over c < Cols of W[r*LdW+4*c] * X[i*LdX+4*c]
//		}
//	}
//
// whose sum is taken in an order that depends on Cols alone. Each element of W is read once.
// MR*Rows*Cols must not exceed MaxWork. The operands must not overlap.
type DotArgs struct {
	W, X, Y       unsafe.Pointer
	LdW, LdX, LdY int
	Rows, Cols    int

	//lint:ignore U1000 assembly uses it
	next uintptr // of the kernels: a place in Y
}

// DotRow is a dot kernel.
type DotRow struct {
	Row
	MR    int
	Block int // rows of W at a time
	fn    func(*DotArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *DotRow) Call(a *DotArgs) { r.fn(a) }

func dotF32_3x2_generic(a *DotArgs) {
	x0, x1, x2 := unsafe.Slice((*float32)(a.X), a.Cols), unsafe.Slice(at(a.X, a.LdX), a.Cols), unsafe.Slice(at(a.X, 2*a.LdX), a.Cols)
	for r := 0; r < a.Rows; r += 2 {
		// A last row that is alone is done twice.
		two := min(r+1, a.Rows-1)
		var s00, s01, s10, s11, s20, s21 float32
		w0, w1 := unsafe.Slice(at(a.W, r*a.LdW), a.Cols), unsafe.Slice(at(a.W, two*a.LdW), a.Cols)
		for c, v := range x0 {
			s00 += w0[c] * v
			s01 += w1[c] * v
			v = x1[c]
			s10 += w0[c] * v
			s11 += w1[c] * v
			v = x2[c]
			s20 += w0[c] * v
			s21 += w1[c] * v
		}
		a.add(0, r, s00, s01)
		a.add(1, r, s10, s11)
		a.add(2, r, s20, s21)
	}
}

func dotF32_2x2_generic(a *DotArgs) {
	x0, x1 := unsafe.Slice((*float32)(a.X), a.Cols), unsafe.Slice(at(a.X, a.LdX), a.Cols)
	for r := 0; r < a.Rows; r += 2 {
		two := min(r+1, a.Rows-1)
		var s00, s01, s10, s11 float32
		w0, w1 := unsafe.Slice(at(a.W, r*a.LdW), a.Cols), unsafe.Slice(at(a.W, two*a.LdW), a.Cols)
		for c, v := range x0 {
			s00 += w0[c] * v
			s01 += w1[c] * v
			v = x1[c]
			s10 += w0[c] * v
			s11 += w1[c] * v
		}
		a.add(0, r, s00, s01)
		a.add(1, r, s10, s11)
	}
}

// add adds to row i of Y the sums of rows r and r+1 of W, if there is one.
func (a *DotArgs) add(i, r int, s0, s1 float32) {
	y := unsafe.Add(a.Y, i*a.LdY+4*r)
	*at(y, 0) += s0
	if r+1 < a.Rows {
		*at(y, 4) += s1
	}
}
