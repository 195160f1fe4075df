package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// Operators that move nothing: their outputs are other views of their inputs.

// constInts returns the elements of an input that must be known while the graph is built.
func constInts(in []Arg, i int, what string) ([]int, error) {
	a := given(in, i)
	switch {
	case !a.Given():
		return nil, fmt.Errorf("input %d, %s, is left out", i, what)
	case !a.Type.DType.IsInt():
		return nil, fmt.Errorf("input %d, %s, is %v, want int64", i, what, a.Type.DType)
	case !a.Const.Valid():
		return nil, fmt.Errorf("input %d, %s, is known only when the network runs, want a constant", i, what)
	case a.Type.Dims.Rank() > 1:
		return nil, fmt.Errorf("input %d, %s, is %v, want one axis", i, what, a.Type)
	case a.Type.Elems() > 1<<16:
		return nil, fmt.Errorf("input %d, %s, has %d elements, want at most %d", i, what, a.Type.Elems(), 1<<16)
	}
	x := make([]int, a.Const.Len())
	for i := range x { // what means "to the end" does so where an int has 32 bits, too
		x[i] = int(max(min(a.Const.Int(i), math.MaxInt), math.MinInt))
	}
	return x, nil
}

// evalCopy is Eval of an operator that changes nothing but the type.
func evalCopy(out, in []tensor.Array) error {
	copy(out[0].Bytes(), in[0].Bytes())
	return nil
}

// Transpose puts axis Perm[i] of its input in place i; without Perm the axes are reversed.
type Transpose struct{ Perm tensor.Dims }

func (o Transpose) perm(rank int) (tensor.Dims, error) {
	p := o.Perm
	if p.Rank() == 0 {
		for i := rank - 1; i >= 0; i-- {
			p = p.Append(i)
		}
		return p, nil
	}
	var seen [tensor.MaxRank]bool
	if p.Rank() != rank {
		return p, fmt.Errorf("Perm is %v, want %d axes", p.Slice(), rank)
	}
	for i := range rank {
		if a := p.At(i); a < 0 || a >= rank || seen[a] {
			return p, fmt.Errorf("Perm is %v, want each of 0 to %d once", p.Slice(), rank-1)
		}
		seen[p.At(i)] = true
	}
	return p, nil
}

func (o Transpose) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	x := in[0].Type
	p, err := o.perm(x.Dims.Rank())
	if err != nil {
		return nil, err
	}
	t := x
	for i := range p.Rank() {
		t.Dims = t.Dims.Set(i, x.Dims.At(p.At(i)))
	}
	return []tensor.Type{t}, nil
}

func (o Transpose) Eval(out, in []tensor.Array) error {
	p, err := o.perm(in[0].Dims().Rank())
	if err != nil {
		return err
	}
	plain(out[0], denseView(in[0].Type()).transpose(p), in[0])
	return nil
}

func (o Transpose) lower(l *lowering, n *Node) (bool, error) {
	x := l.at(n.in[0])
	p, err := o.perm(x.dims().Rank())
	l.alias(n.out[0], x.transpose(p))
	return err == nil, err
}

// denseView is the view of an array.
func denseView(t tensor.Type) view {
	return view{buf: &buffer{bytes: t.Bytes()}, typ: t, stride: rowMajor.dense(t.Dims)}
}

// plain copies the elements that x says of src to dst, singly.
func plain(dst tensor.Array, x view, src tensor.Array) {
	w := broadcast{dims: x.dims()}
	w.stride[0] = x.stride
	w.index[0] = x.off
	size := dst.DType().Size()
	to, from := dst.Bytes(), src.Bytes()
	for i := range dst.Len() {
		j := w.index[0]
		copy(to[i*size:(i+1)*size], from[j*size:(j+1)*size])
		w.next()
	}
}

// Reshape gives its input other dims: those of the second input, where -1 stands for what is left, once, and 0 for the size that the input
// has there, unless AllowZero is set.
type Reshape struct{ AllowZero bool }

func (o Reshape) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	sizes, err := constInts(in, 1, "the shape")
	if err != nil {
		return nil, err
	}
	x := in[0].Type
	rest, known := -1, 1
	for i, n := range sizes {
		switch {
		case n == -1 && rest >= 0:
			return nil, fmt.Errorf("the shape is %v, want -1 at most once", sizes)
		case n == -1:
			rest = i
			continue
		case n == 0 && !o.AllowZero:
			if i >= x.Dims.Rank() {
				return nil, fmt.Errorf("the shape is %v: element %d is 0, and the input is %v", sizes, i, x.Dims)
			}
			sizes[i] = x.Dims.At(i)
		case n < 0:
			return nil, fmt.Errorf("the shape is %v, want -1 or sizes", sizes)
		}
		var ok bool
		if known, ok = tensor.MulOK(known, sizes[i]); !ok {
			return nil, fmt.Errorf("the shape is %v, which overflows the address space", sizes)
		}
	}
	if rest >= 0 {
		if known == 0 || x.Elems()%known != 0 {
			return nil, fmt.Errorf("the shape is %v for an input %v: no size fits in place of -1", sizes, x.Dims)
		}
		sizes[rest] = x.Elems() / known
		known = x.Elems()
	}
	d, err := tensor.MakeDims(sizes)
	if err != nil {
		return nil, err
	}
	if known != x.Elems() {
		return nil, fmt.Errorf("the shape is %v, want %d elements as the input %v has", sizes, x.Elems(), x.Dims)
	}
	return []tensor.Type{{DType: x.DType, Dims: d}}, nil
}

func (Reshape) Eval(out, in []tensor.Array) error { return evalCopy(out, in) }

func (Reshape) lower(l *lowering, n *Node) (bool, error) { return l.reshape(n) }

// reshape makes the output a view of the input, or of a row-major copy where strides cannot say it.
func (l *lowering) reshape(n *Node) (bool, error) {
	y, ok := l.at(n.in[0]).reshape(n.out[0].typ.Dims)
	if !ok {
		l.later[n.out[0]] = n
		return true, nil
	}
	l.alias(n.out[0], y)
	return true, nil
}

// Flatten makes a matrix: the axes before Axis are its rows, the others its columns. A negative Axis counts from behind.
type Flatten struct{ Axis int }

func (o Flatten) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	x := in[0].Type
	axis, r := o.Axis, x.Dims.Rank()
	if axis < -r || axis > r {
		return nil, fmt.Errorf("Axis is %d, want %d to %d", axis, -r, r)
	}
	if axis < 0 {
		axis += r
	}
	return []tensor.Type{{DType: x.DType, Dims: tensor.D(x.Dims.Span(0, axis), x.Dims.Span(axis, r))}}, nil
}

func (Flatten) Eval(out, in []tensor.Array) error        { return evalCopy(out, in) }
func (Flatten) lower(l *lowering, n *Node) (bool, error) { return l.reshape(n) }

// Squeeze drops the axes that the second input lists, which must have one element, or without it all that have.
type Squeeze struct{}

func (Squeeze) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, 2); err != nil {
		return nil, err
	}
	x := in[0].Type
	var drop [tensor.MaxRank]bool
	if given(in, 1).Given() {
		axes, err := constInts(in, 1, "the axes")
		if err != nil {
			return nil, err
		}
		for _, a := range axes {
			i, err := tensor.Axis(a, x.Dims.Rank())
			if err != nil {
				return nil, err
			}
			if x.Dims.At(i) != 1 {
				return nil, fmt.Errorf("axis %d of the input %v is %d, want 1", i, x.Dims, x.Dims.At(i))
			}
			drop[i] = true
		}
	} else {
		for i := range x.Dims.Rank() {
			drop[i] = x.Dims.At(i) == 1
		}
	}
	var d tensor.Dims
	for i := range x.Dims.Rank() {
		if !drop[i] {
			d = d.Append(x.Dims.At(i))
		}
	}
	return []tensor.Type{{DType: x.DType, Dims: d}}, nil
}

func (Squeeze) Eval(out, in []tensor.Array) error        { return evalCopy(out, in) }
func (Squeeze) lower(l *lowering, n *Node) (bool, error) { return l.reshape(n) }

// Unsqueeze adds axes of one element where the second input says, as they are numbered in the output.
type Unsqueeze struct{}

func (Unsqueeze) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	axes, err := constInts(in, 1, "the axes")
	if err != nil {
		return nil, err
	}
	x := in[0].Type
	rank := x.Dims.Rank() + len(axes)
	if rank > tensor.MaxRank {
		return nil, fmt.Errorf("the output has %d axes, want at most %d", rank, tensor.MaxRank)
	}
	var added [tensor.MaxRank]bool
	for _, a := range axes {
		i, err := tensor.Axis(a, rank)
		if err != nil {
			return nil, err
		}
		if added[i] {
			return nil, fmt.Errorf("the axes are %v, want each once", axes)
		}
		added[i] = true
	}
	var d tensor.Dims
	j := 0
	for i := range rank {
		if added[i] {
			d = d.Append(1)
			continue
		}
		d = d.Append(x.Dims.At(j))
		j++
	}
	return []tensor.Type{{DType: x.DType, Dims: d}}, nil
}

func (Unsqueeze) Eval(out, in []tensor.Array) error        { return evalCopy(out, in) }
func (Unsqueeze) lower(l *lowering, n *Node) (bool, error) { return l.reshape(n) }

// Identity is its input.
type Identity struct{}

func (Identity) Infer(in []Arg) ([]tensor.Type, error) { return inferUnary(in, anything) }
func (Identity) Eval(out, in []tensor.Array) error     { return evalCopy(out, in) }

func (Identity) lower(l *lowering, n *Node) (bool, error) {
	l.alias(n.out[0], l.at(n.in[0]))
	return true, nil
}

// Expand stretches its input to the dims of the second input, to which it broadcasts; where they are smaller the input's stay.
type Expand struct{}

func (Expand) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	sizes, err := constInts(in, 1, "the shape")
	if err != nil {
		return nil, err
	}
	d, err := tensor.MakeDims(sizes)
	if err == nil {
		d, err = tensor.Broadcast(in[0].Type.Dims, d)
	}
	return []tensor.Type{{DType: in[0].Type.DType, Dims: d}}, err
}

func (Expand) Eval(out, in []tensor.Array) error {
	plain(out[0], denseView(in[0].Type()).expand(out[0].Dims()), in[0])
	return nil
}

func (Expand) lower(l *lowering, n *Node) (bool, error) {
	l.alias(n.out[0], l.at(n.in[0]).expand(n.out[0].typ.Dims))
	return true, nil
}

// Slice cuts pieces out of its input: inputs are the starts, the ends, which are not included, the axes (all from the first on if left out) and the steps (1 if left
// out). Negative starts and ends count from behind; what lies outside is cut off; a negative step goes backwards.
type Slice struct{}

// pieces returns the first element, the step and the number of elements along each axis.
func (Slice) pieces(in []Arg) (start, step, n tensor.Dims, err error) {
	if err = arity(in, 3, 5); err != nil {
		return
	}
	starts, err := constInts(in, 1, "the starts")
	if err != nil {
		return
	}
	ends, err := constInts(in, 2, "the ends")
	if err != nil {
		return
	}
	x := in[0].Type.Dims
	axes, steps := make([]int, len(starts)), make([]int, len(starts))
	for i := range axes {
		axes[i], steps[i] = i, 1
	}
	if given(in, 3).Given() {
		if axes, err = constInts(in, 3, "the axes"); err != nil {
			return
		}
	}
	if given(in, 4).Given() {
		if steps, err = constInts(in, 4, "the steps"); err != nil {
			return
		}
	}
	if len(ends) != len(starts) || len(axes) != len(starts) || len(steps) != len(starts) {
		err = fmt.Errorf("%d starts, %d ends, %d axes and %d steps, want as many of each", len(starts), len(ends), len(axes), len(steps))
		return
	}
	for i := range x.Rank() {
		start, step, n = start.Append(0), step.Append(1), n.Append(x.At(i))
	}
	var seen [tensor.MaxRank]bool
	for i, a := range axes {
		if a, err = tensor.Axis(a, x.Rank()); err != nil {
			return
		}
		if seen[a] {
			err = fmt.Errorf("the axes are %v, want each once", axes)
			return
		}
		seen[a] = true
		size, s, e, st := x.At(a), starts[i], ends[i], steps[i]
		if st == 0 {
			err = fmt.Errorf("a step is 0")
			return
		}
		if s < 0 {
			s += size
		}
		if e < 0 {
			e += size
		}
		count := 0
		if st > 0 {
			s, e = min(max(s, 0), size), min(e, size)
			if e > s {
				count = (e-s-1)/st + 1
			}
		} else {
			st = max(st, -size-1) // no further than over all of it: its negative must not overflow
			s, e = max(min(s, size-1), 0), max(e, -1)
			if s > e && size > 0 {
				count = (s-e-1)/-st + 1
			}
		}
		start, step, n = start.Set(a, s), step.Set(a, st), n.Set(a, count)
	}
	return
}

func (o Slice) Infer(in []Arg) ([]tensor.Type, error) {
	_, _, n, err := o.pieces(in)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{{DType: in[0].Type.DType, Dims: n}}, nil
}

func (o Slice) view(x view, in []Arg) (view, error) {
	start, step, n, err := o.pieces(in)
	if err != nil {
		return x, err
	}
	for i := range n.Rank() {
		x = x.slice(i, start.At(i), step.At(i), n.At(i))
	}
	return x, nil
}

func arraysAsArgs(in []tensor.Array) []Arg {
	a := make([]Arg, len(in))
	for i, x := range in {
		a[i] = Arg{x.Type(), x}
	}
	return a
}

func (o Slice) Eval(out, in []tensor.Array) error {
	x, err := o.view(denseView(in[0].Type()), arraysAsArgs(in))
	if err == nil {
		plain(out[0], x, in[0])
	}
	return err
}

func (o Slice) lower(l *lowering, n *Node) (bool, error) {
	x, err := o.view(l.at(n.in[0]), args(n.in))
	if err != nil {
		return false, err
	}
	l.alias(n.out[0], x)
	return true, nil
}

// Split cuts its input along Axis into pieces of the sizes that the second input lists, or without it into Outputs pieces of one size, of which
// the last may be smaller.
type Split struct {
	Axis    int
	Outputs int
}

// maxOutputs bounds what an attribute can ask for.
const maxOutputs = 1 << 12

func (o Split) pieces(in []Arg) (axis int, sizes []int, err error) {
	if err = arity(in, 1, 2); err != nil {
		return
	}
	x := in[0].Type.Dims
	if axis, err = tensor.Axis(o.Axis, x.Rank()); err != nil {
		return
	}
	n := x.At(axis)
	if given(in, 1).Given() {
		if sizes, err = constInts(in, 1, "the sizes"); err != nil {
			return
		}
		sum := 0
		for _, s := range sizes {
			if s < 0 || s > n {
				sum = -1
				break
			}
			sum += s
		}
		if sum != n || len(sizes) == 0 || o.Outputs != 0 && o.Outputs != len(sizes) {
			err = fmt.Errorf("the sizes are %v, want %d in sum as axis %d of the input has, and one for each output", sizes, n, axis)
		}
		return
	}
	if o.Outputs < 1 || o.Outputs > maxOutputs {
		return axis, nil, fmt.Errorf("Outputs is %d, want 1 to %d", o.Outputs, maxOutputs)
	}
	size := (n + o.Outputs - 1) / o.Outputs
	for range o.Outputs {
		sizes = append(sizes, min(size, n))
		n -= min(size, n)
	}
	return axis, sizes, nil
}

func (o Split) Infer(in []Arg) ([]tensor.Type, error) {
	axis, sizes, err := o.pieces(in)
	if err != nil {
		return nil, err
	}
	var t []tensor.Type
	for _, n := range sizes {
		t = append(t, tensor.Type{DType: in[0].Type.DType, Dims: in[0].Type.Dims.Set(axis, n)})
	}
	return t, nil
}

func (o Split) Eval(out, in []tensor.Array) error {
	axis, sizes, err := o.pieces(arraysAsArgs(in))
	at := 0
	for i, n := range sizes {
		plain(out[i], denseView(in[0].Type()).slice(axis, at, 1, n), in[0])
		at += n
	}
	return err
}

func (o Split) lower(l *lowering, n *Node) (bool, error) {
	axis, sizes, err := o.pieces(args(n.in))
	at := 0
	for i, size := range sizes {
		l.alias(n.out[i], l.at(n.in[0]).slice(axis, at, 1, size))
		at += size
	}
	return err == nil, err
}

// Concat joins its inputs along Axis.
type Concat struct{ Axis int }

func (o Concat) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, max(1, len(in))); err != nil {
		return nil, err
	}
	t := in[0].Type
	axis, err := tensor.Axis(o.Axis, t.Dims.Rank())
	if err != nil {
		return nil, err
	}
	sum := t.Dims.At(axis)
	for i, a := range in[1:] {
		x := a.Type
		if x.DType != t.DType || x.Dims.Rank() != t.Dims.Rank() || x.Dims.Set(axis, t.Dims.At(axis)) != t.Dims {
			return nil, fmt.Errorf("input %d is %v, want %v as input 0 is, but for axis %d", i+1, x, t, axis)
		}
		if sum += x.Dims.At(axis); sum < 0 {
			return nil, fmt.Errorf("the output overflows the address space")
		}
	}
	t.Dims = t.Dims.Set(axis, sum)
	return []tensor.Type{t}, nil
}

func (o Concat) Eval(out, in []tensor.Array) error {
	y := out[0]
	axis, err := tensor.Axis(o.Axis, y.Dims().Rank())
	if err != nil {
		return err
	}
	size := y.DType().Size()
	row := y.Dims().Span(axis, y.Dims().Rank()) * size
	at := 0
	for _, x := range in {
		n := x.Dims().Span(axis, x.Dims().Rank()) * size
		for i := range y.Dims().Span(0, axis) {
			copy(y.Bytes()[i*row+at:][:n], x.Bytes()[i*n:][:n])
		}
		at += n
	}
	return nil
}

func (o Concat) lower(l *lowering, n *Node) (bool, error) {
	out := n.out[0]
	axis, err := tensor.Axis(o.Axis, out.typ.Dims.Rank())
	if err != nil {
		return false, err
	}
	y, placed := l.views[out]
	if !placed { // nobody wrote a part in its place
		ord := rowMajor
		last := 0
		for _, v := range n.in {
			if x := l.at(v); !x.is(rowMajor) && x.isRows(channelsLast) {
				last += v.typ.Elems()
			}
		}
		if 2*last > out.typ.Elems() {
			ord = channelsLast
		}
		y = l.fresh(out.typ, ord)
		if p, ok := l.parts[out]; ok { // the Concat is itself part of another
			if _, ok := l.views[p.of]; ok || ord == channelsLast {
				y = l.out(out, ord, true)
			}
		}
	}
	at, steps := 0, len(l.steps)
	for _, v := range n.in {
		size := v.typ.Dims.At(axis)
		dst, src := y.slice(axis, at, 1, size), l.at(v)
		if (src.buf != dst.buf || src.off != dst.off) && v.typ.Elems() > 0 {
			l.move(dst, src)
		}
		at += size
	}
	l.alias(out, y)
	if len(l.steps) > steps { // all of it is there after the last part
		l.steps[len(l.steps)-1].shows(out, y)
	}
	return true, nil
}

// Shape is the sizes of the input's axes from Start on, up to End, which is not included, or to the last if HasEnd is not set. Negative numbers
// count from behind.
type Shape struct {
	Start, End int
	HasEnd     bool
}

func (Shape) typeOnly() {}

func (o Shape) bounds(rank int) (lo, hi int) {
	lo, hi = o.Start, rank
	if o.HasEnd {
		hi = o.End
	}
	if lo < 0 {
		lo += rank
	}
	if hi < 0 {
		hi += rank
	}
	lo = min(max(lo, 0), rank)
	return lo, max(lo, min(max(hi, 0), rank))
}

func (o Shape) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	lo, hi := o.bounds(in[0].Type.Dims.Rank())
	return []tensor.Type{tensor.T(tensor.Int64, hi-lo)}, nil
}

func (o Shape) Eval(out, in []tensor.Array) error {
	lo, hi := o.bounds(in[0].Dims().Rank())
	for i := lo; i < hi; i++ {
		out[0].SetInt(i-lo, int64(in[0].Dims().At(i)))
	}
	return nil
}

// Size is the number of elements of the input.
type Size struct{}

func (Size) typeOnly() {}

func (Size) Infer(in []Arg) ([]tensor.Type, error) {
	return []tensor.Type{tensor.T(tensor.Int64)}, arity(in, 1, 1)
}

func (Size) Eval(out, in []tensor.Array) error {
	out[0].SetInt(0, int64(in[0].Dims().Elems()))
	return nil
}
