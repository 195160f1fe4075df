//go:build linux || darwin

package main

import (
	"unsafe"

	"github.com/ebitengine/purego"
)

// callArgs are the arguments of callMany (call_amd64.s): up to six integers or pointers in
// registers, two float32, and six more integers on the stack.
type callArgs struct {
	fn     uintptr
	calls  uintptr
	result uintptr
	ints   [6]uintptr
	stack  [6]uintptr
	floats [2]float32
}

var callManyPC uintptr // the C entry of callMany

// run calls the function so many times, at least once, and returns its results or-ed together.
// Of a C int only the lower 32 bits mean something.
func (a *callArgs) run(calls int) uintptr {
	a.calls = uintptr(max(calls, 1))
	purego.SyscallN(callManyPC, uintptr(unsafe.Pointer(a)))
	return a.result
}
