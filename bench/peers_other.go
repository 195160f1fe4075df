//go:build !amd64 || !(linux || darwin)

package main

import (
	"fmt"
	"runtime"
)

// openPeer fails: the way into C is written for the System V convention of amd64.
func openPeer(name string, _ []string, _ int) (library, error) {
	return nil, fmt.Errorf("%s: peers can be measured on amd64 with Linux or macOS only, this is %s/%s", name, runtime.GOOS, runtime.GOARCH)
}
