package graph

import (
	"cmp"
	"fmt"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/tensor"
)

// Functions that have no kernel, in plain Go: typed loops over rows of up to three operands, with the same walk as those on the kernels. They allocate
// nothing, and run in parts.

// rowArgs is a row of the output, number 0, and of its operands: n elements, step apart (0: one for all).
type rowArgs struct {
	mem  [maxViews][]byte // each from its first element on
	step [maxViews]int
	n    int

	w       *worker // whose row this is, and
	kernels *asm.Set
}

type rowFunc func(r *rowArgs)

// rowOf returns the elements of an operand.
func rowOf[T any](r *rowArgs, i int) []T { return as[T](r.mem[i])[:(r.n-1)*r.step[i]+1] }

// rows1 is a function of one operand.
func rows1[T, U any](f func(y []T, x []U)) rowFunc {
	return func(r *rowArgs) {
		y, x := rowOf[T](r, 0), rowOf[U](r, 1)
		if r.step[1] == 1 {
			f(y, x)
			return
		}
		f(y[:1], x)
		fillWith(y[1:], y[0])
	}
}

// kernel1 is a function of one operand that elem has.
func kernel1[T, U any](f func(w *elem.Worker, s *asm.Set, y []T, x []U)) rowFunc {
	return func(r *rowArgs) {
		y, x := rowOf[T](r, 0), rowOf[U](r, 1)
		if r.step[1] == 1 {
			f(&r.w.Worker, r.kernels, y, x)
			return
		}
		f(&r.w.Worker, r.kernels, y[:1], x[:1])
		fillWith(y[1:], y[0])
	}
}

// rows2 is a function of two operands, element by element.
func rows2[T, U any](f func(a, b U) T) rowFunc {
	return func(r *rowArgs) {
		y, a, b := rowOf[T](r, 0), rowOf[U](r, 1), rowOf[U](r, 2)
		sa, sb := r.step[1], r.step[2]
		for i := range y {
			y[i] = f(a[i*sa], b[i*sb])
		}
	}
}

// function is an operator that applies a function to every element.
type function interface{ f(x float64) float64 }

// function lowers such an operator, where it has no kernel and no loop of its own.
func (l *lowering) function(n *Node, f func(float64) float64) bool {
	if !float32s(n.in...) {
		return false
	}
	return l.rowwise(n, n.in, OpName(n.op), rows1(func(y, x []float32) {
		for i, v := range x {
			y[i] = float32(f(float64(v)))
		}
	}))
}

// comparison says what holds between two values.
type comparison uint8

const (
	equal comparison = iota
	isLess
	isLessOrEqual
	isGreater
	isGreaterOrEqual
)

func (c comparison) String() string {
	return [...]string{"equal", "less", "less or equal", "greater", "greater or equal"}[c]
}

// compare lowers a comparison.
func (l *lowering) compare(n *Node, c comparison) bool {
	var f rowFunc
	switch n.in[0].typ.DType {
	case tensor.Float32:
		f = compared[float32](c)
	case tensor.Float64:
		f = compared[float64](c)
	case tensor.Int32:
		f = compared[int32](c)
	case tensor.Int64:
		f = compared[int64](c)
	case tensor.Uint8, tensor.Bool:
		f = compared[uint8](c)
	default:
		return false
	}
	return l.rowwise(n, n.in, c.String(), f)
}

// compared is a row of a comparison. A constant operand is moved to the right.
func compared[T cmp.Ordered](c comparison) rowFunc {
	return func(r *rowArgs) {
		y, a, b := rowOf[uint8](r, 0), rowOf[T](r, 1), rowOf[T](r, 2)
		c, step := c, r.step[2]
		if r.step[1] == 0 && step != 0 {
			a, b, step = b, a, 0
			c = [...]comparison{equal, isGreater, isGreaterOrEqual, isLess, isLessOrEqual}[c]
		}
		if step == 0 {
			compareTo(c, y[:len(a)], a, b[0])
			fillWith(y[len(a):], y[0])
			return
		}
		compareRows(c, y, a, b)
	}
}

func compareTo[T cmp.Ordered](c comparison, y []uint8, a []T, b T) {
	a = a[:len(y)]
	switch c {
	case equal:
		for i := range y {
			y[i] = bit(a[i] == b)
		}
	case isLess:
		for i := range y {
			y[i] = bit(a[i] < b)
		}
	case isLessOrEqual:
		for i := range y {
			y[i] = bit(a[i] <= b)
		}
	case isGreater:
		for i := range y {
			y[i] = bit(a[i] > b)
		}
	case isGreaterOrEqual:
		for i := range y {
			y[i] = bit(a[i] >= b)
		}
	}
}

func compareRows[T cmp.Ordered](c comparison, y []uint8, a, b []T) {
	a, b = a[:len(y)], b[:len(y)]
	switch c {
	case equal:
		for i := range y {
			y[i] = bit(a[i] == b[i])
		}
	case isLess:
		for i := range y {
			y[i] = bit(a[i] < b[i])
		}
	case isLessOrEqual:
		for i := range y {
			y[i] = bit(a[i] <= b[i])
		}
	case isGreater:
		for i := range y {
			y[i] = bit(a[i] > b[i])
		}
	case isGreaterOrEqual:
		for i := range y {
			y[i] = bit(a[i] >= b[i])
		}
	}
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// rowwise lowers a function of some of a node's inputs, unless the output is empty.
func (l *lowering) rowwise(n *Node, in []*Value, what string, f rowFunc) bool {
	if n.out[0].typ.Elems() == 0 {
		return false
	}
	if _, ok := n.op.(function); ok && !float32s(in...) {
		return false
	}
	y := l.orderedOut(n.out[0], l.lead(n))
	t := &rowStep{f: f, what: what}
	views := []view{y}
	for _, v := range in {
		views = append(views, l.stretched(v, y))
	}
	if t.loops = newLoops(views...); t.loops == nil {
		// Each can be walked along y alone, but not all of them: only where an axis of one element separates two loops.
		for i := range views[1:] {
			views[i+1] = l.copy(views[i+1], y.like(y.dims()))
		}
		t.loops = newLoops(views...)
	}
	for i, v := range views {
		t.bufs[i], t.size[i] = v.buf.id, v.typ.DType.Size()
	}
	t.n = len(views)
	var over []view
	for _, x := range views[1:] {
		if x.typ == y.typ {
			over = append(over, x)
		}
	}
	l.emit(t, n.out[0], y, views[1:], over)
	return true
}

// rowStep calls a rowFunc.
type rowStep struct {
	f     rowFunc
	what  string
	loops *loops
	n     int
	bufs  [maxViews]int
	size  [maxViews]int // bytes of an element
}

func (t *rowStep) String() string {
	return fmt.Sprintf("%s of %d times %d", t.what, t.loops.rows, t.loops.n)
}
func (t *rowStep) run(s *Session) { s.fork(t) }
func (t *rowStep) parts() int     { return t.loops.parts() }

func (t *rowStep) part(s *Session, w *worker, i int) {
	r := &w.row
	r.step, r.w, r.kernels = t.loops.inner, w, s.m.kernels
	t.loops.part(i, func(at [maxViews]int, n int) {
		r.n = n
		for k := range t.n {
			r.mem[k] = s.bufs[t.bufs[k]][at[k]*t.size[k]:]
		}
		t.f(r)
	})
	r.mem = [maxViews][]byte{}
}
