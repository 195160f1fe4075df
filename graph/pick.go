package graph

import (
	"fmt"
	"slices"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/tensor"
)

// pick copies elements by tables: along an axis that has one, element i of the output is element table[i] of the input, or where that is
// -1 a given value. It is what nearest neighbours, padding and constant indices have in common. Axes without a table that nest in
// both views are joined; what lies below the last axis with a table is copied in runs.
type pick struct {
	size  int    // bytes of an element
	outer []from // loops around a row, the outermost first
	rows  int    // iterations of outer
	n     int    // elements of a row
	runs  []run  // a row, piece by piece
	at    []int32
	table *elem.Table // a row of elements of 4 bytes for the kernels
	value []byte
	whole bool // a row has no gaps: one that has the same source as the row before is copied from it
}

// from is a loop: its steps, the elements from one to the next in the output, and where each begins in the input, or -1: by a table, or step apart.
type from struct {
	n, dst int
	src    []int
	step   int
}

// at is where step i begins in the input.
func (f *from) at(i int) int {
	if f.src == nil {
		return i * f.step
	}
	return f.src[i]
}

// run is n elements; src -1 stands for the value.
type run struct{ dst, src, n int }

// tableLen is the most elements of a row that is made of several runs.
const tableLen = 256

// newPick needs strides of src that are not negative. Rows whose runs have at most 16 blocks of columns go to the kernels.
func newPick(dst, src view, tables [tensor.MaxRank][]int, value []byte, block int) *pick {
	type axis struct {
		n, dst, src int
		table       []int
	}
	p := &pick{size: dst.typ.DType.Size(), rows: 1, value: value}
	if dst.typ.Elems() == 0 {
		p.rows = 0
		return p
	}
	order := dst.byStride()
	slices.Reverse(order)
	var axes []axis
	for _, i := range order {
		a := axis{dst.dims().At(i), dst.stride[i], src.stride[i], tables[i]}
		if a.n == 1 && a.table == nil {
			continue
		}
		if k := len(axes) - 1; k >= 0 && a.table == nil && axes[k].table == nil && axes[k].dst == a.dst*a.n && axes[k].src == a.src*a.n {
			axes[k] = axis{axes[k].n * a.n, a.dst, a.src, nil}
			continue
		}
		axes = append(axes, a)
	}
	unit := 1
	if k := len(axes) - 1; k >= 0 && axes[k].table == nil && axes[k].dst == 1 && axes[k].src == 1 {
		unit, axes = axes[k].n, axes[:k]
	}
	last := axis{1, unit, unit, nil}
	if k := len(axes) - 1; k >= 0 {
		last, axes = axes[k], axes[:k]
		if g := tableLen / unit; p.size == 4 && last.table == nil && last.dst == unit && g < last.n {
			// Rows of several runs, or a part of one of single elements: what the kernels take is short.
			for g = max(g, 1); last.n%g != 0; {
				g--
			}
			if unit*g > 1 {
				axes = append(axes, axis{last.n / g, g * last.dst, g * last.src, nil})
				last.n = g
			}
		}
	}
	starts := func(a axis) []int {
		list := make([]int, a.n)
		for i := range list {
			switch {
			case a.table == nil:
				list[i] = i * a.src
			case a.table[i] < 0:
				list[i] = -1
			default:
				list[i] = a.table[i] * a.src
			}
		}
		return list
	}
	for _, a := range axes {
		f := from{n: a.n, dst: a.dst, step: a.src}
		if a.table != nil {
			f.src = starts(a)
		}
		p.outer = append(p.outer, f)
		p.rows *= a.n
	}
	if len(p.outer) == 0 {
		p.outer = append(p.outer, from{n: 1})
	}
	p.n = last.n * unit
	p.whole = last.dst == unit
	single := unit == 1 && p.whole
	for i, s := range starts(last) {
		single = single && s >= 0 && s < 1<<31-1
		if k := len(p.runs) - 1; k >= 0 && p.whole {
			if r := &p.runs[k]; s < 0 && r.src < 0 || s >= 0 && r.src >= 0 && s == r.src+r.n {
				r.n += unit
				continue
			}
		}
		p.runs = append(p.runs, run{i * last.dst, s, unit})
	}
	switch {
	case p.size == 4 && p.whole && p.n <= 16*block*len(p.runs) && src.extent() < 1<<31-1:
		index := make([]int32, 0, p.n)
		for _, r := range p.runs {
			for i := range r.n {
				if r.src < 0 {
					index = append(index, -1)
				} else {
					index = append(index, int32(r.src+i))
				}
			}
		}
		p.table, p.runs = elem.NewTable(index), nil
	case single && 4*len(p.runs) > p.n:
		for _, s := range starts(last) {
			p.at = append(p.at, int32(s))
		}
		p.runs = nil
	}
	return p
}

// pickStep is a pick, cut into parts.
type pickStep struct {
	p        *pick
	what     string
	dst, src int // buffers
	dst0     int
	src0     int
}

func (t *pickStep) String() string {
	if t.p.table != nil {
		return fmt.Sprintf("%s: %d rows of %d elements by a table", t.what, t.p.rows, t.p.n)
	}
	if t.p.at != nil {
		return fmt.Sprintf("%s: %d rows of %d single elements", t.what, t.p.rows, t.p.n)
	}
	return fmt.Sprintf("%s: %d rows of %d runs, %d elements", t.what, t.p.rows, len(t.p.runs), t.p.n)
}
func (t *pickStep) run(s *Session) { s.fork(t) }
func (t *pickStep) perPart() int   { return max(1, moveUnit/max(1, t.p.n)) }
func (t *pickStep) parts() int     { return (t.p.rows + t.perPart() - 1) / t.perPart() }

func (t *pickStep) part(s *Session, w *worker, i int) {
	lo := i * t.perPart()
	hi := min(lo+t.perPart(), t.p.rows)
	if t.p.table != nil {
		t.byTable(w, s.m.kernels, as[uint32](s.bufs[t.dst]), as[uint32](s.bufs[t.src]), lo, hi)
		return
	}
	switch dst, src := s.bufs[t.dst], s.bufs[t.src]; t.p.size {
	case 1:
		pickRows(t, as[uint8](dst), as[uint8](src), as[uint8](t.p.value)[0], lo, hi)
	case 2:
		pickRows(t, as[uint16](dst), as[uint16](src), as[uint16](t.p.value)[0], lo, hi)
	case 4:
		pickRows(t, as[uint32](dst), as[uint32](src), as[uint32](t.p.value)[0], lo, hi)
	case 8:
		pickRows(t, as[uint64](dst), as[uint64](src), as[uint64](t.p.value)[0], lo, hi)
	}
}

// byTable makes rows lo to hi-1 on the kernels, as many at a time as lie equally far apart in the output.
func (t *pickStep) byTable(w *worker, k *asm.Set, dst, src []uint32, lo, hi int) {
	p, value := t.p, as[uint32](t.p.value)[0]
	last := &p.outer[len(p.outer)-1]
	src = src[t.src0:]
	n, begin := 0, 0         // rows that wait, and where they go
	var outside [accLen]bool // those that are the value, but take some row first
	some := false            // not all are
	flush := func() {
		if some {
			elem.Pick(&w.Worker, k, dst[begin:], last.dst, src, w.starts[:n], p.table, value)
		}
		for i, b := range outside[:n] {
			if b {
				fillWith(dst[begin+i*last.dst:][:p.n], value)
			}
		}
		n, some = 0, false
	}
	for lo < hi {
		d, s, inside := t.dst0, 0, true
		first := lo % last.n
		for i, u := len(p.outer)-2, lo/last.n; i >= 0; i-- {
			a := &p.outer[i]
			from := a.at(u % a.n)
			d += u % a.n * a.dst
			s += max(from, 0)
			inside = inside && from >= 0
			u /= a.n
		}
		d += first * last.dst
		if n > 0 && (n == len(w.starts) || d != begin+n*last.dst) {
			flush()
		}
		if n == 0 {
			begin = d
		}
		m := min(last.n-first, hi-lo, len(w.starts)-n)
		lo += m
		for i := range m {
			from := last.at(first + i)
			if outside[n+i] = !inside || from < 0; outside[n+i] {
				from = -s
			}
			some = some || !outside[n+i]
			w.starts[n+i] = s + from
		}
		n += m
	}
	flush()
}

// pickRows makes rows lo to hi-1.
func pickRows[T any](t *pickStep, dst, src []T, value T, lo, hi int) {
	p := t.p
	var at [tensor.MaxRank]int
	for i, u := len(p.outer)-1, lo; i >= 0; i-- {
		at[i] = u % p.outer[i].n
		u /= p.outer[i].n
	}
	before, same := 0, -2 // the row before and its source
	for range hi - lo {
		d, s, inside := t.dst0, t.src0, true
		for i := range p.outer {
			a := &p.outer[i]
			d += at[i] * a.dst
			from := a.at(at[i])
			s += from
			inside = inside && from >= 0
		}
		switch {
		case !inside:
			for _, r := range p.runs {
				fillWith(dst[d+r.dst:][:r.n], value)
			}
			if p.at != nil {
				fillWith(dst[d:][:p.n], value)
			}
			s = -1
		case p.whole && s == same:
			copy(dst[d:][:p.n], dst[before:][:p.n])
		case p.at != nil:
			x, y := src[s:], dst[d:][:len(p.at)]
			for i, k := range p.at {
				y[i] = x[k]
			}
		default:
			for _, r := range p.runs {
				y := dst[d+r.dst:][:r.n]
				switch {
				case r.src < 0:
					fillWith(y, value)
				case r.n == 1:
					y[0] = src[s+r.src]
				default:
					copy(y, src[s+r.src:][:r.n])
				}
			}
		}
		before, same = d, s
		for i := len(p.outer) - 1; i >= 0; i-- {
			if at[i]++; at[i] < p.outer[i].n {
				break
			}
			at[i] = 0
		}
	}
}

func fillWith[T any](x []T, v T) {
	for i := range x {
		x[i] = v
	}
}

// pick lowers what copies its first input by tables, in the order in which that lies.
func (l *lowering) pick(n *Node, what string, tables [tensor.MaxRank][]int, value []byte) {
	x := l.at(n.in[0])
	for _, stride := range x.stride {
		if stride < 0 { // tables say -1 for the value: what is read lies behind the first element
			x = l.in(n.in[0], rowMajor)
			break
		}
	}
	y := l.orderedOut(n.out[0], x)
	if value == nil {
		value = make([]byte, 8)
	}
	t := &pickStep{p: newPick(y, x, tables, value, l.kernels().Pick[0].Block), what: what, dst: y.buf.id, src: x.buf.id, dst0: y.off, src0: x.off}
	l.emit(t, n.out[0], y, []view{x}, nil)
}

// orderedOut gives v memory with the axes in the order of those of x, or its place in a Concat.
func (l *lowering) orderedOut(v *Value, x view) view {
	for _, o := range []order{rowMajor, channelsLast} {
		if x.isRows(o) {
			return l.out(v, o, true)
		}
	}
	y := view{buf: l.buffer(v.typ.Bytes()), typ: v.typ, stride: x.like(v.typ.Dims)}
	l.views[v] = y
	return y
}
