package asm

import "unsafe"

// PickArgs are the arguments of a kernel that makes rows of elements found by a table: nearest neighbours, every second element, padding, and rows too
// short for calls of their own. In Go, with x[i] element i of X, of 4 bytes and any type:
//
//	for r := range Rows {
//		for j := range N {
//			Y[r*LdY+4*j] = Value if Index[j] < 0, else x[Starts[r]+Index[j]]
//		}
//	}
//
// The operands do not overlap. Rows*N is at most MaxElems, Rows and N are at least 1.
type PickArgs struct {
	X, Y    unsafe.Pointer
	Index   unsafe.Pointer // N int32
	Starts  unsafe.Pointer // Rows int, none negative
	Rows, N int
	LdY     int // bytes
	Value   uint32
}

// PickRow is such a kernel.
type PickRow struct {
	Row
	Block int // columns at a time
	fn    func(*PickArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *PickRow) Call(a *PickArgs) { r.fn(a) }

func pickF32_1_generic(a *PickArgs) {
	index := unsafe.Slice((*int32)(a.Index), a.N)
	for r, s := range unsafe.Slice((*int)(a.Starts), a.Rows) {
		x := unsafe.Add(a.X, 4*s)
		y := unsafe.Slice((*uint32)(unsafe.Add(a.Y, r*a.LdY)), a.N)
		for j, k := range index {
			if k < 0 {
				y[j] = a.Value
			} else {
				y[j] = *(*uint32)(unsafe.Add(x, 4*int(k)))
			}
		}
	}
}
