package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/tensor"
)

// A detector's first layers (Focus; SpaceToDepth) put every second pixel of every second row into channels of their own, four times as many, and convolve these. It is one
// convolution of the picture itself with a kernel and a stride twice as large: as many multiplications, and nothing to move.

// comb is one of the pictures that a picture is cut into: every block-th row and column from a first one.
type comb struct{ y, x int }

// combed returns the picture whose combs v has in its channels, their order, and the block.
func combed(w *net, v *Value) (x *Value, list []comb, block comb) {
	if n := v.maker; n == nil || v.typ.Dims.Rank() != 4 || !w.sole(v) {
		return nil, nil, block
	} else if o, ok := n.op.(SpaceToDepth); ok {
		for i := range o.Block * o.Block {
			list = append(list, comb{i / o.Block, i % o.Block})
		}
		return n.in[0], list, comb{o.Block, o.Block}
	} else if o, ok := n.op.(Concat); !ok || o.Axis != 1 && o.Axis != -3 {
		return nil, nil, block
	}
	for _, p := range v.maker.in {
		first, step := comb{}, comb{1, 1}
		for p.maker != nil {
			o, ok := p.maker.op.(Slice)
			if !ok {
				break
			}
			a, s, _, err := o.pieces(args(p.maker.in))
			if err != nil || a.At(0) != 0 || a.At(1) != 0 || s.At(2) < 1 || s.At(3) < 1 || p.maker.in[0].typ.Dims.Span(0, 2) != p.typ.Dims.Span(0, 2) || s.At(0)*s.At(1) != 1 {
				return nil, nil, block
			}
			first = comb{a.At(2) + s.At(2)*first.y, a.At(3) + s.At(3)*first.x}
			step = comb{s.At(2) * step.y, s.At(3) * step.x}
			p = p.maker.in[0]
		}
		if x == nil {
			x, block = p, step
		}
		if p != x || step != block {
			return nil, nil, block
		}
		list = append(list, first)
	}
	return x, list, block
}

const (
	focusChannels = 4  // of a picture; with more of them other algorithms are quicker
	focusCombs    = 16 // of a block
)

// unfocus has a convolution of the combs of a picture convolve the picture.
func unfocus(w *net, n *Node) bool {
	o, ok := n.op.(Conv)
	if !ok || o.group() != 1 || !float32s(n.in...) || !n.in[1].konst.Valid() || n.in[1].typ.Dims.Rank() != 4 {
		return false
	}
	x, list, block := combed(w, n.in[0])
	if x == nil || len(list) != block.y*block.x || len(list) < 2 || len(list) > focusCombs {
		return false
	}
	d, f := x.typ.Dims, n.in[1].typ.Dims
	c := d.At(1)
	if c > focusChannels || f.At(1) != c*len(list) || n.in[0].typ.Dims.At(2)*block.y != d.At(2) || n.in[0].typ.Dims.At(3)*block.x != d.At(3) {
		return false
	}
	seen := make(map[comb]bool)
	for _, p := range list {
		if seen[p] || p.y < 0 || p.y >= block.y || p.x < 0 || p.x >= block.x {
			return false
		}
		seen[p] = true
	}
	s, _, err := o.over(tensor.D(f.At(2), f.At(3)), n.in[0].typ.Dims)
	if err != nil || s.axis[0].dilation != 1 || s.axis[1].dilation != 1 {
		return false
	}
	high, wide := f.At(2)*block.y, f.At(3)*block.x
	weights, _ := w.shared.derived("unfocused", n.in[1].identified(), fmt.Sprint(list, block), func() (tensor.Array, error) {
		a := tensor.NewArray(tensor.T(tensor.Float32, f.At(0), c, high, wide))
		to, from := tensor.Data[float32](a), tensor.Data[float32](n.in[1].konst)
		for i, v := range from {
			kx, ky, ic, oc := i%f.At(3), i/f.At(3)%f.At(2), i/f.Span(2, 4)%f.At(1), i/f.Span(1, 4)
			p := list[ic/c]
			to[((oc*c+ic%c)*high+ky*block.y+p.y)*wide+kx*block.x+p.x] = v
		}
		return a, nil
	})
	in := append([]*Value(nil), n.in...)
	in[0], in[1] = x, w.constant(n.in[1].name, weights.array)
	in[1].origin = weights.id
	v, h := s.axis[0], s.axis[1]
	o.Window = Window{
		Strides: tensor.D(v.stride*block.y, h.stride*block.x),
		Pads:    tensor.D(v.before*block.y, h.before*block.x, v.after*block.y, h.after*block.x),
	}
	if t, err := infer(o, args(in)); err != nil || t[0] != n.out[0].typ {
		return false
	}
	w.become(n, o, in...)
	return true
}
