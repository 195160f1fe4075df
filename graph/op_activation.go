package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/tensor"
)

// activated is an operator that kernels can apply to what they compute.
type activated interface {
	Op
	activation() conv.Activation
}

// Relu is max(x, 0).
type Relu struct{}

func (Relu) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, numeric) }
func (o Relu) Eval(out, in []tensor.Array) error {
	d := in[0].DType()
	return evalUnaryInt(out, in, o.f, func(x int64) int64 {
		if less(d, x, 0) {
			return 0
		}
		return x
	})
}

func (Relu) f(x float64) float64                        { return max(x, 0) }
func (Relu) activation() conv.Activation                { return conv.ReLU }
func (o Relu) lower(l *lowering, n *Node) (bool, error) { return l.unary(n, o.activation()) }

// LeakyRelu is x where x >= 0, and Alpha x elsewhere.
type LeakyRelu struct{ Alpha float32 }

func (LeakyRelu) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o LeakyRelu) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (o LeakyRelu) f(x float64) float64                 { return leaky(x, float64(o.Alpha)) }
func (o LeakyRelu) activation() conv.Activation {
	return conv.LeakyReLU(o.Alpha)
}
func (o LeakyRelu) lower(l *lowering, n *Node) (bool, error) { return l.unary(n, o.activation()) }

// Elu is x where x > 0, and Alpha (exp(x) - 1) elsewhere.
type Elu struct{ Alpha float32 }

func (Elu) Infer(in []Arg) ([]tensor.Type, error)      { return inferUnary(in, floating) }
func (o Elu) Eval(out, in []tensor.Array) error        { return evalUnary(out, in, o.f) }
func (o Elu) f(x float64) float64                      { return elu(x, float64(o.Alpha)) }
func (o Elu) activation() conv.Activation              { return conv.ELU(o.Alpha) }
func (o Elu) lower(l *lowering, n *Node) (bool, error) { return l.unary(n, o.activation()) }

// Sigmoid is 1 / (1 + exp(-x)).
type Sigmoid struct{}

func (Sigmoid) Infer(in []Arg) ([]tensor.Type, error)      { return inferUnary(in, floating) }
func (o Sigmoid) Eval(out, in []tensor.Array) error        { return evalUnary(out, in, o.f) }
func (Sigmoid) f(x float64) float64                        { return sigmoid(x) }
func (Sigmoid) activation() conv.Activation                { return conv.Sigmoid }
func (o Sigmoid) lower(l *lowering, n *Node) (bool, error) { return l.unary(n, o.activation()) }

// HardSigmoid is max(0, min(1, Alpha x + Beta)).
type HardSigmoid struct{ Alpha, Beta float32 }

func (HardSigmoid) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o HardSigmoid) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (o HardSigmoid) f(x float64) float64                 { return clamp(float64(o.Alpha)*x+float64(o.Beta), 0, 1) }
func (o HardSigmoid) activation() conv.Activation {
	return conv.HardSigmoid(o.Alpha, o.Beta)
}
func (o HardSigmoid) lower(l *lowering, n *Node) (bool, error) { return l.unary(n, o.activation()) }

// HardSwish is x max(0, min(1, x/6 + 1/2)).
type HardSwish struct{}

func (HardSwish) Infer(in []Arg) ([]tensor.Type, error)      { return inferUnary(in, floating) }
func (o HardSwish) Eval(out, in []tensor.Array) error        { return evalUnary(out, in, o.f) }
func (HardSwish) f(x float64) float64                        { return x * clamp(x/6+0.5, 0, 1) }
func (HardSwish) activation() conv.Activation                { return conv.HardSwish }
func (o HardSwish) lower(l *lowering, n *Node) (bool, error) { return l.unary(n, o.activation()) }

// Tanh is the hyperbolic tangent.
type Tanh struct{}

func (Tanh) Infer(in []Arg) ([]tensor.Type, error)      { return inferUnary(in, floating) }
func (o Tanh) Eval(out, in []tensor.Array) error        { return evalUnary(out, in, o.f) }
func (Tanh) f(x float64) float64                        { return math.Tanh(x) }
func (Tanh) activation() conv.Activation                { return conv.Tanh }
func (o Tanh) lower(l *lowering, n *Node) (bool, error) { return l.unary(n, o.activation()) }

// Exp is the exponential function.
type Exp struct{}

func (Exp) Infer(in []Arg) ([]tensor.Type, error)      { return inferUnary(in, floating) }
func (o Exp) Eval(out, in []tensor.Array) error        { return evalUnary(out, in, o.f) }
func (Exp) f(x float64) float64                        { return math.Exp(x) }
func (Exp) activation() conv.Activation                { return conv.Exp }
func (o Exp) lower(l *lowering, n *Node) (bool, error) { return l.unary(n, o.activation()) }

// Selu is Gamma x where x > 0, and Gamma Alpha (exp(x) - 1) elsewhere.
type Selu struct{ Alpha, Gamma float32 }

func (Selu) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Selu) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (o Selu) f(x float64) float64                 { return float64(o.Gamma) * elu(x, float64(o.Alpha)) }

// Celu is max(0, x) + min(0, Alpha (exp(x/Alpha) - 1)).
type Celu struct{ Alpha float32 }

func (Celu) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Celu) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (o Celu) f(x float64) float64 {
	return max(0, x) + min(0, float64(o.Alpha)*math.Expm1(x/float64(o.Alpha)))
}

// ThresholdedRelu is x where x > Alpha, and 0 elsewhere.
type ThresholdedRelu struct{ Alpha float32 }

func (ThresholdedRelu) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o ThresholdedRelu) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (o ThresholdedRelu) f(x float64) float64                 { return above(x, float64(o.Alpha)) }

// Softplus is log(1 + exp(x)).
type Softplus struct{}

func (Softplus) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Softplus) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Softplus) f(x float64) float64                   { return softplus(x) }

// Softsign is x / (1 + |x|).
type Softsign struct{}

func (Softsign) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Softsign) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Softsign) f(x float64) float64                   { return x / (1 + math.Abs(x)) }

// Mish is x tanh(log(1 + exp(x))).
type Mish struct{}

func (Mish) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Mish) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (Mish) f(x float64) float64                   { return x * math.Tanh(softplus(x)) }

// Shrink is x + Bias where x < -Lambd, x - Bias where x > Lambd, and 0 elsewhere.
type Shrink struct{ Bias, Lambd float32 }

func (Shrink) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, numeric) }
func (o Shrink) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (o Shrink) f(x float64) float64                 { return shrink(x, float64(o.Bias), float64(o.Lambd)) }

// Gelu is x/2 (1 + erf(x/sqrt 2)), or with Tanh the approximation x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
type Gelu struct{ Tanh bool }

func (Gelu) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Gelu) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }

func (o Gelu) f(x float64) float64 {
	if o.Tanh {
		return x / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x)))
	}
	return x / 2 * math.Erfc(-x/math.Sqrt2)
}

func (o Gelu) activation() conv.Activation {
	if o.Tanh {
		return conv.GELUTanh
	}
	return conv.GELU
}

func (o Gelu) lower(l *lowering, n *Node) (bool, error) { return l.unary(n, o.activation()) }

// Swish is x / (1 + exp(-Alpha x)). With Alpha = 1 it is called SiLU too.
type Swish struct{ Alpha float32 }

func (Swish) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, floating) }
func (o Swish) Eval(out, in []tensor.Array) error   { return evalUnary(out, in, o.f) }
func (o Swish) f(x float64) float64                 { return x * sigmoid(float64(o.Alpha)*x) }

func (o Swish) activation() conv.Activation { return conv.SiLU }

func (o Swish) lower(l *lowering, n *Node) (bool, error) {
	if o.Alpha != 1 {
		return false, nil
	}
	return l.unary(n, o.activation())
}

// Clip is min(max(x, Lo), Hi), with Lo and Hi the second and third input: scalars, each of which may be left out. NaN passes.
type Clip struct{}

func (Clip) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, 3); err != nil {
		return nil, err
	}
	if err := want(in, 0, numeric); err != nil {
		return nil, err
	}
	for i, a := range in[1:] {
		if a.Given() && a.Type.Elems() != 1 {
			return nil, fmt.Errorf("input %d is %v, want a scalar", i+1, a.Type)
		}
	}
	return []tensor.Type{in[0].Type}, alike(in, 0, 1, 2)
}

func (Clip) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	lo, hi := arg(in, 1), arg(in, 2)
	for i := range y.Len() {
		if x.DType().IsFloat() {
			v := x.Float(i)
			if lo.Valid() && v < lo.Float(0) {
				v = lo.Float(0)
			}
			if hi.Valid() && v > hi.Float(0) {
				v = hi.Float(0)
			}
			y.SetFloat(i, v)
			continue
		}
		v := x.Int(i)
		if lo.Valid() && less(x.DType(), v, lo.Int(0)) {
			v = lo.Int(0)
		}
		if hi.Valid() && less(x.DType(), hi.Int(0), v) {
			v = hi.Int(0)
		}
		y.SetInt(i, v)
	}
	return nil
}

// less compares integers, of which uint64 are held as int64.
func less(d tensor.DType, a, b int64) bool {
	if d == tensor.Uint64 {
		return uint64(a) < uint64(b)
	}
	return a < b
}

// clipActivation returns what a Clip does as an activation, if its bounds are known.
func clipActivation(n *Node) (conv.Activation, bool) {
	a := conv.Clamp(float32(math.Inf(-1)), float32(math.Inf(1)))
	for i, to := range []*float32{&a.A, &a.B} {
		if i+1 >= len(n.in) || n.in[i+1] == nil {
			continue
		}
		c, ok := n.in[i+1].Const()
		if !ok || c.DType() != tensor.Float32 {
			return a, false
		}
		*to = tensor.Data[float32](c)[0]
	}
	if a.A == 0 && math.IsInf(float64(a.B), 1) {
		a = conv.ReLU
	}
	return a, a.Kind == asm.ReLU || a.A <= a.B
}

func (Clip) lower(l *lowering, n *Node) (bool, error) {
	if f, ok := clipActivation(n); ok {
		return l.unary(n, f)
	}
	return false, nil
}

func clamp(x, lo, hi float64) float64 {
	if x < lo {
		return lo
	}
	if x > hi {
		return hi
	}
	return x
}

func sigmoid(x float64) float64 {
	if x < 0 {
		e := math.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + math.Exp(-x))
}

func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func leaky(x, alpha float64) float64 {
	if x < 0 {
		return alpha * x
	}
	return x
}

func elu(x, alpha float64) float64 {
	if x < 0 {
		return alpha * math.Expm1(x)
	}
	return x
}

func above(x, alpha float64) float64 {
	if x > alpha || x != x {
		return x
	}
	return 0
}

func shrink(x, bias, lambd float64) float64 {
	switch {
	case x < -lambd:
		return x + bias
	case x > lambd:
		return x - bias
	case x != x:
		return x
	}
	return 0
}
