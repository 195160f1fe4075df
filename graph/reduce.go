package graph

import (
	"fmt"
	"math"
	"slices"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/pool"
	"github.com/simdnn/simdnn/tensor"
)

// Reductions over any axes, in the order in which the input lies: where the innermost axis in memory is reduced, an output takes runs of
// elements, else rows of outputs take rows of elements. Sums are kept in float64.

// reduceKind says what becomes of the elements.
type reduceKind uint8

const (
	bySum reduceKind = iota
	byMean
	byMax
	byMin
	byL1
	byL2
	bySumSquare
	byLogSum
)

func (k reduceKind) String() string {
	return [...]string{"sum", "mean", "max", "min", "l1", "l2", "sum of squares", "log of sum"}[k]
}

func (k reduceKind) start() float64 {
	switch k {
	case byMax:
		return math.Inf(-1)
	case byMin:
		return math.Inf(1)
	}
	return 0
}

// end is the result for what n elements came to.
func (k reduceKind) end(v float64, n int) float32 {
	switch k {
	case byMean:
		v /= float64(n)
	case byL2:
		v = math.Sqrt(v)
	case byLogSum:
		v = math.Log(v)
	}
	return float32(v)
}

// run takes in a run of elements. Four sums hide the latency of additions.
func (k reduceKind) run(x []float32) float64 {
	var s0, s1, s2, s3 float64
	switch k {
	case byMax:
		s0 = math.Inf(-1)
		for _, v := range x {
			s0 = max(s0, float64(v))
		}
		return s0
	case byMin:
		s0 = math.Inf(1)
		for _, v := range x {
			s0 = min(s0, float64(v))
		}
		return s0
	case byL1:
		for ; len(x) >= 4; x = x[4:] {
			s0 += math.Abs(float64(x[0]))
			s1 += math.Abs(float64(x[1]))
			s2 += math.Abs(float64(x[2]))
			s3 += math.Abs(float64(x[3]))
		}
		for _, v := range x {
			s0 += math.Abs(float64(v))
		}
	case byL2, bySumSquare:
		for ; len(x) >= 4; x = x[4:] {
			s0 += float64(x[0]) * float64(x[0])
			s1 += float64(x[1]) * float64(x[1])
			s2 += float64(x[2]) * float64(x[2])
			s3 += float64(x[3]) * float64(x[3])
		}
		for _, v := range x {
			s0 += float64(v) * float64(v)
		}
	default:
		for ; len(x) >= 4; x = x[4:] {
			s0 += float64(x[0])
			s1 += float64(x[1])
			s2 += float64(x[2])
			s3 += float64(x[3])
		}
		for _, v := range x {
			s0 += float64(v)
		}
	}
	return (s0 + s1) + (s2 + s3)
}

// row takes in a row of elements, one for each of acc.
func (k reduceKind) row(acc []float64, x []float32) {
	x = x[:len(acc)]
	switch k {
	case byL1:
		for i, v := range x {
			acc[i] += math.Abs(float64(v))
		}
	case byL2, bySumSquare:
		for i, v := range x {
			acc[i] += float64(v) * float64(v)
		}
	default:
		for i, v := range x {
			acc[i] = k.join(acc[i], float64(v))
		}
	}
}

// op is the kernel that joins two rows. Squares would leave the range of float32 where their root does not; a logarithm near 0 wants every bit of its sum.
func (k reduceKind) op() (op asm.Binary, ok bool) {
	switch k {
	case byMax:
		return asm.Max, true
	case byMin:
		return asm.Min, true
	case bySum, byMean:
		return asm.Add, true
	}
	return 0, false
}

// sumRows is the number of rows that are added in float32 before they are added to sums in float64.
const sumRows = 8

// rows joins rows of elements, one after the other.
type rows struct {
	kind    reduceKind
	op      asm.Binary
	kernels *asm.Set  // nil: all in float64
	acc     []float64 // what the rows came to, but for those in part
	part    []float32
	n       int  // rows in part
	flushed bool // there is something in acc
}

func (w *worker) rows(k reduceKind, n int, kernels *asm.Set) rows {
	r := rows{kind: k, acc: w.acc[:n], part: w.line[0][:n], kernels: kernels}
	ok := false
	if r.op, ok = k.op(); !ok {
		r.kernels = nil
	}
	if r.kernels == nil {
		r.empty()
	}
	return r
}

func (r *rows) empty() {
	fillWith(r.acc, r.kind.start())
	r.flushed = true
}

// take takes in a row.
func (r *rows) take(w *worker, x []float32) {
	switch {
	case r.kernels == nil:
		r.kind.row(r.acc, x)
		return
	case r.n == 0:
		copy(r.part, x)
	default:
		w.Binary(r.kernels, r.op, float32(math.Inf(-1)), float32(math.Inf(1)), r.part, r.part, x[:len(r.part)])
	}
	if r.n++; r.n == sumRows && r.op == asm.Add {
		r.flush()
	}
}

// flush empties part.
func (r *rows) flush() {
	if !r.flushed {
		r.empty()
	}
	if r.n == 0 {
		return
	}
	for i, v := range r.part {
		r.acc[i] = r.kind.join(r.acc[i], float64(v))
	}
	r.n = 0
}

// end writes the results of count elements each. It returns false where a sum left the range of float32: the rows are then to be taken again, in
// float64.
func (r *rows) end(w *worker, y []float32, count int) bool {
	y = y[:len(r.acc)]
	if direct := !r.flushed && r.n > 0; direct && r.kind == byMean {
		by := w.line[1][:len(y)]
		fill(by, float32(count))
		w.Binary(r.kernels, asm.Div, float32(math.Inf(-1)), float32(math.Inf(1)), y, r.part, by)
	} else if direct {
		copy(y, r.part)
	} else {
		r.flush()
		for i, v := range r.acc {
			y[i] = r.kind.end(v, count)
		}
	}
	return r.kernels == nil || r.op != asm.Add || finite(y)
}

func finite(x []float32) bool {
	all := true
	for _, v := range x {
		all = all && v-v == 0
	}
	return all
}

// longRun is the shortest run that is taken in as rows.
const longRun = 4 * accLen

// long takes in a long run of elements.
func (k reduceKind) long(w *worker, kernels *asm.Set, x []float32) float64 {
	r := w.rows(k, accLen, kernels)
	for rest := x; len(rest) >= accLen; rest = rest[accLen:] {
		r.take(w, rest)
	}
	r.flush()
	v := k.run(x[len(x)/accLen*accLen:])
	for _, a := range r.acc {
		v = k.join(v, a)
	}
	if r.op == asm.Add && v-v != 0 { // a sum left the range of float32
		return k.run(x)
	}
	return v
}

// join takes in what another run came to.
func (k reduceKind) join(a, b float64) float64 {
	switch k {
	case byMax:
		return max(a, b)
	case byMin:
		return min(a, b)
	}
	return a + b
}

// accLen is the number of outputs of a row that are made at a time.
const accLen = 256

// reduceStep reduces. Steps and places are in elements.
type reduceStep struct {
	kind     reduceKind
	kept     []axis // loops over outputs, the outermost first
	outs     int    // iterations of kept
	from     []int  // where the runs or rows of one output begin
	n, step  int    // runs: elements, 1; rows: their number, and the elements from one to the next
	row      int    // outputs of a row, 0 for runs
	count    int    // elements that an output is made of
	dst, src ref
}

func (t *reduceStep) String() string {
	if t.row == 0 {
		return fmt.Sprintf("%v of %d times %d runs of %d", t.kind, t.outs, len(t.from), t.n)
	}
	return fmt.Sprintf("%v of %d times %d rows of %d", t.kind, t.outs, len(t.from)*t.n, t.row)
}

// pieces is the number of pieces of a row.
func (t *reduceStep) pieces() int {
	return max(1, (t.row+accLen-1)/accLen)
}

func (t *reduceStep) perPart() int {
	return max(1, chunk/(max(1, min(t.row, accLen))*t.count))
}

func (t *reduceStep) run(s *Session) { s.fork(t) }
func (t *reduceStep) parts() int {
	return (t.outs*t.pieces() + t.perPart() - 1) / t.perPart()
}

func (t *reduceStep) part(s *Session, w *worker, i int) {
	dst, src := s.f32(t.dst), s.f32(t.src)
	lo := i * t.perPart()
	for u := lo; u < min(lo+t.perPart(), t.outs*t.pieces()); u++ {
		d, from := 0, 0
		for j, rest := len(t.kept)-1, u/t.pieces(); j >= 0; j-- {
			a := &t.kept[j]
			d += rest % a.n * a.dst
			from += rest % a.n * a.src
			rest /= a.n
		}
		if t.row == 0 {
			if t.shortRuns() {
				lines := min(min(lo+t.perPart(), t.outs)-u, lineLen/t.n, accLen)
				t.turned(s, w, dst[d:][:lines], src[from:][:lines*t.n])
				u += lines - 1
				continue
			}
			v := t.kind.start()
			for _, f := range t.from {
				x := src[from+f:][:t.n]
				if t.n >= longRun {
					v = t.kind.join(v, t.kind.long(w, s.m.kernels, x))
				} else {
					v = t.kind.join(v, t.kind.run(x))
				}
			}
			dst[d] = t.kind.end(v, t.count)
			continue
		}
		first := u % t.pieces() * accLen
		for _, kernels := range [...]*asm.Set{s.m.kernels, nil} {
			r := w.rows(t.kind, min(accLen, t.row-first), kernels)
			for _, f := range t.from {
				for k := range t.n {
					r.take(w, src[from+first+f+k*t.step:])
				}
			}
			if r.end(w, dst[d+first:], t.count) {
				break
			}
		}
	}
}

// shortRuns reports whether outputs come from short runs that follow each other, as the outputs do.
func (t *reduceStep) shortRuns() bool {
	return t.n <= lineLen/32 && len(t.from) == 1 && len(t.kept) == 1 && t.kept[0].dst == 1 && t.kept[0].src == t.n
}

// turned makes an output of each run: the first elements of all are a row, and so on.
func (t *reduceStep) turned(s *Session, w *worker, y, x []float32) {
	m := w.lines[:len(x)]
	w.turn.Do(s.m.kernels, m, len(y), x, t.n, len(y), t.n)
	for _, kernels := range [...]*asm.Set{s.m.kernels, nil} {
		r := w.rows(t.kind, len(y), kernels)
		for k := range t.n {
			r.take(w, m[k*len(y):])
		}
		if r.end(w, y, t.count) {
			break
		}
	}
}

// reduced lowers a reduction.
func (l *lowering) reduced(n *Node, o Reduction, kind reduceKind) (bool, error) {
	if !float32s(n.in[0], n.out[0]) {
		return false, nil
	}
	r, err := o.axes(args(n.in))
	if err != nil {
		return false, err
	}
	d := n.in[0].typ.Dims
	if positions(r, d) {
		switch kind {
		case byMean:
			return l.pool(n, Window{}, pool.Params{Kind: pool.Avg})
		case byMax:
			return l.pool(n, Window{}, pool.Params{Kind: pool.Max})
		}
	}
	x := l.at(n.in[0])
	if !x.isDense() {
		x = l.in(n.in[0], rowMajor)
	}
	y, strides := l.reducedOut(n, x, r)
	t := &reduceStep{kind: kind, outs: 1, n: 1, count: 1, from: []int{0}, src: x.ref(), dst: y.ref()}
	order := x.byStride()
	type joined struct {
		axis
		reduced bool
	}
	var axes []joined // the innermost first
	for _, i := range order {
		a := joined{axis{d.At(i), strides[i], x.stride[i]}, r[i]}
		if a.n == 1 {
			continue
		}
		if k := len(axes) - 1; k >= 0 && axes[k].reduced == a.reduced && a.src == axes[k].src*axes[k].n {
			axes[k].n *= a.n // as dense as x is, so is y
			continue
		}
		axes = append(axes, a)
	}
	if len(axes) > 0 && !axes[0].reduced {
		t.row, axes = axes[0].n, axes[1:]
	}
	first := true
	for _, a := range axes {
		switch {
		case !a.reduced:
			t.kept = append(t.kept, a.axis)
			t.outs *= a.n
			continue
		case first:
			t.n, t.step, first = a.n, a.src, false
		default:
			from := t.from
			t.from = nil
			for i := range a.n {
				for _, f := range from {
					t.from = append(t.from, f+i*a.src)
				}
			}
		}
		t.count *= a.n
	}
	slices.Reverse(t.kept)
	l.emit(t, n.out[0], y, []view{x}, nil)
	return true, nil
}

// positions reports whether all axes but those of images and channels are reduced, of maps that poolings know.
func positions(r [tensor.MaxRank]bool, d tensor.Dims) bool {
	if d.Rank() < 3 || d.Rank() > 4 || r[0] || r[1] || d.Span(2, d.Rank()) == 1 {
		return false
	}
	for i := 2; i < d.Rank(); i++ {
		if !r[i] {
			return false
		}
	}
	return true
}

// reducedOut gives the output of a reduction memory in which the axes that stay lie in the order of those of x, and returns the strides for x's axes as
// well: 0 for those that are reduced.
func (l *lowering) reducedOut(n *Node, x view, r [tensor.MaxRank]bool) (y view, strides [tensor.MaxRank]int) {
	d := x.dims()
	step := 1
	for _, i := range x.byStride() {
		if !r[i] {
			strides[i] = step
			step *= d.At(i)
		}
	}
	v := n.out[0]
	y = view{buf: l.buffer(v.typ.Bytes()), typ: v.typ}
	drop := v.typ.Dims.Rank() < d.Rank()
	k := 0
	for i := range d.Rank() {
		if r[i] && drop {
			continue
		}
		y.stride[k] = strides[i]
		if r[i] {
			y.stride[k] = 1
		}
		k++
	}
	l.views[v] = y
	return y, strides
}

func (o ReduceSum) lower(l *lowering, n *Node) (bool, error) {
	return l.reduced(n, o.Reduction, bySum)
}
func (o ReduceMean) lower(l *lowering, n *Node) (bool, error) {
	return l.reduced(n, o.Reduction, byMean)
}
func (o ReduceMax) lower(l *lowering, n *Node) (bool, error) {
	return l.reduced(n, o.Reduction, byMax)
}
func (o ReduceMin) lower(l *lowering, n *Node) (bool, error) {
	return l.reduced(n, o.Reduction, byMin)
}
func (o ReduceL1) lower(l *lowering, n *Node) (bool, error) {
	return l.reduced(n, o.Reduction, byL1)
}
func (o ReduceL2) lower(l *lowering, n *Node) (bool, error) {
	return l.reduced(n, o.Reduction, byL2)
}
func (o ReduceSumSquare) lower(l *lowering, n *Node) (bool, error) {
	return l.reduced(n, o.Reduction, bySumSquare)
}
func (o ReduceLogSum) lower(l *lowering, n *Node) (bool, error) {
	return l.reduced(n, o.Reduction, byLogSum)
}

func (o ArgMax) lower(l *lowering, n *Node) (bool, error) {
	return l.argBest(n, o.Axis, func(y []int64, x []float32, n, step int, best []float32) { argBest(y, x, n, step, best, o.Last, false) })
}

func (o ArgMin) lower(l *lowering, n *Node) (bool, error) {
	return l.argBest(n, o.Axis, func(y []int64, x []float32, n, step int, best []float32) { argBest(y, x, n, step, best, o.Last, true) })
}

// argBest lowers the search for the best element along an axis: of lines, or of rows of lines that lie side by side.
func (l *lowering) argBest(n *Node, axis int, f func(y []int64, x []float32, n, step int, best []float32)) (bool, error) {
	if !float32s(n.in[0]) {
		return false, nil
	}
	d := n.in[0].typ.Dims
	axis, err := tensor.Axis(axis, d.Rank())
	if err != nil {
		return false, err
	}
	x := l.at(n.in[0])
	if !x.isDense() {
		x = l.in(n.in[0], rowMajor)
	}
	var r [tensor.MaxRank]bool
	r[axis] = true
	y, _ := l.reducedOut(n, x, r)
	t := &argStep{f: f, n: d.At(axis), side: 1, src: x.ref(), dst: y}
	if t.n > 1 {
		t.side = x.stride[axis]
	}
	l.emit(t, n.out[0], y, []view{x}, nil)
	return true, nil
}

// argStep goes over blocks of n*side elements: side lines of n that lie side by side.
type argStep struct {
	f       func(y []int64, x []float32, n, step int, best []float32)
	n, side int
	src     ref
	dst     view
}

func (t *argStep) String() string {
	return fmt.Sprintf("best of %d lines of %d", t.src.n/t.n, t.n)
}
func (t *argStep) run(s *Session) { s.fork(t) }

// pieces of the lines of a block.
func (t *argStep) pieces() int  { return (t.side + lineLen - 1) / lineLen }
func (t *argStep) perPart() int { return max(1, chunk/(t.n*min(t.side, lineLen))) }
func (t *argStep) parts() int {
	return (t.src.n/(t.n*t.side)*t.pieces() + t.perPart() - 1) / t.perPart()
}

func (t *argStep) part(s *Session, w *worker, i int) {
	dst, src := as[int64](s.bufs[t.dst.buf.id]), s.f32(t.src)
	lo := i * t.perPart()
	for u := lo; u < min(lo+t.perPart(), t.src.n/(t.n*t.side)*t.pieces()); u++ {
		block, first := u/t.pieces(), u%t.pieces()*lineLen
		m := min(lineLen, t.side-first)
		t.f(dst[block*t.side+first:][:m], src[block*t.n*t.side+first:], t.n, t.side, w.lines[:m])
	}
}

// argBest finds the best of n elements, step apart, for each of y. Of NaN the first is best; of equals the first, or the last.
func argBest(y []int64, x []float32, n, step int, best []float32, last, least bool) {
	copy(best, x)
	clear(y)
	for k := 1; k < n; k++ {
		row := x[k*step:][:len(y)]
		for i, v := range row {
			b := best[i]
			better := v > b
			if least {
				better = v < b
			}
			if better || last && v == b || v != v && b == b {
				best[i], y[i] = v, int64(k)
			}
		}
	}
}
