package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// Reduction is what the reductions share. The axes are the second input; without it, or where it is empty, all axes are reduced, or with NoopEmpty none.
// The reduced axes stay with one element, unless Drop is set.
type Reduction struct {
	Drop      bool // ONNX's keepdims = 0
	NoopEmpty bool // ONNX's noop_with_empty_axes = 1
}

// axes returns which axes are reduced.
func (o Reduction) axes(in []Arg) (r [tensor.MaxRank]bool, err error) {
	var list []int
	if given(in, 1).Given() {
		if list, err = constInts(in, 1, "the axes"); err != nil {
			return r, err
		}
	}
	rank := in[0].Type.Dims.Rank()
	if len(list) == 0 && !o.NoopEmpty {
		for i := range rank {
			r[i] = true
		}
	}
	for _, a := range list {
		i, err := tensor.Axis(a, rank)
		if err != nil {
			return r, err
		}
		r[i] = true
	}
	return r, nil
}

func (o Reduction) infer(in []Arg, k kinds) ([]tensor.Type, error) {
	if err := arity(in, 1, 2); err != nil {
		return nil, err
	}
	if err := want(in, 0, k); err != nil {
		return nil, err
	}
	r, err := o.axes(in)
	if err != nil {
		return nil, err
	}
	t := tensor.Type{DType: in[0].Type.DType}
	for i := range in[0].Type.Dims.Rank() {
		switch {
		case !r[i]:
			t.Dims = t.Dims.Append(in[0].Type.Dims.At(i))
		case !o.Drop:
			t.Dims = t.Dims.Append(1)
		}
	}
	return []tensor.Type{t}, nil
}

// walk calls f for every element of the input with the index of the element of the output that it goes into.
func (o Reduction) walk(in []tensor.Array, f func(out, at int)) error {
	r, err := o.axes(arraysAsArgs(in))
	if err != nil {
		return err
	}
	d := in[0].Dims()
	w := broadcast{dims: d}
	step := 1
	for i := d.Rank() - 1; i >= 0; i-- {
		if !r[i] {
			w.stride[0][i] = step
			step *= d.At(i)
		}
	}
	for i := range in[0].Len() {
		f(w.index[0], i)
		w.next()
	}
	return nil
}

// fold reduces: every output begins as start, takes in f of what it was and every element of its own, and ends as end of that and the number of
// elements.
func (o Reduction) fold(out, in []tensor.Array, start float64, f func(sum, x float64) float64, end func(sum, n float64) float64) error {
	y := out[0]
	sums := make([]float64, y.Len())
	for i := range sums {
		sums[i] = start
	}
	if err := o.walk(in, func(i, at int) { sums[i] = f(sums[i], in[0].Float(at)) }); err != nil {
		return err
	}
	n := float64(in[0].Len()) / float64(max(1, y.Len()))
	for i, v := range sums {
		if end != nil {
			v = end(v, n)
		}
		y.SetFloat(i, v)
	}
	return nil
}

// foldInt is fold for integers.
func (o Reduction) foldInt(out, in []tensor.Array, start int64, f func(sum, x int64) int64) error {
	y := out[0]
	for i := range y.Len() {
		y.SetInt(i, start)
	}
	return o.walk(in, func(i, at int) { y.SetInt(i, f(y.Int(i), in[0].Int(at))) })
}

// ReduceSum is the sum over axes.
type ReduceSum struct{ Reduction }

// ReduceMean is the mean over axes.
type ReduceMean struct{ Reduction }

// ReduceMax is the largest element over axes; a NaN wins.
type ReduceMax struct{ Reduction }

// ReduceMin is the smallest element over axes; a NaN wins.
type ReduceMin struct{ Reduction }

// ReduceProd is the product over axes.
type ReduceProd struct{ Reduction }

// ReduceL1 is the sum of absolute values over axes.
type ReduceL1 struct{ Reduction }

// ReduceL2 is the root of the sum of squares over axes.
type ReduceL2 struct{ Reduction }

// ReduceSumSquare is the sum of squares over axes.
type ReduceSumSquare struct{ Reduction }

// ReduceLogSum is the logarithm of the sum over axes.
type ReduceLogSum struct{ Reduction }

// ReduceLogSumExp is the logarithm of the sum of exponentials over axes.
type ReduceLogSumExp struct{ Reduction }

func (o ReduceSum) Infer(in []Arg) ([]tensor.Type, error)       { return o.infer(in, numeric) }
func (o ReduceMean) Infer(in []Arg) ([]tensor.Type, error)      { return o.infer(in, numeric) }
func (o ReduceMax) Infer(in []Arg) ([]tensor.Type, error)       { return o.infer(in, anything) }
func (o ReduceMin) Infer(in []Arg) ([]tensor.Type, error)       { return o.infer(in, anything) }
func (o ReduceProd) Infer(in []Arg) ([]tensor.Type, error)      { return o.infer(in, numeric) }
func (o ReduceL1) Infer(in []Arg) ([]tensor.Type, error)        { return o.infer(in, numeric) }
func (o ReduceL2) Infer(in []Arg) ([]tensor.Type, error)        { return o.infer(in, numeric) }
func (o ReduceSumSquare) Infer(in []Arg) ([]tensor.Type, error) { return o.infer(in, numeric) }
func (o ReduceLogSum) Infer(in []Arg) ([]tensor.Type, error)    { return o.infer(in, numeric) }
func (o ReduceLogSumExp) Infer(in []Arg) ([]tensor.Type, error) { return o.infer(in, numeric) }

func add64(a, b float64) float64 { return a + b }

func (o ReduceSum) Eval(out, in []tensor.Array) error {
	if in[0].DType().IsInt() {
		return o.foldInt(out, in, 0, func(a, b int64) int64 { return a + b })
	}
	return o.fold(out, in, 0, add64, nil)
}

func (o ReduceMean) Eval(out, in []tensor.Array) error {
	return o.fold(out, in, 0, add64, func(sum, n float64) float64 { return sum / n })
}

func (o ReduceMax) Eval(out, in []tensor.Array) error {
	d := in[0].DType()
	if !d.IsFloat() {
		return o.foldInt(out, in, lowest(d), func(a, b int64) int64 {
			if less(d, a, b) {
				return b
			}
			return a
		})
	}
	return o.fold(out, in, math.Inf(-1), func(a, b float64) float64 { return max(a, b) }, nil)
}

func (o ReduceMin) Eval(out, in []tensor.Array) error {
	d := in[0].DType()
	if !d.IsFloat() {
		top := int64(1) // of bool
		if d.IsInt() {
			top = ^lowest(d)
			if !d.IsSigned() {
				top = int64(^uint64(0) >> (64 - 8*d.Size()))
			}
		}
		return o.foldInt(out, in, top, func(a, b int64) int64 {
			if less(d, b, a) {
				return b
			}
			return a
		})
	}
	return o.fold(out, in, math.Inf(1), func(a, b float64) float64 { return min(a, b) }, nil)
}

func (o ReduceProd) Eval(out, in []tensor.Array) error {
	if in[0].DType().IsInt() {
		return o.foldInt(out, in, 1, func(a, b int64) int64 { return a * b })
	}
	return o.fold(out, in, 1, func(a, b float64) float64 { return a * b }, nil)
}

func (o ReduceL1) Eval(out, in []tensor.Array) error {
	return o.fold(out, in, 0, func(a, b float64) float64 { return a + math.Abs(b) }, nil)
}

func square(a, b float64) float64 { return a + b*b }

func (o ReduceL2) Eval(out, in []tensor.Array) error {
	return o.fold(out, in, 0, square, func(sum, _ float64) float64 { return math.Sqrt(sum) })
}

func (o ReduceSumSquare) Eval(out, in []tensor.Array) error { return o.fold(out, in, 0, square, nil) }

func (o ReduceLogSum) Eval(out, in []tensor.Array) error {
	return o.fold(out, in, 0, add64, func(sum, _ float64) float64 { return math.Log(sum) })
}

func (o ReduceLogSumExp) Eval(out, in []tensor.Array) error {
	// The largest element is taken out, so that exponentials do not overflow.
	top := make([]float64, out[0].Len())
	for i := range top {
		top[i] = math.Inf(-1)
	}
	if err := o.walk(in, func(i, at int) { top[i] = max(top[i], in[0].Float(at)) }); err != nil {
		return err
	}
	sums := make([]float64, len(top))
	if err := o.walk(in, func(i, at int) {
		if x := in[0].Float(at); x == top[i] { // also where it is infinite
			sums[i]++
		} else {
			sums[i] += math.Exp(x - top[i])
		}
	}); err != nil {
		return err
	}
	for i := range top {
		out[0].SetFloat(i, top[i]+math.Log(sums[i]))
	}
	return nil
}

// ArgMax is the place of the largest element along Axis, int64; of several the first, or with Last the last. The axis stays with one element, unless
// Drop is set.
type ArgMax struct {
	Axis       int
	Drop, Last bool
}

// ArgMin is ArgMax for the smallest element.
type ArgMin struct {
	Axis       int
	Drop, Last bool
}

func (o ArgMax) Infer(in []Arg) ([]tensor.Type, error) { return inferArg(in, o.Axis, o.Drop) }
func (o ArgMin) Infer(in []Arg) ([]tensor.Type, error) { return inferArg(in, o.Axis, o.Drop) }

func inferArg(in []Arg, axis int, drop bool) ([]tensor.Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	if err := want(in, 0, numeric); err != nil {
		return nil, err
	}
	d := in[0].Type.Dims
	axis, err := tensor.Axis(axis, d.Rank())
	if err != nil {
		return nil, err
	}
	if d.At(axis) == 0 {
		return nil, fmt.Errorf("axis %d of the input %v is empty", axis, d)
	}
	t := tensor.Type{DType: tensor.Int64}
	for i := range d.Rank() {
		switch {
		case i != axis:
			t.Dims = t.Dims.Append(d.At(i))
		case !drop:
			t.Dims = t.Dims.Append(1)
		}
	}
	return []tensor.Type{t}, nil
}

// alongAxis calls f for every line of an array along an axis, with the index of its first element and the distance of its elements.
func alongAxis(d tensor.Dims, axis int, f func(i, first, step int)) {
	step := d.Span(axis+1, d.Rank())
	for i := range d.Span(0, axis) {
		for j := range step {
			f(i*step+j, i*step*d.At(axis)+j, step)
		}
	}
}

func (o ArgMax) Eval(out, in []tensor.Array) error {
	return evalArg(out, in, o.Axis, o.Last, func(a, b float64) bool { return a > b })
}

func (o ArgMin) Eval(out, in []tensor.Array) error {
	return evalArg(out, in, o.Axis, o.Last, func(a, b float64) bool { return a < b })
}

func evalArg(out, in []tensor.Array, axis int, last bool, better func(a, b float64) bool) error {
	x := in[0]
	axis, err := tensor.Axis(axis, x.Dims().Rank())
	if err != nil {
		return err
	}
	alongAxis(x.Dims(), axis, func(i, first, step int) {
		best, at := x.Float(first), 0
		for k := range x.Dims().At(axis) {
			if v := x.Float(first + k*step); better(v, best) || last && v == best || v != v && best == best {
				best, at = v, k
			}
		}
		out[0].SetInt(i, int64(at))
	})
	return nil
}
