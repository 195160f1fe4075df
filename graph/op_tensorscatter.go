package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/tensor"
)

// TensorScatter writes its second input, which is no longer than the first along Axis and as large elsewhere, over a piece of the first: what a cache of keys and
// values takes with every step. The third input, one number for each element of the batch, says where the pieces begin; without it they begin at 0. With Circular
// what would go beyond the end goes on at the beginning.
type TensorScatter struct {
	Axis     int // -2 where the standard leaves it out
	Circular bool
}

func (o TensorScatter) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 3); err != nil {
		return nil, err
	}
	if err := alike(in, 0, 1); err != nil {
		return nil, err
	}
	d := in[0].Type.Dims
	axis, err := tensor.Axis(o.Axis, d.Rank())
	if err != nil {
		return nil, err
	}
	if axis == 0 {
		return nil, fmt.Errorf("Axis is 0, that of the batch, want another")
	}
	u := in[1].Type.Dims
	if u.Rank() != d.Rank() || u.At(axis) > d.At(axis) || u.Set(axis, d.At(axis)) != d {
		return nil, fmt.Errorf("input 1 is %v, want %v with at most %d along axis %d", u, d, d.At(axis), axis)
	}
	if given(in, 2).Given() {
		if err := want(in, 2, integer); err != nil {
			return nil, err
		}
		if in[2].Type.Dims != tensor.D(d.At(0)) {
			return nil, fmt.Errorf("input 2 is %v, want %d, one number for each of the batch", in[2].Type.Dims, d.At(0))
		}
	}
	return []tensor.Type{in[0].Type}, nil
}

func (o TensorScatter) Eval(out, in []tensor.Array) error {
	y, u := out[0], in[1]
	if err := evalCopy(out, in); err != nil {
		return err
	}
	d := y.Dims()
	axis, err := tensor.Axis(o.Axis, d.Rank())
	if err != nil {
		return err
	}
	whole, piece := d.At(axis), u.Dims().At(axis)
	row := d.Span(axis+1, d.Rank()) * y.DType().Size()
	outer := d.Span(0, axis)
	for i := range outer {
		start := 0
		if at := arg(in, 2); at.Valid() {
			start = int(at.Int(i / (outer / d.At(0))))
		}
		if start < 0 || start > whole || !o.Circular && start+piece > whole {
			return fmt.Errorf("a piece of %d begins at %d, want it inside the %d along axis %d", piece, start, whole, axis)
		}
		for j := range piece {
			copy(y.Bytes()[(i*whole+(start+j)%whole)*row:][:row], u.Bytes()[(i*piece+j)*row:])
		}
	}
	return nil
}
