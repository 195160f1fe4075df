//go:build linux || darwin

package native

import (
	"unsafe"

	"github.com/ebitengine/purego"
)

var callManyPC uintptr // the C entry of callMany

// Run calls the function so many times, at least once, and returns its results or-ed together.
// Of a C int only the lower 32 bits mean something.
func (a *Repeat) Run(calls int) uintptr {
	a.calls = uintptr(max(calls, 1))
	purego.SyscallN(callManyPC, uintptr(unsafe.Pointer(a)))
	return a.result
}
