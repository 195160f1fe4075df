package graph

import (
	"encoding/binary"
	"fmt"
	"sort"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// move copies the elements of one view to another of the same dims: the only way in which data move. Axes that nest in both views are
// joined. What remains is runs that are contiguous in both, matrices that are transposed on the kernels, or single elements.
type move struct {
	size  int    // bytes of an element
	outer []axis // loops around a unit, the outermost first
	units int    // iterations of outer
	inner [2]axis
	kind  moveKind
}

// axis is a loop: n steps, and the elements from one to the next in both views.
type axis struct{ n, dst, src int }

type moveKind uint8

const (
	runs    moveKind = iota // inner[1] is contiguous in both
	turns                   // inner[0] is contiguous in the source, inner[1] in the destination
	singles                 // neither
)

// moveUnit is about how many elements a unit should have at most, so that there are parts for all workers.
const moveUnit = 1 << 13

func newMove(dst, src view) *move {
	m := &move{size: dst.typ.DType.Size(), units: 1}
	d := dst.dims()
	if d.Elems() == 0 {
		m.units = 0
		return m
	}
	var axes []axis
	for i := range d.Rank() {
		if n := d.At(i); n > 1 {
			axes = append(axes, axis{n, dst.stride[i], src.stride[i]})
		}
	}
	sort.SliceStable(axes, func(i, j int) bool { return axes[i].dst > axes[j].dst })
	joined := axes[:0]
	for _, a := range axes {
		if k := len(joined) - 1; k >= 0 && joined[k].dst == a.dst*a.n && joined[k].src == a.src*a.n {
			joined[k] = axis{joined[k].n * a.n, a.dst, a.src}
			continue
		}
		joined = append(joined, a)
	}
	axes = joined
	one := axis{1, 1, 1}
	if len(axes) == 0 {
		axes = append(axes, one)
	}
	last := axes[len(axes)-1]
	axes = axes[:len(axes)-1]
	m.inner = [2]axis{one, last}
	switch {
	case last.dst == 1 && last.src == 1:
		m.kind = runs
	default:
		m.kind = singles
		for i, a := range axes {
			if a.src == 1 && last.dst == 1 && m.size == 4 && last.src > 0 && a.dst > 0 {
				m.kind, m.inner[0] = turns, a
				axes = append(axes[:i:i], axes[i+1:]...)
				break
			}
		}
		if m.kind == singles && len(axes) > 0 {
			m.inner[0] = axes[len(axes)-1]
			axes = axes[:len(axes)-1]
		}
	}
	// Long units are cut along their outer axis, or a long run along its only one.
	cut := &m.inner[0]
	if cut.n == 1 {
		cut = &m.inner[1]
	}
	if elems := m.inner[0].n * m.inner[1].n; elems > moveUnit {
		n := max(1, moveUnit/(elems/cut.n))
		for n > 1 && cut.n%n != 0 {
			n--
		}
		if n < 16 && cut.n > 16 && cut == &m.inner[1] {
			n = cut.n
		}
		if k := cut.n / n; k > 1 {
			axes = append(axes, axis{k, n * cut.dst, n * cut.src})
			cut.n = n
		}
	}
	m.outer = axes
	for _, a := range m.outer {
		m.units *= a.n
	}
	return m
}

// elems is the number of elements of a unit.
func (m *move) elems() int { return m.inner[0].n * m.inner[1].n }

// do moves units lo to hi-1. dst and src are the buffers from the first elements of the views on, dst0 and src0 where those lie, in elements.
func (m *move) do(w *worker, k *asm.Set, dst, src []byte, dst0, src0 int, lo, hi int) {
	var at [16]int
	d, s := dst0, src0
	for i, u := len(m.outer)-1, lo; i >= 0; i-- {
		a := m.outer[i]
		at[i] = u % a.n
		u /= a.n
		d += at[i] * a.dst
		s += at[i] * a.src
	}
	for u := lo; u < hi; u++ {
		m.unit(w, k, dst, src, d, s)
		for i := len(m.outer) - 1; i >= 0; i-- {
			a := m.outer[i]
			d += a.dst
			s += a.src
			if at[i]++; at[i] < a.n {
				break
			}
			at[i] = 0
			d -= a.n * a.dst
			s -= a.n * a.src
		}
	}
}

func (m *move) unit(w *worker, k *asm.Set, dst, src []byte, d, s int) {
	a, b := m.inner[0], m.inner[1]
	switch m.kind {
	case runs:
		n := b.n * m.size
		copy(dst[d*m.size:][:n], src[s*m.size:][:n])
	case turns:
		x := as[float32](src)[s:]
		y := as[float32](dst)[d:]
		w.turn.Do(k, y, a.dst, x, b.src, b.n, a.n)
	default:
		switch m.size {
		case 1:
			if b == (axis{3, 1, b.src}) && a.dst == 3 && a.src == 1 && b.src >= a.n {
				interleave(dst[d:][:3*a.n], src[s:], b.src)
				return
			}
			singly(as[uint8](dst), as[uint8](src), d, s, a, b)
		case 2:
			singly(as[uint16](dst), as[uint16](src), d, s, a, b)
		case 4:
			singly(as[uint32](dst), as[uint32](src), d, s, a, b)
		case 8:
			singly(as[uint64](dst), as[uint64](src), d, s, a, b)
		}
	}
}

// interleave makes pixels of three planes, which lie plane bytes apart: the channels of a picture. It writes four bytes for each but the last, the fourth of which the
// next one replaces.
func interleave(dst, src []byte, plane int) {
	n := len(dst) / 3
	r, g, b := src[:n], src[plane:][:n], src[2*plane:][:n]
	i := 0
	for ; i < n-1; i++ {
		binary.LittleEndian.PutUint32(dst[3*i:], uint32(r[i])|uint32(g[i])<<8|uint32(b[i])<<16)
	}
	dst[3*i], dst[3*i+1], dst[3*i+2] = r[i], g[i], b[i]
}

func singly[T any](dst, src []T, d, s int, a, b axis) {
	for range a.n {
		i, j := d, s
		for range b.n {
			dst[i] = src[j]
			i += b.dst
			j += b.src
		}
		d += a.dst
		s += a.src
	}
}

// as looks at memory as elements of type T, for which it is aligned.
func as[T any](b []byte) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(*new(T))))
}

// moveStep is a move, cut into parts.
type moveStep struct {
	m        *move
	dst, src int // buffers
	dst0     int
	src0     int
	perPart  int
}

func (t *moveStep) String() string {
	what := "copy runs of"
	switch t.m.kind {
	case turns:
		what = "transpose"
	case singles:
		what = "copy singly"
	}
	s := fmt.Sprintf("move: %s %d", what, t.m.inner[1].n)
	if t.m.inner[0].n > 1 {
		s += fmt.Sprintf("x%d", t.m.inner[0].n)
	}
	return s + fmt.Sprintf(", %d times", t.m.units)
}

func (t *moveStep) run(s *Session) { s.fork(t) }
func (t *moveStep) parts() int     { return (t.m.units + t.perPart - 1) / t.perPart }

func (t *moveStep) part(s *Session, w *worker, i int) {
	lo := i * t.perPart
	t.m.do(w, s.m.kernels, s.bufs[t.dst], s.bufs[t.src], t.dst0, t.src0, lo, min(lo+t.perPart, t.m.units))
}

// move emits a copy of src to dst, which have the same dims.
func (l *lowering) move(dst, src view) { l.moveAs(nil, dst, src) }

func (l *lowering) moveAs(v *Value, dst, src view) {
	m := newMove(dst, src)
	if p := m.picked(dst, src, l.kernels().Pick[0].Block); p != nil {
		l.emit(&pickStep{p: p, what: "move", dst: dst.buf.id, src: src.buf.id, dst0: dst.off, src0: src.off}, v, dst, []view{src}, nil)
		return
	}
	t := &moveStep{m: m, dst: dst.buf.id, src: src.buf.id, dst0: dst.off, src0: src.off, perPart: max(1, moveUnit/max(1, m.elems()))}
	l.emit(t, v, dst, []view{src}, nil)
}

// picked returns m as rows by a table, for the kernels, where it is short runs or single elements that follow each other in the destination; else nil.
func (m *move) picked(dst, src view, block int) *pick {
	if m.units == 0 || m.kind == turns || m.size != 4 || m.inner[1].dst != 1 {
		return nil
	}
	for i := range src.dims().Rank() {
		if src.dims().At(i) > 1 && (src.stride[i] < 0 || dst.stride[i] <= 0) {
			return nil
		}
	}
	if p := newPick(dst, src, [tensor.MaxRank][]int{}, make([]byte, 8), block); p.table != nil {
		return p
	}
	return nil
}
