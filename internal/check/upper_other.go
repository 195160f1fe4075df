//go:build !amd64 || purego

package check

// upper looks for dirty upper halves of vector registers: only assembly for amd64 can leave them.
func upper() uint64 { return 0 }

// CanProbeUpper reports whether Run sees dirty upper halves on this machine.
func CanProbeUpper() bool { return false }
