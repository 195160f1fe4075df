package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/tensor"
)

// PadMode says what padding holds.
type PadMode uint8

const (
	PadConstant PadMode = iota // a number
	PadEdge                    // the nearest element
	PadReflect                 // what lies as far inside, mirrored at the outermost element
	PadWrap                    // what lies at the other end
)

func (m PadMode) String() string {
	names := [...]string{"constant", "edge", "reflect", "wrap"}
	if int(m) < len(names) {
		return names[m]
	}
	return fmt.Sprintf("PadMode(%d)", uint8(m))
}

// Pad adds elements at both ends of axes, or with negative numbers takes some away: inputs are x, the pads (the beginnings of all axes, then their ends), the
// number to pad with (0 if it is left out) and the axes that the pads are for (all if left out).
type Pad struct{ Mode PadMode }

// pads returns the pads of every axis.
func (o Pad) pads(in []Arg) (before, after tensor.Dims, err error) {
	if err = arity(in, 2, 4); err != nil {
		return
	}
	list, err := constInts(in, 1, "the pads")
	if err != nil {
		return
	}
	d := in[0].Type.Dims
	axes := make([]int, d.Rank())
	for i := range axes {
		axes[i] = i
		before, after = before.Append(0), after.Append(0)
	}
	if given(in, 3).Given() {
		if axes, err = constInts(in, 3, "the axes"); err != nil {
			return
		}
	}
	if len(list) != 2*len(axes) {
		err = fmt.Errorf("the pads are %v, want %d numbers", list, 2*len(axes))
		return
	}
	for i, a := range axes {
		if a, err = tensor.Axis(a, d.Rank()); err != nil {
			return
		}
		b, e := list[i], list[len(axes)+i]
		if b < -maxWindow || b > maxWindow || e < -maxWindow || e > maxWindow {
			err = fmt.Errorf("the pads are %v, want %d to %d", list, -maxWindow, maxWindow)
			return
		}
		before, after = before.Set(a, b), after.Set(a, e)
	}
	return
}

func (o Pad) Infer(in []Arg) ([]tensor.Type, error) {
	before, after, err := o.pads(in)
	if err != nil {
		return nil, err
	}
	if o.Mode > PadWrap {
		return nil, fmt.Errorf("Mode is %v, want one of constant edge reflect wrap", o.Mode)
	}
	if v := given(in, 2); v.Given() && (v.Type.Elems() != 1 || v.Type.DType != in[0].Type.DType) {
		return nil, fmt.Errorf("input 2 is %v, want one element of %v", v.Type, in[0].Type.DType)
	}
	t := in[0].Type
	for i := range t.Dims.Rank() {
		n := t.Dims.At(i)
		if n+min(before.At(i), 0)+min(after.At(i), 0) < 0 || o.Mode != PadConstant && n == 0 && before.At(i)+after.At(i) > 0 {
			return nil, fmt.Errorf("axis %d of the input is %d, with pads %d and %d", i, n, before.At(i), after.At(i))
		}
		t.Dims = t.Dims.Set(i, n+before.At(i)+after.At(i))
	}
	return []tensor.Type{t}, nil
}

func (o Pad) Eval(out, in []tensor.Array) error {
	before, _, err := o.pads(arraysAsArgs(in))
	if err != nil {
		return err
	}
	x, y := in[0], out[0]
	size := x.DType().Size()
	value := tensor.NewArray(tensor.Type{DType: x.DType()})
	if v := arg(in, 2); v.Valid() {
		value = v
	}
	w := broadcast{dims: y.Dims()}
	stride := rowMajor.dense(x.Dims())
	for i := range y.Len() {
		from, at, inside := x, 0, true
		for a := range x.Dims().Rank() {
			j := o.source(w.at[a]-before.At(a), x.Dims().At(a))
			inside = inside && j >= 0
			at += j * stride[a]
		}
		if !inside {
			from, at = value, 0
		}
		copy(y.Bytes()[i*size:][:size], from.Bytes()[at*size:][:size])
		w.next()
	}
	return nil
}

func (o Pad) lower(l *lowering, n *Node) (bool, error) {
	if n.out[0].typ.Elems() == 0 { // an axis beside one of no elements may be of any length: no table of it
		return false, nil
	}
	before, _, err := o.pads(args(n.in))
	if err != nil {
		return false, err
	}
	var value []byte
	if len(n.in) > 2 && n.in[2] != nil {
		v, ok := n.in[2].Const()
		if !ok {
			return false, nil
		}
		value = append(value, v.Bytes()...)
	}
	d, to := n.in[0].typ.Dims, n.out[0].typ.Dims
	var tables [tensor.MaxRank][]int
	for a := range d.Rank() {
		if before.At(a) == 0 && d.At(a) == to.At(a) {
			continue
		}
		tables[a] = make([]int, to.At(a))
		for i := range tables[a] {
			tables[a][i] = o.source(i-before.At(a), d.At(a))
		}
	}
	l.pick(n, "pad "+o.Mode.String(), tables, value)
	return true, nil
}

// source is the element that is found at place i of an axis of n, or -1 in padding that holds a number.
func (o Pad) source(i, n int) int {
	switch {
	case i >= 0 && i < n:
		return i
	case o.Mode == PadEdge:
		return min(max(i, 0), n-1)
	case o.Mode == PadWrap:
		return ((i % n) + n) % n
	case o.Mode == PadReflect:
		if n == 1 {
			return 0
		}
		i = ((i % (2*n - 2)) + 2*n - 2) % (2*n - 2)
		return min(i, 2*n-2-i)
	}
	return -1
}

// absorbPad has a convolution pad by itself what a Pad surrounds with zeros, along positions alone.
func absorbPad(w *net, n *Node) bool {
	c, ok := n.op.(Conv)
	if !ok || c.AutoPad != NotSet || n.in[0].maker == nil {
		return false
	}
	p := n.in[0].maker
	o, ok := p.op.(Pad)
	if !ok || o.Mode != PadConstant {
		return false
	}
	if len(p.in) > 2 && p.in[2] != nil {
		if v, ok := scalarOf(p.in[2]); !ok || v != 0 {
			return false
		}
	}
	before, after, err := o.pads(args(p.in))
	if err != nil {
		return false
	}
	k := before.Rank() - 2
	pads := make([]int, 2*k)
	for i := range before.Rank() {
		b, a := before.At(i), after.At(i)
		if b < 0 || a < 0 || i < 2 && b+a != 0 {
			return false
		}
		if i >= 2 {
			pads[i-2] = attr(c.Pads, i-2, 0) + b
			pads[k+i-2] = attr(c.Pads, k+i-2, 0) + a
		}
	}
	c.Pads = tensor.D(pads...)
	kernel := tensor.D(n.in[1].typ.Dims.Slice()[2:]...)
	s, _, err := c.over(kernel, p.in[0].typ.Dims)
	if err != nil {
		return false
	}
	if _, ok := s.window2d(false); !ok {
		return false
	}
	in := append([]*Value(nil), n.in...)
	in[0] = p.in[0]
	w.become(n, c, in...)
	return true
}
