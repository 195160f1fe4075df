package tensor

import (
	"fmt"
	"unsafe"
)

// Array is a tensor in memory: elements of one type, row-major, without gaps. It is a reference, as a slice is. The zero
// value is no array.
type Array struct {
	typ  Type
	n    int            // elements
	data unsafe.Pointer // aligned to the size of an element
}

// Type is the type of the array.
func (a Array) Type() Type { return a.typ }

// Dims are the sizes of the axes.
func (a Array) Dims() Dims { return a.typ.Dims }

// DType is the type of the elements.
func (a Array) DType() DType { return a.typ.DType }

// Len is the number of elements.
func (a Array) Len() int { return a.n }

// NewArray returns an array of zeros.
func NewArray(t Type) Array {
	words := make([]uint64, (t.Bytes()+7)/8)
	return Array{t, t.Elems(), unsafe.Pointer(unsafe.SliceData(words))}
}

// Of returns an array that is the slice x, whose length must be the number of elements.
func Of[T Element](dims Dims, x []T) Array {
	if len(x) != dims.Elems() {
		panic("tensor: Of: len(x) is not the number of elements")
	}
	return Array{Type{DTypeOf[T](), dims}, len(x), unsafe.Pointer(unsafe.SliceData(x))}
}

// Scalar returns an array of rank 0.
func Scalar[T Element](x T) Array { return Of(Dims{}, []T{x}) }

// Vector returns an array of rank 1 that is the slice x.
func Vector[T Element](x []T) Array { return Of(D(len(x)), x) }

// FromBytes returns an array that is the memory b, little-endian as the processors are that this runs on. Its length must be
// that of the type; memory that is not aligned for the elements is copied.
func FromBytes(t Type, b []byte) Array {
	if len(b) != t.Bytes() {
		panic("tensor: FromBytes: len(b) is not the size of the type")
	}
	p := unsafe.Pointer(unsafe.SliceData(b))
	if uintptr(p)%uintptr(max(t.DType.Size(), 1)) != 0 {
		a := NewArray(t)
		copy(a.Bytes(), b)
		return a
	}
	return Array{t, t.Elems(), p}
}

// Data returns the elements of a as a slice. It panics when T is not their type.
func Data[T Element](a Array) []T {
	if a.typ.DType != DTypeOf[T]() {
		panic(fmt.Sprintf("tensor: Data[%v] of an array of %v", DTypeOf[T](), a.typ.DType))
	}
	return unsafe.Slice((*T)(a.data), a.n)
}

// Bytes returns the memory.
func (a Array) Bytes() []byte { return unsafe.Slice((*byte)(a.data), a.n*a.typ.DType.Size()) }

// Valid says that a is an array, which the zero value is not.
func (a Array) Valid() bool { return a.typ.DType != 0 }

// Reshape returns the same elements with other dims, of which there must be as many.
func (a Array) Reshape(d Dims) Array {
	if d.Elems() != a.n {
		panic("tensor: Reshape: another number of elements")
	}
	a.typ.Dims = d
	return a
}

// Clone returns a copy.
func (a Array) Clone() Array {
	b := NewArray(a.typ)
	copy(b.Bytes(), a.Bytes())
	return b
}

// elem returns element i, which must be in range: the callers check.
func elem[T Element](a *Array, i int) *T {
	return (*T)(unsafe.Add(a.data, uintptr(i)*unsafe.Sizeof(*new(T))))
}

func (a *Array) check(i int) {
	if uint(i) >= uint(a.n) {
		panic("tensor: index out of range")
	}
}

// Float returns element i as a float64: exact but for large 64-bit integers; a Bool is 0 or 1.
func (a Array) Float(i int) float64 {
	switch a.check(i); a.typ.DType {
	case Float32:
		return float64(*elem[float32](&a, i))
	case Float64:
		return *elem[float64](&a, i)
	case Float16:
		return float64(elem[F16](&a, i).Float32())
	case BFloat16:
		return float64(elem[BF16](&a, i).Float32())
	case Uint64:
		return float64(*elem[uint64](&a, i))
	}
	return float64(a.Int(i))
}

// SetFloat sets element i to x rounded to its type: to nearest, ties to even, for floating-point types; towards zero for integers,
// where a number that does not fit gives an unspecified one; x != 0 for Bool.
func (a Array) SetFloat(i int, x float64) {
	switch a.check(i); a.typ.DType {
	case Float32:
		*elem[float32](&a, i) = float32(x)
	case Float64:
		*elem[float64](&a, i) = x
	case Float16:
		*elem[F16](&a, i) = toF16(x)
	case BFloat16:
		*elem[BF16](&a, i) = ToBF16(toOdd32(x))
	case Uint64:
		*elem[uint64](&a, i) = uint64(x)
	case Bool:
		*elem[bool](&a, i) = x != 0
	default:
		a.SetInt(i, int64(x))
	}
}

// Int returns element i as an integer, towards zero.
func (a Array) Int(i int) int64 {
	switch a.check(i); a.typ.DType {
	case Int8:
		return int64(*elem[int8](&a, i))
	case Uint8, Bool:
		return int64(*elem[uint8](&a, i))
	case Int16:
		return int64(*elem[int16](&a, i))
	case Uint16:
		return int64(*elem[uint16](&a, i))
	case Int32:
		return int64(*elem[int32](&a, i))
	case Uint32:
		return int64(*elem[uint32](&a, i))
	case Int64, Uint64:
		return *elem[int64](&a, i)
	}
	return int64(a.Float(i))
}

// SetInt sets element i to x, whose upper bits are dropped where its type has none for them.
func (a Array) SetInt(i int, x int64) {
	switch a.check(i); a.typ.DType {
	case Int8, Uint8:
		*elem[int8](&a, i) = int8(x)
	case Int16, Uint16:
		*elem[int16](&a, i) = int16(x)
	case Int32, Uint32:
		*elem[int32](&a, i) = int32(x)
	case Int64, Uint64:
		*elem[int64](&a, i) = x
	case Bool:
		*elem[bool](&a, i) = x != 0
	default:
		a.SetFloat(i, float64(x))
	}
}

// Ints returns the elements as integers in a new slice.
func (a Array) Ints() []int {
	x := make([]int, a.n)
	for i := range x {
		x[i] = int(a.Int(i))
	}
	return x
}

// ArrayOfType returns an array that has a type and no memory: its elements must not be touched.
func ArrayOfType(t Type) Array { return Array{typ: t} }
