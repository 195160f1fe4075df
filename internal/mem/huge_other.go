//go:build !linux

package mem

// adviseHuge does nothing: these systems choose the size of a page by themselves.
func adviseHuge([]byte) {}
