package graph

import (
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// builder makes graphs in few words: nodes of one output, constants of float32.
type builder struct {
	t testing.TB
	g *Graph
	r *rand.Rand
	x *Value
}

func (b builder) op(op Op, in ...*Value) *Value { return must(b.t, b.g, op, in...) }
func (b builder) num(v float64) *Value          { return b.g.Const("", tensor.Vector([]float32{float32(v)})) }
func (b builder) ints(v ...int64) *Value        { return b.g.Const("", tensor.Vector(v)) }
func (b builder) random(d ...int) *Value        { return b.g.Const("", random(b.r, d...)) }
func (b builder) scalar(v float32) *Value       { return b.g.Const("", tensor.Scalar(v)) }
func (b builder) add(x, y *Value) *Value        { return b.op(Add{}, x, y) }
func (b builder) mul(x, y *Value) *Value        { return b.op(Mul{}, x, y) }
func (b builder) mean(x *Value, axes ...int64) *Value {
	return b.op(ReduceMean{}, x, b.ints(axes...))
}
func (b builder) expPlus(c float64) *Value { return b.add(b.num(c), b.op(Exp{}, b.op(Neg{}, b.x))) }

// norm is x less its mean, divided by its deviation.
func (b builder) norm(axes ...int64) *Value {
	d := b.op(Sub{}, b.x, b.mean(b.x, axes...))
	return b.op(Div{}, d, b.op(Sqrt{}, b.add(b.mean(b.op(Pow{}, d, b.num(2)), axes...), b.num(1e-5))))
}

// becomes has a pass rewrite what f makes of an input of [2 3 4 5]: the operators are then those of want, and the whole model agrees with Eval.
func becomes(t *testing.T, pass func(*net, *Options) error, want string, f func(b builder) *Value) {
	r := rand.New(rand.NewSource(5))
	b := builder{t, New(), r, nil}
	in := random(r, 2, 3, 4, 5)
	var err error
	b.x, err = b.g.Input("x", in.Type())
	require.NoError(t, err)
	require.NoError(t, b.g.Output("y", f(b)))
	w := newNet(b.g, new(shared))
	require.NoError(t, pass(w, &Options{}))
	require.NoError(t, w.check())
	var ops []string
	for _, n := range w.nodes {
		ops = append(ops, OpName(n.op))
	}
	require.Equal(t, want, strings.Join(ops, " "))
	agree(t, b.g, Options{}, in)
}

// TestCanon: what exporters write, and the operators that become of it. What nearly has the form of a rule stays.
func TestCanon(t *testing.T) {
	for _, c := range []struct {
		name, want string
		f          func(b builder) *Value
	}{
		{"silu", "Swish", func(b builder) *Value { return b.mul(b.op(Sigmoid{}, b.x), b.x) }},
		{"silu of a quotient", "Swish", func(b builder) *Value { return b.op(Div{}, b.x, b.expPlus(1)) }},
		{"silu of another", "Relu Sigmoid Mul", func(b builder) *Value { return b.mul(b.op(Relu{}, b.x), b.op(Sigmoid{}, b.x)) }},
		{"silu, the sigmoid wanted", "Sigmoid Mul Add", func(b builder) *Value {
			s := b.op(Sigmoid{}, b.x)
			return b.add(b.mul(b.x, s), s)
		}},
		{"silu, the sigmoid an output", "Sigmoid Mul", func(b builder) *Value {
			s := b.op(Sigmoid{}, b.x)
			require.NoError(b.t, b.g.Output("s", s))
			return b.mul(b.x, s)
		}},
		{"sigmoid", "Sigmoid", func(b builder) *Value { return b.op(Div{}, b.num(1), b.expPlus(1)) }},
		{"sigmoid, reciprocal", "Sigmoid", func(b builder) *Value { return b.op(Reciprocal{}, b.expPlus(1)) }},
		{"sigmoid of 2", "Neg Exp Add Div", func(b builder) *Value { return b.op(Div{}, b.num(1), b.expPlus(2)) }},
		{"mish", "Mish", func(b builder) *Value { return b.mul(b.x, b.op(Tanh{}, b.op(Softplus{}, b.x))) }},
		{"mish, spelled", "Mish", func(b builder) *Value {
			return b.mul(b.x, b.op(Tanh{}, b.op(Log{}, b.add(b.op(Exp{}, b.x), b.num(1)))))
		}},
		{"gelu", "Gelu", func(b builder) *Value {
			return b.mul(b.mul(b.x, b.add(b.op(Erf{}, b.op(Div{}, b.x, b.num(math.Sqrt2))), b.num(1))), b.num(0.5))
		}},
		{"gelu, 1.4", "Div Erf Add Mul Mul", func(b builder) *Value {
			return b.mul(b.mul(b.x, b.add(b.op(Erf{}, b.op(Div{}, b.x, b.num(1.4))), b.num(1))), b.num(0.5))
		}},
		{"gelu by tanh", "Gelu", func(b builder) *Value {
			x3 := b.mul(b.num(0.044715), b.op(Pow{}, b.x, b.num(3)))
			return b.mul(b.mul(b.num(0.5), b.x), b.add(b.num(1), b.op(Tanh{}, b.mul(b.add(b.x, x3), b.num(math.Sqrt(2/math.Pi))))))
		}},
		{"gelu by tanh, products", "Gelu", func(b builder) *Value {
			x3 := b.mul(b.mul(b.x, b.mul(b.x, b.x)), b.num(0.044715))
			return b.mul(b.x, b.mul(b.num(0.5), b.add(b.num(1), b.op(Tanh{}, b.mul(b.add(b.x, x3), b.num(math.Sqrt(2/math.Pi)))))))
		}},
		{"gelu by tanh, Horner", "Gelu", func(b builder) *Value {
			p := b.add(b.mul(b.mul(b.x, b.x), b.num(0.044715)), b.num(1))
			return b.mul(b.mul(b.num(0.5), b.x), b.add(b.op(Tanh{}, b.mul(b.mul(b.x, b.num(math.Sqrt(2/math.Pi))), p)), b.num(1)))
		}},
		{"gelu by tanh, one factor after the other", "Gelu", func(b builder) *Value {
			x3 := b.mul(b.x, b.mul(b.x, b.mul(b.num(0.044715), b.x)))
			return b.mul(b.x, b.mul(b.num(0.5), b.add(b.num(1), b.op(Tanh{}, b.mul(b.num(math.Sqrt(2/math.Pi)), b.add(b.x, x3))))))
		}},
		{"gelu by tanh, square times the rest", "Gelu", func(b builder) *Value {
			x3 := b.mul(b.mul(b.x, b.x), b.mul(b.num(0.044715), b.x))
			return b.mul(b.x, b.mul(b.num(0.5), b.add(b.num(1), b.op(Tanh{}, b.mul(b.num(math.Sqrt(2/math.Pi)), b.add(b.x, x3))))))
		}},
		{"not gelu, a square", "Mul Mul Add Mul Tanh Add Mul Mul", func(b builder) *Value {
			x2 := b.mul(b.x, b.mul(b.num(0.044715), b.x))
			return b.mul(b.x, b.mul(b.num(0.5), b.add(b.num(1), b.op(Tanh{}, b.mul(b.num(math.Sqrt(2/math.Pi)), b.add(b.x, x2))))))
		}},
		{"not gelu, a fourth power", "Pow Mul Add Mul Tanh Add Mul Mul", func(b builder) *Value {
			x3 := b.mul(b.num(0.044715), b.op(Pow{}, b.x, b.num(4)))
			return b.mul(b.mul(b.x, b.add(b.num(1), b.op(Tanh{}, b.mul(b.add(b.x, x3), b.num(math.Sqrt(2/math.Pi)))))), b.num(0.5))
		}},
		{"square", "Mul", func(b builder) *Value { return b.op(Pow{}, b.x, b.num(2)) }},
		{"fourth power", "Pow", func(b builder) *Value { return b.op(Pow{}, b.x, b.num(4)) }},
		{"mean of positions", "GlobalAveragePool", func(b builder) *Value { return b.mean(b.x, -1, 2) }},
		{"mean of columns", "ReduceMean", func(b builder) *Value { return b.mean(b.x, 2) }},
		{"mean of all", "ReduceMean", func(b builder) *Value { return b.op(ReduceMean{}, b.x) }},
		{"mean of positions, dropped", "ReduceMean", func(b builder) *Value { return b.op(ReduceMean{Reduction{Drop: true}}, b.x, b.ints(2, 3)) }},
		{"layer norm", "LayerNormalization", func(b builder) *Value { return b.norm(3) }},
		{"layer norm, shift and scale", "LayerNormalization", func(b builder) *Value {
			return b.mul(b.add(b.mul(b.norm(2, 3), b.random(4, 5)), b.random(1, 4, 1)), b.random(5))
		}},
		{"layer norm of products", "LayerNormalization", func(b builder) *Value {
			d := b.op(Sub{}, b.x, b.mean(b.x, -1))
			s := b.op(Sqrt{}, b.add(b.num(1e-5), b.mean(b.mul(d, d), 3)))
			return b.add(b.mul(b.mul(d, b.op(Div{}, b.num(1), s)), b.random(5)), b.random(5))
		}},
		{"layer norm of the middle", "ReduceMean Sub Mul ReduceMean Add Sqrt Div", func(b builder) *Value { return b.norm(1, 2) }},
		{"layer norm, two axes", "GlobalAveragePool Sub Mul ReduceMean Add Sqrt Div", func(b builder) *Value {
			d := b.op(Sub{}, b.x, b.mean(b.x, 2, 3))
			return b.op(Div{}, d, b.op(Sqrt{}, b.add(b.mean(b.mul(d, d), 3), b.num(1e-5))))
		}},
		{"layer norm, the mean wanted", "ReduceMean Sub Mul ReduceMean Add Sqrt Div Add", func(b builder) *Value {
			m := b.mean(b.x, 3)
			d := b.op(Sub{}, b.x, m)
			return b.add(b.op(Div{}, d, b.op(Sqrt{}, b.add(b.mean(b.mul(d, d), 3), b.num(1e-5)))), m)
		}},
		{"layer norm and channels", "LayerNormalization Mul", func(b builder) *Value { return b.mul(b.norm(3), b.random(3, 1, 1)) }},
		{"instance norm", "InstanceNormalization", func(b builder) *Value {
			return b.add(b.mul(b.norm(2, 3), b.random(3, 1, 1)), b.random(1, 3, 1, 1))
		}},
		{"layer norm, scale and channels", "LayerNormalization Mul", func(b builder) *Value {
			return b.mul(b.mul(b.norm(2, 3), b.random(4, 5)), b.random(3, 1, 1))
		}},
		{"clip", "Clip", func(b builder) *Value { return b.op(Min{}, b.op(Max{}, b.x, b.num(-0.5)), b.num(0.25)) }},
		{"clip, from above", "Clip", func(b builder) *Value { return b.op(Max{}, b.num(-0.5), b.op(Min{}, b.num(0.25), b.x)) }},
		{"clip, bounds crossed", "Clip Clip", func(b builder) *Value { return b.op(Max{}, b.op(Min{}, b.x, b.num(-0.5)), b.num(0.25)) }},
		{"clip by many", "Max", func(b builder) *Value { return b.op(Max{}, b.x, b.random(5)) }},
		{"clip by not a number", "Max IsNaN Cast", func(b builder) *Value {
			return b.op(Cast{tensor.Float32}, b.op(IsNaN{}, b.op(Max{}, b.x, b.num(math.NaN()))))
		}},
		{"clip that grows", "Max", func(b builder) *Value { return b.op(Max{}, b.x, b.g.Const("", random(b.r, 1, 1, 1, 1, 1))) }},
		{"hardswish", "HardSwish", func(b builder) *Value {
			six := b.op(Min{}, b.op(Max{}, b.add(b.x, b.num(3)), b.num(0)), b.num(6))
			return b.mul(b.x, b.op(Div{}, six, b.num(6)))
		}},
		{"nothing", "Relu", func(b builder) *Value {
			y := b.op(Identity{}, b.op(Cast{tensor.Float32}, b.op(Transpose{tensor.D(0, 1, 2, 3)}, b.op(Relu{}, b.op(Identity{}, b.x)))))
			return b.op(Reshape{}, b.op(Concat{1}, b.op(Max{}, b.op(Slice{}, y, b.ints(0), b.ints(100), b.ints(2)))), b.ints(2, 3, 4, 5))
		}},
		{"backwards", "Slice", func(b builder) *Value { return b.op(Slice{}, b.x, b.ints(-1), b.ints(-9), b.ints(3), b.ints(-1)) }},
		{"turned", "Transpose Transpose", func(b builder) *Value {
			return b.op(Transpose{tensor.D(0, 1, 3, 2)}, b.op(Transpose{tensor.D(0, 1, 3, 2)}, b.x))
		}},
		{"casts", "Relu Neg", func(b builder) *Value {
			return b.op(Neg{}, b.op(Cast{tensor.Float32}, b.op(Cast{tensor.Float64}, b.op(Relu{}, b.x))))
		}},
		{"casts that round", "Cast Cast", func(b builder) *Value { return b.op(Cast{tensor.Float32}, b.op(Cast{tensor.Int32}, b.x)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			becomes(t, canon, c.want, c.f)
		})
	}
}
