package asm

import "unsafe"

// MomentsArgs are the arguments of a kernel that sums what the mean and the variance of rows of float32 are made of. In Go, with p[i] the float32 i
// bytes after p:
//
//	for r := range Rows {
//		for i := range N {
//			d := float64(X[r*LdX+4*i]) - First[r]
//			Sum[r] += d
//			Square[r] += d * d
//		}
//	}
//
// in an order of additions that depends on N alone. Rows*N is at most MaxElems, Rows and N are at least 1.
type MomentsArgs struct {
	X                  unsafe.Pointer
	First, Sum, Square unsafe.Pointer // Rows float64
	Rows, N            int
	LdX                int // bytes
}

// MomentsRow is such a kernel.
type MomentsRow struct {
	Row
	fn func(*MomentsArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *MomentsRow) Call(a *MomentsArgs) { r.fn(a) }

func momentsF32_2_generic(a *MomentsArgs) {
	first, sum, square := unsafe.Slice((*float64)(a.First), a.Rows), unsafe.Slice((*float64)(a.Sum), a.Rows), unsafe.Slice((*float64)(a.Square), a.Rows)
	for r, f := range first {
		var s0, s1, q0, q1 float64
		x := floats(unsafe.Add(a.X, r*a.LdX), a.N)
		for ; len(x) >= 2; x = x[2:] {
			d, e := float64(x[0])-f, float64(x[1])-f
			s0 += d
			s1 += e
			q0 += d * d
			q1 += e * e
		}
		for _, v := range x {
			d := float64(v) - f
			s0 += d
			q0 += d * d
		}
		sum[r] += s0 + s1
		square[r] += q0 + q1
	}
}
