package graph

import (
	"fmt"
	"math"
	"slices"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
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

	// Where short rows of the output follow each other, many of them are one: the length of a short row (or 0) and, for views whose elements are laid
	// out first, inner -1, from row to row and from element to element.
	short        int
	next, within [maxViews]int
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

// join makes one row of short rows that follow each other in the output. A call of a kernel for each would take longer than their elements.
func (p *loops) join() {
	k := len(p.outer) - 1
	if k < 0 || p.n > lineLen/4 || p.outer[k].n < 4 || p.outer[k].stride[0] != p.n {
		return
	}
	for _, stride := range p.outer[k].stride {
		if stride < 0 { // a row is laid out from its first element on
			return
		}
	}
	l := p.outer[k]
	p.outer, p.rows = p.outer[:k], p.rows/l.n
	p.short, p.next, p.within = p.n, l.stride, p.inner
	for i := range p.inner {
		switch {
		case l.stride[i] == p.n && p.inner[i] == 1:
		case l.stride[i] == 0 && p.inner[i] == 0:
		default:
			p.inner[i] = -1
		}
	}
	p.n *= l.n
}

// changes reports whether view k, laid out from element j of a row on, differs from what was laid out before: not where one short row comes again and again.
func (p *loops) changes(k, j int) bool { return j == 0 || p.next[k] != 0 }

// layOut copies elements j to j+len(dst)-1 of a row, which begin a short one, of view k, whose row begins at x[0].
func (p *loops) layOut(dst, x []float32, k, j int) {
	from := j / p.short * p.next[k]
	for e := 0; e < len(dst); e += p.short {
		y := dst[e:][:p.short]
		if p.within[k] == 0 {
			v := x[from]
			for i := range y {
				y[i] = v
			}
		} else {
			copy(y, x[from:])
		}
		from += p.next[k]
	}
}

// cuts divides the rows, and long rows, into parts of about chunk elements.
func (p *loops) cuts() (rows, elems int) {
	if p.n >= chunk {
		return 1, chunk / max(1, p.short) * max(1, p.short)
	}
	return max(1, chunk/p.n), p.n
}

// chunk is the number of elements of one part of an element-wise step: some microseconds.
const chunk = 1 << 14

func (p *loops) parts() int {
	rows, elems := p.cuts()
	return ((p.rows + rows - 1) / rows) * ((p.n + elems - 1) / elems)
}

// part calls f for each run of elements of part i, with where it begins in each view.
func (p *loops) part(i int, f func(at [maxViews]int, n int)) {
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
		if p.inner[k] < 0 {
			at[k] += skip / p.short * p.next[k]
		} else {
			at[k] += skip * p.inner[k]
		}
	}
	for r := lo; r < min(lo+rows, p.rows); r++ {
		f(at, n)
		for j := len(p.outer) - 1; j >= 0; j-- {
			l := &p.outer[j]
			count[j]++
			for k := range at {
				at[k] += l.stride[k]
			}
			if count[j] < l.n {
				break
			}
			count[j] = 0
			for k := range at {
				at[k] -= l.n * l.stride[k]
			}
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
	p.join()
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
	dst, a, b := as[float32](s.bufs[t.dst]), as[float32](s.bufs[t.a]), as[float32](s.bufs[t.b])
	inner := t.loops.inner
	t.loops.part(i, func(at [maxViews]int, n int) {
		step := n
		if inner[1] <= 0 || inner[2] <= 0 {
			step = min(n, lineLen/max(1, t.loops.short)*max(1, t.loops.short))
		}
		var x, y []float32
		if inner[1] == 0 {
			x = w.line[0][:step]
			fill(x, a[at[1]])
		}
		if inner[2] == 0 {
			y = w.line[1][:step]
			fill(y, b[at[2]])
		}
		for j := 0; j < n; j += step {
			m := min(step, n-j)
			p, q := x, y
			switch inner[1] {
			case 1:
				p = a[at[1]+j:]
			case -1:
				if p = w.line[0][:m]; t.loops.changes(1, j) {
					t.loops.layOut(p, a[at[1]:], 1, j)
				}
			}
			switch inner[2] {
			case 1:
				q = b[at[2]+j:]
			case -1:
				if q = w.line[1][:m]; t.loops.changes(2, j) {
					t.loops.layOut(q, b[at[2]:], 2, j)
				}
			}
			z := dst[at[0]+j:][:m]
			w.Binary(s.m.kernels, t.op, t.lo, t.hi, z, p[:m], q[:m])
			if t.act.Kind != asm.Identity {
				w.Unary(s.m.kernels, t.act.Kind, t.act.A, t.act.B, z, z)
			}
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
