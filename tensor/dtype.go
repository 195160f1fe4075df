package tensor

import "fmt"

// DType is the type of the elements of a tensor. The zero value is no type: that of an input which is left out.
type DType uint8

const (
	Float32 DType = iota + 1
	Float64
	Float16  // IEEE 754 binary16
	BFloat16 // the upper half of a float32
	Int8
	Uint8
	Int16
	Uint16
	Int32
	Uint32
	Int64
	Uint64
	Bool // a byte, 0 or 1
	numDTypes
)

var dtypes = [numDTypes]struct {
	name string
	size int
}{
	{"none", 0}, {"float32", 4}, {"float64", 8}, {"float16", 2}, {"bfloat16", 2}, {"int8", 1}, {"uint8", 1}, {"int16", 2}, {"uint16", 2},
	{"int32", 4}, {"uint32", 4}, {"int64", 8}, {"uint64", 8}, {"bool", 1},
}

func (d DType) String() string {
	if d < numDTypes {
		return dtypes[d].name
	}
	return fmt.Sprintf("DType(%d)", uint8(d))
}

// ParseDType returns the type with the given name, as String gives it.
func ParseDType(name string) (DType, error) {
	for i := Float32; i < numDTypes; i++ {
		if dtypes[i].name == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("tensor: element type is %q, want one of float32, float64, float16, bfloat16, int8 to uint64, bool", name)
}

// Size is the number of bytes of an element.
func (d DType) Size() int {
	if d < numDTypes {
		return dtypes[d].size
	}
	return 0
}

// IsFloat says that the elements are floating-point numbers.
func (d DType) IsFloat() bool { return d >= Float32 && d <= BFloat16 }

// IsInt says that the elements are integers, with or without a sign.
func (d DType) IsInt() bool { return d >= Int8 && d <= Uint64 }

// IsSigned says that the elements are integers with a sign.
func (d DType) IsSigned() bool { return d == Int8 || d == Int16 || d == Int32 || d == Int64 }

// Element is a Go type of elements.
type Element interface {
	float32 | float64 | F16 | BF16 | int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | uint64 | bool
}

// DTypeOf returns the type of elements that T stands for.
func DTypeOf[T Element]() DType {
	var x T
	switch any(x).(type) {
	case float32:
		return Float32
	case float64:
		return Float64
	case F16:
		return Float16
	case BF16:
		return BFloat16
	case int8:
		return Int8
	case uint8:
		return Uint8
	case int16:
		return Int16
	case uint16:
		return Uint16
	case int32:
		return Int32
	case uint32:
		return Uint32
	case int64:
		return Int64
	case uint64:
		return Uint64
	}
	return Bool
}
