// Package mem allocates the memory that kernels work on: zeroed, aligned to cache lines, large
// blocks on huge pages where the system offers them.
//
// The memory is ordinary memory of Go's heap: the collector frees it, and never moves it, so that an
// address stays aligned.
package mem

import "unsafe"

const (
	// Line is the alignment of every block: a cache line of the usual machines, and one AVX-512
	// register. No two blocks share a line.
	Line = 64

	// Huge is the size from which a block is aligned to, and advised for, huge pages, and the
	// size of such a page on amd64 and on arm64 with pages of 4 KiB.
	Huge = 2 << 20
)

// Element is what a block may consist of: types without pointers whose size divides Line.
type Element interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint | ~uintptr | ~float32 | ~float64
}

// room is how many bytes a block may have: those it is aligned within have to fit an int.
const room = int(^uint(0)>>1) - 2*Huge

// MostFloats is the largest n that Floats takes.
const MostFloats = room / 4

// Floats returns n zeros, aligned to Line, or to Huge when they take Huge bytes or more. It panics
// when n is negative or n floats do not fit the address space.
func Floats(n int) []float32 { return Make[float32](n) }

// Bytes is Floats for bytes.
func Bytes(n int) []byte { return Make[byte](n) }

// Make is Floats for any Element. The capacity of the result is n.
//
// It must not be inlined: the compiler could then place a small block that does not escape from its
// caller on the stack, which moves.
//
//go:noinline
func Make[T Element](n int) []T {
	var zero T
	size := int(unsafe.Sizeof(zero))
	if n < 0 || n > room/size {
		panic("mem: size out of range")
	}
	align := alignment(n * size)
	raw := make([]T, Taken(n*size)/size)
	skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(raw)))) & (align - 1)
	block := raw[skip/size:][:n:n]
	if align == Huge {
		// Only the huge pages that lie in the block as a whole. The memory of a fresh block has not
		// been touched yet: its first touch brings in the huge page.
		adviseHuge(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(block))), n*size&^(Huge-1)))
	}
	return block
}

func alignment(bytes int) int {
	if bytes >= Huge {
		return Huge
	}
	return Line
}

// Taken is the memory that a block of so many bytes takes: whole lines, and room to move to the next multiple of its alignment, so that no
// block shares its last line.
func Taken(bytes int) int { return (bytes+Line-1)&^(Line-1) + alignment(bytes) }

// Slab is a block that grows: the scratch of a workspace, which serves problems of several sizes and
// allocates nothing once it has seen the largest. The zero value is an empty slab.
type Slab[T Element] struct{ block []T }

// Get returns n elements, aligned as Make does it. They overlap those of earlier calls, and what they
// hold is not defined.
func (s *Slab[T]) Get(n int) []T {
	if n > len(s.block) {
		s.block = Make[T](n)
	}
	return s.block[:n:n]
}

// Len is the number of elements that are there.
func (s *Slab[T]) Len() int { return len(s.block) }
