package graph

import (
	"fmt"
	"math"
	"slices"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/tensor"
)

// Functions of one or two values, element by element: the operands may lie in any order, with any strides that repeat or skip
// elements. Loops that nest alike in all operands are joined; the innermost runs on the kernels.

// maxViews is the output and three operands.
const maxViews = 4

// loops walks over up to maxViews views of the same dims.
type loops struct {
	outer []loop
	rows  int // iterations of outer
	n     int // elements of a row
	inner [maxViews]int
	start [maxViews]int
}

type loop struct {
	n      int
	stride [maxViews]int
}

// newLoops returns nil where the innermost loop of an operand is neither contiguous nor constant. The first view is the output, whose
// order decides.
func newLoops(views ...view) *loops {
	out := views[0]
	p := &loops{rows: 1, n: 1}
	for k, v := range views {
		p.start[k] = v.off
		p.inner[k] = 1
	}
	axes := out.byStride()
	slices.Reverse(axes)
	for _, i := range axes {
		if out.dims().At(i) == 1 {
			continue
		}
		l := loop{n: out.dims().At(i)}
		for k, v := range views {
			l.stride[k] = v.stride[i]
		}
		if j := len(p.outer) - 1; j >= 0 {
			joins := true
			for k := range l.stride {
				joins = joins && p.outer[j].stride[k] == l.stride[k]*l.n
			}
			if joins {
				p.outer[j] = loop{p.outer[j].n * l.n, l.stride}
				continue
			}
		}
		p.outer = append(p.outer, l)
	}
	// A single channel of a wider map has rows of one element.
	if j := len(p.outer) - 1; j >= 0 && p.outer[j].stride[0] == 1 {
		p.n, p.inner = p.outer[j].n, p.outer[j].stride
		p.outer = p.outer[:j]
	}
	for k := range views {
		if p.inner[k] != 1 && (p.inner[k] != 0 || k == 0) {
			return nil
		}
	}
	for _, l := range p.outer {
		p.rows *= l.n
	}
	return p
}

// cuts divides the rows, and long rows, into parts of about chunk elements.
func (p *loops) cuts() (rows, elems int) {
	if p.n >= chunk {
		return 1, chunk
	}
	return max(1, chunk/p.n), p.n
}

// chunk is the number of elements of one part of an element-wise step: some microseconds.
const chunk = 1 << 14

func (p *loops) parts() int {
	rows, elems := p.cuts()
	return ((p.rows + rows - 1) / rows) * ((p.n + elems - 1) / elems)
}

// part calls f for each row of part i, with where it begins in each view.
func (p *loops) part(i int, f func(at [maxViews]int, n int)) {
	next := p.next()
	p.blocks(i, func(at [maxViews]int, rows, n int) {
		for range rows {
			f(at, n)
			for k := range at {
				at[k] += next[k]
			}
		}
	})
}

// next returns the elements from a row of a block to the one after it.
func (p *loops) next() [maxViews]int {
	if j := len(p.outer) - 1; j >= 0 {
		return p.outer[j].stride
	}
	return [maxViews]int{}
}

// blocks calls f for rows of part i that lie equally far apart, with where the first begins in each view.
func (p *loops) blocks(i int, f func(at [maxViews]int, rows, n int)) {
	rows, elems := p.cuts()
	perRow := (p.n + elems - 1) / elems
	lo := i / perRow * rows
	skip := i % perRow * elems
	n := min(elems, p.n-skip)
	var count [tensor.MaxRank]int
	at := p.start
	for j, u := len(p.outer)-1, lo; j >= 0; j-- {
		l := &p.outer[j]
		count[j] = u % l.n
		u /= l.n
		for k := range at {
			at[k] += count[j] * l.stride[k]
		}
	}
	for k := range at {
		at[k] += skip * p.inner[k]
	}
	for hi := min(lo+rows, p.rows); lo < hi; {
		m := 1
		last := len(p.outer) - 1
		if last >= 0 {
			m = min(p.outer[last].n-count[last], hi-lo)
		}
		f(at, m, n)
		lo += m
		for j := last; j >= 0; j-- {
			l := &p.outer[j]
			count[j] += m
			for k := range at {
				at[k] += m * l.stride[k]
			}
			if m = 1; count[j] < l.n {
				break
			}
			for k := range at {
				at[k] -= count[j] * l.stride[k]
			}
			count[j] = 0
		}
	}
}

// like returns the strides of a tensor without gaps whose axes lie in the order of those of x.
func (x view) like(d tensor.Dims) (stride [tensor.MaxRank]int) {
	step := 1
	for _, i := range x.byStride() {
		stride[i] = step
		step *= d.At(i)
	}
	return stride
}

// lead returns the operand whose order the output of a pointwise operator takes: the first that has all its elements and is no constant.
func (l *lowering) lead(n *Node) view {
	d := n.out[0].typ.Dims
	var x view
	for _, v := range n.in {
		if v != nil && v.typ.Dims == d && !v.konst.Valid() {
			if y := l.at(v); x.buf == nil || !x.isDense() && y.isDense() {
				x = y
			}
		}
	}
	if x.buf == nil {
		x = view{typ: n.out[0].typ, stride: rowMajor.dense(d)}
	}
	return x
}

// stretched returns the elements of v for every element of y, copied where they lie so that rows of y cannot be computed from them.
func (l *lowering) stretched(v *Value, y view) view {
	x := l.at(v).expand(y.dims())
	if newLoops(y, x) != nil {
		return x
	}
	// The same elements with the axes in y's order.
	d := y.dims()
	skip := d.Rank() - v.typ.Dims.Rank()
	padded := l.at(v)
	padded.typ.Dims = d
	padded.stride = [tensor.MaxRank]int{}
	for i := range d.Rank() {
		size := 1
		if i >= skip {
			size = v.typ.Dims.At(i - skip)
			padded.stride[i] = l.at(v).stride[i-skip]
		}
		padded.typ.Dims = padded.typ.Dims.Set(i, size)
	}
	return l.copy(padded, y.like(padded.dims())).expand(d)
}

// unary lowers a function of one value.
func (l *lowering) unary(n *Node, f conv.Activation) (bool, error) {
	if !float32s(n.in[0]) {
		return false, nil
	}
	y := l.orderedOut(n.out[0], l.lead(n))
	x := l.stretched(n.in[0], y)
	t := &unaryStep{f: f, loops: newLoops(y, x), dst: y.buf.id, src: x.buf.id}
	l.emit(t, n.out[0], y, []view{x}, []view{x})
	return true, nil
}

type unaryStep struct {
	f        conv.Activation
	loops    *loops
	dst, src int
}

func (t *unaryStep) String() string {
	return fmt.Sprintf("%v of %d times %d", t.f.Kind, t.loops.rows, t.loops.n)
}
func (t *unaryStep) run(s *Session) { s.fork(t) }
func (t *unaryStep) parts() int     { return t.loops.parts() }

func (t *unaryStep) part(s *Session, w *worker, i int) {
	dst, src := as[float32](s.bufs[t.dst]), as[float32](s.bufs[t.src])
	t.loops.part(i, func(at [maxViews]int, n int) {
		y := dst[at[0]:][:n]
		if t.loops.inner[1] == 0 {
			fill(y, src[at[1]])
			w.Unary(s.m.kernels, t.f.Kind, t.f.A, t.f.B, y, y)
			return
		}
		w.Unary(s.m.kernels, t.f.Kind, t.f.A, t.f.B, y, src[at[1]:][:n])
	})
}

func fill(x []float32, v float32) {
	n := min(len(x), 16)
	for i := range x[:n] {
		x[i] = v
	}
	for n < len(x) { // copies are vectors, stores of one number are none
		n += copy(x[n:], x[:n])
	}
}

// binary lowers a function of two values.
func (l *lowering) binary(n *Node, op asm.Binary) (bool, error) {
	return l.binaryAct(n, op, conv.Activation{})
}

func (l *lowering) binaryAct(n *Node, op asm.Binary, f conv.Activation) (bool, error) {
	if !float32s(n.in...) || !float32s(n.out[0]) {
		return false, nil
	}
	y := l.orderedOut(n.out[0], l.lead(n))
	a, b := l.stretched(n.in[0], y), l.stretched(n.in[1], y)
	p := newLoops(y, a, b)
	if p == nil {
		// Each can be walked along y alone, but not both: only where an axis of one element separates two loops.
		return false, nil
	}
	t := &binaryStep{op: op, lo: float32(math.Inf(-1)), hi: float32(math.Inf(1)), loops: p, dst: y.buf.id, a: a.buf.id, b: b.buf.id}
	if lo, hi, ok := bounds(f); ok {
		t.lo, t.hi = lo, hi
	} else {
		t.act = f
	}
	l.emit(t, n.out[0], y, []view{a, b}, []view{a, b})
	return true, nil
}

// bounds returns an activation as a clamp, if it is one.
func bounds(f conv.Activation) (lo, hi float32, ok bool) {
	inf := float32(math.Inf(1))
	switch f.Kind {
	case asm.Identity:
		return -inf, inf, true
	case asm.ReLU:
		return 0, inf, true
	case asm.Clamp:
		return f.A, f.B, true
	}
	return 0, 0, false
}

type binaryStep struct {
	op        asm.Binary
	lo, hi    float32
	act       conv.Activation // what is no clamp
	loops     *loops
	dst, a, b int
}

func (t *binaryStep) String() string {
	s := fmt.Sprintf("%v of %d times %d", t.op, t.loops.rows, t.loops.n)
	if t.act.Kind != asm.Identity {
		s += fmt.Sprintf(", %v", t.act.Kind)
	}
	return s
}
func (t *binaryStep) run(s *Session) { s.fork(t) }
func (t *binaryStep) parts() int     { return t.loops.parts() }

func (t *binaryStep) part(s *Session, w *worker, i int) {
	next, inner := t.loops.next(), t.loops.inner
	y, a, b := elem.Rows{X: as[float32](s.bufs[t.dst])}, elem.Rows{X: as[float32](s.bufs[t.a])}, elem.Rows{X: as[float32](s.bufs[t.b])}
	for k, r := range [...]*elem.Rows{&y, &a, &b} {
		r.Ld, r.Step = next[k], inner[k]
	}
	t.loops.blocks(i, func(at [maxViews]int, rows, n int) {
		y.At, a.At, b.At = at[0], at[1], at[2]
		w.BinaryRows(s.m.kernels, t.op, t.lo, t.hi, rows, n, y, a, b)
		for r := range rows {
			if t.act.Kind == asm.Identity {
				break
			}
			z := y.X[at[0]+r*next[0]:][:n]
			w.Unary(s.m.kernels, t.act.Kind, t.act.A, t.act.B, z, z)
		}
	})
}

// variadic lowers a function of two values, or of one, which is a copy.
func (l *lowering) variadic(n *Node, op asm.Binary) (bool, error) {
	if len(n.in) == 2 {
		return l.binary(n, op)
	}
	return false, nil
}
