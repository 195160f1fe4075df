//go:build !amd64 || !(linux || darwin)

package native

import (
	"fmt"
	"runtime"
)

const absent = "there is no way into C libraries but on amd64 with Linux or macOS"

// Open fails.
func Open(candidates []string) (handle uintptr, path string, err error) {
	return 0, "", fmt.Errorf("%s, this is %s/%s", absent, runtime.GOOS, runtime.GOARCH)
}

// Symbol finds nothing.
func Symbol(h uintptr, name string) uintptr { return 0 }

// Call panics.
func Call(fn uintptr, args ...any) uintptr { panic("native: " + absent) }

// Run panics.
func (a *Repeat) Run(calls int) uintptr { panic("native: " + absent) }
