//go:build linux || darwin

package main

import (
	"reflect"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// What the peers' bindings share: memory, strings, and calls into C without cgo.

// addr is where a slice lies. It must be kept alive elsewhere.
func addr(x []float32) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(x))) }

// pointer turns an address that C gave into a pointer.
//
//go:noinline
func pointer(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

// cString copies a C string.
func cString(p uintptr) string {
	if p == 0 {
		return ""
	}
	var b []byte
	for q := pointer(p); *(*byte)(q) != 0; q = unsafe.Add(q, 1) {
		b = append(b, *(*byte)(q))
	}
	return string(b)
}

// open loads the first of the candidates that loads.
func open(candidates []string) (handle uintptr, path string, err error) {
	for _, path = range candidates {
		var e error
		if handle, e = purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL); e == nil {
			return handle, path, nil
		}
		if err == nil {
			err = e
		}
	}
	return 0, "", err
}

// symbol returns the address of a function, or 0.
func symbol(h uintptr, name string) uintptr {
	p, err := purego.Dlsym(h, name)
	if err != nil {
		return 0
	}
	return p
}

// native calls a C function of integers and pointers. Arguments are int, uintptr, nil or Go pointers,
// which stay alive for the call.
func native(fn uintptr, args ...any) uintptr {
	u := make([]uintptr, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case nil:
		case int:
			u[i] = uintptr(v)
		case uintptr:
			u[i] = v
		default:
			u[i] = reflect.ValueOf(a).Pointer() // moves what it points to to the heap
		}
	}
	r, _, _ := purego.SyscallN(fn, u...)
	runtime.KeepAlive(args)
	return r
}
