package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// Add is a + b, with broadcasting.
type Add struct{}

func (Add) Infer(in []Arg) ([]tensor.Type, error) { return inferBinary(in, numeric, 0) }

func (Add) Eval(out, in []tensor.Array) error {
	return evalBinary(out, in, func(a, b float64) float64 { return a + b }, func(a, b int64) int64 { return a + b })
}

func (Add) lower(l *lowering, n *Node) (bool, error) { return l.binary(n, asm.Add) }

// Sub is a - b, with broadcasting.
type Sub struct{}

func (Sub) Infer(in []Arg) ([]tensor.Type, error) { return inferBinary(in, numeric, 0) }

func (Sub) Eval(out, in []tensor.Array) error {
	return evalBinary(out, in, func(a, b float64) float64 { return a - b }, func(a, b int64) int64 { return a - b })
}

func (Sub) lower(l *lowering, n *Node) (bool, error) { return l.binary(n, asm.Sub) }

// Mul is a b, with broadcasting.
type Mul struct{}

func (Mul) Infer(in []Arg) ([]tensor.Type, error) { return inferBinary(in, numeric, 0) }

func (Mul) Eval(out, in []tensor.Array) error {
	return evalBinary(out, in, func(a, b float64) float64 { return a * b }, func(a, b int64) int64 { return a * b })
}

func (Mul) lower(l *lowering, n *Node) (bool, error) { return l.binary(n, asm.Mul) }

// Div is a / b, with broadcasting. Integers are divided towards zero; by zero the result is 0.
type Div struct{}

func (Div) Infer(in []Arg) ([]tensor.Type, error) { return inferBinary(in, numeric, 0) }

func (Div) Eval(out, in []tensor.Array) error {
	unsigned := in[0].DType() == tensor.Uint64
	return evalBinary(out, in, func(a, b float64) float64 { return a / b }, func(a, b int64) int64 {
		switch {
		case b == 0:
			return 0
		case unsigned:
			return int64(uint64(a) / uint64(b))
		case b == -1: // the processor would trap on the smallest number
			return -a
		}
		return a / b
	})
}

func (Div) lower(l *lowering, n *Node) (bool, error) { return l.binary(n, asm.Div) }

// Pow is a to the power of b, with broadcasting. The result has the type of a; b may have another.
type Pow struct{}

func (Pow) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	for i := range in {
		if err := want(in, i, numeric); err != nil {
			return nil, err
		}
	}
	d, err := tensor.Broadcast(in[0].Type.Dims, in[1].Type.Dims)
	return []tensor.Type{{DType: in[0].Type.DType, Dims: d}}, err
}

func (Pow) Eval(out, in []tensor.Array) error {
	if in[1].DType().IsInt() && in[0].DType().IsInt() {
		return evalBinary(out, in, nil, powInt)
	}
	return evalBinary(out, in, math.Pow, nil)
}

// lower knows constant exponents.
func (Pow) lower(l *lowering, n *Node) (bool, error) {
	e, ok := scalarOf(n.in[1])
	if !ok || !float32s(n.in[0]) || n.in[0].typ != n.out[0].typ {
		return false, nil
	}
	switch e {
	case 0.5:
		// Not Sqrt: of -Inf it is Inf here, and of -0 it is 0.
		return l.rowwise(n, n.in[:1], "pow 1/2", rows1(func(y, x []float32) {
			for i, v := range x {
				r := float32(math.Sqrt(float64(v))) + 0
				if v < -math.MaxFloat32 {
					r = -v
				}
				y[i] = r
			}
		})), nil
	case -1:
		return l.rowwise(n, n.in[:1], "pow -1", rows1(reciprocals)), nil
	}
	return l.rowwise(n, n.in[:1], fmt.Sprintf("pow %v", e), rows1(func(y, x []float32) {
		for i, v := range x {
			y[i] = float32(math.Pow(float64(v), e))
		}
	})), nil
}

func powInt(a, b int64) int64 {
	if b < 0 {
		return int64(math.Pow(float64(a), float64(b)))
	}
	y := int64(1)
	for ; b > 0; b >>= 1 {
		if b&1 != 0 {
			y *= a
		}
		a *= a
	}
	return y
}

// Mod is the remainder of a / b, with broadcasting: with the sign of b, or with Fmod with that of a as C's fmod has it. Floating-point
// numbers need Fmod.
type Mod struct{ Fmod bool }

func (o Mod) Infer(in []Arg) ([]tensor.Type, error) {
	k := integer
	if o.Fmod {
		k = numeric
	}
	return inferBinary(in, k, 0)
}

func (o Mod) Eval(out, in []tensor.Array) error {
	unsigned := in[0].DType() == tensor.Uint64
	return evalBinary(out, in, math.Mod, func(a, b int64) int64 {
		switch {
		case b == 0:
			return 0
		case unsigned:
			return int64(uint64(a) % uint64(b))
		case b == -1: // the processor would trap on the smallest number
			return 0
		}
		r := a % b
		if !o.Fmod && r != 0 && r < 0 != (b < 0) {
			r += b
		}
		return r
	})
}

// Max is the largest of one or more inputs, with broadcasting. NaN wins.
type Max struct{}

func (Max) Infer(in []Arg) ([]tensor.Type, error) { return inferVariadic(in, numeric, 0) }

func (Max) Eval(out, in []tensor.Array) error {
	unsigned := in[0].DType()
	return evalVariadic(out, in, func(a, b float64) float64 { return max(a, b) }, func(a, b int64) int64 {
		if less(unsigned, a, b) {
			return b
		}
		return a
	})
}

func (Max) lower(l *lowering, n *Node) (bool, error) { return l.variadic(n, asm.Max) }

// Min is the smallest of one or more inputs, with broadcasting. NaN wins.
type Min struct{}

func (Min) Infer(in []Arg) ([]tensor.Type, error) { return inferVariadic(in, numeric, 0) }

func (Min) Eval(out, in []tensor.Array) error {
	unsigned := in[0].DType()
	return evalVariadic(out, in, func(a, b float64) float64 { return min(a, b) }, func(a, b int64) int64 {
		if less(unsigned, a, b) {
			return a
		}
		return b
	})
}

func (Min) lower(l *lowering, n *Node) (bool, error) { return l.variadic(n, asm.Min) }

// Sum is the sum of one or more inputs, with broadcasting.
type Sum struct{}

func (Sum) Infer(in []Arg) ([]tensor.Type, error) { return inferVariadic(in, floating, 0) }

func (Sum) Eval(out, in []tensor.Array) error {
	return evalVariadic(out, in, func(a, b float64) float64 { return a + b }, nil)
}

func (Sum) lower(l *lowering, n *Node) (bool, error) { return l.variadic(n, asm.Add) }

// Mean is the mean of one or more inputs, with broadcasting.
type Mean struct{}

func (Mean) Infer(in []Arg) ([]tensor.Type, error) { return inferVariadic(in, floating, 0) }

func (Mean) Eval(out, in []tensor.Array) error {
	if err := (Sum{}).Eval(out, in); err != nil {
		return err
	}
	for i := range out[0].Len() {
		out[0].SetFloat(i, out[0].Float(i)/float64(len(in)))
	}
	return nil
}

// evalVariadic folds the inputs from the first to the last.
func evalVariadic(out, in []tensor.Array, f func(a, b float64) float64, g func(a, b int64) int64) error {
	y := out[0]
	for k, x := range in {
		w := newBroadcast(y.Dims(), x.Dims())
		for i := range y.Len() {
			j := w.index[0]
			switch isInt := x.DType().IsInt(); {
			case k == 0 && isInt:
				y.SetInt(i, x.Int(j))
			case k == 0:
				y.SetFloat(i, x.Float(j))
			case isInt:
				y.SetInt(i, g(y.Int(i), x.Int(j)))
			default:
				y.SetFloat(i, f(y.Float(i), x.Float(j)))
			}
			w.next()
		}
	}
	return nil
}
