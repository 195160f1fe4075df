package graph

import (
	"fmt"
	"slices"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/tensor"
)

// Weighted sums of elements along axes: Resize, linear and cubic.

// blend lowers weighted sums along axes: a step for every axis, or for two axes that are neighbours in memory.
func (l *lowering) blend(n *Node, taps [tensor.MaxRank][][]tap) {
	x := l.at(n.in[0])
	if !x.isDense() {
		o := rowMajor
		if x.isRows(channelsLast) {
			o = channelsLast
		}
		x = l.in(n.in[0], o)
	}
	// An order that both know, so that axes of one element, which may become more, have a place.
	rank := x.dims().Rank()
	axes := x.byStride()
	slices.Reverse(axes)
	known := false
	for _, o := range []order{channelsLast, rowMajor} {
		if !known && x.is(o) {
			list := o.axes(rank)
			axes, known = list[:rank], true
		}
	}
	dense := func(d tensor.Dims) (stride [tensor.MaxRank]int) {
		step := 1
		for i := rank - 1; i >= 0; i-- {
			stride[axes[i]] = step
			step *= d.At(axes[i])
		}
		return stride
	}
	last := x.is(channelsLast)
	var at []int // places in axes that are left to do
	for i, a := range axes {
		if taps[a] != nil {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		l.alias(n.out[0], x)
		return
	}
	for len(at) > 0 {
		lo, hi := at[0], at[0]
		if len(at) > 1 && at[1] == lo+1 {
			hi++
		}
		at = at[hi-lo+1:]
		t := &blendStep{outer: 1, h: x.dims().At(axes[lo]), w: 1, c: 1}
		for _, a := range axes[:lo] {
			t.outer *= x.dims().At(a)
		}
		for _, a := range axes[hi+1:] {
			t.c *= x.dims().At(a)
		}
		to := x.typ
		for _, a := range axes[lo : hi+1] {
			to.Dims = to.Dims.Set(a, len(taps[a]))
		}
		y := view{typ: to, stride: dense(to.Dims)}
		v := n.out[0]
		switch {
		case len(at) > 0:
			v, y.buf = nil, l.buffer(to.Bytes())
		case last: // pixels with gaps between them need the innermost axis by itself
			y = l.out(v, channelsLast, hi > lo && hi == rank-2)
		case known:
			y = l.out(v, rowMajor, false)
		default:
			y.buf = l.buffer(to.Bytes())
			l.views[v] = y
		}
		t.ldc = t.c
		if !y.isDense() {
			t.ldc = y.rowStride(channelsLast)
		}
		switch {
		case t.c < shortPixel && t.ldc == t.c:
			if lo == hi { // all lines are of one map
				t.h, t.w, t.outer = t.outer, t.h, 1
				t.oh = t.h
				t.across = newAcross(taps[axes[lo]], t.c)
			} else {
				t.w = x.dims().At(axes[hi])
				t.across = newAcross(taps[axes[hi]], t.c)
				t.oh = len(taps[axes[lo]])
			}
			t.ow = len(taps[axes[hi]])
			if lo < hi {
				t.down(taps[axes[lo]])
			}
			l.m.scratch = max(l.m.scratch, t.between+t.across.lines(t.ow*t.c)*t.ow*t.c)
		case lo == hi: // rows of c elements are added, without going on along them
			t.rows = blendTaps(taps[axes[lo]], t.c, 0)
			t.oh, t.ow = len(taps[axes[lo]]), 1
		default:
			t.w = x.dims().At(axes[hi])
			t.rows = blendTaps(taps[axes[lo]], t.w*t.c, 0)
			t.cols = blendTaps(taps[axes[hi]], t.c, t.ldc)
			t.oh, t.ow = len(taps[axes[lo]]), len(taps[axes[hi]])
			l.m.scratch = max(l.m.scratch, t.w*t.c)
		}
		t.dst, t.src = y.ref(), x.ref()
		l.emit(t, v, y, []view{x}, nil)
		x = y
	}
}

// blendTaps lays out weighted sums for Blend, whose first pass takes two elements, unit floats apart from their neighbours, and every other one adds an
// element to the sums, which are ldy floats apart. Where there are fewer elements than elsewhere the last is added in several equal shares: nothing
// else that is read would be harmless, since 0 times Inf is not 0.
func blendTaps(list [][]tap, unit, ldy int) [][]asm.BlendTap {
	most := 2
	for _, taps := range list {
		most = max(most, len(taps))
	}
	passes := make([][]asm.BlendTap, most-1)
	for k := range passes {
		passes[k] = make([]asm.BlendTap, len(list))
	}
	for i, taps := range list {
		get := func(k int) (int, float32) {
			t := summand(taps, most, k)
			return 4 * t.at * unit, float32(t.weight)
		}
		first := &passes[0][i]
		first.A, first.P = get(0)
		first.B, first.Q = get(1)
		for k := 2; k < most; k++ {
			t := &passes[k-1][i]
			t.A, t.P = 4*i*ldy, 1
			t.B, t.Q = get(k)
		}
	}
	return passes
}

// summand is element k of a sum of most, where fewer have their last one in equal shares.
func summand(taps []tap, most, k int) tap {
	if k < len(taps)-1 {
		return taps[k]
	}
	t := taps[len(taps)-1]
	t.weight /= float64(most - len(taps) + 1)
	return t
}

// shortPixel is the number of elements from which on a pixel is worth a row of its own of Blend.
const shortPixel = 16

// across makes the elements of a line from others of it: for every element of a sum a table that says which, and weights.
type across struct {
	tables  []*elem.Table
	weights [][]float32
}

func newAcross(list [][]tap, c int) *across {
	most := 1
	for _, taps := range list {
		most = max(most, len(taps))
	}
	a := &across{}
	for k := range most {
		index, weights := make([]int32, 0, len(list)*c), make([]float32, 0, len(list)*c)
		for _, taps := range list {
			t := summand(taps, most, k)
			for i := range c {
				index, weights = append(index, int32(t.at*c+i)), append(weights, float32(t.weight))
			}
		}
		a.tables, a.weights = append(a.tables, elem.NewTable(index)), append(a.weights, weights)
	}
	return a
}

// lines is how many lines of n elements are made at a time: what is added to them stays in the first cache.
func (a *across) lines(n int) int { return max(1, acrossLen/n) }

const acrossLen = 2048

// do makes lines without gaps of lines of src, lds elements apart, with room for some more in scratch.
func (a *across) do(w *worker, k *asm.Set, dst, src, scratch []float32, lds int) {
	n := a.tables[0].Len()
	some := min(a.lines(n), len(w.starts))
	for ; len(dst) > 0; dst = dst[min(some*n, len(dst)):] {
		rows := min(some, len(dst)/n)
		y := elem.Rows{X: dst[:rows*n], Ld: n, Step: 1}
		for i := range rows {
			w.starts[i] = i * lds
		}
		for i, t := range a.tables {
			x := y
			if i > 0 {
				x.X = scratch[:rows*n]
			}
			elem.Pick(&w.Worker, k, x.X, n, src, w.starts[:rows], t, 0)
			w.MulRows(k, rows, n, x, x, elem.Rows{X: a.weights[i], Step: 1})
			if i > 0 {
				w.Add(k, y.X, y.X, x.X)
			}
		}
		src = src[min(rows*lds, len(src)):]
	}
}

// down gives t the sums of lines.
func (t *blendStep) down(list [][]tap) {
	n := t.w * t.c // of the lines that are added
	if t.acrossFirst = t.oh >= t.h; t.acrossFirst {
		n = t.ow * t.c
	}
	t.rows = blendTaps(list, n, 0)
	t.from = make([][2]int, t.bands())
	for b := range t.from {
		lo, hi := t.h, 0
		for _, taps := range list[b*t.perPart() : min((b+1)*t.perPart(), t.oh)] {
			for _, tap := range taps {
				lo, hi = min(lo, tap.at), max(hi, tap.at+1)
			}
		}
		t.from[b] = [2]int{lo, hi}
		if !t.acrossFirst {
			lo, hi = 0, t.perPart()
		}
		t.between = max(t.between, (hi-lo)*n)
		// What is added begins with the band's first line, and so does what it is added to.
		for p, pass := range t.rows {
			for i := range pass[b*t.perPart() : min((b+1)*t.perPart(), t.oh)] {
				tap := &pass[b*t.perPart()+i]
				tap.B -= 4 * lo * n
				if tap.A -= 4 * lo * n; p > 0 {
					tap.A = 4 * i * n
				}
			}
		}
	}
}

// blendStep adds weighted rows, [outer, h, w, c] to [outer, oh, ow, c]: first lines of w*c elements, then pixels of the line. Short pixels have no rows
// of their own: lines are made by tables, and where there are not fewer of them afterwards before lines are added.
type blendStep struct {
	outer, h, w, c int
	oh, ow, ldc    int
	rows, cols     [][]asm.BlendTap // passes
	dst, src       ref

	across      *across
	acrossFirst bool
	from        [][2]int // of each band of output lines, the input's lines that it needs
	between     int      // elements between the two
}

func (t *blendStep) String() string {
	s := fmt.Sprintf("resize %d of %dx%d to %dx%d, %d elements a pixel, sums of %d", t.outer, t.h, t.w, t.oh, t.ow, t.c, max(1, len(t.rows)+min(1, len(t.rows))))
	switch {
	case t.across != nil:
		s += fmt.Sprintf("x%d by a table", len(t.across.tables))
	case t.cols != nil:
		s += fmt.Sprintf("x%d", len(t.cols)+1)
	}
	return s
}
func (t *blendStep) run(s *Session) { s.fork(t) }
func (t *blendStep) perPart() int   { return max(1, chunk/(t.ow*t.c)) }

// bands of a map.
func (t *blendStep) bands() int { return (t.oh + t.perPart() - 1) / t.perPart() }

func (t *blendStep) parts() int {
	if t.across != nil {
		return t.outer * t.bands()
	}
	return (t.outer*t.oh + t.perPart() - 1) / t.perPart()
}

func (t *blendStep) part(s *Session, w *worker, i int) {
	if t.across != nil {
		t.band(s, w, i/t.bands(), i%t.bands())
		return
	}
	k, dst, src := s.m.kernels, s.f32(t.dst), s.f32(t.src)
	for r := i * t.perPart(); r < min((i+1)*t.perPart(), t.outer*t.oh); r++ {
		x := src[r/t.oh*t.h*t.w*t.c:][:t.h*t.w*t.c]
		y := dst[r*t.ow*t.ldc:][:(t.ow-1)*t.ldc+t.c]
		line := y
		if t.cols != nil {
			line = w.scratch[:t.w*t.c]
		}
		from := x
		for _, pass := range t.rows {
			w.Blend(k, line, len(line), from, x, pass[r%t.oh:][:1], len(line))
			from = line
		}
		if t.cols == nil {
			continue
		}
		from = line
		for _, pass := range t.cols {
			w.Blend(k, y, t.ldc, from, line, pass, t.c)
			from = y
		}
	}
}

// band makes a band of lines of a map.
func (t *blendStep) band(s *Session, w *worker, image, band int) {
	k, lo, hi := s.m.kernels, band*t.perPart(), min((band+1)*t.perPart(), t.oh)
	in, out := t.w*t.c, t.ow*t.c
	x, y := s.f32(t.src)[image*t.h*in:][:t.h*in], s.f32(t.dst)[(image*t.oh+lo)*out:][:(hi-lo)*out]
	between, scratch := w.scratch[:t.between], w.scratch[t.between:]
	switch from := t.from; {
	case from == nil:
		t.across.do(w, k, y, x[lo*in:], scratch, in)
	case t.acrossFirst:
		first, rows := from[band][0], from[band][1]-from[band][0]
		t.across.do(w, k, between[:rows*out], x[first*in:], scratch, in)
		t.addLines(w, k, y, between, lo, out)
	default:
		t.addLines(w, k, between[:(hi-lo)*in], x, lo, in)
		t.across.do(w, k, y, between, scratch, in)
	}
}

// addLines makes lines of n elements of those of src, from number lo on.
func (t *blendStep) addLines(w *worker, k *asm.Set, dst, src []float32, lo, n int) {
	from := src
	for _, pass := range t.rows {
		w.Blend(k, dst, n, from, src, pass[lo:][:len(dst)/n], n)
		from = dst
	}
}
