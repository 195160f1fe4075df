package graph

import "github.com/simdnn/simdnn/tensor"

// underView has an activation, or a sum or product with a constant of channels, change places with the view of a convolution's or a product's
// output that it was applied to. Exporters squeeze, flatten or transpose first and then add the bias: afterwards the convolution can do it.
func underView(w *net, n *Node) bool {
	i := 0
	if len(n.in) == 2 && n.in[0] != nil && n.in[0].konst.Valid() {
		i = 1
	}
	if len(n.in) == 0 || n.in[i] == nil || n.in[i].maker == nil {
		return false
	}
	x := n.in[i]
	v := x.maker
	if !isView(v.op) || !w.sole(x) || !float32s(x) || x.typ != n.out[0].typ {
		return false
	}
	channels, ok := channelsOf(w, v.in[0])
	if !ok {
		return false
	}
	y := v.in[0]
	in := append([]*Value(nil), n.in...)
	in[i] = y
	if _, ok := activationOf(n); !ok {
		switch n.op.(type) {
		case Add, Sub, Mul, Div:
		default:
			return false
		}
		if in[1-i], ok = w.underView(v, n.in[1-i], channels); !ok {
			return false
		}
	}
	if t, err := infer(n.op, args(in)); err != nil || t[0] != y.typ {
		return false
	}
	view := append([]*Value{x}, v.in[1:]...)
	w.unuse(v)
	w.unuse(n)
	n.name, v.name = v.name, n.name
	n.op, v.op = v.op, n.op
	n.in, v.in = view, in
	x.typ = y.typ
	w.use(v)
	w.use(n)
	return true
}

func isView(op Op) bool {
	switch op.(type) {
	case Reshape, Flatten, Squeeze, Unsqueeze, Transpose:
		return true
	}
	return false
}

// channelsOf returns the axis of y along which the channels of a convolution or a product lie that y shows, perhaps through views and
// affine functions; -1 where they lie along no axis of their own. It returns false if y shows no such thing, or one that can do no more.
func channelsOf(w *net, y *Value) (axis int, ok bool) {
	if y.maker == nil || !w.sole(y) {
		return 0, false
	}
	n := y.maker
	switch o := n.op.(type) {
	case weighted:
		axis, _, ok = o.channels(n)
		return axis, ok && n.in[1].konst.Valid()
	case Reshape, Flatten, Squeeze, Unsqueeze, Transpose:
		below, ok := channelsOf(w, n.in[0])
		for i := range y.typ.Dims.Rank() {
			if a, same := sameAxis(o, n.in[0].typ.Dims, y.typ.Dims, i); same && a == below {
				return i, ok
			}
		}
		return -1, ok
	}
	for axis := range y.typ.Dims.Rank() {
		if x, _, _, ok := affineOf(n, axis); ok && x.typ == y.typ {
			return channelsOf(w, x)
		}
	}
	return 0, false
}

// underView returns the constant k, which varies along one axis of v's output, as one that varies along the same axis of its input, the channels.
func (w *net) underView(v *Node, k *Value, channels int) (*Value, bool) {
	if !k.konst.Valid() {
		return nil, false
	}
	from, to := v.in[0].typ.Dims, v.out[0].typ.Dims
	d := tensor.D()
	if k.konst.Len() > 1 {
		a := 0
		for ; ; a++ {
			if a == to.Rank() {
				return nil, false
			}
			if _, ok := along(k, to, a); ok {
				break
			}
		}
		b, ok := sameAxis(v.op, from, to, a)
		if !ok || b != channels {
			return nil, false
		}
		for i := range from.Rank() {
			if i == b {
				d = d.Append(from.At(i))
			} else {
				d = d.Append(1)
			}
		}
	}
	return w.constant(k.name, k.konst.Reshape(d)), true
}

// sameAxis returns the axis of a view's input, of dims from, that is axis a of its output, where to.At(a) > 1.
func sameAxis(op Op, from, to tensor.Dims, a int) (int, bool) {
	if o, ok := op.(Transpose); ok {
		perm, err := o.perm(from.Rank())
		return perm.At(a), err == nil
	}
	// The axes of more than one element must be the same ones, in the same order.
	wide := func(d tensor.Dims) (axes []int) {
		for i := range d.Rank() {
			if d.At(i) != 1 {
				axes = append(axes, i)
			}
		}
		return axes
	}
	f, t := wide(from), wide(to)
	if len(f) != len(t) {
		return 0, false
	}
	b := -1
	for i := range f {
		if from.At(f[i]) != to.At(t[i]) {
			return 0, false
		}
		if t[i] == a {
			b = f[i]
		}
	}
	return b, b >= 0
}
