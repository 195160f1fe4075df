package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/tensor"
)

// kinds of element types that an operator takes.
type kinds uint8

const (
	floating kinds = 1 << iota
	integer
	boolean
	numeric  = floating | integer
	anything = numeric | boolean
)

func (k kinds) has(d tensor.DType) bool {
	switch {
	case d.IsFloat():
		return k&floating != 0
	case d.IsInt():
		return k&integer != 0
	}
	return k&boolean != 0 && d == tensor.Bool
}

func (k kinds) String() string {
	switch k {
	case floating:
		return "a floating-point type"
	case integer:
		return "an integer type"
	case boolean:
		return "bool"
	case numeric:
		return "a numeric type"
	case integer | boolean:
		return "an integer type or bool"
	}
	return "any type"
}

// arity checks the number of inputs; those up to least must not be left out.
func arity(in []Arg, least, most int) error {
	if len(in) < least || len(in) > most {
		if least == most {
			return fmt.Errorf("%d inputs, want %d", len(in), least)
		}
		return fmt.Errorf("%d inputs, want %d to %d", len(in), least, most)
	}
	for i, a := range in[:least] {
		if !a.Given() {
			return fmt.Errorf("input %d is left out", i)
		}
	}
	return nil
}

// given returns input i, or the zero Arg.
func given(in []Arg, i int) Arg {
	if i < len(in) {
		return in[i]
	}
	return Arg{}
}

// arg returns input i, or the zero Array.
func arg(in []tensor.Array, i int) tensor.Array {
	if i < len(in) {
		return in[i]
	}
	return tensor.Array{}
}

// want checks the type of elements of an input.
func want(in []Arg, i int, k kinds) error {
	if d := in[i].Type.DType; !k.has(d) {
		return fmt.Errorf("input %d is %v, want %v", i, d, k)
	}
	return nil
}

// alike checks that inputs have the type of elements of the first of them.
func alike(in []Arg, which ...int) error {
	first := -1
	for _, i := range which {
		switch a := given(in, i); {
		case !a.Given():
		case first < 0:
			first = i
		case a.Type.DType != in[first].Type.DType:
			return fmt.Errorf("input %d is %v, want %v as input %d is", i, a.Type.DType, in[first].Type.DType, first)
		}
	}
	return nil
}

// inferUnary is Infer of a function of one input.
func inferUnary(in []Arg, k kinds) ([]tensor.Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	if err := want(in, 0, k); err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].Type}, nil
}

// evalUnary applies f to every element.
func evalUnary(out, in []tensor.Array, f func(float64) float64) error {
	x, y := in[0], out[0]
	for i := range y.Len() {
		y.SetFloat(i, f(x.Float(i)))
	}
	return nil
}

// evalUnaryInt applies f to floating-point elements and g to integers, which a float64 does not always hold.
func evalUnaryInt(out, in []tensor.Array, f func(float64) float64, g func(int64) int64) error {
	x, y := in[0], out[0]
	if !x.DType().IsInt() {
		return evalUnary(out, in, f)
	}
	for i := range y.Len() {
		y.SetInt(i, g(x.Int(i)))
	}
	return nil
}

// broadcast walks over the elements of an array of dims out and gives, for each, the index of the element of up to three inputs that
// belongs to it.
type broadcast struct {
	dims   tensor.Dims
	at     [tensor.MaxRank]int
	stride [3][tensor.MaxRank]int
	index  [3]int
}

func newBroadcast(out tensor.Dims, in ...tensor.Dims) *broadcast {
	b := &broadcast{dims: out}
	for k, d := range in {
		step, skip := 1, out.Rank()-d.Rank()
		for i := d.Rank() - 1; i >= 0; i-- {
			if d.At(i) != 1 {
				b.stride[k][skip+i] = step
			}
			step *= d.At(i)
		}
	}
	return b
}

// next goes to the next element.
func (b *broadcast) next() {
	for i := b.dims.Rank() - 1; i >= 0; i-- {
		b.at[i]++
		for k := range b.index {
			b.index[k] += b.stride[k][i]
		}
		if b.at[i] < b.dims.At(i) {
			return
		}
		b.at[i] = 0
		for k := range b.index {
			b.index[k] -= b.dims.At(i) * b.stride[k][i]
		}
	}
}

// inferBinary is Infer of a function of inputs that broadcast and have one type of elements, which the output has too unless result is
// given.
func inferBinary(in []Arg, k kinds, result tensor.DType) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	return inferVariadic(in, k, result)
}

func inferVariadic(in []Arg, k kinds, result tensor.DType) ([]tensor.Type, error) {
	if err := arity(in, 1, max(1, len(in))); err != nil {
		return nil, err
	}
	t := in[0].Type
	for i, a := range in {
		if !a.Given() {
			return nil, fmt.Errorf("input %d is left out", i)
		}
		if err := want(in, i, k); err != nil {
			return nil, err
		}
		if a.Type.DType != t.DType {
			return nil, fmt.Errorf("input %d is %v, want %v as input 0 is", i, a.Type.DType, t.DType)
		}
		var err error
		if t.Dims, err = tensor.Broadcast(t.Dims, a.Type.Dims); err != nil {
			return nil, fmt.Errorf("inputs: %w", err)
		}
	}
	if result != 0 {
		t.DType = result
	}
	return []tensor.Type{t}, nil
}

// evalBinary applies f to floating-point elements and g to integers and bools.
func evalBinary(out, in []tensor.Array, f func(a, b float64) float64, g func(a, b int64) int64) error {
	a, b, y := in[0], in[1], out[0]
	w := newBroadcast(y.Dims(), a.Dims(), b.Dims())
	for i := range y.Len() {
		j, k := w.index[0], w.index[1]
		if a.DType().IsFloat() || g == nil {
			y.SetFloat(i, f(a.Float(j), b.Float(k)))
		} else {
			y.SetInt(i, g(a.Int(j), b.Int(k)))
		}
		w.next()
	}
	return nil
}
