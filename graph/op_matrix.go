package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// Det is the determinants of the square matrices of the last two axes.
type Det struct{}

func (Det) Infer(in []Arg) ([]tensor.Type, error) {
	t, err := inferUnary(in, floating)
	if err != nil {
		return nil, err
	}
	d := t[0].Dims
	r := d.Rank()
	if r < 2 || d.At(r-1) != d.At(r-2) {
		return nil, fmt.Errorf("the input is %v, want at least 2 axes and square matrices", t[0])
	}
	t[0].Dims, err = tensor.MakeDims(d.Slice()[:r-2])
	return t, err
}

func (Det) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	n := x.Dims().At(x.Dims().Rank() - 1)
	a := make([]float64, n*n)
	for m := range y.Len() {
		for i := range a {
			a[i] = x.Float(m*n*n + i)
		}
		det := 1.0
		for k := range n { // elimination, the largest element of the column first
			p := k
			for i := k + 1; i < n; i++ {
				if math.Abs(a[i*n+k]) > math.Abs(a[p*n+k]) {
					p = i
				}
			}
			if p != k {
				det = -det
				for j := range n {
					a[k*n+j], a[p*n+j] = a[p*n+j], a[k*n+j]
				}
			}
			if det *= a[k*n+k]; a[k*n+k] == 0 {
				break
			}
			for i := k + 1; i < n; i++ {
				f := a[i*n+k] / a[k*n+k]
				for j := k; j < n; j++ {
					a[i*n+j] -= f * a[k*n+j]
				}
			}
		}
		y.SetFloat(m, det)
	}
	return nil
}

// EyeLike is a matrix of the dims of its input with ones on a diagonal, K above the main one, and zeros elsewhere, of type DType (the input's if it is 0).
type EyeLike struct {
	K     int
	DType tensor.DType
}

func (EyeLike) typeOnly() {}

func (o EyeLike) Infer(in []Arg) ([]tensor.Type, error) {
	t, err := inferUnary(in, anything)
	if err != nil {
		return nil, err
	}
	if t[0].Dims.Rank() != 2 {
		return nil, fmt.Errorf("the input is %v, want 2 axes", t[0])
	}
	if o.K < -maxWindow || o.K > maxWindow {
		return nil, fmt.Errorf("K is %d, want %d to %d", o.K, -maxWindow, maxWindow)
	}
	if o.DType != 0 {
		t[0].DType = o.DType
	}
	return t, nil
}

func (o EyeLike) Eval(out, in []tensor.Array) error {
	y := out[0]
	clear(y.Bytes())
	rows, cols := y.Dims().At(0), y.Dims().At(1)
	for i := range rows {
		if j := i + o.K; j >= 0 && j < cols {
			y.SetInt(i*cols+j, 1)
		}
	}
	return nil
}

// ReverseSequence turns round, in every sequence of a batch, as many of the first elements along Time as the second input, int64 [batch], says. Batch and Time are 0 and 1 in
// either order.
type ReverseSequence struct{ Batch, Time int }

func (o ReverseSequence) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	if o.Batch+o.Time != 1 || o.Batch*o.Time != 0 {
		return nil, fmt.Errorf("Batch is %d and Time %d, want 0 and 1 in either order", o.Batch, o.Time)
	}
	d := in[0].Type.Dims
	if d.Rank() < 2 {
		return nil, fmt.Errorf("input 0 is %v, want at least 2 axes", in[0].Type)
	}
	if t := in[1].Type; !t.DType.IsInt() || t.Dims != tensor.D(d.At(o.Batch)) {
		return nil, fmt.Errorf("input 1, the lengths, is %v, want int64 [%d]", t, d.At(o.Batch))
	}
	return []tensor.Type{in[0].Type}, nil
}

func (o ReverseSequence) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	d := x.Dims()
	size := d.Span(2, d.Rank()) * x.DType().Size()
	for i := range d.At(0) * d.At(1) {
		at := [2]int{i / d.At(1), i % d.At(1)}
		n := in[1].Int(at[o.Batch])
		if n < 0 || n > int64(d.At(o.Time)) {
			return fmt.Errorf("length %d of sequence %d, want 0 to %d", n, at[o.Batch], d.At(o.Time))
		}
		if at[o.Time] < int(n) {
			at[o.Time] = int(n) - 1 - at[o.Time]
		}
		copy(y.Bytes()[i*size:][:size], x.Bytes()[(at[0]*d.At(1)+at[1])*size:])
	}
	return nil
}
