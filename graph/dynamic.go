package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/tensor"
)

// Quantised numbers whose scale and zero point are known at run time only: those of DynamicQuantizeLinear. Sums of products are those of the bytes as they are; what the
// zero point adds to each, which is its product with the sum of the weights, is taken off after.

// runtimeScalar reports whether input i is one element that is made while the network runs.
func runtimeScalar(n *Node, i int) bool {
	return i < len(n.in) && n.in[i] != nil && !n.in[i].konst.Valid() && n.in[i].typ.Elems() == 1
}

func (DynamicQuantizeLinear) lower(l *lowering, n *Node) (bool, error) {
	if !float32s(n.in[0]) || n.in[0].typ.Elems() == 0 {
		return false, nil
	}
	y := l.orderedOut(n.out[0], l.lead(n))
	x := l.stretched(n.in[0], y)
	p := newLoops(y, x)
	if p.inner[1] == 0 {
		return false, nil
	}
	scale, zero := l.out(n.out[1], rowMajor, false), l.out(n.out[2], rowMajor, false)
	ranges := l.fresh(tensor.T(tensor.Float32, 2*p.parts()), rowMajor)
	l.emit(&dynamicStep{loops: p, dst: y.buf.id, src: x.buf.id, ranges: ranges.ref(), scale: scale.ref(), zero: zero.ref()}, n.out[0], y, []view{x}, nil)
	e := l.steps[len(l.steps)-1]
	e.writes = append(e.writes, scale, zero, ranges)
	return true, nil
}

// dynamicStep finds the range of numbers, and turns them into bytes.
type dynamicStep struct {
	loops       *loops
	dst, src    int
	ranges      ref // of parts: the least and the largest number of each
	scale, zero ref
}

func (t *dynamicStep) String() string {
	return fmt.Sprintf("quantize by its range %d times %d", t.loops.rows, t.loops.n)
}

func (t *dynamicStep) run(s *Session) {
	s.fork(dynamicRange{t})
	var lo, hi float32
	ranges := s.f32(t.ranges)
	for i := 0; i < len(ranges); i += 2 {
		lo, hi = min(lo, ranges[i]), max(hi, ranges[i+1])
	}
	s.f32(t.scale)[0], s.bufs[t.zero.buf][t.zero.off] = dynamicScaling(lo, hi)
	s.fork(dynamicBytes{t})
}

func (t *dynamicStep) parts() int { return t.loops.parts() }

// dynamicRange is the first half of the step: it finds the least and the largest number of each part; a NaN is both.
type dynamicRange struct{ *dynamicStep }

func (t dynamicRange) part(s *Session, _ *worker, i int) {
	src, ranges := as[float32](s.bufs[t.src]), s.f32(t.ranges)
	var lo, hi float32
	t.loops.part(i, func(at [maxViews]int, n int) {
		l, h := span(src[at[1]:][:n])
		lo, hi = min(lo, l), max(hi, h)
	})
	ranges[2*i], ranges[2*i+1] = lo, hi
}

// dynamicBytes is the second half: it turns numbers into bytes with the scale and the zero point that have been found.
type dynamicBytes struct{ *dynamicStep }

func (t dynamicBytes) part(s *Session, w *worker, i int) {
	dst, src := s.bufs[t.dst], as[float32](s.bufs[t.src])
	y := elem.Scaling{Scale: s.f32(t.scale)[0], Zero: int(s.bufs[t.zero.buf][t.zero.off])}
	t.loops.part(i, func(at [maxViews]int, n int) {
		if to := dst[at[0]:][:n]; y.Scale == 0 { // too small a range for a scale
			clear(to)
		} else {
			w.Quantize(s.m.kernels, &y, 0, 255, to, src[at[1]:][:n])
		}
	})
}

// span is the range of numbers and 0. Four of each hide the latency of comparisons.
func span(x []float32) (lo, hi float32) {
	var l0, l1, l2, l3, h0, h1, h2, h3 float32
	for ; len(x) >= 4; x = x[4:] {
		l0, h0 = min(l0, x[0]), max(h0, x[0])
		l1, h1 = min(l1, x[1]), max(h1, x[1])
		l2, h2 = min(l2, x[2]), max(h2, x[2])
		l3, h3 = min(l3, x[3]), max(h3, x[3])
	}
	for _, v := range x {
		l0, h0 = min(l0, v), max(h0, v)
	}
	return min(l0, l1, l2, l3), max(h0, h1, h2, h3)
}

// lessZero is what becomes of sums of bytes as they are.
type lessZero struct {
	zero    *Value  // zero point of the bytes
	weights []int32 // sum of the weights of each channel
	// Scale of the bytes and of each channel, where numbers come of the sums.
	scale  *Value
	scales []float32
}

// weightSums are those of each channel.
func (q *quantisation) weightSums(oc int) []int32 {
	sums := make([]int32, oc)
	each := q.len() / oc
	for k := range sums {
		for i := k * each; i < (k+1)*each; i++ {
			sums[k] += int32(q.weight(i))
		}
	}
	return sums
}

// emitLessZero emits the step that ends sums: rows of as many as there are channels, in the order in which v is to lie.
func (l *lowering) emitLessZero(v *Value, sums view, o order, z lessZero) {
	y := l.out(v, o, false)
	zero := l.in(z.zero, rowMajor)
	t := &lessZeroStep{weights: z.weights, scales: z.scales, signed: z.zero.typ.DType == tensor.Int8, dst: y.ref(), sums: sums.ref(), zero: zero.ref()}
	t.rows = sums.typ.Elems() / len(z.weights)
	reads := []view{sums, zero}
	if z.scale != nil {
		scale := l.in(z.scale, rowMajor)
		t.scale = scale.ref()
		reads = append(reads, scale)
	}
	l.emit(t, v, y, reads, []view{sums})
}

// lessZeroStep takes off sums what a zero point that is known at run time has added, and scales them where there are scales.
type lessZeroStep struct {
	rows        int
	weights     []int32
	scales      []float32
	signed      bool
	dst, sums   ref
	zero, scale ref
}

func (t *lessZeroStep) String() string {
	return fmt.Sprintf("less the zero point, %d rows of %d", t.rows, len(t.weights))
}
func (t *lessZeroStep) run(s *Session) { s.fork(t) }
func (t *lessZeroStep) perPart() int   { return max(1, chunk/len(t.weights)) }
func (t *lessZeroStep) parts() int     { return (t.rows + t.perPart() - 1) / t.perPart() }

func (t *lessZeroStep) part(s *Session, _ *worker, i int) {
	c := len(t.weights)
	b := s.bufs[t.zero.buf][t.zero.off]
	zero := int32(b)
	if t.signed {
		zero = int32(int8(b))
	}
	sums := as[int32](s.bufs[t.sums.buf][t.sums.off:])
	for r := i * t.perPart(); r < min((i+1)*t.perPart(), t.rows); r++ {
		x := sums[r*c:][:c]
		if t.scales == nil {
			y := as[int32](s.bufs[t.dst.buf][t.dst.off:])[r*c:][:c]
			for k, w := range t.weights {
				y[k] = x[k] - zero*w
			}
			continue
		}
		y, scale := s.f32(t.dst)[r*c:][:c], s.f32(t.scale)[0]
		for k, w := range t.weights {
			y[k] = float32(x[k]-zero*w) * float32(scale*t.scales[k])
		}
	}
}

// bordered emits a copy of bytes that lie channels last, with a border of a zero point that is known at run time, and returns the window without padding.
func (l *lowering) bordered(x view, p *conv.Params, zero *Value) view {
	w := &p.Window
	in := p.In
	p.In.H, p.In.W = in.H+w.PadTop+w.PadBottom, in.W+w.PadLeft+w.PadRight
	d := x.dims()
	r := d.Rank()
	if r == 4 {
		d = d.Set(2, p.In.H)
	}
	d = d.Set(r-1, p.In.W)
	y := l.fresh(tensor.Type{DType: x.typ.DType, Dims: d}, channelsLast)
	z := l.in(zero, rowMajor)
	l.emit(&borderStep{in: in, out: p.In, top: w.PadTop, left: w.PadLeft, ldin: max(pixelStride(x), in.C), dst: y.ref(), src: x.ref(), zero: z.ref()}, nil, y, []view{x, z}, nil)
	w.PadTop, w.PadLeft, w.PadBottom, w.PadRight = 0, 0, 0, 0
	return y
}

// borderStep copies the pixels of bytes into larger pictures.
type borderStep struct {
	in, out        tensor.Shape
	top, left      int
	ldin           int // bytes between pixels of the input
	dst, src, zero ref
}

func (t *borderStep) String() string { return fmt.Sprintf("border of bytes %v to %v", t.in, t.out) }
func (t *borderStep) run(s *Session) { s.fork(t) }
func (t *borderStep) parts() int     { return t.out.N * t.out.H }

func (t *borderStep) part(s *Session, _ *worker, i int) {
	c := t.in.C
	row := s.bufs[t.dst.buf][t.dst.off+i*t.out.W*c:][:t.out.W*c]
	zero := s.bufs[t.zero.buf][t.zero.off]
	n, y := i/t.out.H, i%t.out.H-t.top
	if y < 0 || y >= t.in.H {
		fillWith(row, zero)
		return
	}
	fillWith(row[:t.left*c], zero)
	fillWith(row[(t.left+t.in.W)*c:], zero)
	src := s.bufs[t.src.buf][t.src.off+(n*t.in.H+y)*t.in.W*t.ldin:]
	for x := range t.in.W {
		copy(row[(t.left+x)*c:][:c], src[x*t.ldin:])
	}
}

// dynamicLinear multiplies the rows of bytes whose scale and zero point are known at run time by constant weights [In, Out], in float32: inputs x, its scale and zero point,
// the weights and theirs, for all or for each column.
type dynamicLinear struct{}

func (dynamicLinear) OpName() string { return "MatMulIntegerToFloat" }

func (dynamicLinear) Infer(in []Arg) ([]tensor.Type, error) {
	_, _, _, _, out, err := matDims(in[0].Type.Dims, in[3].Type.Dims)
	return []tensor.Type{{DType: tensor.Float32, Dims: out}}, err
}

func (dynamicLinear) Eval(out, in []tensor.Array) error {
	y := out[0]
	sums := tensor.NewArray(tensor.Type{DType: tensor.Float64, Dims: y.Dims()})
	if err := (MatMul{}).Eval([]tensor.Array{sums}, []tensor.Array{shifted(in[0], in[2], 0), shifted(in[3], in[5], 1)}); err != nil {
		return err
	}
	n := y.Dims().At(y.Dims().Rank() - 1)
	for i := range y.Len() {
		scale := float32(in[1].Float(0)) * float32(in[4].Float(min(i%n, in[4].Len()-1)))
		y.SetFloat(i, float64(float32(sums.Float(i))*scale))
	}
	return nil
}

func (dynamicLinear) lower(l *lowering, n *Node) (bool, error) {
	k, oc, at := columnsOf(n.in[3], false)
	q := quantisation{Quantisation: conv.Quantisation{Signed: n.in[0].typ.DType == tensor.Int8, Out: tensor.Int32}}
	if !q.take(n.in[3], n.in[5], nil, oc, at) {
		return false, nil
	}
	q.key += " linear"
	z := lessZero{zero: n.in[2], weights: q.weightSums(oc), scale: n.in[1], scales: make([]float32, oc)}
	for j := range z.scales {
		z.scales[j] = float32(n.in[4].konst.Float(min(j, n.in[4].konst.Len()-1)))
	}
	return true, l.multiplyBytes(n, k, oc, q, &z)
}

// dynamicProduct has the product of bytes that were dequantised with what is known at run time only be one of bytes.
func dynamicProduct(w *net, n *Node) bool {
	if _, ok := n.op.(MatMul); !ok || n.in[0].maker == nil || !float32s(n.out[0]) || n.in[0].typ.Dims.Rank() < 2 || n.in[1].typ.Dims.Rank() != 2 || n.in[0].typ.Elems() == 0 {
		return false
	}
	d := n.in[0].maker
	if _, ok := d.op.(DequantizeLinear); !ok || !isByte(d.in[0]) || d.in[0].konst.Valid() || !runtimeScalar(d, 1) || !runtimeScalar(d, 2) || !float32s(d.in[1]) {
		return false
	}
	weights, ok := quantisedWeights(w, n, scaling{}, 1, n.in[1].typ.Dims.At(1))
	if !ok {
		return false
	}
	w.become(n, dynamicLinear{}, append([]*Value{d.in[0], d.in[1], d.in[2]}, weights...)...)
	return true
}
