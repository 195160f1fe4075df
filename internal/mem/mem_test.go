package mem

import (
	"math"
	"runtime"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func address[T any](s []T) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(s))) }

func testMake[T Element](t *testing.T) {
	var zero T
	size := int(unsafe.Sizeof(zero))
	huge := Huge / size
	for _, n := range []int{0, 1, 2, 3, 15, 16, 17, 63, 64, 65, 1000, 4096, huge - 1, huge, huge + 1, 2*huge + 5} {
		for range 3 {
			s := Make[T](n)
			require.NotNil(t, s)
			require.Len(t, s, n)
			require.Equal(t, n, cap(s), "an append must not write behind the block")
			align := uintptr(Line)
			if n*size >= Huge {
				align = Huge
			}
			require.Zero(t, address(s)%align, "%d elements of %d bytes", n, size)
			for i := range s {
				if s[i] != 0 {
					t.Fatalf("element %d of %d is %v", i, n, s[i])
				}
				s[i] = 1 // dirty memory for the allocations that follow
			}
		}
		runtime.GC()
	}
}

func TestMake(t *testing.T) {
	t.Run("uint8", testMake[uint8])
	t.Run("uint16", testMake[uint16])
	t.Run("float32", testMake[float32])
	t.Run("float64", testMake[float64])
}

func TestFloatsAndBytes(t *testing.T) {
	require.Len(t, Floats(7), 7)
	require.Len(t, Bytes(7), 7)
	require.Zero(t, address(Floats(7))%Line)
	require.Zero(t, address(Bytes(7))%Line)
}

// Blocks that live together have no cache line in common.
func TestLinesAreNotShared(t *testing.T) {
	owner := make(map[uintptr]int)
	var keep [][]byte
	for i := range 2000 {
		b := Bytes(1 + i%200)
		keep = append(keep, b)
		for a := address(b) / Line; a <= (address(b)+uintptr(len(b))-1)/Line; a++ {
			if j, taken := owner[a]; taken {
				t.Fatalf("blocks %d and %d share a line", j, i)
			}
			owner[a] = i
		}
	}
	runtime.KeepAlive(keep)
}

// A block that does not escape stays aligned while its goroutine's stack grows and moves.
func TestBlocksAreNotOnTheStack(t *testing.T) {
	done := make(chan uintptr)
	go func() {
		b := Floats(4)
		before := address(b)
		deep(200)
		done <- before - address(b)
	}()
	require.Zero(t, <-done)
}

//go:noinline
func deep(n int) int {
	var frame [128]int
	if n == 0 {
		return 0
	}
	frame[n%128] = deep(n - 1)
	return frame[n%128] + 1
}

func TestSizes(t *testing.T) {
	const message = "mem: size out of range"
	for _, n := range []int{-1, math.MinInt, math.MaxInt, math.MaxInt / 4, math.MaxInt/4 - 8} {
		require.PanicsWithValue(t, message, func() { Floats(n) }, "%d", n)
	}
	for _, n := range []int{-1, math.MinInt, math.MaxInt, math.MaxInt - Huge} {
		require.PanicsWithValue(t, message, func() { Bytes(n) }, "%d", n)
	}
}

func TestSlab(t *testing.T) {
	var s Slab[float32]
	require.Empty(t, s.Get(0))
	a := s.Get(100)
	require.Len(t, a, 100)
	require.Zero(t, address(a)%Line)
	b := s.Get(10)
	require.Len(t, b, 10)
	require.Equal(t, 10, cap(b))
	require.Equal(t, address(a), address(b))
	require.Zero(t, testing.AllocsPerRun(10, func() { s.Get(100) }))
	require.Len(t, s.Get(101), 101)
}
