package cases

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// Tensor is an array of numbers in row-major order: bytes of a file, the output of a generator, or
// listed values.
type Tensor struct {
	Name  string
	Role  string // input, const, output, upstream, grad; "" in models
	DType string `json:"dtype"`
	Shape []int  // [] is a scalar

	Offset, Bytes int
	Scale         Floats // for quantised constants: the value is Scale[c]*(q-Zero), c the index on the first axis
	Zero          int
	Gen           *Gen
	First         []float64 // the first values of a generated tensor
	Values        []int     // of a small integer constant

	// Answers of models only.
	MaxAbs        float64 `json:"max_abs"`
	OrtF32MaxDiff float64 `json:"ort_f32_max_diff"` // how far ONNX Runtime's float32 answer was

	data []byte
}

// Floats is a JSON number or list of numbers.
type Floats []float64

// UnmarshalJSON reads either.
func (l *Floats) UnmarshalJSON(b []byte) error {
	var x float64
	if json.Unmarshal(b, &x) == nil {
		*l = Floats{x}
		return nil
	}
	return json.Unmarshal(b, (*[]float64)(l))
}

// Gen is the recipe of a generated tensor: uniform in Lo to Hi from splitmix64 (Steele, Lea and
// Flood, OOPSLA 2014), whose state starts as the FNV-1a hash of Seed.
type Gen struct {
	Seed   string
	Lo, Hi float64
}

// Fill writes the first len(x) values.
func (g *Gen) Fill(x []float32) {
	h := fnv.New64a()
	h.Write([]byte(g.Seed))
	s := h.Sum64()
	for i := range x {
		s += 0x9E3779B97F4A7C15
		z := s
		z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		z ^= z >> 31
		// The conversion keeps the product and the sum two roundings, where a compiler might fuse them.
		x[i] = float32(g.Lo + float64((g.Hi-g.Lo)*(float64(z>>40)/(1<<24))))
	}
}

var sizes = map[string]int{
	"float32": 4, "float64": 8, "float16": 2, "bfloat16": 2, "bool": 1,
	"int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "int32": 4, "uint32": 4, "int64": 8, "uint64": 8,
}

// attach gives the tensor its bytes of a file, and checks what is known about them.
func (t *Tensor) attach(bin []byte) error {
	n, ok := tensor.MulOK(t.Shape...)
	size := sizes[t.DType]
	switch {
	case !ok:
		return fmt.Errorf("tensor %q: shape %v", t.Name, t.Shape)
	case size == 0:
		return fmt.Errorf("tensor %q: unknown dtype %q", t.Name, t.DType)
	case t.Gen != nil:
		if t.DType != "float32" {
			return fmt.Errorf("tensor %q: generated, dtype %s, want float32", t.Name, t.DType)
		}
		first := make([]float32, min(n, len(t.First)))
		t.Gen.Fill(first)
		for i, x := range first {
			if float64(x) != t.First[i] {
				return fmt.Errorf("tensor %q: the generator's value %d is %v, want %v", t.Name, i, x, t.First[i])
			}
		}
		return nil
	case t.Values != nil:
		if n != len(t.Values) {
			return fmt.Errorf("tensor %q: %d values, want %d", t.Name, len(t.Values), n)
		}
		return nil
	case t.Bytes != n*size || t.Offset < 0 || t.Offset%16 != 0 || t.Offset > len(bin)-t.Bytes:
		return fmt.Errorf("tensor %q: %d bytes at %d of %d for %s%v", t.Name, t.Bytes, t.Offset, len(bin), t.DType, t.Shape)
	case len(t.Scale) > 1 && (len(t.Shape) == 0 || len(t.Scale) != t.Shape[0]):
		return fmt.Errorf("tensor %q: %d scales for shape %v", t.Name, len(t.Scale), t.Shape)
	}
	t.data = bin[t.Offset : t.Offset+t.Bytes]
	return nil
}

// Len is the number of elements.
func (t *Tensor) Len() int {
	n := 1
	for _, s := range t.Shape {
		n *= s
	}
	return n
}

// Raw returns the stored bytes, nil for a generated or listed tensor.
func (t *Tensor) Raw() []byte { return t.data }

// Float64s returns the values, quantised ones as what they stand for.
func (t *Tensor) Float64s() []float64 {
	v := make([]float64, t.Len())
	if t.Gen != nil {
		f := make([]float32, len(v))
		t.Gen.Fill(f)
		for i, x := range f {
			v[i] = float64(x)
		}
		return v
	}
	for i := range v {
		v[i] = t.at(i)
	}
	if len(t.Scale) > 0 {
		per := max(1, len(v)/len(t.Scale))
		for i := range v {
			v[i] = float64(float32(t.Scale[i/per] * (v[i] - float64(t.Zero))))
		}
	}
	return v
}

// Float32s returns the values rounded to float32, quantised ones as what they stand for.
func (t *Tensor) Float32s() []float32 {
	v := make([]float32, t.Len())
	if t.Gen != nil {
		t.Gen.Fill(v)
		return v
	}
	for i, x := range t.Float64s() {
		v[i] = float32(x)
	}
	return v
}

// Ints returns the stored integers (of a quantised tensor the codes); it panics for other types.
func (t *Tensor) Ints() []int {
	v := make([]int, t.Len())
	for i := range v {
		v[i] = t.int(i)
	}
	return v
}

// int returns element i of an integer type. uint64 wraps.
func (t *Tensor) int(i int) int {
	if t.Values != nil {
		return t.Values[i]
	}
	le, b := binary.LittleEndian, t.data
	switch t.DType {
	case "int8":
		return int(int8(b[i]))
	case "uint8", "bool":
		return int(b[i])
	case "int16":
		return int(int16(le.Uint16(b[2*i:])))
	case "uint16":
		return int(le.Uint16(b[2*i:]))
	case "int32":
		return int(int32(le.Uint32(b[4*i:])))
	case "uint32":
		return int(le.Uint32(b[4*i:]))
	case "int64", "uint64":
		return int(le.Uint64(b[8*i:]))
	}
	panic(fmt.Sprintf("cases: tensor %q holds %s, not integers", t.Name, t.DType))
}

func (t *Tensor) at(i int) float64 {
	le, b := binary.LittleEndian, t.data
	switch t.DType {
	case "float32":
		return float64(math.Float32frombits(le.Uint32(b[4*i:])))
	case "float64":
		return math.Float64frombits(le.Uint64(b[8*i:]))
	case "bfloat16":
		return float64(math.Float32frombits(uint32(le.Uint16(b[2*i:])) << 16))
	case "float16":
		return half(le.Uint16(b[2*i:]))
	case "uint64":
		if t.Values == nil {
			return float64(le.Uint64(b[8*i:]))
		}
	}
	return float64(t.int(i))
}

// half converts IEEE 754 binary16.
func half(h uint16) float64 {
	exp, frac := int(h>>10&31), float64(h&1023)/1024
	var x float64
	switch exp {
	case 0:
		x = math.Ldexp(frac, -14)
	case 31:
		x = math.Inf(1)
		if frac != 0 {
			x = math.NaN()
		}
	default:
		x = math.Ldexp(1+frac, exp-15)
	}
	if h>>15 != 0 {
		x = -x
	}
	return x
}
