package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/tensor"
)

// Gather takes from x, along Axis, the pieces whose numbers the second input holds; the axes of that take the place of the axis. Negative numbers count from
// behind.
type Gather struct{ Axis int }

func (o Gather) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	x, idx := in[0].Type, in[1]
	if !idx.Type.DType.IsInt() {
		return nil, fmt.Errorf("input 1 is %v, want int32 or int64", idx.Type)
	}
	axis, err := tensor.Axis(o.Axis, x.Dims.Rank())
	if err != nil {
		return nil, err
	}
	sizes := append(append(x.Dims.Slice()[:axis:axis], idx.Type.Dims.Slice()...), x.Dims.Slice()[axis+1:]...)
	d, err := tensor.MakeDims(sizes)
	if err != nil {
		return nil, err
	}
	if idx.Const.Valid() {
		if err := checkIndices(idx.Const, x.Dims.At(axis), axis); err != nil {
			return nil, err
		}
	}
	return []tensor.Type{{DType: x.DType, Dims: d}}, nil
}

func checkIndices(idx tensor.Array, n, axis int) error {
	for i := range idx.Len() {
		if k := idx.Int(i); k < -int64(n) || k >= int64(n) {
			return fmt.Errorf("index %d is outside axis %d of length %d", k, axis, n)
		}
	}
	return nil
}

func (o Gather) Eval(out, in []tensor.Array) error {
	x, idx, y := in[0], in[1], out[0]
	axis, err := tensor.Axis(o.Axis, x.Dims().Rank())
	if err != nil {
		return err
	}
	n := x.Dims().At(axis)
	if err := checkIndices(idx, n, axis); err != nil {
		return err
	}
	row := x.Dims().Span(axis+1, x.Dims().Rank()) * x.DType().Size()
	at := 0
	for i := range x.Dims().Span(0, axis) {
		for j := range idx.Len() {
			k := int(idx.Int(j))
			if k < 0 {
				k += n
			}
			copy(y.Bytes()[at:at+row], x.Bytes()[(i*n+k)*row:])
			at += row
		}
	}
	return nil
}

// lower makes a view of pieces that are known, where their numbers grow evenly along each axis of the second input: as of a window that slides.
func (o Gather) lower(l *lowering, n *Node) (bool, error) {
	idx, ok := n.in[1].Const()
	axis, err := tensor.Axis(o.Axis, n.in[0].typ.Dims.Rank())
	if err != nil || !ok || idx.Len() == 0 {
		return false, err
	}
	size := n.in[0].typ.Dims.At(axis)
	at := func(i int) int { return (int(idx.Int(i)) + size) % size }
	d := idx.Dims()
	var steps [tensor.MaxRank]int
	for i, next := d.Rank()-1, 1; i >= 0; i-- {
		if d.At(i) > 1 {
			steps[i] = at(next) - at(0)
		}
		next *= d.At(i)
	}
	for i := range idx.Len() {
		want, rest := at(0), i
		for k := d.Rank() - 1; k >= 0; k-- {
			want += rest % d.At(k) * steps[k]
			rest /= d.At(k)
		}
		if at(i) != want {
			return false, nil
		}
	}
	y := l.at(n.in[0]).slice(axis, at(0), 1, 1).drop(axis)
	rest := y.dims().Rank() - axis
	y.typ = n.out[0].typ
	copy(y.stride[axis+d.Rank():][:rest], y.stride[axis:][:rest])
	for k := range d.Rank() {
		y.stride[axis+k] = steps[k] * l.at(n.in[0]).stride[axis]
	}
	l.alias(n.out[0], y)
	return true, nil
}

// drop takes out an axis of one element.
func (v view) drop(axis int) view {
	r := v.dims().Rank()
	sizes := v.dims().Slice()
	v.typ.Dims = tensor.D(append(sizes[:axis], sizes[axis+1:]...)...)
	copy(v.stride[axis:r], v.stride[axis+1:r])
	v.stride[r-1] = 0
	return v
}

// GatherElements takes from x the elements whose places along Axis the second input holds; its other places are those of the output.
type GatherElements struct{ Axis int }

func (o GatherElements) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	x, idx := in[0].Type, in[1].Type
	axis, err := tensor.Axis(o.Axis, x.Dims.Rank())
	if err != nil {
		return nil, err
	}
	if !idx.DType.IsInt() || idx.Dims.Rank() != x.Dims.Rank() {
		return nil, fmt.Errorf("input 1 is %v, want integers with %d axes", idx, x.Dims.Rank())
	}
	for i := range idx.Dims.Rank() {
		if i != axis && idx.Dims.At(i) > x.Dims.At(i) {
			return nil, fmt.Errorf("input 1 is %v, want sizes up to those of %v but for axis %d", idx.Dims, x.Dims, axis)
		}
	}
	return []tensor.Type{{DType: x.DType, Dims: idx.Dims}}, nil
}

func (o GatherElements) Eval(out, in []tensor.Array) error {
	x, idx, y := in[0], in[1], out[0]
	axis, err := tensor.Axis(o.Axis, x.Dims().Rank())
	if err != nil {
		return err
	}
	if err := checkIndices(idx, x.Dims().At(axis), axis); err != nil {
		return err
	}
	size := x.DType().Size()
	return eachElement(idx, x.Dims(), axis, func(i, at int) {
		copy(y.Bytes()[i*size:][:size], x.Bytes()[at*size:])
	})
}

// eachElement calls f for every index with its own place and that of the element of a tensor of dims x that it stands for.
func eachElement(idx tensor.Array, x tensor.Dims, axis int, f func(i, at int)) error {
	stride := rowMajor.dense(x)
	w := broadcast{dims: idx.Dims()}
	for i := range idx.Len() {
		at := 0
		for a := range x.Rank() {
			k := w.at[a]
			if a == axis {
				if k = int(idx.Int(i)); k < 0 {
					k += x.At(axis)
				}
			}
			at += k * stride[a]
		}
		f(i, at)
		w.next()
	}
	return nil
}

// GatherND takes from x the pieces whose places the last axis of the second input holds: numbers along the first axes of x, behind BatchDims axes that both
// have.
type GatherND struct{ BatchDims int }

func (o GatherND) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	x, idx := in[0].Type, in[1].Type
	r, b := idx.Dims.Rank(), o.BatchDims
	if r < 1 || !idx.DType.IsInt() || b < 0 || b >= r || b > x.Dims.Rank() || idx.Dims.At(r-1) > x.Dims.Rank()-b || idx.Dims.At(r-1) < 1 {
		return nil, fmt.Errorf("the inputs are %v and %v with BatchDims %d", x, idx, b)
	}
	for i := range b {
		if x.Dims.At(i) != idx.Dims.At(i) {
			return nil, fmt.Errorf("the inputs are %v and %v, want the same first %d axes", x, idx, b)
		}
	}
	sizes := append(idx.Dims.Slice()[:r-1], x.Dims.Slice()[b+idx.Dims.At(r-1):]...)
	d, err := tensor.MakeDims(sizes)
	return []tensor.Type{{DType: x.DType, Dims: d}}, err
}

func (o GatherND) Eval(out, in []tensor.Array) error {
	x, idx, y := in[0], in[1], out[0]
	return o.pieces(x.Dims(), idx, func(i, at, n int) {
		row := n * x.DType().Size()
		copy(y.Bytes()[i*row:][:row], x.Bytes()[at*x.DType().Size():])
	})
}

// pieces calls f for every piece: its number, its first element in x and its size.
func (o GatherND) pieces(x tensor.Dims, idx tensor.Array, f func(i, at, n int)) error {
	k := idx.Dims().At(idx.Dims().Rank() - 1)
	n := x.Span(o.BatchDims+k, x.Rank())
	batches := x.Span(0, o.BatchDims)
	count := idx.Len() / k
	for i := range count {
		at := i / max(1, count/max(1, batches)) // the batch
		for j := range k {
			size := x.At(o.BatchDims + j)
			v := int(idx.Int(i*k + j))
			if v < -size || v >= size {
				return fmt.Errorf("index %d is outside axis %d of length %d", v, o.BatchDims+j, size)
			}
			if v < 0 {
				v += size
			}
			at = at*size + v
		}
		f(i, at*n, n)
	}
	return nil
}

// Scatter says what becomes of an element that is written to.
type Scatter uint8

const (
	ScatterSet Scatter = iota
	ScatterAdd
	ScatterMul
	ScatterMax
	ScatterMin
)

// apply writes element j of u to element i of y.
func (s Scatter) apply(y, u tensor.Array, i, j int) {
	a, b := y.Float(i), u.Float(j)
	p, q := y.Int(i), u.Int(j)
	switch s {
	case ScatterAdd:
		b, q = a+b, p+q
	case ScatterMul:
		b, q = a*b, p*q
	case ScatterMax:
		b, q = max(a, b), max(p, q)
	case ScatterMin:
		b, q = min(a, b), min(p, q)
	}
	if y.DType().IsFloat() {
		y.SetFloat(i, b)
	} else {
		y.SetInt(i, q)
	}
}

// ScatterElements copies x and writes the elements of the third input where the second says along Axis.
type ScatterElements struct {
	Axis int
	How  Scatter
}

func (o ScatterElements) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 3, 3); err != nil {
		return nil, err
	}
	if err := alike(in, 0, 2); err != nil {
		return nil, err
	}
	if in[2].Type.Dims != in[1].Type.Dims {
		return nil, fmt.Errorf("input 2 is %v, want %v as input 1 is", in[2].Type.Dims, in[1].Type.Dims)
	}
	if _, err := (GatherElements{o.Axis}).Infer(in[:2]); err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].Type}, nil
}

func (o ScatterElements) Eval(out, in []tensor.Array) error {
	x, idx := in[0], in[1]
	axis, err := tensor.Axis(o.Axis, x.Dims().Rank())
	if err != nil {
		return err
	}
	if err := checkIndices(idx, x.Dims().At(axis), axis); err != nil {
		return err
	}
	if err := evalCopy(out, in); err != nil {
		return err
	}
	return eachElement(idx, x.Dims(), axis, func(i, at int) { o.How.apply(out[0], in[2], at, i) })
}

// ScatterND copies x and writes the pieces of the third input where the last axis of the second says.
type ScatterND struct{ How Scatter }

func (o ScatterND) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 3, 3); err != nil {
		return nil, err
	}
	if err := alike(in, 0, 2); err != nil {
		return nil, err
	}
	t, err := GatherND{}.Infer(in[:2])
	if err != nil {
		return nil, err
	}
	if in[2].Type.Dims != t[0].Dims {
		return nil, fmt.Errorf("input 2 is %v, want %v", in[2].Type.Dims, t[0].Dims)
	}
	return []tensor.Type{in[0].Type}, nil
}

func (o ScatterND) Eval(out, in []tensor.Array) error {
	if err := evalCopy(out, in); err != nil {
		return err
	}
	return GatherND{}.pieces(in[0].Dims(), in[1], func(i, at, n int) {
		for j := range n {
			o.How.apply(out[0], in[2], at+j, i*n+j)
		}
	})
}

// lower copies runs, where it is known which.
func (o ScatterND) lower(l *lowering, n *Node) (bool, error) {
	idx, ok := n.in[1].Const()
	if !ok || o.How != ScatterSet || n.out[0].typ.Elems() == 0 {
		return false, nil
	}
	t := &scatterStep{}
	if err := (GatherND{}).pieces(n.out[0].typ.Dims, idx, func(i, at, n int) {
		r := run{at, i * n, n}
		if k := len(t.runs) - 1; k >= 0 && t.runs[k].dst+t.runs[k].n == r.dst {
			t.runs[k].n += r.n // the sources follow each other
			return
		}
		t.runs = append(t.runs, r)
	}); err != nil {
		return false, nil // an error of the pass, not of the network
	}
	u := l.in(n.in[2], rowMajor)
	if whole := n.out[0].typ; len(t.runs) == 1 && t.runs[0].n == whole.Elems() {
		y := u
		y.typ, y.stride = whole, rowMajor.dense(whole.Dims)
		l.alias(n.out[0], y)
		return true, nil
	}
	x := l.in(n.in[0], rowMajor)
	y := l.out(n.out[0], rowMajor, false)
	t.dst, t.x, t.u = operand{y.ref(), y.typ}, operand{x.ref(), x.typ}, operand{u.ref(), u.typ}
	l.emit(t, n.out[0], y, []view{x, u}, []view{x})
	return true, nil
}

// scatterStep copies x, and runs of u over it.
type scatterStep struct {
	dst, x, u operand
	runs      []run
}

func (t *scatterStep) String() string {
	return fmt.Sprintf("scatter %d runs over %v", len(t.runs), t.dst.typ)
}

func (t *scatterStep) run(s *Session) {
	dst, u := s.bytes(t.dst), s.bytes(t.u)
	copy(dst, s.bytes(t.x)) // which takes no time where they are the same
	size := t.dst.typ.DType.Size()
	for _, r := range t.runs {
		copy(dst[r.dst*size:][:r.n*size], u[r.src*size:])
	}
}
