package ort

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// Type is the type of a tensor's elements, numbered as ONNX does.
type Type int

// The types of elements.
const (
	Float32  Type = 1
	Uint8    Type = 2
	Int8     Type = 3
	Uint16   Type = 4
	Int16    Type = 5
	Int32    Type = 6
	Int64    Type = 7
	Bool     Type = 9
	Float16  Type = 10
	Float64  Type = 11
	Uint32   Type = 12
	Uint64   Type = 13
	BFloat16 Type = 16
)

var types = map[Type]struct {
	name string
	size int
}{
	Float32: {"float32", 4}, Uint8: {"uint8", 1}, Int8: {"int8", 1}, Uint16: {"uint16", 2}, Int16: {"int16", 2}, Int32: {"int32", 4},
	Int64: {"int64", 8}, Bool: {"bool", 1}, Float16: {"float16", 2}, Float64: {"float64", 8}, Uint32: {"uint32", 4}, Uint64: {"uint64", 8},
	BFloat16: {"bfloat16", 2},
}

func (t Type) String() string {
	if k, ok := types[t]; ok {
		return k.name
	}
	return fmt.Sprintf("type %d", int(t))
}

// Size is the number of bytes of an element, 0 for a type that is not in the list.
func (t Type) Size() int { return types[t].size }

// ParseType finds a type by its name.
func ParseType(name string) (Type, error) {
	for t, k := range types {
		if k.name == name {
			return t, nil
		}
	}
	return 0, fmt.Errorf("ort: unknown type %q", name)
}

// Tensor is an array of numbers in row-major order, in the machine's byte order.
type Tensor struct {
	Type  Type
	Shape []int // [] is a scalar
	Data  []byte
}

// NewTensor makes a tensor of zeros.
func NewTensor(t Type, shape ...int) (*Tensor, error) {
	n, ok := tensor.MulOK(append(slices.Clone(shape), t.Size())...)
	if !ok || t.Size() == 0 {
		return nil, fmt.Errorf("ort: a tensor of %v%v", t, shape)
	}
	return &Tensor{Type: t, Shape: slices.Clone(shape), Data: mem.Bytes(n)}, nil
}

// Half is a float16 as its bits.
type Half uint16

// Element is what a tensor is made of and read as.
type Element interface {
	float32 | float64 | Half | int8 | uint8 | int16 | int32 | int64 | bool
}

func typeOf[T Element]() Type {
	switch any(*new(T)).(type) {
	case float32:
		return Float32
	case float64:
		return Float64
	case Half:
		return Float16
	case int8:
		return Int8
	case uint8:
		return Uint8
	case int16:
		return Int16
	case int32:
		return Int32
	case int64:
		return Int64
	}
	return Bool
}

// Of makes a tensor that shares the memory of x.
func Of[T Element](x []T, shape ...int) *Tensor {
	return &Tensor{
		Type: typeOf[T](), Shape: slices.Clone(shape),
		Data: unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*int(unsafe.Sizeof(*new(T)))),
	}
}

// Values returns the elements, in the tensor's memory. It panics where the tensor has another type.
func Values[T Element](t *Tensor) []T {
	if t.Type != typeOf[T]() {
		panic("ort: Values of another type than the tensor's")
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(t.Data))), len(t.Data)/t.Type.Size())
}

// check says what is wrong with a tensor.
func (t *Tensor) check() error {
	n, ok := tensor.MulOK(append(slices.Clone(t.Shape), t.Type.Size())...)
	if !ok || t.Type.Size() == 0 || n != len(t.Data) {
		return fmt.Errorf("a tensor of %v%v has %d bytes", t.Type, t.Shape, len(t.Data))
	}
	return nil
}
