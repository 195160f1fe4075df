// Package native is the way from Go into C libraries that are loaded while the program runs, without cgo. It is
// written for the System V convention of amd64, with Linux or macOS; elsewhere Open says that it is not there.
//
// A C library that crashes takes the process with it: what is not trusted is loaded in a process of its own.
package native

import (
	"math"
	"unsafe"
)

// Addr is where a slice lies. It must be kept alive elsewhere, on the heap.
func Addr[T any](x []T) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(x))) }

// Pointer turns an address that C gave into a pointer.
//
//go:noinline
func Pointer(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

// String copies a C string.
func String(p uintptr) string {
	if p == 0 {
		return ""
	}
	var b []byte
	for q := Pointer(p); *(*byte)(q) != 0; q = unsafe.Add(q, 1) {
		b = append(b, *(*byte)(q))
	}
	return string(b)
}

// Repeat is a call that is made many times over on the C side, so that the way from Go into C is paid once, and
// small problems can be timed as they are from C. Its arguments are up to six integers or pointers in registers, two
// floats (Float32s, Float64s), and six more integers on the stack. What they point to must be kept alive elsewhere; it lies
// on the heap, as the Repeat itself does.
type Repeat struct {
	Fn     uintptr // the function
	calls  uintptr
	result uintptr
	Ints   [6]uintptr
	Stack  [6]uintptr
	Floats [2]uint64 // their bits
}

// Float32s are two float32 as arguments, and Float64s two float64.
func Float32s(x, y float32) [2]uint64 {
	return [2]uint64{uint64(math.Float32bits(x)), uint64(math.Float32bits(y))}
}

func Float64s(x, y float64) [2]uint64 { return [2]uint64{math.Float64bits(x), math.Float64bits(y)} }
