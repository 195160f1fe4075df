//go:build heap

package check

import "unsafe"

// region is memory of the heap, all that the allocator gave: a pointer that leaves it is in another object, or in none. The tag
// heap is for the checks of pointers that the compiler puts in (-gcflags=all=-d=checkptr), which look at the heap alone.
type region struct {
	data []byte
}

// hasGuards tells the harness's own tests what to expect.
const hasGuards = false

// lead is what lies between an operand and the end of its region.
const lead = 0

func newRegion(size int) *region {
	const least = 8 // what an empty operand points to may be taken for an element
	words := append([]uint64(nil), make([]uint64, max(least, (size+7)/8))...)
	words = words[:cap(words)] // what the allocator rounded up to
	return &region{data: unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 8*len(words))}
}

func (r *region) release() {}
