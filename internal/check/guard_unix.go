//go:build unix && !unguarded && !heap

package check

import (
	"sync"

	"golang.org/x/sys/unix"
)

// hasGuards tells the harness's own tests what to expect.
const hasGuards = true

// lead is what lies between an operand and the end of its region: nothing, the next byte faults.
const lead = 0

// region is memory between two inaccessible areas.
type region struct {
	mapping []byte // all of it
	data    []byte // whole pages, readable and writable
}

// free keeps regions for reuse by the size of their data: mapping memory is slow.
var free struct {
	sync.Mutex
	regions map[int][]*region
}

func newRegion(size int) *region {
	page := max(unix.Getpagesize(), 1)
	size = max((size+page-1)/page, 1) * page
	free.Lock()
	defer free.Unlock()
	if l := free.regions[size]; len(l) > 0 {
		free.regions[size] = l[:len(l)-1]
		return l[len(l)-1]
	}
	m, err := unix.Mmap(-1, 0, guard+size+guard, unix.PROT_NONE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		panic("check: mmap: " + err.Error())
	}
	r := &region{mapping: m, data: m[guard : guard+size : guard+size]}
	if err := unix.Mprotect(r.data, unix.PROT_READ|unix.PROT_WRITE); err != nil {
		panic("check: mprotect: " + err.Error())
	}
	return r
}

func (r *region) release() {
	const large = 1 << 20
	if len(r.data) > large {
		if err := unix.Munmap(r.mapping); err != nil {
			panic("check: munmap: " + err.Error())
		}
		return
	}
	free.Lock()
	defer free.Unlock()
	if free.regions == nil {
		free.regions = make(map[int][]*region)
	}
	free.regions[len(r.data)] = append(free.regions[len(r.data)], r)
}
