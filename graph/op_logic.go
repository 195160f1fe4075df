package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/tensor"
)

// Equal says where a = b, with broadcasting.
type Equal struct{}

// Less says where a < b, with broadcasting.
type Less struct{}

// LessOrEqual says where a <= b, with broadcasting.
type LessOrEqual struct{}

// Greater says where a > b, with broadcasting.
type Greater struct{}

// GreaterOrEqual says where a >= b, with broadcasting.
type GreaterOrEqual struct{}

// And is true where both inputs are, with broadcasting.
type And struct{}

// Or is true where one of the inputs is, with broadcasting.
type Or struct{}

// Xor is true where the inputs differ, with broadcasting.
type Xor struct{}

// Not is true where its input is not.
type Not struct{}

func (Equal) Infer(in []Arg) ([]tensor.Type, error) { return inferBinary(in, anything, tensor.Bool) }
func (Less) Infer(in []Arg) ([]tensor.Type, error)  { return inferBinary(in, numeric, tensor.Bool) }
func (LessOrEqual) Infer(in []Arg) ([]tensor.Type, error) {
	return inferBinary(in, numeric, tensor.Bool)
}
func (Greater) Infer(in []Arg) ([]tensor.Type, error) { return inferBinary(in, numeric, tensor.Bool) }
func (GreaterOrEqual) Infer(in []Arg) ([]tensor.Type, error) {
	return inferBinary(in, numeric, tensor.Bool)
}
func (And) Infer(in []Arg) ([]tensor.Type, error) { return inferBinary(in, boolean, tensor.Bool) }
func (Or) Infer(in []Arg) ([]tensor.Type, error)  { return inferBinary(in, boolean, tensor.Bool) }
func (Xor) Infer(in []Arg) ([]tensor.Type, error) { return inferBinary(in, boolean, tensor.Bool) }
func (Not) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, boolean) }

// evalCompare writes whether f, or g for integers and bools, holds.
func evalCompare(out, in []tensor.Array, f func(a, b float64) bool, g func(a, b int64) bool) error {
	return evalBinaryInt(out, in, func(a, b float64) int64 { return truth(f(a, b)) }, func(a, b int64) int64 { return truth(g(a, b)) })
}

func evalBinaryInt(out, in []tensor.Array, f func(a, b float64) int64, g func(a, b int64) int64) error {
	a, b, y := in[0], in[1], out[0]
	w := newBroadcast(y.Dims(), a.Dims(), b.Dims())
	for i := range y.Len() {
		j, k := w.index[0], w.index[1]
		if a.DType().IsFloat() {
			y.SetInt(i, f(a.Float(j), b.Float(k)))
		} else {
			y.SetInt(i, g(a.Int(j), b.Int(k)))
		}
		w.next()
	}
	return nil
}

func (Equal) Eval(out, in []tensor.Array) error {
	return evalCompare(out, in, func(a, b float64) bool { return a == b }, func(a, b int64) bool { return a == b })
}

func (Equal) lower(l *lowering, n *Node) (bool, error) { return l.compare(n, equal), nil }

func (Less) Eval(out, in []tensor.Array) error {
	d := in[0].DType()
	return evalCompare(out, in, func(a, b float64) bool { return a < b }, func(a, b int64) bool { return less(d, a, b) })
}

func (Less) lower(l *lowering, n *Node) (bool, error) { return l.compare(n, isLess), nil }

func (LessOrEqual) Eval(out, in []tensor.Array) error {
	d := in[0].DType()
	return evalCompare(out, in, func(a, b float64) bool { return a <= b }, func(a, b int64) bool { return !less(d, b, a) })
}

func (LessOrEqual) lower(l *lowering, n *Node) (bool, error) { return l.compare(n, isLessOrEqual), nil }

func (Greater) Eval(out, in []tensor.Array) error {
	d := in[0].DType()
	return evalCompare(out, in, func(a, b float64) bool { return a > b }, func(a, b int64) bool { return less(d, b, a) })
}

func (Greater) lower(l *lowering, n *Node) (bool, error) { return l.compare(n, isGreater), nil }

func (GreaterOrEqual) Eval(out, in []tensor.Array) error {
	d := in[0].DType()
	return evalCompare(out, in, func(a, b float64) bool { return a >= b }, func(a, b int64) bool { return !less(d, a, b) })
}

func (GreaterOrEqual) lower(l *lowering, n *Node) (bool, error) {
	return l.compare(n, isGreaterOrEqual), nil
}

func (And) Eval(out, in []tensor.Array) error {
	return evalBinaryInt(out, in, nil, func(a, b int64) int64 { return a & b })
}

func (And) lower(l *lowering, n *Node) (bool, error) {
	return l.rowwise(n, n.in, "and", rows2(func(a, b uint8) uint8 { return a & b })), nil
}

func (Or) Eval(out, in []tensor.Array) error {
	return evalBinaryInt(out, in, nil, func(a, b int64) int64 { return a | b })
}

func (Or) lower(l *lowering, n *Node) (bool, error) {
	return l.rowwise(n, n.in, "or", rows2(func(a, b uint8) uint8 { return a | b })), nil
}

func (Xor) Eval(out, in []tensor.Array) error {
	return evalBinaryInt(out, in, nil, func(a, b int64) int64 { return a ^ b })
}

func (Xor) lower(l *lowering, n *Node) (bool, error) {
	return l.rowwise(n, n.in, "xor", rows2(func(a, b uint8) uint8 { return a ^ b })), nil
}

func (Not) Eval(out, in []tensor.Array) error {
	for i := range out[0].Len() {
		out[0].SetInt(i, 1-in[0].Int(i))
	}
	return nil
}

func (Not) lower(l *lowering, n *Node) (bool, error) {
	return l.rowwise(n, n.in, "not", rows1(func(y, x []uint8) {
		for i, v := range x {
			y[i] = 1 - v
		}
	})), nil
}

// BitwiseAnd combines the bits of integers, with broadcasting.
type BitwiseAnd struct{}

// BitwiseOr combines the bits of integers, with broadcasting.
type BitwiseOr struct{}

// BitwiseXor combines the bits of integers, with broadcasting.
type BitwiseXor struct{}

// BitwiseNot inverts the bits of integers.
type BitwiseNot struct{}

// BitShift shifts unsigned integers by b bits, to the left or with Right to the right, with broadcasting.
type BitShift struct{ Right bool }

func (BitwiseAnd) Infer(in []Arg) ([]tensor.Type, error) { return inferBinary(in, integer, 0) }
func (BitwiseOr) Infer(in []Arg) ([]tensor.Type, error)  { return inferBinary(in, integer, 0) }
func (BitwiseXor) Infer(in []Arg) ([]tensor.Type, error) { return inferBinary(in, integer, 0) }
func (BitwiseNot) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, integer) }
func (BitShift) Infer(in []Arg) ([]tensor.Type, error)   { return inferBinary(in, integer, 0) }

func (BitwiseAnd) Eval(out, in []tensor.Array) error { return And{}.Eval(out, in) }
func (BitwiseOr) Eval(out, in []tensor.Array) error  { return Or{}.Eval(out, in) }
func (BitwiseXor) Eval(out, in []tensor.Array) error { return Xor{}.Eval(out, in) }

func (BitwiseNot) Eval(out, in []tensor.Array) error {
	for i := range out[0].Len() {
		out[0].SetInt(i, ^in[0].Int(i))
	}
	return nil
}

func (o BitShift) Eval(out, in []tensor.Array) error {
	return evalBinaryInt(out, in, nil, func(a, b int64) int64 {
		switch {
		case b < 0 || b >= 64:
			return 0
		case o.Right:
			return int64(uint64(a) >> uint(b))
		}
		return a << uint(b)
	})
}

// Where takes elements of its second input where the first is true, and of the third elsewhere, with broadcasting.
type Where struct{}

func (Where) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 3, 3); err != nil {
		return nil, err
	}
	if err := want(in, 0, boolean); err != nil {
		return nil, err
	}
	t, err := inferVariadic(in[1:], anything, 0)
	if err != nil {
		return nil, err
	}
	t[0].Dims, err = tensor.Broadcast(t[0].Dims, in[0].Type.Dims)
	return t, err
}

func (Where) Eval(out, in []tensor.Array) error {
	y := out[0]
	size := y.DType().Size()
	w := newBroadcast(y.Dims(), in[0].Dims(), in[1].Dims(), in[2].Dims())
	for i := range y.Len() {
		from := 2
		if in[0].Int(w.index[0]) != 0 {
			from = 1
		}
		copy(y.Bytes()[i*size:][:size], in[from].Bytes()[w.index[from]*size:][:size])
		w.next()
	}
	return nil
}

func (Where) lower(l *lowering, n *Node) (bool, error) {
	var f rowFunc
	switch n.out[0].typ.DType.Size() {
	case 1:
		f = chosen[uint8]
	case 2:
		f = chosen[uint16]
	case 4:
		f = chosen[uint32]
	case 8:
		f = chosen[uint64]
	}
	return l.rowwise(n, n.in, "where", f), nil
}

// chosen is a row of a Where.
func chosen[T any](r *rowArgs) {
	y, c, a, b := rowOf[T](r, 0), rowOf[uint8](r, 1), rowOf[T](r, 2), rowOf[T](r, 3)
	sc, sa, sb := r.step[1], r.step[2], r.step[3]
	for i := range y {
		if c[i*sc] != 0 {
			y[i] = a[i*sa]
		} else {
			y[i] = b[i*sb]
		}
	}
}

// PRelu is x where x >= 0, and slope x elsewhere; the slope broadcasts to x.
type PRelu struct{}

func (PRelu) Infer(in []Arg) ([]tensor.Type, error) {
	t, err := inferBinary(in, numeric, 0)
	if err == nil && t[0].Dims != in[0].Type.Dims {
		err = fmt.Errorf("the slope is %v, want what broadcasts to %v", in[1].Type.Dims, in[0].Type.Dims)
	}
	return t, err
}

func (PRelu) Eval(out, in []tensor.Array) error {
	return evalBinary(out, in, func(x, slope float64) float64 { return leaky(x, slope) }, func(x, slope int64) int64 {
		if x < 0 {
			return slope * x
		}
		return x
	})
}

func (PRelu) lower(l *lowering, n *Node) (bool, error) {
	if !float32s(n.in...) {
		return false, nil
	}
	return l.rowwise(n, n.in, "prelu", func(r *rowArgs) {
		y, x, slope := rowOf[float32](r, 0), rowOf[float32](r, 1), rowOf[float32](r, 2)
		sx, ss := r.step[1], r.step[2]
		for i := range y {
			v := x[i*sx]
			if v < 0 {
				v *= slope[i*ss]
			}
			y[i] = v
		}
	}), nil
}
