package graph

import (
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// canon brings what exporters write in many ways to one form.
func canon(w *net, o *Options) error { return apply(w, o, canonRules) }

var canonRules = []rule{
	{"nothing", dropNothing},
	{"pad+conv", absorbPad},
	{"focus", unfocus},
	{"casts", joinCasts},
	{"clip", toClip},
	{"clips", joinClips},
	to("square", is[Pow](anyX, number(2)), func(m *match) (Op, []*Value) {
		return Mul{}, []*Value{m.val("x"), m.val("x")}
	}),
	to("mean", reduceMean(anyX), func(m *match) (Op, []*Value) {
		// Of all positions, if the dims of the output agree: whether axes of one element are reduced makes no difference.
		_, ok := shape4(m.val("x").typ.Dims)
		if !ok {
			return nil, nil
		}
		return GlobalAveragePool{}, []*Value{m.val("x")}
	}),
	to("sigmoid", either(
		is[Div](number(1), expPlus1),
		is[Reciprocal](expPlus1),
	), unaryOf(Sigmoid{})),
	to("silu", either(
		is[Mul](anyX, is[Sigmoid](anyX)),
		is[Div](anyX, expPlus1),
	), unaryOf(Swish{1})),
	to("mish", is[Mul](anyX, is[Tanh](either(
		is[Softplus](anyX),
		is[Log](is[Add](is[Exp](anyX), number(1))),
	))), unaryOf(Mish{})),
	to("hardswish", either(
		is[Mul](anyX, is[Div](relu6of3, number(6))),
		is[Div](is[Mul](anyX, relu6of3), number(6)),
		is[Mul](is[Mul](anyX, relu6of3), number(1.0/6)),
		is[Mul](anyX, is[Mul](relu6of3, number(1.0/6))),
		is[Mul](anyX, isWhere(func(o HardSigmoid) bool { return near(o.Alpha, 1.0/6) && o.Beta == 0.5 }, anyX)),
	), unaryOf(HardSwish{})),
	to("hardsigmoid", either(
		is[Div](relu6of3, number(6)),
		is[Mul](relu6of3, number(1.0/6)),
	), unaryOf(HardSigmoid{1.0 / 6, 0.5})),
	to("gelu", halfOf(erfOver2), unaryOf(Gelu{})),
	to("gelu_tanh", halfOf(tanhPlus1), unaryOf(Gelu{Tanh: true})),
	to("layernorm", either(
		is[Div](centred, deviation),
		is[Mul](centred, is[Reciprocal](deviation)),
		is[Mul](centred, is[Div](number(1), deviation)),
	), toLayerNorm),
	{"norm+affine", normAffine},
}

var (
	anyX = anyValue("x")

	expPlus1 = is[Add](is[Exp](is[Neg](anyX)), number(1)) // exp(-x) + 1
	relu6of3 = is[Clip](is[Add](anyX, number(3)), number(0), number(6))

	// erfOver2 is 1 + erf(x / sqrt 2).
	erfOver2 = is[Add](is[Erf](either(
		is[Div](anyX, number(math.Sqrt2)),
		is[Mul](anyX, number(1/math.Sqrt2)),
	)), number(1))

	// tanhPlus1 is 1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)).
	tanhPlus1 = is[Add](is[Tanh](either(
		is[Mul](is[Add](anyX, either(
			is[Mul](cube, number(0.044715)),
			is[Mul](anyX, is[Mul](squared, number(0.044715))),
			is[Mul](anyX, is[Mul](anyX, is[Mul](anyX, number(0.044715)))),
			is[Mul](squared, is[Mul](anyX, number(0.044715))),
		)), number(sqrt2OverPi)),
		is[Mul](is[Mul](anyX, cubicPlus1), number(sqrt2OverPi)),
		is[Mul](is[Mul](anyX, number(sqrt2OverPi)), cubicPlus1),
	)), number(1))
	squared    = is[Mul](anyX, anyX)
	cube       = either(is[Pow](anyX, number(3)), is[Mul](anyX, squared))
	cubicPlus1 = is[Add](is[Mul](squared, number(0.044715)), number(1))

	centred   = is[Sub](anyX, named("mean", meanOf(anyX)))
	deviation = is[Sqrt](is[Add](named("variance", meanOf(is[Mul](centred, centred))), konst("epsilon")))
)

var sqrt2OverPi = math.Sqrt(2 / math.Pi)

// halfOf matches x/2 p.
func halfOf(p pattern) pattern {
	return either(
		is[Mul](is[Mul](anyX, p), number(0.5)),
		is[Mul](is[Mul](anyX, number(0.5)), p),
		is[Mul](anyX, is[Mul](p, number(0.5))),
	)
}

// reduceMean matches a mean over some axes, which stay with one element.
func reduceMean(p pattern) pattern {
	stays := func(o ReduceMean) bool { return !o.Drop }
	return either(isWhere(stays, p), isWhere(stays, p, constant))
}

// meanOf is a reduceMean, also as the rule "mean" has left it.
func meanOf(p pattern) pattern { return either(reduceMean(p), is[GlobalAveragePool](p)) }

func near(a float32, b float64) bool { return a > float32(b*(1-2e-6)) && a < float32(b*(1+2e-6)) }

// dropNothing takes out what changes nothing.
func dropNothing(w *net, n *Node) bool {
	if len(n.out) != 1 || len(n.in) == 0 || n.in[0] == nil || n.in[0].typ != n.out[0].typ {
		return false
	}
	switch o := n.op.(type) {
	case Identity, Cast, Reshape, Flatten, Squeeze, Unsqueeze, Expand:
	case Concat, Sum, Mean, Max, Min:
		if len(n.in) > 1 {
			return false
		}
	case Transpose:
		perm, err := o.perm(n.in[0].typ.Dims.Rank())
		for i := range perm.Rank() {
			if err != nil || perm.At(i) != i {
				return false
			}
		}
	case Slice:
		_, step, _, err := o.pieces(args(n.in))
		for i := range step.Rank() {
			if err != nil || step.At(i) < 0 {
				return false
			}
		}
	default:
		return false
	}
	return w.replace(n.out[0], n.in[0])
}

// joinCasts has the second of two Casts take the input of the first, if that keeps all values.
func joinCasts(w *net, n *Node) bool {
	if _, ok := n.op.(Cast); !ok || n.in[0].maker == nil {
		return false
	}
	first := n.in[0].maker
	if _, ok := first.op.(Cast); !ok || !keeps(first.in[0].typ.DType, n.in[0].typ.DType) {
		return false
	}
	w.become(n, n.op, first.in[0])
	return true
}

// keeps reports whether type to has all values of type from. It does not know of every pair that does.
func keeps(from, to tensor.DType) bool {
	switch to {
	case tensor.Float64:
		return from == tensor.Float32 || from == tensor.Int32
	case tensor.Int64, tensor.Int32:
		return from == tensor.Int32 || from == tensor.Int16 || from == tensor.Int8 || from == tensor.Uint8
	}
	return false
}

// toClip makes a Clip of the larger or the smaller of a value and a number.
func toClip(w *net, n *Node) bool {
	if len(n.in) != 2 {
		return false
	}
	x, c := n.in[0], n.in[1]
	if x.konst.Valid() {
		x, c = c, x
	}
	if v, ok := scalarOf(c); !ok || v != v || x.typ != n.out[0].typ {
		return false
	}
	switch n.op.(type) {
	case Max:
		w.become(n, Clip{}, x, c)
	case Min:
		w.become(n, Clip{}, x, nil, c)
	default:
		return false
	}
	return true
}

// joinClips makes one Clip of two with a bound each.
func joinClips(w *net, n *Node) bool {
	if _, ok := n.op.(Clip); !ok || n.in[0].maker == nil || !w.sole(n.in[0]) {
		return false
	}
	first := n.in[0].maker
	if _, ok := first.op.(Clip); !ok {
		return false
	}
	var bounds [2]*Value
	for i := range bounds {
		for _, c := range []*Node{first, n} {
			if i+1 >= len(c.in) || c.in[i+1] == nil {
				continue
			}
			if bounds[i] != nil {
				return false
			}
			bounds[i] = c.in[i+1]
		}
		if bounds[i] == nil {
			return false
		}
	}
	lo, ok := scalarOf(bounds[0])
	hi, ok2 := scalarOf(bounds[1])
	if !ok || !ok2 || !(lo <= hi) {
		return false
	}
	w.become(n, Clip{}, first.in[0], bounds[0], bounds[1])
	return true
}

// toLayerNorm makes a LayerNormalization over the axes of which means were taken, if they are the last ones.
func toLayerNorm(m *match) (Op, []*Value) {
	x, mean, epsilon := m.val("x"), m.val("mean"), m.val("epsilon")
	d := x.typ.Dims
	e, ok := scalarOf(epsilon)
	if !ok || !(e >= 0) || mean.typ != m.val("variance").typ {
		return nil, nil
	}
	axis := d.Rank()
	for axis > 0 && mean.typ.Dims.At(axis-1) == 1 {
		axis--
	}
	for axis < d.Rank()-1 && d.At(axis) == 1 { // as few axes as give the same
		axis++
	}
	if axis == d.Rank() {
		return nil, nil
	}
	for i := range axis {
		if mean.typ.Dims.At(i) != d.At(i) {
			return nil, nil
		}
	}
	ones := tensor.NewArray(tensor.Type{DType: x.typ.DType, Dims: tensor.D(d.Slice()[axis:]...)})
	for i := range ones.Len() {
		ones.SetFloat(i, 1)
	}
	return LayerNormalization{Axis: axis, Epsilon: float32(e)}, []*Value{x, m.w.constant("scale", ones)}
}

// normAffine has a normalisation scale and shift what it computes.
func normAffine(w *net, n *Node) bool {
	_, scales := n.op.(Mul)
	if _, shifts := n.op.(Add); !scales && !shifts {
		return false
	}
	y, c := n.in[0], n.in[1]
	if y.konst.Valid() {
		y, c = c, y
	}
	if !c.konst.Valid() || y.maker == nil || !w.sole(y) || y.typ != n.out[0].typ {
		return false
	}
	in := append([]*Value(nil), y.maker.in...)
	for _, v := range in[1:] {
		if v == nil || !v.konst.Valid() {
			return false
		}
	}
	d := y.typ.Dims
	op := y.maker.op
	switch o := op.(type) {
	case LayerNormalization:
		axis, err := tensor.Axis(o.Axis, d.Rank())
		inner := tensor.D(d.Slice()[axis:]...)
		if err != nil || o.Stats {
			return false
		}
		for _, v := range in[1:] {
			if _, ok := stretch(v.konst, inner); !ok {
				return false
			}
		}
		if a, ok := stretch(c.konst, inner); ok {
			in = affine(w, in, a, inner, scales)
			break
		}
		// A scale for every channel: an instance normalisation, if there is none yet for every position.
		a, ok := along(c, d, 1)
		if !ok || !scales || axis != 2 || len(in) > 2 || !all(floats(in[1].konst), 1) {
			return false
		}
		op = InstanceNormalization{o.Epsilon}
		in = []*Value{in[0], w.constant("scale", vector(c.typ.DType, a)), w.constant("bias", vector(c.typ.DType, make([]float64, len(a))))}
	case InstanceNormalization:
		a, ok := along(c, d, 1)
		if !ok {
			return false
		}
		in = affine(w, in, vector(c.typ.DType, a), tensor.D(len(a)), scales)
	default:
		return false
	}
	w.become(n, op, in...)
	return true
}

// affine multiplies the scale and the bias of a normalisation, its inputs 1 and 2, by a, or adds a to the bias. All have dims d.
func affine(w *net, in []*Value, a tensor.Array, d tensor.Dims, scales bool) []*Value {
	f := func(i int, v float64) float64 { return v + a.Float(i) }
	if scales {
		f = func(i int, v float64) float64 { return v * a.Float(i) }
		s, _ := stretch(in[1].konst, d)
		in[1] = w.constant(in[1].name, mapped(s, f))
	}
	if len(in) > 2 {
		b, _ := stretch(in[2].konst, d)
		in[2] = w.constant(in[2].name, mapped(b, f))
	} else if !scales {
		in = append(in, w.constant("bias", a))
	}
	return in
}

// stretch returns a broadcast to dims, if these have room for it; axes of one element before them do not count.
func stretch(a tensor.Array, d tensor.Dims) (tensor.Array, bool) {
	from := a.Dims().Slice()
	for len(from) > d.Rank() && from[0] == 1 {
		from = from[1:]
	}
	a = a.Reshape(tensor.D(from...))
	if to, err := tensor.Broadcast(a.Dims(), d); err != nil || to != d {
		return a, false
	}
	y := tensor.NewArray(tensor.Type{DType: a.DType(), Dims: d})
	w := newBroadcast(d, a.Dims())
	for i := range y.Len() {
		y.SetFloat(i, a.Float(w.index[0]))
		w.next()
	}
	return y, true
}

// floats are the elements of a.
func floats(a tensor.Array) []float64 {
	x := make([]float64, a.Len())
	for i := range x {
		x[i] = a.Float(i)
	}
	return x
}

// vector returns an array of one axis.
func vector(d tensor.DType, x []float64) tensor.Array {
	a := tensor.NewArray(tensor.T(d, len(x)))
	for i, v := range x {
		a.SetFloat(i, v)
	}
	return a
}
