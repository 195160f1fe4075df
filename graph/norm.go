package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/tensor"
)

// Normalisation in two passes over memory: the first sums differences from the first element and their squares, in float64, where what a mean far
// from zero would cost in digits is to spare; the second takes the mean away, scales and shifts, on kernels, a piece that stays in the first cache at a time.

// held are the lines, or the channels, that are normalised at a time; both passes find them in the first cache.
type held struct {
	mean, inv []float64
	sub       []float32 // the mean, rounded
	mul, add  []float32 // 1/deviation, and what the rounding of the mean makes of that
}

// heldLen is about the number of elements of them.
const heldLen = 4096

// measure finds the mean and 1/sqrt(variance + epsilon) of rows of n elements, or with rms 0 and 1/sqrt(mean of squares + epsilon).
func (w *worker) measure(k *asm.Set, x []float32, n int, epsilon float64, rms bool) (h held) {
	rows := len(x) / n
	first, sum, square := w.norm[0][:rows], w.norm[1][:rows], w.norm[2][:rows]
	clear(first)
	clear(sum)
	clear(square)
	for r := range first {
		if !rms {
			first[r] = float64(x[r*n])
		}
	}
	w.Moments(k, x, n, first, sum, square)
	for r := range first {
		m, variance := sum[r]/float64(n), square[r]/float64(n)
		if rms {
			m = 0
		}
		variance -= m * m
		if variance < 0 { // by rounding
			variance = 0
		}
		first[r], sum[r] = first[r]+m, 1/math.Sqrt(variance+epsilon)
	}
	return held{mean: first, inv: sum}
}

// scales gives every row its numbers in float32, size rows of x for each that was measured: its elements y are (x-sub) mul + add. It returns false where the numbers of a row
// leave what float32 holds without loss.
func (h *held) scales(w *worker, size int) bool {
	n := len(h.mean) * size
	h.sub, h.mul, h.add = w.lines[:n], w.line[0][:n], w.line[1][:n]
	for i, mean := range h.mean {
		inv := h.inv[i]
		if !(inv > 1e-15 && inv < 1e15 && math.Abs(mean) < 1e30) {
			return false
		}
		sub := float32(mean)
		for r := i * size; r < (i+1)*size; r++ {
			h.sub[r], h.mul[r], h.add[r] = sub, float32(inv), float32((float64(sub)-mean)*inv)
		}
	}
	return true
}

// apply makes rows of n elements, long ones piece by piece.
func (h *held) apply(w *worker, k *asm.Set, y, x []float32, n int) {
	if n <= heldLen {
		h.rows(w, k, y, x, n, 0)
		return
	}
	for r := range len(y) / n {
		for j := 0; j < n; j += heldLen {
			m := min(heldLen, n-j)
			h.rows(w, k, y[r*n+j:][:m], x[r*n+j:][:m], m, r)
		}
	}
}

// rows makes rows of n elements, the first of which has number first.
func (h *held) rows(w *worker, k *asm.Set, y, x []float32, n, first int) {
	inf, rows := float32(math.Inf(1)), len(y)/n
	out := elem.Rows{X: y, Ld: n, Step: 1}
	w.BinaryRows(k, asm.Sub, -inf, inf, rows, n, out, elem.Rows{X: x, Ld: n, Step: 1}, elem.Rows{X: h.sub, At: first, Ld: 1})
	w.Planes(k, y, y, h.mul[first:][:rows], h.add[first:][:rows], n, -inf, inf)
}

// normLinesStep normalises lines that are contiguous: those of LayerNormalization and RMSNormalization with a scale and a bias for every element.
type normLinesStep struct {
	lines, n    int
	epsilon     float64
	rms         bool
	scale, bias ref // bias.n 0: none
	dst, src    ref
}

func (t *normLinesStep) String() string {
	name := "layer"
	if t.rms {
		name = "rms"
	}
	return fmt.Sprintf("normalise %s, %d lines of %d", name, t.lines, t.n)
}
func (t *normLinesStep) run(s *Session) { s.fork(t) }
func (t *normLinesStep) perPart() int   { return max(1, chunk/t.n) }
func (t *normLinesStep) parts() int     { return (t.lines + t.perPart() - 1) / t.perPart() }

func (t *normLinesStep) part(s *Session, w *worker, i int) {
	lo, hi := i*t.perPart(), min((i+1)*t.perPart(), t.lines)
	some := max(1, min(heldLen/t.n, accLen))
	for ; lo < hi; lo += some {
		n := min(some, hi-lo) * t.n
		t.some(s, w, s.f32(t.dst)[lo*t.n:][:n], s.f32(t.src)[lo*t.n:][:n])
	}
}

// some normalises a few lines.
func (t *normLinesStep) some(s *Session, w *worker, y, x []float32) {
	k, inf := s.m.kernels, float32(math.Inf(1))
	scale, bias := s.f32(t.scale), []float32(nil)
	if t.bias.n != 0 {
		bias = s.f32(t.bias)
	}
	h := w.measure(k, x, t.n, t.epsilon, t.rms)
	if h.scales(w, 1) {
		h.apply(w, k, y, x, t.n)
		w.Channels(k, y, y, scale, bias, -inf, inf)
		return
	}
	for r, mean := range h.mean {
		x, y := x[r*t.n:][:t.n], y[r*t.n:][:t.n]
		for j, v := range x {
			y[j] = float32((float64(v)-mean)*h.inv[r]) * scale[j]
			if bias != nil {
				y[j] += bias[j]
			}
		}
	}
}

// normLines lowers the normalisation of lines.
func (l *lowering) normLines(n *Node, axis int, epsilon float32, rms bool) (bool, error) {
	if !float32s(n.in...) {
		return false, nil
	}
	for _, v := range n.out[1:] {
		if len(l.w.users[v]) > 0 || l.w.wanted[v] {
			return false, nil
		}
	}
	d := n.in[0].typ.Dims
	axis, err := tensor.Axis(axis, d.Rank())
	if err != nil {
		return false, err
	}
	to := tensor.D(d.Slice()[axis:]...)
	t := &normLinesStep{lines: d.Span(0, axis), n: to.Elems(), epsilon: float64(epsilon), rms: rms}
	var reads []view
	for i, at := range []*ref{&t.scale, &t.bias} {
		if i+1 >= len(n.in) || n.in[i+1] == nil {
			continue
		}
		v := n.in[i+1]
		if v.typ.Dims.Rank() > to.Rank() && v.typ.Dims.Span(0, v.typ.Dims.Rank()-to.Rank()) != 1 {
			return false, nil // another scale for every line
		}
		x := l.at(v)
		for x.dims().Rank() > to.Rank() {
			x.typ.Dims = tensor.D(x.dims().Slice()[1:]...)
			copy(x.stride[:], x.stride[1:])
		}
		if x = x.expand(to); !x.is(rowMajor) {
			x = l.copy(x, rowMajor.dense(to))
		}
		*at = x.ref()
		reads = append(reads, x)
	}
	x := l.in(n.in[0], rowMajor)
	y := l.out(n.out[0], rowMajor, false)
	t.src, t.dst = x.ref(), y.ref()
	l.emit(t, n.out[0], y, append([]view{x}, reads...), []view{x})
	return true, nil
}

func (o LayerNormalization) lower(l *lowering, n *Node) (bool, error) {
	return l.normLines(n, o.Axis, o.Epsilon, false)
}

func (o RMSNormalization) lower(l *lowering, n *Node) (bool, error) {
	return l.normLines(n, o.Axis, o.Epsilon, true)
}

func (o GroupNormalization) lower(l *lowering, n *Node) (bool, error) {
	if !float32s(n.in...) {
		return false, nil
	}
	d := n.in[0].typ.Dims
	t := &normGroupsStep{images: d.At(0), groups: o.Groups, c: d.At(1), pixels: d.Span(2, d.Rank()), epsilon: float64(o.Epsilon)}
	x := l.at(n.in[0])
	ord := rowMajor
	if size := t.c / t.groups; x.is(channelsLast) && !x.is(rowMajor) && size <= accLen {
		ord = channelsLast
		t.side = min(t.groups, max(1, 64/size))
	}
	x = l.in(n.in[0], ord)
	y := l.out(n.out[0], ord, false)
	scale, bias := l.in(n.in[1], rowMajor), l.in(n.in[2], rowMajor)
	t.dst, t.src, t.scale, t.bias = y.ref(), x.ref(), scale.ref(), bias.ref()
	l.emit(t, n.out[0], y, []view{x, scale, bias}, []view{x})
	return true, nil
}

func (o InstanceNormalization) lower(l *lowering, n *Node) (bool, error) {
	return GroupNormalization{n.in[0].typ.Dims.At(1), o.Epsilon}.lower(l, n)
}

// normGroupsStep normalises groups of channels: blocks of planes, or where side is not 0 pixels, side groups at a time.
type normGroupsStep struct {
	images, groups, c, pixels int
	side                      int
	epsilon                   float64
	scale, bias, dst, src     ref
}

func (t *normGroupsStep) String() string {
	return fmt.Sprintf("normalise %d images, %d groups of %d channels, %d pixels", t.images, t.groups, t.c/t.groups, t.pixels)
}
func (t *normGroupsStep) run(s *Session) { s.fork(t) }

// blocks of an image.
func (t *normGroupsStep) blocks() int {
	if t.side == 0 {
		return t.groups
	}
	return (t.groups + t.side - 1) / t.side
}

// perPart is how many groups of planes are done at a time.
func (t *normGroupsStep) perPart() int {
	size := t.c / t.groups
	return max(1, min(heldLen/(size*t.pixels), accLen/size))
}

func (t *normGroupsStep) parts() int {
	if t.side == 0 {
		return (t.images*t.groups + t.perPart() - 1) / t.perPart()
	}
	return t.images * t.blocks()
}

func (t *normGroupsStep) part(s *Session, w *worker, i int) {
	if t.side == 0 {
		lo, size := i*t.perPart(), t.c/t.groups
		n := size * t.pixels
		groups := min(t.perPart(), t.images*t.groups-lo)
		t.planes(s, w, s.f32(t.dst)[lo*n:][:groups*n], s.f32(t.src)[lo*n:][:groups*n], lo%t.groups*size)
		return
	}
	dst, src, scale, bias := s.f32(t.dst), s.f32(t.src), s.f32(t.scale), s.f32(t.bias)
	image, block := i/t.blocks(), i%t.blocks()
	size := t.c / t.groups
	lo := block * t.side * size
	n := min((block+1)*t.side*size, t.c) - lo
	at := image*t.pixels*t.c + lo
	first, sum, square := w.norm[0][:n], w.norm[1][:n], w.norm[2][:n]
	clear(sum)
	clear(square)
	for k, v := range src[at:][:n] {
		first[k] = float64(v)
	}
	for p := range t.pixels {
		for k, v := range src[at+p*t.c:][:n] {
			d := float64(v) - first[k]
			sum[k] += d
			square[k] += d * d
		}
	}
	// Of each group the mean and 1/sqrt(variance + epsilon), from those of its channels (Chan, Golub and LeVeque, 1979).
	count := float64(t.pixels)
	for g := 0; g < n; g += size {
		mean := 0.0
		for k := g; k < g+size; k++ {
			mean += first[k] + sum[k]/count
		}
		mean /= float64(size)
		total := 0.0
		for k := g; k < g+size; k++ {
			m := sum[k] / count
			d := first[k] + m - mean
			total += max(0, square[k]-m*sum[k]) + count*d*d
		}
		inv := 1 / math.Sqrt(total/(count*float64(size))+t.epsilon)
		for k := g; k < g+size; k++ {
			first[k], sum[k] = mean, inv
		}
	}
	a, b := w.line[0][:n], w.line[1][:n]
	for k := range a {
		a[k], b[k] = scale[(lo+k)*t.scale.n/t.c], bias[(lo+k)*t.bias.n/t.c]
	}
	for p := range t.pixels {
		x, y := src[at+p*t.c:][:n], dst[at+p*t.c:][:n]
		for k, v := range x {
			y[k] = float32((float64(v)-first[k])*sum[k])*a[k] + b[k]
		}
	}
}

// planes normalises groups of planes, the first of which is channel c of an image.
func (t *normGroupsStep) planes(s *Session, w *worker, y, x []float32, c int) {
	k, scale, bias := s.m.kernels, s.f32(t.scale), s.f32(t.bias)
	size := t.c / t.groups
	h := w.measure(k, x, size*t.pixels, t.epsilon, false)
	if size <= accLen && h.scales(w, size) {
		for r := range h.mul {
			a, b := scale[(c+r)%t.c*t.scale.n/t.c], bias[(c+r)%t.c*t.bias.n/t.c]
			h.mul[r], h.add[r] = h.mul[r]*a, h.add[r]*a+b
		}
		h.apply(w, k, y, x, t.pixels)
		return
	}
	for r := range len(x) / t.pixels {
		mean, inv := h.mean[r/size], h.inv[r/size]
		a, b := scale[(c+r)%t.c*t.scale.n/t.c], bias[(c+r)%t.c*t.bias.n/t.c]
		x, y := x[r*t.pixels:][:t.pixels], y[r*t.pixels:][:t.pixels]
		for j, v := range x {
			y[j] = float32((float64(v)-mean)*inv)*a + b
		}
	}
}
