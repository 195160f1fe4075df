package asm

import "unsafe"

// FetchArgs are the arguments of a kernel that asks for rows of memory before they are needed: Bytes
// bytes at P, P+Ld, ... for Rows rows are brought into the second cache. Nothing is read in the sense
// of the memory model, nothing can fault, and the portable kernel does nothing.
// Rows*Bytes must not exceed 4*MaxWork.
type FetchArgs struct {
	P               unsafe.Pointer
	Rows, Bytes, Ld int
}

// FetchRow is such a kernel.
type FetchRow struct {
	Row
	fn func(*FetchArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *FetchRow) Call(a *FetchArgs) { r.fn(a) }

func fetchF32_rows_generic(*FetchArgs) {}
