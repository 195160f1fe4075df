package tensor

import (
	"fmt"
	"strconv"
	"strings"
)

// MaxRank is the largest number of axes of a tensor.
const MaxRank = 8

// Dims are the sizes of up to MaxRank axes, the outermost first. They are comparable; the zero value is a scalar.
type Dims struct {
	rank uint8
	size [MaxRank]int
}

// D returns dims of the given sizes. It panics when there are more than MaxRank: for sizes that the program knows.
func D(sizes ...int) Dims {
	d, err := MakeDims(sizes)
	if err != nil {
		panic(err)
	}
	return d
}

// MakeDims returns dims of the given sizes, of which there may be at most MaxRank. The sizes themselves are not looked at.
func MakeDims(sizes []int) (d Dims, err error) {
	if len(sizes) > MaxRank {
		return d, fmt.Errorf("tensor: %d axes, want at most %d", len(sizes), MaxRank)
	}
	d.rank = uint8(copy(d.size[:], sizes))
	return d, nil
}

// Rank is the number of axes.
func (d Dims) Rank() int { return int(d.rank) }

// At returns the size of axis i, from 0 to Rank-1.
func (d Dims) At(i int) int { return d.size[:d.rank][i] }

// Set returns dims with another size of axis i.
func (d Dims) Set(i, size int) Dims {
	d.size[:d.rank][i] = size
	return d
}

// Append returns dims with one more axis, the innermost. It panics when there are MaxRank already.
func (d Dims) Append(size int) Dims {
	d.size[d.rank] = size
	d.rank++
	return d
}

// Slice returns a new slice of the sizes.
func (d Dims) Slice() []int { return append([]int{}, d.size[:d.rank]...) }

// Elems is the product of all sizes: 1 for a scalar.
func (d Dims) Elems() int { return d.Span(0, d.Rank()) }

// Span is the product of the sizes of the axes from lo to hi-1.
func (d Dims) Span(lo, hi int) int {
	n := 1
	for _, s := range d.size[lo:hi] {
		n *= s
	}
	return n
}

// String is the sizes with an x between them, or "scalar".
func (d Dims) String() string {
	if d.rank == 0 {
		return "scalar"
	}
	s := make([]string, d.rank)
	for i := range s {
		s[i] = strconv.Itoa(d.size[i])
	}
	return strings.Join(s, "x")
}

// Axis returns an axis as a number from 0, where a negative one counts from behind as ONNX has it. The rank may be that of
// dims with axes yet to come.
func Axis(axis, rank int) (int, error) {
	if axis < -rank || axis >= rank {
		return 0, fmt.Errorf("axis is %d, want %d to %d", axis, -rank, rank-1)
	}
	if axis < 0 {
		axis += rank
	}
	return axis, nil
}

// Broadcast returns the dims of a and b stretched to each other: axes are matched from the innermost, and a size of 1, or
// an axis that is missing, becomes the other's (numpy's and ONNX's rule).
func Broadcast(a, b Dims) (Dims, error) {
	if a.rank < b.rank {
		a, b = b, a
	}
	out, skip := a, int(a.rank-b.rank)
	for i, n := range b.size[:b.rank] {
		switch m := a.size[skip+i]; {
		case m == n || n == 1:
		case m == 1:
			out.size[skip+i] = n
		default:
			return Dims{}, fmt.Errorf("%v and %v do not broadcast: axis %d is %d in one and %d in the other", a, b, skip+i, m, n)
		}
	}
	return out, nil
}

// Type is the type of a tensor.
type Type struct {
	DType DType
	Dims  Dims
}

// T returns a type: for types that the program knows, as D.
func T(d DType, sizes ...int) Type { return Type{d, D(sizes...)} }

func (t Type) String() string { return fmt.Sprintf("%v %v", t.DType, t.Dims) }

// Elems is the number of elements.
func (t Type) Elems() int { return t.Dims.Elems() }

// Bytes is the size in memory, without gaps.
func (t Type) Bytes() int { return t.Dims.Elems() * t.DType.Size() }

// Check returns an error when a size is negative, or when the whole does not fit the address space.
func (t Type) Check() error {
	if t.DType == 0 || t.DType >= numDTypes {
		return fmt.Errorf("tensor: element type is %v", t.DType)
	}
	for i, n := range t.Dims.size[:t.Dims.rank] {
		if n < 0 {
			return fmt.Errorf("tensor: axis %d is %d, want at least 0", i, n)
		}
	}
	if _, ok := MulOK(append(t.Dims.Slice(), t.DType.Size())...); !ok {
		return fmt.Errorf("tensor: %v overflows the address space", t)
	}
	return nil
}
