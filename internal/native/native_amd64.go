//go:build linux || darwin

package native

import (
	"reflect"
	"runtime"

	"github.com/ebitengine/purego"
)

// Open loads the first of the candidates that loads, and says which.
func Open(candidates []string) (handle uintptr, path string, err error) {
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

// Symbol returns the address of a function, or 0.
func Symbol(h uintptr, name string) uintptr {
	p, err := purego.Dlsym(h, name)
	if err != nil {
		return 0
	}
	return p
}

// Call calls a C function of integers and pointers. Arguments are int, uintptr, nil or Go pointers,
// which stay alive for the call.
func Call(fn uintptr, args ...any) uintptr {
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
