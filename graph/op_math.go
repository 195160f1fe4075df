package graph

import (
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// Abs is the absolute value.
type Abs struct{}

func (Abs) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, numeric) }
func (o Abs) Eval(out, in []tensor.Array) error {
	signed := in[0].DType() != tensor.Uint64
	return evalUnaryInt(out, in, o.f, func(x int64) int64 {
		if signed && x < 0 {
			return -x
		}
		return x
	})
}

func (Abs) f(x float64) float64 { return math.Abs(x) }

func (Abs) lower(l *lowering, n *Node) (bool, error) {
	return l.rowwise(n, n.in, "abs", rows1(absolutes)), nil
}

// Neg is -x.
type Neg struct{}

func (Neg) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, numeric) }
func (o Neg) Eval(out, in []tensor.Array) error {
	return evalUnaryInt(out, in, o.f, func(x int64) int64 { return -x })
}

func (Neg) f(x float64) float64 { return -x }

func (Neg) lower(l *lowering, n *Node) (bool, error) {
	return l.rowwise(n, n.in, "neg", rows1(negatives)), nil
}

// Sign is -1, 0 or 1; NaN of NaN.
type Sign struct{}

func (Sign) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, numeric) }
func (o Sign) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Sign) f(x float64) float64                   { return sign(x) }

// Reciprocal is 1/x.
type Reciprocal struct{}

func (Reciprocal) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Reciprocal) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Reciprocal) f(x float64) float64                   { return 1 / x }
func (Reciprocal) lower(l *lowering, n *Node) (bool, error) {
	return l.rowwise(n, n.in, "reciprocal", rows1(reciprocals)), nil
}

// Sqrt is the square root: NaN of negative numbers.
type Sqrt struct{}

func (Sqrt) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Sqrt) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Sqrt) f(x float64) float64                   { return math.Sqrt(x) }
func (Sqrt) lower(l *lowering, n *Node) (bool, error) {
	return l.rowwise(n, n.in, "sqrt", rows1(roots)), nil
}

// Log is the natural logarithm.
type Log struct{}

func (Log) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Log) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Log) f(x float64) float64                   { return math.Log(x) }
func (Log) lower(l *lowering, n *Node) (bool, error) {
	return float32s(n.in...) && l.rowwise(n, n.in, "log", rows1(logs)), nil
}

// Erf is the error function.
type Erf struct{}

func (Erf) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Erf) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Erf) f(x float64) float64                   { return math.Erf(x) }

// Floor is the largest integer that is not above x.
type Floor struct{}

func (Floor) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Floor) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Floor) f(x float64) float64                   { return math.Floor(x) }
func (Floor) lower(l *lowering, n *Node) (bool, error) {
	return l.rowwise(n, n.in, "floor", rows1(floors)), nil
}

// Ceil is the smallest integer that is not below x.
type Ceil struct{}

func (Ceil) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Ceil) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Ceil) f(x float64) float64                   { return math.Ceil(x) }
func (Ceil) lower(l *lowering, n *Node) (bool, error) {
	return l.rowwise(n, n.in, "ceil", rows1(ceilings)), nil
}

// Round rounds to the nearest integer, ties to even.
type Round struct{}

func (Round) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Round) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Round) f(x float64) float64                   { return math.RoundToEven(x) }
func (Round) lower(l *lowering, n *Node) (bool, error) {
	return l.rowwise(n, n.in, "round", rows1(nearestEven)), nil
}

// Sin is the sine.
type Sin struct{}

func (Sin) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Sin) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Sin) f(x float64) float64                   { return math.Sin(x) }

// Cos is the cosine.
type Cos struct{}

func (Cos) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Cos) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Cos) f(x float64) float64                   { return math.Cos(x) }

// Tan is the tangent.
type Tan struct{}

func (Tan) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Tan) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Tan) f(x float64) float64                   { return math.Tan(x) }

// Asin is the arc sine.
type Asin struct{}

func (Asin) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Asin) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Asin) f(x float64) float64                   { return math.Asin(x) }

// Acos is the arc cosine.
type Acos struct{}

func (Acos) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Acos) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Acos) f(x float64) float64                   { return math.Acos(x) }

// Atan is the arc tangent.
type Atan struct{}

func (Atan) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Atan) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Atan) f(x float64) float64                   { return math.Atan(x) }

// Sinh is the hyperbolic sine.
type Sinh struct{}

func (Sinh) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Sinh) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Sinh) f(x float64) float64                   { return math.Sinh(x) }

// Cosh is the hyperbolic cosine.
type Cosh struct{}

func (Cosh) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Cosh) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Cosh) f(x float64) float64                   { return math.Cosh(x) }

// Asinh is the inverse hyperbolic sine.
type Asinh struct{}

func (Asinh) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Asinh) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Asinh) f(x float64) float64                   { return math.Asinh(x) }

// Acosh is the inverse hyperbolic cosine.
type Acosh struct{}

func (Acosh) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Acosh) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Acosh) f(x float64) float64                   { return math.Acosh(x) }

// Atanh is the inverse hyperbolic tangent.
type Atanh struct{}

func (Atanh) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Atanh) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Atanh) f(x float64) float64                   { return math.Atanh(x) }

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x // zero or NaN
}

// IsNaN says which elements are NaN.
type IsNaN struct{}

func (IsNaN) Infer(in []Arg) ([]tensor.Type, error) { return inferTest(in) }

func (IsNaN) Eval(out, in []tensor.Array) error {
	for i := range out[0].Len() {
		x := in[0].Float(i)
		out[0].SetInt(i, truth(x != x))
	}
	return nil
}

// IsInf says which elements are infinite: of the negative and of the positive those that are not excluded.
type IsInf struct{ NoNegative, NoPositive bool }

func (IsInf) Infer(in []Arg) ([]tensor.Type, error) { return inferTest(in) }

func (o IsInf) Eval(out, in []tensor.Array) error {
	for i := range out[0].Len() {
		x := in[0].Float(i)
		out[0].SetInt(i, truth(math.IsInf(x, 1) && !o.NoPositive || math.IsInf(x, -1) && !o.NoNegative))
	}
	return nil
}

func inferTest(in []Arg) ([]tensor.Type, error) {
	t, err := inferUnary(in, floating)
	if err == nil {
		t[0].DType = tensor.Bool
	}
	return t, err
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// The loops of functions that are a few instructions.

func absolutes(y, x []float32) {
	for i, v := range x {
		y[i] = float32(math.Abs(float64(v)))
	}
}

func negatives(y, x []float32) {
	for i, v := range x {
		y[i] = -v
	}
}

func reciprocals(y, x []float32) {
	for i, v := range x {
		y[i] = 1 / v
	}
}

func roots(y, x []float32) {
	for i, v := range x {
		y[i] = float32(math.Sqrt(float64(v)))
	}
}

func logs(y, x []float32) {
	for i, v := range x {
		y[i] = log32(v)
	}
}

// log32 is the logarithm, correctly rounded but for one result in some thousand: with v = m·2^e it is e·ln 2 + 2 artanh((m-1)/(m+1)), of which
// six terms of the series are exact to 2e-11 for m between the square roots of 1/2 and 2.
func log32(v float32) float32 {
	const low = 0x3f3504f3 // the bits of sqrt(1/2)
	b := math.Float32bits(v)
	if b-0x00800000 >= 0x7f000000 { // no number above 0, or a denormal, or +Inf
		return float32(math.Log(float64(v)))
	}
	b += 0x3f800000 - low
	e := int32(b>>23) - 127
	m := float64(math.Float32frombits(b&0x007fffff + low))
	s := (m - 1) / (m + 1)
	q := s * s
	return float32(float64(e)*math.Ln2 + 2*s*(1+q*(1.0/3+q*(1.0/5+q*(1.0/7+q*(1.0/9+q*(1.0/11)))))))
}

func floors(y, x []float32) {
	for i, v := range x {
		y[i] = float32(math.Floor(float64(v)))
	}
}

func ceilings(y, x []float32) {
	for i, v := range x {
		y[i] = float32(math.Ceil(float64(v)))
	}
}

func nearestEven(y, x []float32) {
	for i, v := range x {
		y[i] = float32(math.RoundToEven(float64(v)))
	}
}
