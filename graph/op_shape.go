package graph

import (
	"fmt"
	"math"
	"sort"

	"github.com/simdnn/simdnn/tensor"
)

// ConstantOfShape is a tensor of the dims that its input lists, all of whose elements are Value, of type DType (float32 if it is 0).
type ConstantOfShape struct {
	DType tensor.DType
	Float float64 // the element, of floating-point types
	Int   int64   // the element, of others
}

func (o ConstantOfShape) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	sizes, err := constInts(in, 0, "the shape")
	if err != nil {
		return nil, err
	}
	d, err := tensor.MakeDims(sizes)
	t := tensor.Type{DType: o.DType, Dims: d}
	if t.DType == 0 {
		t.DType = tensor.Float32
	}
	return []tensor.Type{t}, err
}

func (o ConstantOfShape) Eval(out, in []tensor.Array) error {
	y := out[0]
	for i := range y.Len() {
		if y.DType().IsFloat() {
			y.SetFloat(i, o.Float)
		} else {
			y.SetInt(i, o.Int)
		}
	}
	return nil
}

// Range counts from the first input by the third, up to the second, which is not included: constants of one type.
type Range struct{}

func (Range) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 3, 3); err != nil {
		return nil, err
	}
	if err := alike(in, 0, 1, 2); err != nil {
		return nil, err
	}
	for i, a := range in {
		if !a.Const.Valid() || a.Const.Len() != 1 {
			return nil, fmt.Errorf("input %d is %v, want a constant scalar", i, a.Type)
		}
	}
	n := math.Ceil((in[1].Const.Float(0) - in[0].Const.Float(0)) / in[2].Const.Float(0))
	if !(n < 1<<40) {
		return nil, fmt.Errorf("%v elements from %v to %v by %v", n, in[0].Const.Float(0), in[1].Const.Float(0), in[2].Const.Float(0))
	}
	return []tensor.Type{tensor.T(in[0].Type.DType, int(max(n, 0)))}, nil
}

func (Range) Eval(out, in []tensor.Array) error {
	y := out[0]
	for i := range y.Len() {
		if y.DType().IsFloat() {
			y.SetFloat(i, in[0].Float(0)+float64(i)*in[2].Float(0))
		} else {
			y.SetInt(i, in[0].Int(0)+int64(i)*in[2].Int(0))
		}
	}
	return nil
}

// Tile repeats its input along every axis as often as the second input says.
type Tile struct{}

func (Tile) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	n, err := constInts(in, 1, "the repeats")
	if err != nil {
		return nil, err
	}
	t := in[0].Type
	if len(n) != t.Dims.Rank() {
		return nil, fmt.Errorf("the repeats are %v, want %d of them", n, t.Dims.Rank())
	}
	for i, k := range n {
		size, ok := tensor.MulOK(t.Dims.At(i), k)
		if !ok {
			return nil, fmt.Errorf("the repeats are %v, want at least 0 and no overflow", n)
		}
		t.Dims = t.Dims.Set(i, size)
	}
	return []tensor.Type{t}, nil
}

func (Tile) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	size := x.DType().Size()
	stride := rowMajor.dense(x.Dims())
	w := broadcast{dims: y.Dims()}
	for i := range y.Len() {
		at := 0
		for a := range x.Dims().Rank() {
			at += w.at[a] % x.Dims().At(a) * stride[a]
		}
		copy(y.Bytes()[i*size:][:size], x.Bytes()[at*size:])
		w.next()
	}
	return nil
}

// maxBlock bounds a block, so that its square fits 32 bits.
const maxBlock = 1 << 15

// DepthToSpace makes blocks of Block x Block positions of the channels of x [N, C, H, W]: the channels are numbered block first, or with ColumnRow channel
// first (ONNX's mode CRD, PyTorch's pixel shuffle).
type DepthToSpace struct {
	Block     int
	ColumnRow bool
}

func (o DepthToSpace) Infer(in []Arg) ([]tensor.Type, error) {
	t, err := inferUnary(in, anything)
	if err != nil {
		return nil, err
	}
	d := t[0].Dims
	if o.Block < 1 || o.Block > maxBlock || d.Rank() != 4 || d.At(1)%(o.Block*o.Block) != 0 {
		return nil, fmt.Errorf("Block is %d for an input %v, want 4 axes and channels divisible by its square", o.Block, d)
	}
	t[0].Dims = tensor.D(d.At(0), d.At(1)/(o.Block*o.Block), d.At(2)*o.Block, d.At(3)*o.Block)
	return t, nil
}

// view is the input with the axes N, C, H, block row, W, block column.
func (o DepthToSpace) view(x view) view {
	d, b := x.dims(), o.Block
	n, c, h, w := d.At(0), d.At(1)/(b*b), d.At(2), d.At(3)
	dims, perm := tensor.D(n, b, b, c, h, w), tensor.D(0, 3, 4, 1, 5, 2)
	if o.ColumnRow {
		dims, perm = tensor.D(n, c, b, b, h, w), tensor.D(0, 1, 4, 2, 5, 3)
	}
	y, _ := x.reshape(dims) // an axis is split: always a view
	return y.transpose(perm)
}

func (o DepthToSpace) Eval(out, in []tensor.Array) error {
	x := o.view(denseView(in[0].Type()))
	plain(out[0].Reshape(x.dims()), x, in[0])
	return nil
}

func (o DepthToSpace) lower(l *lowering, n *Node) (bool, error) {
	return l.regroup(n, o.view(l.at(n.in[0])))
}

// regroup writes x, which has the elements of the output in the order of its own axes, as the output: a view where strides can say it.
func (l *lowering) regroup(n *Node, x view) (bool, error) {
	d := n.out[0].typ.Dims
	y, ok := x.reshape(d)
	if !ok {
		o := rowMajor
		if l.at(n.in[0]).is(channelsLast) {
			o = channelsLast
		}
		y = l.fresh(n.out[0].typ, o)
		dst, ok := y.reshape(x.dims())
		if !ok {
			y = l.fresh(n.out[0].typ, rowMajor)
			dst, _ = y.reshape(x.dims())
		}
		l.move(dst, x)
	}
	l.alias(n.out[0], y)
	return true, nil
}

// SpaceToDepth makes channels of blocks of Block x Block positions of x [N, C, H, W], numbered block first.
type SpaceToDepth struct{ Block int }

func (o SpaceToDepth) Infer(in []Arg) ([]tensor.Type, error) {
	t, err := inferUnary(in, anything)
	if err != nil {
		return nil, err
	}
	d := t[0].Dims
	if o.Block < 1 || o.Block > maxBlock || d.Rank() != 4 || d.At(2)%o.Block != 0 || d.At(3)%o.Block != 0 {
		return nil, fmt.Errorf("Block is %d for an input %v, want 4 axes and positions divisible by it", o.Block, d)
	}
	t[0].Dims = tensor.D(d.At(0), d.At(1)*o.Block*o.Block, d.At(2)/o.Block, d.At(3)/o.Block)
	return t, nil
}

func (o SpaceToDepth) view(x view) view {
	d, b := x.dims(), o.Block
	y, _ := x.reshape(tensor.D(d.At(0), d.At(1), d.At(2)/b, b, d.At(3)/b, b)) // axes are split: always a view
	return y.transpose(tensor.D(0, 3, 5, 1, 2, 4))
}

func (o SpaceToDepth) Eval(out, in []tensor.Array) error {
	x := o.view(denseView(in[0].Type()))
	plain(out[0].Reshape(x.dims()), x, in[0])
	return nil
}

func (o SpaceToDepth) lower(l *lowering, n *Node) (bool, error) {
	return l.regroup(n, o.view(l.at(n.in[0])))
}

// TopK is the K largest elements along Axis, or with Smallest the smallest, in order, and their places, int64; of equal ones the first come first. K is
// the second input.
type TopK struct {
	Axis     int
	Smallest bool
}

func (o TopK) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	if err := want(in, 0, numeric); err != nil {
		return nil, err
	}
	k, err := constInts(in, 1, "K")
	if err != nil {
		return nil, err
	}
	t := in[0].Type
	axis, err := tensor.Axis(o.Axis, t.Dims.Rank())
	if err != nil {
		return nil, err
	}
	if len(k) != 1 || k[0] < 0 || k[0] > t.Dims.At(axis) {
		return nil, fmt.Errorf("K is %v, want one number from 0 to %d", k, t.Dims.At(axis))
	}
	t.Dims = t.Dims.Set(axis, k[0])
	return []tensor.Type{t, {DType: tensor.Int64, Dims: t.Dims}}, nil
}

func (o TopK) Eval(out, in []tensor.Array) error {
	x := in[0]
	axis, err := tensor.Axis(o.Axis, x.Dims().Rank())
	if err != nil {
		return err
	}
	k := out[0].Dims().At(axis)
	order := make([]int, x.Dims().At(axis))
	isInt := x.DType().IsInt()
	alongAxis(x.Dims(), axis, func(i, first, step int) {
		for j := range order {
			order[j] = first + j*step
		}
		before := func(a, b int) bool {
			if isInt {
				return less(x.DType(), x.Int(b), x.Int(a))
			}
			p, q := x.Float(a), x.Float(b)
			return p > q || p != p && q == q // a NaN is larger than all
		}
		sort.SliceStable(order, func(a, b int) bool {
			if o.Smallest {
				return before(order[b], order[a])
			}
			return before(order[a], order[b])
		})
		at := i/step*step*k + i%step
		for j := range k {
			if isInt {
				out[0].SetInt(at+j*step, x.Int(order[j]))
			} else {
				out[0].SetFloat(at+j*step, x.Float(order[j]))
			}
			out[1].SetInt(at+j*step, int64((order[j]-first)/step))
		}
	})
	return nil
}

// CumSum is the sums of the elements along an axis up to each: without it with Exclusive, from the end with Reverse. The axis is the second input.
type CumSum struct{ Exclusive, Reverse bool }

func (o CumSum) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	if err := want(in, 0, numeric); err != nil {
		return nil, err
	}
	a, err := constInts(in, 1, "the axis")
	if err != nil {
		return nil, err
	}
	if len(a) != 1 {
		return nil, fmt.Errorf("the axis is %v, want one number", a)
	}
	_, err = tensor.Axis(a[0], in[0].Type.Dims.Rank())
	return []tensor.Type{in[0].Type}, err
}

func (o CumSum) Eval(out, in []tensor.Array) error {
	return cumulate(out, in, o.Exclusive, o.Reverse, 0, func(a, b float64) float64 { return a + b }, func(a, b int64) int64 { return a + b })
}

// cumulate has every element be those before it along the axis that the second input says, and itself, joined by f, or by g where they are integers. The first
// one is joined to neutral.
func cumulate(out, in []tensor.Array, exclusive, reverse bool, neutral int64, f func(a, b float64) float64, g func(a, b int64) int64) error {
	x, y := in[0], out[0]
	axis, err := tensor.Axis(int(in[1].Int(0)), x.Dims().Rank())
	if err != nil {
		return err
	}
	n := x.Dims().At(axis)
	alongAxis(x.Dims(), axis, func(_, first, step int) {
		sum, count := float64(neutral), neutral
		for k := range n {
			i := first + k*step
			if reverse {
				i = first + (n-1-k)*step
			}
			a, b := sum, count
			sum, count = f(sum, x.Float(i)), g(count, x.Int(i))
			if !exclusive {
				a, b = sum, count
			}
			if x.DType().IsInt() {
				y.SetInt(i, b)
			} else {
				y.SetFloat(i, a)
			}
		}
	})
	return nil
}

// OneHot has, in place of every index of its first input, along Axis, as many elements as the second input says: the second element of the third input at the
// index and the first elsewhere.
type OneHot struct{ Axis int }

func (o OneHot) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 3, 3); err != nil {
		return nil, err
	}
	depth := in[1].Const
	if !depth.Valid() || depth.Len() != 1 || depth.Int(0) < 1 || depth.Int(0) > 1<<40 {
		return nil, fmt.Errorf("input 1, the depth, is %v, want a constant scalar of at least 1", in[1].Type)
	}
	if in[2].Type.Elems() != 2 {
		return nil, fmt.Errorf("input 2, the values, is %v, want 2 elements", in[2].Type)
	}
	d := in[0].Type.Dims
	axis, err := tensor.Axis(o.Axis, d.Rank()+1)
	if err != nil {
		return nil, err
	}
	s := d.Slice()
	s = append(s[:axis:axis], append([]int{int(depth.Int(0))}, s[axis:]...)...)
	out, err := tensor.MakeDims(s)
	return []tensor.Type{{DType: in[2].Type.DType, Dims: out}}, err
}

func (o OneHot) Eval(out, in []tensor.Array) error {
	y := out[0]
	axis, err := tensor.Axis(o.Axis, y.Dims().Rank())
	if err != nil {
		return err
	}
	depth := y.Dims().At(axis)
	size := y.DType().Size()
	alongAxis(y.Dims(), axis, func(i, first, step int) {
		hot := int(in[0].Int(i))
		if hot < 0 {
			hot += depth
		}
		for k := range depth {
			from := 0
			if k == hot {
				from = 1
			}
			copy(y.Bytes()[(first+k*step)*size:][:size], in[2].Bytes()[from*size:])
		}
	})
	return nil
}

// Trilu keeps the upper triangle of the matrices of the last two axes, or with Lower the lower one, and puts 0 elsewhere; the diagonal is moved by the second
// input.
type Trilu struct{ Lower bool }

func (o Trilu) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, 2); err != nil {
		return nil, err
	}
	if in[0].Type.Dims.Rank() < 2 {
		return nil, fmt.Errorf("the input is %v, want at least 2 axes", in[0].Type)
	}
	if k := given(in, 1); k.Given() && (k.Type.Elems() != 1 || !k.Type.DType.IsInt()) {
		return nil, fmt.Errorf("input 1 is %v, want one integer", k.Type)
	}
	return []tensor.Type{in[0].Type}, nil
}

func (o Trilu) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	k := 0
	if a := arg(in, 1); a.Valid() {
		k = int(max(min(a.Int(0), 1<<40), -1<<40))
	}
	d := x.Dims()
	rows, cols := d.At(d.Rank()-2), d.At(d.Rank()-1)
	size := x.DType().Size()
	for i := range y.Len() {
		r, c := i/cols%rows, i%cols
		if o.Lower && c-r <= k || !o.Lower && c-r >= k {
			copy(y.Bytes()[i*size:][:size], x.Bytes()[i*size:])
		} else {
			clear(y.Bytes()[i*size:][:size])
		}
	}
	return nil
}
