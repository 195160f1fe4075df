package asm

import "unsafe"

// TransposeArgs are the arguments of a transpose kernel, here for float32. In Go, p[i] standing for "the float32 i bytes
// after p":
//
//	for r := range Rows {
//		for c := range Cols {
//			Dst[c*LdDst+4*r] = Src[r*LdSrc+4*c]
//		}
//	}
//
// Only the elements named are touched; Dst and Src must not overlap. Rows*Cols must not exceed MaxWork.
// Kernels for float64 do the same with elements of 8 bytes.
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

func transposeF32_4x4_generic(a *TransposeArgs) { transposeGenericRows[float32](a) }
func transposeF64_4x4_generic(a *TransposeArgs) { transposeGenericRows[float64](a) }

func transposeGenericRows[T Float](a *TransposeArgs) {
	size := int(unsafe.Sizeof(T(0)))
	for r := 0; r < a.Rows; r += 4 {
		rows := min(4, a.Rows-r)
		for c := range a.Cols {
			s := unsafe.Add(a.Src, r*a.LdSrc+size*c)
			d := unsafe.Add(a.Dst, c*a.LdDst+size*r)
			if rows == 4 {
				*(*[4]T)(d) = [4]T{*(*T)(s), *(*T)(unsafe.Add(s, a.LdSrc)), *(*T)(unsafe.Add(s, 2*a.LdSrc)), *(*T)(unsafe.Add(s, 3*a.LdSrc))}
				continue
			}
			for i := range rows {
				*elem[T](d, i) = *(*T)(unsafe.Add(s, i*a.LdSrc))
			}
		}
	}
}
