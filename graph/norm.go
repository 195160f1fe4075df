package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// Normalisation in two passes over memory: the first sums differences from the first element and their squares, in float64, where what a mean far
// from zero would cost in digits is to spare; the second scales.

// spread is what one pass found of n elements: sums of differences from a first one, and of their squares.
type spread struct{ first, sum, square float64 }

// of takes in a line of elements.
func (p *spread) of(x []float32) {
	first := p.first
	var s0, s1, q0, q1 float64
	for ; len(x) >= 2; x = x[2:] {
		a, b := float64(x[0])-first, float64(x[1])-first
		s0 += a
		s1 += b
		q0 += a * a
		q1 += b * b
	}
	for _, v := range x {
		a := float64(v) - first
		s0 += a
		q0 += a * a
	}
	p.sum += s0 + s1
	p.square += q0 + q1
}

// moments returns the mean and the variance.
func (p *spread) moments(n int) (mean, variance float64) {
	m := p.sum / float64(n)
	v := p.square/float64(n) - m*m
	if v < 0 { // by rounding
		v = 0
	}
	return p.first + m, v
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

func (t *normLinesStep) part(s *Session, _ *worker, i int) {
	dst, src, scale := s.f32(t.dst), s.f32(t.src), s.f32(t.scale)
	for r := i * t.perPart(); r < min((i+1)*t.perPart(), t.lines); r++ {
		x, y := src[r*t.n:][:t.n], dst[r*t.n:][:t.n]
		var p spread
		if !t.rms {
			p.first = float64(x[0])
		}
		p.of(x)
		mean, variance := p.moments(t.n)
		if t.rms {
			mean, variance = 0, p.square/float64(t.n)
		}
		inv := 1 / math.Sqrt(variance+t.epsilon)
		scale := scale[:len(x)]
		y = y[:len(x)]
		if t.bias.n == 0 {
			for j, v := range x {
				y[j] = float32((float64(v)-mean)*inv) * scale[j]
			}
			continue
		}
		bias := s.f32(t.bias)[:len(x)]
		for j, v := range x {
			y[j] = float32((float64(v)-mean)*inv)*scale[j] + bias[j]
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
func (t *normGroupsStep) parts() int { return t.images * t.blocks() }

func (t *normGroupsStep) part(s *Session, w *worker, i int) {
	dst, src, scale, bias := s.f32(t.dst), s.f32(t.src), s.f32(t.scale), s.f32(t.bias)
	image, block := i/t.blocks(), i%t.blocks()
	size := t.c / t.groups
	if t.side == 0 {
		n := size * t.pixels
		x, y := src[i*n:][:n], dst[i*n:][:n]
		p := spread{first: float64(x[0])}
		p.of(x)
		mean, variance := p.moments(n)
		inv := 1 / math.Sqrt(variance+t.epsilon)
		for k := range size {
			c := block*size + k
			a, b := scale[c*t.scale.n/t.c], bias[c*t.bias.n/t.c]
			x, y := x[k*t.pixels:][:t.pixels], y[k*t.pixels:][:t.pixels]
			for j, v := range x {
				y[j] = float32((float64(v)-mean)*inv)*a + b
			}
		}
		return
	}
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
