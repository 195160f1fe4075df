package asm

import "unsafe"

// UnzipArgs are the arguments of a kernel that parts the even from the odd elements. In Go:
//
//	for i := range N {
//		Even[i], Odd[i] = X[2*i], X[2*i+1]
//	}
//
// The operands do not overlap. 2*N must not exceed MaxWork.
type UnzipArgs struct {
	X, Even, Odd unsafe.Pointer
	N            int // at least 1
}

// UnzipRow is a kernel that parts elements.
type UnzipRow struct {
	Row
	fn func(*UnzipArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *UnzipRow) Call(a *UnzipArgs) { r.fn(a) }

func unzipF32_1_generic(a *UnzipArgs) {
	x := unsafe.Slice((*float32)(a.X), 2*a.N)
	even := unsafe.Slice((*float32)(a.Even), a.N)
	odd := unsafe.Slice((*float32)(a.Odd), a.N)
	for i := range even {
		even[i] = x[2*i]
		odd[i] = x[2*i+1]
	}
}
