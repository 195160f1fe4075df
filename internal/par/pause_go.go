//go:build purego || !(amd64 || arm64)

package par

import "sync/atomic"

const pauses = 16

// procyield passes some time: n atomic loads, which the compiler keeps.
func procyield(n uint32) {
	var x atomic.Uint32
	for range n {
		x.Load()
	}
}
