package asm

import "unsafe"

// BlendTap says where the two elements that begin a row of a blend lie, in bytes, and their weights.
type BlendTap struct {
	A, B int
	P, Q float32
}

// BlendArgs are the arguments of a kernel that adds weighted rows: a pixel made of two pixels, a line made of two lines. In Go, with p[i] the
// float32 i bytes after p:
//
//	for r := range Rows {
//		t := Taps[r]
//		for j := range N {
//			Y[r*LdY+4*j] = fma(t.P, A[t.A+4*j], t.Q*B[t.B+4*j])
//		}
//	}
//
// The portable kernel rounds each product. Rows and N are at least 1, and Rows*N is at most MaxElems. Y may equal A where every t.A is
// r*LdY, so that more than two rows can be added; it must not overlap A or B otherwise.
type BlendArgs struct {
	A, B, Y unsafe.Pointer
	Taps    unsafe.Pointer // *BlendTap
	Rows, N int
	LdY     int // bytes
}

// BlendRow is such a kernel.
type BlendRow struct {
	Row
	fn func(*BlendArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *BlendRow) Call(a *BlendArgs) { r.fn(a) }

func blendF32_1_generic(args *BlendArgs) {
	taps := unsafe.Slice((*BlendTap)(args.Taps), args.Rows)
	for r := range taps {
		t := &taps[r]
		a, b, y := floats(unsafe.Add(args.A, t.A), args.N), floats(unsafe.Add(args.B, t.B), args.N), floats(unsafe.Add(args.Y, r*args.LdY), args.N)
		for j := range y {
			y[j] = float32(t.P*a[j]) + float32(t.Q*b[j])
		}
	}
}
