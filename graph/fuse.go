package graph

import (
	"slices"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/tensor"
)

// fuse joins operators that one step can do.
func fuse(w *net, o *Options) error {
	if err := apply(w, o, []rule{{"under views", underView}}); err != nil {
		return err
	}
	return apply(w, o, fuseRules)
}

var fuseRules = []rule{
	{"conv+affine", fuseAffine},
	{"conv+add", fuseResidual},
	{"conv+act", fuseActivation},
}

// affineOf returns what n does to one of its inputs, if that is y = scale x + shift with constants that vary along one axis alone.
func affineOf(n *Node, axis int) (x *Value, scale, shift []float64, ok bool) {
	d := n.out[0].typ.Dims
	if axis >= d.Rank() || n.out[0].typ.DType != tensor.Float32 {
		return
	}
	if bn, is := n.op.(BatchNormalization); is {
		if axis != 1 {
			return
		}
		scale, shift, ok = bn.affine(n)
		return n.in[0], scale, shift, ok
	}
	if len(n.in) != 2 {
		return
	}
	x, c := n.in[0], n.in[1]
	if x.konst.Valid() {
		x, c = c, x
	}
	if x.typ.Dims != d {
		return
	}
	v, ok := along(c, d, axis)
	if !ok {
		return
	}
	swapped := c == n.in[0]
	one := make([]float64, len(v))
	for i := range one {
		one[i] = 1
	}
	switch n.op.(type) {
	case Add:
		return x, one, v, true
	case Sub:
		for i := range v {
			if swapped {
				one[i] = -1
			} else {
				v[i] = -v[i]
			}
		}
		return x, one, v, true
	case Mul:
		return x, v, nil, true
	case Div:
		if swapped {
			return x, nil, nil, false
		}
		for i := range v {
			v[i] = 1 / v[i]
		}
		return x, v, nil, true
	}
	return x, nil, nil, false
}

// weighted is an operator with constant weights and a bias, whose outputs an affine function of its channels can go into.
type weighted interface {
	Op
	// channels returns the axis of the output's channels, and the same axis of the weights; false where nothing can go in any more.
	channels(n *Node) (out, weights int, ok bool)
}

func (o Conv) channels(n *Node) (int, int, bool) { return 1, 0, true }

func (o fusedConv) channels(n *Node) (int, int, bool) {
	return 1, 0, o.act.Kind == asm.Identity && !o.residual
}

func (o MatMul) channels(n *Node) (int, int, bool) {
	return n.out[0].typ.Dims.Rank() - 1, 1, n.in[1].typ.Dims.Rank() == 2
}

func (o fusedLinear) channels(n *Node) (int, int, bool) {
	axis := 1
	if o.transB {
		axis = 0
	}
	return n.out[0].typ.Dims.Rank() - 1, axis, o.act.Kind == asm.Identity
}

// fuseGemm makes a Gemm that multiplies rows by constant weights what fusedLinear is.
func fuseGemm(w *net, n *Node) bool {
	o, ok := n.op.(Gemm)
	if !ok || o.TransA || o.Alpha == 0 || n.out[0].typ.DType != tensor.Float32 || n.out[0].typ.Elems() == 0 {
		return false
	}
	k, ok := n.in[1].Const()
	if !ok || k.Len() == 0 {
		return false
	}
	in := []*Value{n.in[0], n.in[1]}
	if o.Alpha != 1 {
		if in[1], ok = w.scaled(n.in[1], 0, slices.Repeat([]float64{float64(o.Alpha)}, k.Dims().At(0))); !ok {
			return false
		}
	}
	if len(n.in) > 2 && n.in[2] != nil && o.Beta != 0 {
		c, ok := along(n.in[2], n.out[0].typ.Dims, 1)
		if !ok {
			return false
		}
		bias := tensor.NewArray(tensor.T(tensor.Float32, len(c)))
		for i, v := range c {
			bias.SetFloat(i, float64(o.Beta)*v)
		}
		in = append(in, w.constant(n.in[2].name, bias))
	}
	w.become(n, fusedLinear{transB: o.TransB}, in...)
	return true
}

// scaled returns a copy of a whose elements are multiplied by the factor of their index along an axis.
func scaled(a tensor.Array, axis int, factors []float64) tensor.Array {
	inner := a.Dims().Span(axis+1, a.Dims().Rank())
	if a.DType() != tensor.Float32 {
		return mapped(a, func(i int, v float64) float64 { return v * factors[i/inner%len(factors)] })
	}
	y := tensor.NewArray(a.Type())
	from, to := tensor.Data[float32](a), tensor.Data[float32](y)
	for at := 0; at < len(from); at += inner {
		f := factors[at/inner%len(factors)]
		for i, v := range from[at : at+inner] {
			to[at+i] = float32(float64(v) * f)
		}
	}
	return y
}

// mapped returns a copy of a with f of every element.
func mapped(a tensor.Array, f func(i int, v float64) float64) tensor.Array {
	y := tensor.NewArray(a.Type())
	for i := range y.Len() {
		y.SetFloat(i, f(i, a.Float(i)))
	}
	return y
}

// fuseAffine has a convolution or a product with constant weights scale and shift what it computes.
func fuseAffine(w *net, n *Node) bool {
	for _, v := range n.in {
		if v == nil || v.maker == nil || !w.sole(v) {
			continue
		}
		c := v.maker
		o, ok := c.op.(weighted)
		if !ok || len(c.out) != 1 {
			continue
		}
		axis, rows, ok := o.channels(c)
		if !ok || !float32s(c.in...) {
			continue
		}
		_, known := c.in[1].Const()
		var bias tensor.Array
		if len(c.in) > 2 && c.in[2] != nil {
			if bias, ok = c.in[2].Const(); !ok {
				continue
			}
		}
		x, scale, shift, ok := affineOf(n, axis)
		if !known || !ok || x != v {
			continue
		}
		in := append([]*Value(nil), c.in[:2]...)
		if !all(scale, 1) {
			if in[1], ok = w.scaled(c.in[1], rows, scale); !ok {
				continue
			}
		}
		b := tensor.NewArray(tensor.T(tensor.Float32, len(scale)))
		for i := range scale {
			v := 0.0
			if bias.Valid() {
				v = bias.Float(i) * scale[i]
			}
			if shift != nil {
				v += shift[i]
			}
			b.SetFloat(i, v)
		}
		if bias.Valid() || shift != nil {
			in = append(in, w.constant(c.name+".bias", b))
		}
		var op Op = o
		if _, ok := op.(MatMul); ok {
			op = fusedLinear{}
		}
		w.become(n, op, in...)
		return true
	}
	return false
}

func all(x []float64, v float64) bool {
	for _, e := range x {
		if e != v {
			return false
		}
	}
	return true
}

// asFusedConv returns a convolution as fusedConv, if it has room for what comes after it.
func asFusedConv(w *net, v *Value) (*Node, fusedConv, bool) {
	if v == nil || v.maker == nil || !w.sole(v) {
		return nil, fusedConv{}, false
	}
	switch o := v.maker.op.(type) {
	case Conv:
		return v.maker, fusedConv{Conv: o}, true
	case fusedConv:
		return v.maker, o, o.act.Kind == asm.Identity
	}
	return nil, fusedConv{}, false
}

// fuseResidual has the later of the convolutions whose outputs are added do the addition.
func fuseResidual(w *net, n *Node) bool {
	if _, ok := n.op.(Add); !ok || n.in[0] == n.in[1] || n.in[0].typ != n.in[1].typ || !float32s(n.in...) {
		return false
	}
	best, at := -1, -1
	for i := range n.in {
		c, o, ok := asFusedConv(w, n.in[i])
		if !ok || o.residual || !c.in[1].konst.Valid() || len(c.in) > 2 && c.in[2] != nil && !c.in[2].konst.Valid() {
			continue
		}
		if _, ok := shape4(n.out[0].typ.Dims); !ok {
			continue
		}
		for j, m := range w.nodes {
			if m == c && j > at {
				best, at = i, j
			}
		}
	}
	if best < 0 {
		return false
	}
	c, o, _ := asFusedConv(w, n.in[best])
	in := append([]*Value(nil), c.in...)
	if len(in) < 3 {
		in = append(in, nil)
	}
	o.residual = true
	w.become(n, o, append(in, n.in[1-best])...)
	return true
}

// activationOf returns what n does to its first input, if that is an activation.
func activationOf(n *Node) (conv.Activation, bool) {
	switch o := n.op.(type) {
	case Clip:
		return clipActivation(n)
	case Swish:
		return o.activation(), o.Alpha == 1
	case activated:
		return o.activation(), true
	}
	return conv.Activation{}, false
}

// fuseActivation has a convolution, a product or a sum apply the activation that follows.
func fuseActivation(w *net, n *Node) bool {
	f, ok := activationOf(n)
	if !ok || f.Check() != nil || !float32s(n.out[0]) || !w.sole(n.in[0]) || n.in[0].maker == nil {
		return false
	}
	c := n.in[0].maker
	if _, o, ok := asFusedConv(w, n.in[0]); ok {
		o.act = f
		w.become(n, o, c.in...)
		return true
	}
	switch o := c.op.(type) {
	case ConvTranspose:
		w.become(n, fusedConvTranspose{o, f}, c.in...)
	case fusedConvTranspose:
		if o.act.Kind != asm.Identity {
			return false
		}
		o.act = f
		w.become(n, o, c.in...)
	case fusedLinear:
		if o.act.Kind != asm.Identity {
			return false
		}
		o.act = f
		w.become(n, o, c.in...)
	case MatMul:
		if !c.in[1].konst.Valid() || c.in[1].typ.Dims.Rank() != 2 || !float32s(c.in...) {
			return false
		}
		w.become(n, fusedLinear{act: f}, c.in...)
	case Add:
		w.become(n, fusedBinary{asm.Add, f}, c.in...)
	case Sub:
		w.become(n, fusedBinary{asm.Sub, f}, c.in...)
	case Mul:
		w.become(n, fusedBinary{asm.Mul, f}, c.in...)
	default:
		return false
	}
	return true
}

// fusedBinary is a sum, a difference or a product and an activation.
type fusedBinary struct {
	kind asm.Binary
	act  conv.Activation
}

func (o fusedBinary) op() Op {
	return map[asm.Binary]Op{asm.Add: Add{}, asm.Sub: Sub{}, asm.Mul: Mul{}}[o.kind]
}

func (o fusedBinary) OpName() string { return OpName(o.op()) }

func (o fusedBinary) Infer(in []Arg) ([]tensor.Type, error) { return o.op().Infer(in) }

func (o fusedBinary) Eval(out, in []tensor.Array) error {
	if err := o.op().Eval(out, in); err != nil {
		return err
	}
	return evalActivation(o.act, out)
}

func (o fusedBinary) lower(l *lowering, n *Node) (bool, error) { return l.binaryAct(n, o.kind, o.act) }
