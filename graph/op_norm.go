package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// LayerNormalization normalises x over the axes from Axis on: y = (x - mean) / sqrt(variance + Epsilon) scale + bias, inputs x, scale and, if
// it is given, bias, which broadcast to those axes (Ba, Kiros and Hinton, arXiv:1607.06450). With Stats two more outputs are the means and
// 1/sqrt(variance + Epsilon), float32, with one element for the normalised axes.
type LayerNormalization struct {
	Axis    int
	Epsilon float32
	Stats   bool
}

func (o LayerNormalization) Infer(in []Arg) ([]tensor.Type, error) {
	t, axis, err := inferNorm(in, o.Axis, 3)
	if err == nil && o.Stats {
		s := tensor.Type{DType: tensor.Float32, Dims: t.Dims}
		for i := axis; i < s.Dims.Rank(); i++ {
			s.Dims = s.Dims.Set(i, 1)
		}
		return []tensor.Type{t, s, s}, nil
	}
	return []tensor.Type{t}, err
}

// inferNorm checks x, scale and bias, which broadcast to the axes from axis on.
func inferNorm(in []Arg, axis, most int) (t tensor.Type, _ int, err error) {
	if err = arity(in, 2, most); err != nil {
		return
	}
	if err = want(in, 0, floating); err != nil {
		return
	}
	t = in[0].Type
	if axis, err = tensor.Axis(axis, t.Dims.Rank()); err != nil {
		return
	}
	for i, a := range in[1:] {
		if !a.Given() {
			continue
		}
		if d, err := tensor.Broadcast(t.Dims, a.Type.Dims); err != nil || d != t.Dims || !a.Type.DType.IsFloat() {
			return t, axis, fmt.Errorf("input %d is %v, want what broadcasts to %v", i+1, a.Type, t.Dims)
		}
	}
	return t, axis, nil
}

func (o LayerNormalization) Eval(out, in []tensor.Array) error {
	x, scale, bias, y := in[0], in[1], arg(in, 2), out[0]
	axis, err := tensor.Axis(o.Axis, x.Dims().Rank())
	if err != nil {
		return err
	}
	n := x.Dims().Span(axis, x.Dims().Rank())
	w := newBroadcast(x.Dims(), scale.Dims(), bias.Dims())
	for r := range x.Len() / max(1, n) {
		mean, variance := moments(x, r*n, n)
		inv := 1 / math.Sqrt(variance+float64(o.Epsilon))
		for i := r * n; i < (r+1)*n; i++ {
			v := (x.Float(i) - mean) * inv * scale.Float(w.index[0])
			if bias.Valid() {
				v += bias.Float(w.index[1])
			}
			y.SetFloat(i, v)
			w.next()
		}
		if o.Stats {
			out[1].SetFloat(r, mean)
			out[2].SetFloat(r, inv)
		}
	}
	return nil
}

// moments returns the mean and the variance of n elements.
func moments(x tensor.Array, at, n int) (mean, variance float64) {
	for i := at; i < at+n; i++ {
		mean += x.Float(i)
	}
	mean /= float64(n)
	for i := at; i < at+n; i++ {
		d := x.Float(i) - mean
		variance += d * d
	}
	return mean, variance / float64(n)
}

// RMSNormalization divides x by the root of the mean of its squares over the axes from Axis on: y = x / sqrt(mean(x^2) + Epsilon) scale
// (Zhang and Sennrich, arXiv:1910.07467).
type RMSNormalization struct {
	Axis    int
	Epsilon float32
}

func (o RMSNormalization) Infer(in []Arg) ([]tensor.Type, error) {
	t, _, err := inferNorm(in, o.Axis, 2)
	return []tensor.Type{t}, err
}

func (o RMSNormalization) Eval(out, in []tensor.Array) error {
	x, scale, y := in[0], in[1], out[0]
	axis, err := tensor.Axis(o.Axis, x.Dims().Rank())
	if err != nil {
		return err
	}
	n := x.Dims().Span(axis, x.Dims().Rank())
	w := newBroadcast(x.Dims(), scale.Dims())
	for r := range x.Len() / max(1, n) {
		sum := 0.0
		for i := r * n; i < (r+1)*n; i++ {
			sum += x.Float(i) * x.Float(i)
		}
		inv := 1 / math.Sqrt(sum/float64(n)+float64(o.Epsilon))
		for i := r * n; i < (r+1)*n; i++ {
			y.SetFloat(i, x.Float(i)*inv*scale.Float(w.index[0]))
			w.next()
		}
	}
	return nil
}

// GroupNormalization normalises the channels of x [N, C, ...] in Groups, with a scale and a bias for every channel, or where they have Groups elements
// for every group (Wu and He, arXiv:1803.08494).
type GroupNormalization struct {
	Groups  int
	Epsilon float32
}

func (o GroupNormalization) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 3, 3); err != nil {
		return nil, err
	}
	if err := want(in, 0, floating); err != nil {
		return nil, err
	}
	d := in[0].Type.Dims
	if d.Rank() < 2 {
		return nil, fmt.Errorf("the input is %v, want at least 2 axes", d)
	}
	if o.Groups < 1 || o.Groups > d.At(1) || d.At(1)%o.Groups != 0 {
		return nil, fmt.Errorf("Groups is %d, want a divisor of the input's %d channels", o.Groups, d.At(1))
	}
	for i, a := range in[1:] {
		if a.Type.Dims != tensor.D(d.At(1)) && a.Type.Dims != tensor.D(o.Groups) {
			return nil, fmt.Errorf("input %d is %v, want [%d] or [%d]", i+1, a.Type, d.At(1), o.Groups)
		}
	}
	return []tensor.Type{in[0].Type}, nil
}

func (o GroupNormalization) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	d := x.Dims()
	c, plane := d.At(1), d.Span(2, d.Rank())
	size := c / o.Groups * plane
	for g := range d.At(0) * o.Groups {
		mean, variance := moments(x, g*size, size)
		inv := 1 / math.Sqrt(variance+float64(o.Epsilon))
		for i := g * size; i < (g+1)*size; i++ {
			k := i / plane % c
			at := func(p tensor.Array) float64 { return p.Float(k * p.Len() / c) }
			y.SetFloat(i, (x.Float(i)-mean)*inv*at(in[1])+at(in[2]))
		}
	}
	return nil
}

// InstanceNormalization normalises every channel of every image of x [N, C, ...] by itself, with a scale and a bias [C] (Ulyanov, Vedaldi and
// Lempitsky, arXiv:1607.08022).
type InstanceNormalization struct{ Epsilon float32 }

func (o InstanceNormalization) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 3, 3); err != nil {
		return nil, err
	}
	if in[0].Type.Dims.Rank() < 2 || in[0].Type.Dims.At(1) < 1 {
		return nil, fmt.Errorf("the input is %v, want at least 2 axes and a channel", in[0].Type)
	}
	return GroupNormalization{in[0].Type.Dims.At(1), o.Epsilon}.Infer(in)
}

func (o InstanceNormalization) Eval(out, in []tensor.Array) error {
	return GroupNormalization{in[0].Dims().At(1), o.Epsilon}.Eval(out, in)
}

// LpNormalization divides x by its norm along Axis: the sum of absolute values, or with P = 2 the root of the sum of squares. A line of zeros stays.
type LpNormalization struct{ Axis, P int }

func (o LpNormalization) Infer(in []Arg) ([]tensor.Type, error) {
	if o.P != 1 && o.P != 2 {
		return nil, fmt.Errorf("P is %d, want 1 or 2", o.P)
	}
	return inferAxis(in, o.Axis)
}

func (o LpNormalization) Eval(out, in []tensor.Array) error {
	return evalLines(out, in, o.Axis, func(y []float64) {
		sum := 0.0
		for _, v := range y {
			if o.P == 1 {
				sum += math.Abs(v)
			} else {
				sum += v * v
			}
		}
		if o.P == 2 {
			sum = math.Sqrt(sum)
		}
		for i := range y {
			if sum != 0 {
				y[i] /= sum
			}
		}
	})
}

// MeanVarianceNormalization is (x - mean) / (standard deviation + 1e-9) over Axes, without which they are all but the channels: 0, 2, 3.
type MeanVarianceNormalization struct{ Axes tensor.Dims }

func (o MeanVarianceNormalization) reduced(rank int) (r [tensor.MaxRank]bool, err error) {
	axes := o.Axes
	if axes.Rank() == 0 {
		axes = tensor.D(0, 2, 3)
	}
	for _, a := range axes.Slice() {
		i, err := tensor.Axis(a, rank)
		if err != nil {
			return r, err
		}
		r[i] = true
	}
	return r, nil
}

func (o MeanVarianceNormalization) Infer(in []Arg) ([]tensor.Type, error) {
	t, err := inferUnary(in, floating)
	if err == nil {
		_, err = o.reduced(t[0].Dims.Rank())
	}
	return t, err
}

func (o MeanVarianceNormalization) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	d := x.Dims()
	r, err := o.reduced(d.Rank())
	if err != nil {
		return err
	}
	if x.Len() == 0 {
		return nil // the axes that stay may be long
	}
	w := broadcast{dims: d}
	n := 1
	for i := d.Rank() - 1; i >= 0; i-- {
		if !r[i] {
			w.stride[0][i] = n
			n *= d.At(i)
		}
	}
	sum, square := make([]float64, n), make([]float64, n)
	each := func(f func(k, i int)) {
		v := w
		for i := range x.Len() {
			f(v.index[0], i)
			v.next()
		}
	}
	count := float64(x.Len()) / float64(n)
	each(func(k, i int) { sum[k] += x.Float(i) / count })
	each(func(k, i int) { square[k] += (x.Float(i) - sum[k]) * (x.Float(i) - sum[k]) / count })
	each(func(k, i int) { y.SetFloat(i, (x.Float(i)-sum[k])/(math.Sqrt(square[k])+1e-9)) })
	return nil
}

// LRN divides every element by (Bias + Alpha/Size s)^Beta, with s the sum of squares of the Size channels around its own: local response normalisation
// (Krizhevsky, Sutskever and Hinton, 2012).
type LRN struct {
	Size              int
	Alpha, Beta, Bias float32
}

func (o LRN) Infer(in []Arg) ([]tensor.Type, error) {
	t, err := inferUnary(in, floating)
	switch {
	case err != nil:
	case o.Size < 1:
		err = fmt.Errorf("Size is %d, want at least 1", o.Size)
	case t[0].Dims.Rank() < 2:
		err = fmt.Errorf("the input is %v, want at least 2 axes", t[0])
	}
	return t, err
}

func (o LRN) Eval(out, in []tensor.Array) error {
	return evalLines(out, in, 1, func(y []float64) {
		x := append([]float64(nil), y...)
		for c := range x {
			sum := 0.0
			for _, v := range x[max(0, c-(o.Size-1)/2):min(len(x), c+o.Size/2+1)] {
				sum += v * v
			}
			y[c] = x[c] / math.Pow(float64(o.Bias)+float64(o.Alpha)/float64(o.Size)*sum, float64(o.Beta))
		}
	})
}

func (o LRN) lower(l *lowering, n *Node) (bool, error) {
	if !float32s(n.in[0]) {
		return false, nil
	}
	x := l.in(n.in[0], channelsLast)
	y := l.out(n.out[0], channelsLast, false)
	l.emit(&lrnStep{o: o, c: x.dims().At(1), dst: y.ref(), src: x.ref()}, n.out[0], y, []view{x}, nil)
	return true, nil
}

// lrnStep normalises pixels.
type lrnStep struct {
	o        LRN
	c        int
	dst, src ref
}

func (t *lrnStep) String() string {
	return fmt.Sprintf("lrn over %d of %d channels of %d pixels", t.o.Size, t.c, t.src.n/t.c)
}
func (t *lrnStep) run(s *Session) { s.fork(t) }
func (t *lrnStep) perPart() int   { return max(1, chunk/t.c) }
func (t *lrnStep) parts() int     { return (t.src.n/t.c + t.perPart() - 1) / t.perPart() }

func (t *lrnStep) part(s *Session, _ *worker, i int) {
	dst, src := s.f32(t.dst), s.f32(t.src)
	for p := i * t.perPart(); p < min((i+1)*t.perPart(), t.src.n/t.c); p++ {
		t.o.pixel(dst[p*t.c:(p+1)*t.c], src[p*t.c:(p+1)*t.c])
	}
}

// pixel normalises the channels of one pixel. The sums of squares are recomputed for every channel: a running sum would lose small terms next
// to large ones.
func (o *LRN) pixel(y, x []float32) {
	before, after := (o.Size-1)/2, o.Size/2
	for c := range x {
		sum := 0.0
		for _, v := range x[max(0, c-before):min(len(x), c+after+1)] {
			sum += float64(v) * float64(v)
		}
		d := float64(o.Bias) + float64(o.Alpha)/float64(o.Size)*sum
		p := 0.0
		if o.Beta == 0.75 && d >= 0 { // everybody's choice
			r := math.Sqrt(d)
			p = r * math.Sqrt(r)
		} else {
			p = math.Pow(d, float64(o.Beta))
		}
		y[c] = float32(float64(x[c]) / p)
	}
}
