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
	next uintptr // of the kernels: a place in X or Y
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

// AxpyRow is an axpy kernel, which multiplies MR rows (a constant of the kernel) with a matrix:
//
//	for r := range Rows {
//		for i := range MR {
//			for c := range Cols {
//				Y[i*LdY+4*c] = fma(W[r*LdW+4*c], X[i*LdX+4*r], Y[i*LdY+4*c])
//			}
//		}
//	}
//
// in that order of r, whatever the cut: what gemvt does for one row.
type AxpyRow struct {
	Row
	MR    int
	Block int // rows of W at a time
	fn    func(*DotArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *AxpyRow) Call(a *DotArgs) { r.fn(a) }

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

func axpyF32_3x1_generic(a *DotArgs) {
	y0, y1, y2 := unsafe.Slice((*float32)(a.Y), a.Cols), unsafe.Slice(at(a.Y, a.LdY), a.Cols), unsafe.Slice(at(a.Y, 2*a.LdY), a.Cols)
	for r := range a.Rows {
		x0, x1, x2 := *at(a.X, 4*r), *at(a.X, a.LdX+4*r), *at(a.X, 2*a.LdX+4*r)
		for c, w := range unsafe.Slice(at(a.W, r*a.LdW), a.Cols) {
			y0[c] += w * x0
			y1[c] += w * x1
			y2[c] += w * x2
		}
	}
}

func axpyF32_2x1_generic(a *DotArgs) {
	y0, y1 := unsafe.Slice((*float32)(a.Y), a.Cols), unsafe.Slice(at(a.Y, a.LdY), a.Cols)
	for r := range a.Rows {
		x0, x1 := *at(a.X, 4*r), *at(a.X, a.LdX+4*r)
		for c, w := range unsafe.Slice(at(a.W, r*a.LdW), a.Cols) {
			y0[c] += w * x0
			y1[c] += w * x1
		}
	}
}
