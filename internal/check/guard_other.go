//go:build (!unix || unguarded) && !heap

package check

import "unsafe"

// region is memory of which only the canaries tell that someone wrote beside an operand: this system
// has no inaccessible pages here, stray reads go unseen. The tag unguarded is for emulators in which masked
// loads fault where processors suppress it.
type region struct {
	data []byte
}

// hasGuards tells the harness's own tests what to expect.
const hasGuards = false

// lead is the size of the canaries on the side of an operand where other systems have an inaccessible
// page.
const lead = 4096

func newRegion(size int) *region {
	words := make([]uint64, (lead+size+lead+7)/8)
	return &region{data: unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 8*len(words))}
}

func (r *region) release() {}
