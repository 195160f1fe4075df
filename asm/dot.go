package asm

import "unsafe"

// DotArgs are the arguments of kernels that multiply a matrix of rows, LdW bytes apart, with MR rows (a constant of the
// kernel) as columns: what gemv does for one. With float32, p[i] stands for "the float32 i bytes after p":
//
//	for r := range Rows {
//		for i := range MR {
//			Y[i*LdY+4*r] += sum over c < Cols of W[r*LdW+4*c] * X[i*LdX+4*c]
//		}
//	}
//
// whose sum is taken in an order that depends on Cols alone. Each element of W is read once.
// MR*Rows*Cols must not exceed MaxWork. The operands must not overlap. Kernels for float64 do the same with elements of 8 bytes.
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

func dotF32_3x2_generic(a *DotArgs) { dotGeneric3[float32](a) }
func dotF64_3x2_generic(a *DotArgs) { dotGeneric3[float64](a) }

func dotGeneric3[T Float](a *DotArgs) {
	if a.Rows == 0 || a.Cols == 0 {
		return // a row of W need not be there
	}
	x0, x1, x2 := vector[T](a.X, a.Cols), vector[T](unsafe.Add(a.X, a.LdX), a.Cols), vector[T](unsafe.Add(a.X, 2*a.LdX), a.Cols)
	for r := 0; r < a.Rows; r += 2 {
		// A last row that is alone is done twice.
		two := min(r+1, a.Rows-1)
		var s00, s01, s10, s11, s20, s21 T
		w0, w1 := vector[T](unsafe.Add(a.W, r*a.LdW), a.Cols), vector[T](unsafe.Add(a.W, two*a.LdW), a.Cols)
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
		addDot(a, 0, r, s00, s01)
		addDot(a, 1, r, s10, s11)
		addDot(a, 2, r, s20, s21)
	}
}

func dotF32_2x2_generic(a *DotArgs) { dotGeneric2[float32](a) }
func dotF64_2x2_generic(a *DotArgs) { dotGeneric2[float64](a) }

func dotGeneric2[T Float](a *DotArgs) {
	if a.Rows == 0 || a.Cols == 0 {
		return // a row of W need not be there
	}
	x0, x1 := vector[T](a.X, a.Cols), vector[T](unsafe.Add(a.X, a.LdX), a.Cols)
	for r := 0; r < a.Rows; r += 2 {
		two := min(r+1, a.Rows-1)
		var s00, s01, s10, s11 T
		w0, w1 := vector[T](unsafe.Add(a.W, r*a.LdW), a.Cols), vector[T](unsafe.Add(a.W, two*a.LdW), a.Cols)
		for c, v := range x0 {
			s00 += w0[c] * v
			s01 += w1[c] * v
			v = x1[c]
			s10 += w0[c] * v
			s11 += w1[c] * v
		}
		addDot(a, 0, r, s00, s01)
		addDot(a, 1, r, s10, s11)
	}
}

// addDot adds to row i of Y the sums of rows r and r+1 of W, if there is one.
func addDot[T Float](a *DotArgs, i, r int, s0, s1 T) {
	y := unsafe.Add(a.Y, i*a.LdY)
	*elem[T](y, r) += s0
	if r+1 < a.Rows {
		*elem[T](y, r+1) += s1
	}
}

func axpyF32_3x1_generic(a *DotArgs) { axpyGeneric3[float32](a) }
func axpyF64_3x1_generic(a *DotArgs) { axpyGeneric3[float64](a) }

func axpyGeneric3[T Float](a *DotArgs) {
	if a.Rows == 0 || a.Cols == 0 {
		return // a row of W need not be there
	}
	y0, y1, y2 := vector[T](a.Y, a.Cols), vector[T](unsafe.Add(a.Y, a.LdY), a.Cols), vector[T](unsafe.Add(a.Y, 2*a.LdY), a.Cols)
	for r := range a.Rows {
		x0, x1, x2 := *elem[T](a.X, r), *elem[T](unsafe.Add(a.X, a.LdX), r), *elem[T](unsafe.Add(a.X, 2*a.LdX), r)
		for c, w := range vector[T](unsafe.Add(a.W, r*a.LdW), a.Cols) {
			y0[c] += w * x0
			y1[c] += w * x1
			y2[c] += w * x2
		}
	}
}

func axpyF32_2x1_generic(a *DotArgs) { axpyGeneric2[float32](a) }
func axpyF64_2x1_generic(a *DotArgs) { axpyGeneric2[float64](a) }

func axpyGeneric2[T Float](a *DotArgs) {
	if a.Rows == 0 || a.Cols == 0 {
		return // a row of W need not be there
	}
	y0, y1 := vector[T](a.Y, a.Cols), vector[T](unsafe.Add(a.Y, a.LdY), a.Cols)
	for r := range a.Rows {
		x0, x1 := *elem[T](a.X, r), *elem[T](unsafe.Add(a.X, a.LdX), r)
		for c, w := range vector[T](unsafe.Add(a.W, r*a.LdW), a.Cols) {
			y0[c] += w * x0
			y1[c] += w * x1
		}
	}
}
