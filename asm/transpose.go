package asm

import "unsafe"

// TransposeArgs are the arguments of a transpose kernel. In Go, p[i] standing for "the float32 i bytes
// after p":
//
//	for r := range Rows {
//		for c := range Cols {
//			Dst[c*LdDst+4*r] = Src[r*LdSrc+4*c]
//		}
//	}
//
// Only the elements named are touched; Dst and Src must not overlap. Rows*Cols must not exceed MaxWork.
type TransposeArgs struct {
	Dst, Src     unsafe.Pointer
	LdDst, LdSrc int // bytes between rows
	Rows, Cols   int // of Src
}

// TransposeRow is a transpose kernel.
type TransposeRow struct {
	Row
	Block int // it works in squares of this many rows and columns
	fn    func(*TransposeArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *TransposeRow) Call(a *TransposeArgs) { r.fn(a) }

func transposeF32_4x4_generic(a *TransposeArgs) {
	for r := 0; r < a.Rows; r += 4 {
		rows := min(4, a.Rows-r)
		for c := range a.Cols {
			s := unsafe.Add(a.Src, r*a.LdSrc+4*c)
			d := unsafe.Add(a.Dst, c*a.LdDst+4*r)
			if rows == 4 {
				*(*[4]float32)(d) = [4]float32{*at(s, 0), *at(s, a.LdSrc), *at(s, 2*a.LdSrc), *at(s, 3*a.LdSrc)}
				continue
			}
			for i := range rows {
				*at(d, 4*i) = *at(s, i*a.LdSrc)
			}
		}
	}
}
