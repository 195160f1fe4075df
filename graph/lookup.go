package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// What chooses rows of a constant matrix is written as a product with rows that are all 0 but for a 1. It copies the rows, and what is done to each element
// after that is done to the matrix once.

// lookups finds such products.
func lookups(w *net, o *Options) error { return apply(w, o, lookupRules) }

var lookupRules = []rule{
	{"one-hot", oneHotProduct},
	{"table", intoTable},
}

// lookup takes rows of its first input, a table [N+1, C], by the numbers in its second: y is [lead..., C]. The last row stands for all numbers outside of 0
// to N-1. With wrap those of -N to -1 count from behind.
type lookup struct {
	lead tensor.Dims
	wrap bool
}

func (o lookup) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	t, i := in[0].Type, in[1].Type
	if t.Dims.Rank() != 2 || t.Dims.At(0) < 1 || !i.DType.IsInt() || i.Elems() != o.lead.Elems() {
		return nil, fmt.Errorf("the inputs are %v and %v, want a table and as many integers as %v has", t, i, o.lead)
	}
	d, err := tensor.MakeDims(append(o.lead.Slice(), t.Dims.At(1)))
	return []tensor.Type{{DType: t.DType, Dims: d}}, err
}

// row is the row of a table of n and one for all others that stands for the number k.
func (o lookup) row(k int64, n int) int {
	if o.wrap && k < 0 {
		k += int64(n)
	}
	if k < 0 || k >= int64(n) {
		return n
	}
	return int(k)
}

func (o lookup) Eval(out, in []tensor.Array) error {
	d := in[0].Dims()
	size := d.At(1) * in[0].DType().Size()
	for i := range in[1].Len() {
		copy(out[0].Bytes()[i*size:][:size], in[0].Bytes()[o.row(in[1].Int(i), d.At(0)-1)*size:])
	}
	return nil
}

func (o lookup) lower(l *lowering, n *Node) (bool, error) {
	d, wide := n.in[0].typ.Dims, n.in[1].typ.DType == tensor.Int64
	if !wide && n.in[1].typ.DType != tensor.Int32 || d.Elems() == 0 || o.lead.Elems() == 0 {
		return false, nil
	}
	table, idx := l.in(n.in[0], rowMajor), l.in(n.in[1], rowMajor)
	y := l.out(n.out[0], rowMajor, false)
	size := n.in[0].typ.DType.Size()
	t := &lookupStep{op: o, rows: o.lead.Elems(), n: d.At(0) - 1, size: d.At(1) * size, wide: wide}
	t.dst, t.table, t.idx = operand{y.ref(), y.typ}, operand{table.ref(), table.typ}, operand{idx.ref(), idx.typ}
	l.emit(t, n.out[0], y, []view{table, idx}, nil)
	return true, nil
}

// lookupStep copies rows of size bytes.
type lookupStep struct {
	op              lookup
	rows, n, size   int
	wide            bool // the numbers have 64 bits
	dst, table, idx operand
}

func (t *lookupStep) String() string {
	return fmt.Sprintf("look up %d rows of %d bytes in %d", t.rows, t.size, t.n)
}
func (t *lookupStep) run(s *Session) { s.fork(t) }
func (t *lookupStep) perPart() int   { return max(1, 4*chunk/t.size) }
func (t *lookupStep) parts() int     { return (t.rows + t.perPart() - 1) / t.perPart() }

func (t *lookupStep) part(s *Session, _ *worker, i int) {
	lo := i * t.perPart()
	hi := min(lo+t.perPart(), t.rows)
	dst, table, idx := s.bytes(t.dst)[lo*t.size:hi*t.size], s.bytes(t.table), s.bytes(t.idx)
	if t.wide {
		lookupRows(t, dst, table, as[int64](idx)[lo:hi])
	} else {
		lookupRows(t, dst, table, as[int32](idx)[lo:hi])
	}
}

func lookupRows[T int32 | int64](t *lookupStep, dst, table []byte, idx []T) {
	for i, k := range idx {
		copy(dst[i*t.size:][:t.size], table[t.op.row(int64(k), t.n)*t.size:])
	}
}

// oneHotProduct makes a lookup of a product of one-hot rows with a constant matrix. Every element of it must be a number: 0 times another is NaN.
func oneHotProduct(w *net, n *Node) bool {
	transposed := false
	switch o := n.op.(type) {
	case MatMul:
	case fusedLinear:
		if _, _, ok := o.channels(n); !ok {
			return false
		}
		transposed = o.transB
	default:
		return false
	}
	m := n.in[1]
	if !m.konst.Valid() || m.typ.DType != tensor.Float32 || m.typ.Dims.Rank() != 2 || m.typ.Elems() == 0 {
		return false
	}
	rows, columns := m.typ.Dims.At(0), m.typ.Dims.At(1)
	down, across := columns, 1
	if transposed {
		rows, columns, down, across = columns, rows, 1, columns
	}
	idx, wrap, ok := oneHotOf(n.in[0], rows)
	if !ok {
		return false
	}
	bias := make([]float32, columns)
	if len(n.in) > 2 && n.in[2] != nil {
		if !n.in[2].konst.Valid() {
			return false
		}
		bias = tensor.Data[float32](n.in[2].konst)
	}
	table := tensor.NewArray(tensor.T(tensor.Float32, rows+1, columns))
	from, to := tensor.Data[float32](m.konst), tensor.Data[float32](table)
	for i := range to {
		r, c := i/columns, i%columns
		if to[i] = bias[c]; r < rows {
			v := from[r*down+c*across]
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				return false
			}
			to[i] += v
		}
	}
	d := n.out[0].typ.Dims
	w.become(n, lookup{tensor.D(d.Slice()[:d.Rank()-1]...), wrap}, w.constant(m.name, table), idx)
	return true
}

// oneHotOf returns the numbers whose one-hot rows of length depth the float32 x holds, and whether negative ones count from behind: x is a OneHot, or a
// comparison with 0, 1, 2, ...
func oneHotOf(x *Value, depth int) (idx *Value, wrap, ok bool) {
	if x.maker == nil || x.typ.DType != tensor.Float32 {
		return
	}
	n := x.maker
	if _, is := n.op.(Cast); is {
		if n = n.in[0].maker; n == nil {
			return
		}
	}
	rank := x.typ.Dims.Rank()
	switch o := n.op.(type) {
	case OneHot:
		axis, err := tensor.Axis(o.Axis, rank)
		v := n.in[2].konst
		ok = err == nil && axis == rank-1 && v.Valid() && v.Float(0) == 0 && v.Float(1) == 1 && n.in[0].typ.DType.IsInt()
		return n.in[0], true, ok
	case Equal:
		for i, c := range n.in {
			v, d := n.in[1-i], n.in[1-i].typ.Dims
			if !c.konst.Valid() || !c.typ.DType.IsInt() || c.konst.Len() != depth || c.typ.Dims.Rank() == 0 || c.typ.Dims.At(c.typ.Dims.Rank()-1) != depth ||
				v.typ.Elems()*depth != x.typ.Elems() || d.Rank() > 0 && d.At(d.Rank()-1) != 1 {
				continue
			}
			ok = true
			for k := range depth {
				ok = ok && c.konst.Int(k) == int64(k)
			}
			return v, false, ok
		}
	}
	return
}

// intoTable has the table hold what an operator makes of each of the rows, where it has not more rows than are taken.
func intoTable(w *net, n *Node) bool {
	for _, x := range n.in {
		if x == nil || x.maker == nil || !w.sole(x) || x.typ != n.out[0].typ {
			continue
		}
		o, ok := x.maker.op.(lookup)
		table := x.maker.in[0].konst
		if !ok || !table.Valid() || table.Dims().At(0) > o.lead.Elems() {
			continue
		}
		y := tensor.NewArray(table.Type())
		if from, scale, shift, ok := affineOf(n, o.lead.Rank()); ok && from == x {
			for i := range y.Len() {
				c := i % len(scale)
				v := float32(table.Float(i) * scale[c])
				if shift != nil {
					v = float32(float64(v) + shift[c])
				}
				y.SetFloat(i, float64(v))
			}
		} else if f, ok := activationOf(n); ok && f.Check() == nil && n.in[0] == x && float32s(x) {
			copy(y.Bytes(), table.Bytes())
			if evalActivation(f, []tensor.Array{y}) != nil {
				continue
			}
		} else {
			continue
		}
		w.become(n, o, w.constant(x.maker.in[0].name, y), x.maker.in[1])
		return true
	}
	return false
}
