package asm

import "unsafe"

// PackArgs are the arguments of a pack kernel, here for float32, which cuts rows into panels of Width (a constant of the
// kernel) columns:
//
//	for p := range Panels {
//		for k := range K {
//			for j := range Width {
//				var x float32
//				if j < N {
//					x = Src[k*LdSrc+4*(p*Width+j)]
//				}
//				Dst[p*Panel+4*(k*Width+j)] = x
//			}
//		}
//	}
//
// N is less than Width only with one panel. Only the elements named are touched; Dst and Src must not
// overlap. Panels*K*Width must not exceed MaxWork. Kernels for float64 do the same with elements of 8 bytes.
type PackArgs struct {
	Dst, Src  unsafe.Pointer
	LdSrc     int // bytes between rows of Src
	Panel     int // bytes between panels of Dst
	Panels, K int
	N         int // columns of a panel that come from Src, 1 to Width
}

// PackRow is a pack kernel.
type PackRow struct {
	Row
	Width int
	fn    func(*PackArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *PackRow) Call(a *PackArgs) { r.fn(a) }

func packF32_4_generic(a *PackArgs) { packGenericRows[float32](a) }
func packF64_4_generic(a *PackArgs) { packGenericRows[float64](a) }

func packGenericRows[T Float](a *PackArgs) {
	const width = 4
	size := int(unsafe.Sizeof(T(0)))
	for k := range a.K {
		for p := range a.Panels {
			s := unsafe.Add(a.Src, k*a.LdSrc+size*p*width)
			d := (*[width]T)(unsafe.Add(a.Dst, p*a.Panel+size*k*width))
			if a.N == width {
				*d = *(*[width]T)(s)
				continue
			}
			for j := range d {
				d[j] = 0
				if j < a.N {
					d[j] = *elem[T](s, j)
				}
			}
		}
	}
}
