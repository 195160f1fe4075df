package graph

import (
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/tensor"
)

// halve is the pass behind BF16: it has convolutions compute in bfloat16. A value that one of them makes for another is bfloat16; Casts stand where bfloat16 begins and
// ends. A residual has the type of the output.
func halve(w *net, o *Options) error {
	if o.Precision < BF16 {
		return nil
	}
	halves := make(map[*Node]bool)
	asked := make(map[*Value]bool) // bfloat16 of it is
	for _, n := range w.nodes {
		if halvable(n, o) {
			halves[n] = true
			for _, i := range []int{0, 3} {
				if i < len(n.in) && n.in[i] != nil {
					asked[n.in[i]] = true
				}
			}
		}
	}
	half := make(map[*Value]*Value) // the same in bfloat16
	var nodes []*Node
	cast := func(from, to *Value) {
		n := &Node{name: to.name, op: Cast{to.typ.DType}, in: []*Value{from}, out: []*Value{to}}
		to.maker = n
		nodes = append(nodes, n)
	}
	short := func(v *Value) *Value {
		t := v.typ
		t.DType = tensor.BFloat16
		h := w.value(v.name, t)
		half[v] = h
		return h
	}
	halved := func(v *Value) *Value {
		h := half[v]
		if h == nil {
			h = short(v)
			cast(v, h)
		}
		return h
	}
	for _, n := range w.nodes {
		if !halves[n] {
			nodes = append(nodes, n)
			continue
		}
		op, ok := n.op.(fusedConv)
		if !ok {
			op = fusedConv{Conv: n.op.(Conv)}
		}
		y := n.out[0]
		op.bf16, op.bf16Out = true, asked[y] && y.typ.Dims.At(1)/op.group()%2 == 0
		n.op = op
		n.in[0] = halved(n.in[0])
		if op.bf16Out && op.residual {
			n.in[3] = halved(n.in[3])
		}
		nodes = append(nodes, n)
		if op.bf16Out {
			n.out[0] = short(y)
			n.out[0].maker = n
			cast(n.out[0], y)
		}
	}
	w.nodes, w.users = nodes, make(map[*Value][]*Node)
	for _, n := range nodes {
		w.use(n)
	}
	for i := len(w.nodes) - 1; i >= 0; i-- { // Casts that nobody wants
		if n := w.nodes[i]; n != nil {
			w.drop(n)
		}
	}
	return nil
}

// halvable reports whether a node is a convolution that would be faster in bfloat16.
func halvable(n *Node, o *Options) bool {
	op, ok := n.op.(fusedConv)
	if c, plain := n.op.(Conv); plain {
		op, ok = fusedConv{Conv: c}, true
	}
	if !ok || !float32s(n.in...) || !float32s(n.out[0]) {
		return false
	}
	for i, v := range n.in {
		if i > 0 && i < 3 && v != nil && !v.konst.Valid() {
			return false
		}
	}
	in, ok := shape4(n.in[0].typ.Dims)
	s, _, err := op.slides(n.in[0].typ.Dims, n.in[1].typ.Dims)
	if !ok || err != nil {
		return false
	}
	win, ok := s.window2d(false)
	g := op.group()
	return ok && in.C/g >= leastHalf && in.C/g%2 == 0 && (o.Force || conv.BF16Pays(conv.Params{
		In: in, OutC: n.in[1].typ.Dims.At(0), Window: win, Groups: g, InLayout: tensor.NHWC, OutLayout: tensor.NHWC, Kernels: o.Kernels,
	}))
}

// leastHalf is the number of channels of a group from which bfloat16 is worth its conversions.
const leastHalf = 16

// evalBF16 computes a convolution in bfloat16 plainly: operands are rounded, sums are not.
func (o fusedConv) evalBF16(out, in []tensor.Array) error {
	o.bf16, o.bf16Out = false, false
	wide := func(x tensor.Array, round bool) tensor.Array {
		if !x.Valid() {
			return x
		}
		y := make([]float32, x.Len())
		for i := range y {
			if y[i] = float32(x.Float(i)); round {
				y[i] = tensor.ToBF16(y[i]).Float32()
			}
		}
		return tensor.Of(x.Dims(), y)
	}
	var args []tensor.Array
	for i, x := range in {
		args = append(args, wide(x, i < 2))
	}
	sums := []tensor.Array{tensor.NewArray(tensor.Type{DType: tensor.Float32, Dims: out[0].Dims()})}
	if err := o.Eval(sums, args); err != nil {
		return err
	}
	for i := range sums[0].Len() {
		out[0].SetFloat(i, sums[0].Float(i))
	}
	return nil
}
