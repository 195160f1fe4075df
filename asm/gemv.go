package asm

import "unsafe"

// GemvArgs are the arguments of kernels that multiply a matrix of rows, LdW bytes apart, with a vector.
// Each element of W is read once: the matrix comes from memory, and that binds. Rows*Cols must not exceed
// MaxWork. The operands must not overlap.
//
// A gemv kernel for float32 makes, p[i] standing for "the float32 i bytes after p":
//
//	for r := range Rows {
//		Y[4*r] = sum over c < Cols of W[r*LdW+4*c] * X[4*c]
//	}
//
// whose sum is taken in an order that depends on Cols alone, so that the rows may be cut anywhere. A
// gemvt kernel multiplies with the transpose:
//
//	for c := range Cols {
//		for r := range Rows {
//			Y[4*c] = fma(W[r*LdW+4*c], X[4*r], Y[4*c])
//		}
//	}
//
// in that order, whatever the cut. Those for float64 do the same with elements of 8 bytes.
type GemvArgs struct {
	W, X, Y    unsafe.Pointer
	LdW        int
	Rows, Cols int
}

// GemvRow is a gemv kernel, or a gemvs kernel, which does the same for few rows: one after the other, each as quickly as it can be.
type GemvRow struct {
	Row
	Block int // rows at a time
	fn    func(*GemvArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *GemvRow) Call(a *GemvArgs) { r.fn(a) }

// GemvtRow is a gemvt kernel.
type GemvtRow struct {
	Row
	Block int // rows at a time
	fn    func(*GemvArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *GemvtRow) Call(a *GemvArgs) { r.fn(a) }

// GemvpArgs are the arguments of kernels that multiply a vector with 4 panels, Panel bytes apart, of NR
// columns (a constant of the kernel) and K rows:
//
//	for p := range 4 {
//		for j := range NR {
//			for k := range K {
//				y := &Y[4*(p*NR+j)]
//				*y = fma(X[4*k], W[p*Panel+4*(k*NR+j)], *y)
//			}
//		}
//	}
//
// 4*K*NR must not exceed MaxWork.
type GemvpArgs struct {
	W, X, Y  unsafe.Pointer
	Panel, K int
}

// GemvpRow is such a kernel.
type GemvpRow struct {
	Row
	NR int
	fn func(*GemvpArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *GemvpRow) Call(a *GemvpArgs) { r.fn(a) }

func gemvF32_4x1_generic(a *GemvArgs) { gemvGenericRows[float32](a) }
func gemvF64_4x1_generic(a *GemvArgs) { gemvGenericRows[float64](a) }

func gemvGenericRows[T Float](a *GemvArgs) {
	if a.Cols == 0 {
		clear(vector[T](a.Y, a.Rows)) // a row of W need not be there
		return
	}
	x := vector[T](a.X, a.Cols)
	r := 0
	for ; r+4 <= a.Rows; r += 4 {
		var s0, s1, s2, s3 T
		w0 := vector[T](unsafe.Add(a.W, r*a.LdW), a.Cols)
		w1 := vector[T](unsafe.Add(a.W, (r+1)*a.LdW), a.Cols)
		w2 := vector[T](unsafe.Add(a.W, (r+2)*a.LdW), a.Cols)
		w3 := vector[T](unsafe.Add(a.W, (r+3)*a.LdW), a.Cols)
		for c, v := range x {
			s0 += w0[c] * v
			s1 += w1[c] * v
			s2 += w2[c] * v
			s3 += w3[c] * v
		}
		*(*[4]T)(unsafe.Pointer(elem[T](a.Y, r))) = [4]T{s0, s1, s2, s3}
	}
	for ; r < a.Rows; r++ {
		var s T
		w := vector[T](unsafe.Add(a.W, r*a.LdW), a.Cols)
		for c, v := range x {
			s += w[c] * v
		}
		*elem[T](a.Y, r) = s
	}
}

func gemvsF32_1x4_generic(a *GemvArgs) { gemvsGenericRows[float32](a) }
func gemvsF64_1x4_generic(a *GemvArgs) { gemvsGenericRows[float64](a) }

func gemvsGenericRows[T Float](a *GemvArgs) {
	if a.Cols == 0 {
		clear(vector[T](a.Y, a.Rows)) // a row of W need not be there
		return
	}
	x := vector[T](a.X, a.Cols)
	for r := range a.Rows {
		var s0, s1, s2, s3 T
		w := vector[T](unsafe.Add(a.W, r*a.LdW), a.Cols)
		c := 0
		for ; c+4 <= len(x); c += 4 {
			u, v := (*[4]T)(w[c:]), (*[4]T)(x[c:])
			s0 += u[0] * v[0]
			s1 += u[1] * v[1]
			s2 += u[2] * v[2]
			s3 += u[3] * v[3]
		}
		for ; c < len(x); c++ {
			s0 += w[c] * x[c]
		}
		*elem[T](a.Y, r) = (s0 + s1) + (s2 + s3)
	}
}

func gemvtF32_4x1_generic(a *GemvArgs) { gemvtGenericRows[float32](a) }
func gemvtF64_4x1_generic(a *GemvArgs) { gemvtGenericRows[float64](a) }

func gemvtGenericRows[T Float](a *GemvArgs) {
	if a.Cols == 0 {
		return // a row of W need not be there
	}
	y := vector[T](a.Y, a.Cols)
	r := 0
	for ; r+4 <= a.Rows; r += 4 {
		x := *(*[4]T)(unsafe.Pointer(elem[T](a.X, r)))
		w0 := vector[T](unsafe.Add(a.W, r*a.LdW), a.Cols)
		w1 := vector[T](unsafe.Add(a.W, (r+1)*a.LdW), a.Cols)
		w2 := vector[T](unsafe.Add(a.W, (r+2)*a.LdW), a.Cols)
		w3 := vector[T](unsafe.Add(a.W, (r+3)*a.LdW), a.Cols)
		for c, s := range y {
			s += w0[c] * x[0]
			s += w1[c] * x[1]
			s += w2[c] * x[2]
			s += w3[c] * x[3]
			y[c] = s
		}
	}
	for ; r < a.Rows; r++ {
		x := *elem[T](a.X, r)
		w := vector[T](unsafe.Add(a.W, r*a.LdW), a.Cols)
		for c := range y {
			y[c] += w[c] * x
		}
	}
}

func gemvpF32_4x4_generic(a *GemvpArgs) {
	if a.K == 0 {
		return // the panels need not be there
	}
	x := unsafe.Slice((*float32)(a.X), a.K)
	for p := range 4 {
		y := (*[4]float32)(unsafe.Add(a.Y, 16*p))
		w := unsafe.Slice((*[4]float32)(unsafe.Add(a.W, p*a.Panel)), a.K)
		s0, s1, s2, s3 := y[0], y[1], y[2], y[3]
		for k, v := range x {
			s0 += w[k][0] * v
			s1 += w[k][1] * v
			s2 += w[k][2] * v
			s3 += w[k][3] * v
		}
		*y = [4]float32{s0, s1, s2, s3}
	}
}
