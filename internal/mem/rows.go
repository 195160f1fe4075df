package mem

import "unsafe"

// Apart reports whether x and y have no memory in common.
func Apart[T Element](x, y []T) bool {
	var zero T
	size := unsafe.Sizeof(zero)
	p, q := uintptr(unsafe.Pointer(unsafe.SliceData(x))), uintptr(unsafe.Pointer(unsafe.SliceData(y)))
	return p+size*uintptr(len(x)) <= q || q+size*uintptr(len(y)) <= p
}

// Rows are N runs of Len floats, Step floats from one to the next: a matrix, or the channels of pixels.
type Rows struct {
	First        *float32
	N, Len, Step int
}

// Dense returns all of x as a row.
func Dense(x []float32) Rows { return Rows{unsafe.SliceData(x), 1, len(x), len(x)} }

// Overlap reports whether x and y have a float in common. It says no where neither is without gaps and their steps differ: that would
// take a search.
func (x Rows) Overlap(y Rows) bool {
	x, y = x.joined(), y.joined()
	if x.N <= 0 || x.Len <= 0 || y.N <= 0 || y.Len <= 0 {
		return false
	}
	a, b := uintptr(unsafe.Pointer(x.First)), uintptr(unsafe.Pointer(y.First))
	if a >= b+y.bytes() || b >= a+x.bytes() {
		return false
	}
	step := x.Step
	if x.N == 1 {
		step = y.Step
	} else if y.N > 1 && step != y.Step {
		return false
	}
	// Row i of y and row j of x meet if -4*y.Len < d+(i-j)*step < 4*x.Len. Try the smallest i-j above the one bound.
	d, step := int(b-a), 4*step
	t := max(floor(-4*y.Len-d, step)+1, 1-x.N)
	return t < y.N && d+t*step < 4*x.Len
}

// joined is x as one row, if it has no gaps.
func (x Rows) joined() Rows {
	if x.Step == x.Len {
		x.N, x.Len = min(x.N, 1), x.N*x.Len
		x.Step = x.Len
	}
	return x
}

// bytes is the size from the first float to the last.
func (x Rows) bytes() uintptr { return 4 * uintptr((x.N-1)*x.Step+x.Len) }

// floor divides and rounds down.
func floor(n, d int) int {
	q := n / d
	if n%d < 0 {
		q--
	}
	return q
}
