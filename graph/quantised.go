package graph

import (
	"fmt"
	"math"
	"slices"

	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/tensor"
)

// Steps for quantised numbers. They convert between bytes and float32, in whatever order a value lies; sums of products of 8-bit integers run on the
// kernels for float32, where these are exact: as long as no partial sum can leave the integers that float32 has.

// exactSum is the largest absolute value up to which sums of integers in float32 are exact, in any order.
const exactSum = 1 << 24

// mostSum is the largest magnitude of sums of products of bytes: integers of 32 bits.
const mostSum = 1<<31 - 256

// one returns the only element of a constant, or of one that is left out, 0.
func one(n *Node, i int) (float64, bool) {
	if i >= len(n.in) || n.in[i] == nil {
		return 0, true
	}
	c, ok := n.in[i].Const()
	if !ok || c.Len() != 1 {
		return 0, false
	}
	return c.Float(0), true
}

func isByte(v *Value) bool { return v.typ.DType == tensor.Int8 || v.typ.DType == tensor.Uint8 }

func (o DequantizeLinear) lower(l *lowering, n *Node) (bool, error) {
	x, ok := scalingOf(n, n.in[0])
	if !ok || !float32s(n.out[0]) || n.in[0].typ.Elems() == 0 {
		return false, nil
	}
	l.dequantize(n.in[0], n.out[0], l.orderedOut(n.out[0], l.lead(n)), x)
	return true, nil
}

// dequantize writes to y, where out lies, what the bytes x stand for.
func (l *lowering) dequantize(x, out *Value, y view, s scaling) {
	v := l.stretched(x, y)
	l.emit(&dequantStep{scaling: s.elem(), loops: newLoops(y, v), dst: y.buf.id, src: v.buf.id}, out, y, []view{v}, nil)
}

// elem is the scaling as kernels have it.
func (s scaling) elem() elem.Scaling {
	return elem.Scaling{Signed: s.dtype == tensor.Int8, Scale: s.scale, Zero: s.zero}
}

// dequantStep turns bytes into what they stand for.
type dequantStep struct {
	scaling  elem.Scaling
	loops    *loops
	dst, src int
}

func (t *dequantStep) String() string {
	return fmt.Sprintf("dequantize %d times %d", t.loops.rows, t.loops.n)
}
func (t *dequantStep) run(s *Session) { s.fork(t) }
func (t *dequantStep) parts() int     { return t.loops.parts() }

func (t *dequantStep) part(s *Session, w *worker, i int) {
	dst, src := as[float32](s.bufs[t.dst]), s.bufs[t.src]
	t.loops.part(i, func(at [maxViews]int, n int) {
		y := dst[at[0]:][:n]
		if t.loops.inner[1] == 0 {
			w.Dequantize(s.m.kernels, &t.scaling, y[:1], src[at[1]:][:1])
			fill(y, y[0])
			return
		}
		w.Dequantize(s.m.kernels, &t.scaling, y, src[at[1]:][:n])
	})
}

func (o QuantizeLinear) lower(l *lowering, n *Node) (bool, error) {
	s, ok := scalingOf(n, n.out[0])
	if !ok || !float32s(n.in[0]) {
		return false, nil
	}
	y := l.orderedOut(n.out[0], l.lead(n))
	x := l.stretched(n.in[0], y)
	lo, hi := limits(s.dtype)
	l.emit(&quantStep{scaling: s.elem(), lo: int(lo), hi: int(hi), loops: newLoops(y, x), dst: y.buf.id, src: x.buf.id}, n.out[0], y, []view{x}, nil)
	return true, nil
}

// quantStep turns numbers into bytes.
type quantStep struct {
	scaling  elem.Scaling
	lo, hi   int
	loops    *loops
	dst, src int
}

func (t *quantStep) String() string {
	return fmt.Sprintf("quantize %d times %d", t.loops.rows, t.loops.n)
}
func (t *quantStep) run(s *Session) { s.fork(t) }
func (t *quantStep) parts() int     { return t.loops.parts() }

func (t *quantStep) part(s *Session, w *worker, i int) {
	dst, src := s.bufs[t.dst], as[float32](s.bufs[t.src])
	t.loops.part(i, func(at [maxViews]int, n int) {
		y := dst[at[0]:][:n]
		if t.loops.inner[1] == 0 {
			w.Quantize(s.m.kernels, &t.scaling, t.lo, t.hi, y[:1], src[at[1]:][:1])
			for k := range y {
				y[k] = y[0]
			}
			return
		}
		w.Quantize(s.m.kernels, &t.scaling, t.lo, t.hi, y, src[at[1]:][:n])
	})
}

// rounder turns numbers into bytes: rounded to nearest, ties to even, plus the zero point, and the nearest byte where that is none.
type rounder struct{ lo, hi, zero float32 }

// rounder turns numbers into bytes from lo to hi.
func (s scaling) rounder(lo, hi int) rounder {
	return rounder{float32(lo - s.zero), float32(hi - s.zero), float32(s.zero)}
}

// toInt has the lower bits of a float32 of this size hold an integer: what is added to it is rounded to nearest, ties to even.
const toInt = 3 << 22

// round returns the byte, in the lower bits.
func (r *rounder) round(x float32) byte {
	// Bounds are integers: a number beyond one rounds to it or further, so that clamping first changes nothing.
	x = min(max(x, r.lo), r.hi)
	return byte(int32(math.Float32bits(x+toInt)&(1<<23-1)) - 1<<22 + int32(r.zero))
}

func (o QLinearConv) lower(l *lowering, n *Node) (bool, error) {
	lo, hi := limits(n.out[0].typ.DType)
	return fusedQLinearConv{o, int(lo), int(hi)}.lower(l, n)
}

func (o fusedQLinearConv) lower(l *lowering, n *Node) (bool, error) {
	p, ok, err := l.windows(n, o.Conv, n.in[3])
	if err != nil || !ok {
		return false, err
	}
	q, ok := l.quantisation(n, p.OutC, o.lo, o.hi, oihw(n.in[3]))
	if !ok {
		return false, nil
	}
	if !conv.QuantisedPays(p) || q.leaves && p.Groups == p.In.C && p.Groups > 1 {
		if ok, err := o.lowerFloat(l, n, p, q); ok || err != nil {
			return ok, err
		}
	}
	return true, l.convolveBytes(n, p, q, nil)
}

func (o ConvInteger) lower(l *lowering, n *Node) (bool, error) {
	p, ok, err := l.windows(n, o.Conv, n.in[1])
	if err != nil || !ok {
		return false, err
	}
	q, z, ok := l.sums(n, p.OutC, oihw(n.in[1]))
	if !ok {
		return false, nil
	}
	return true, l.convolveBytes(n, p, q, z)
}

// oihw is where the weights of a convolution lie.
func oihw(w *Value) func(oc int) (first, step int) {
	each := w.typ.Elems() / max(1, w.typ.Dims.At(0))
	return func(oc int) (first, step int) { return oc * each, 1 }
}

// windows returns the convolution of bytes that a node is, whose first input lies channels last.
func (l *lowering) windows(n *Node, o Conv, w *Value) (p conv.Params, ok bool, err error) {
	in, ok := shape4(n.in[0].typ.Dims)
	s, _, err := o.slides(n.in[0].typ.Dims, w.typ.Dims)
	if err != nil || !ok || n.in[0].typ.Elems() == 0 || w.typ.Elems() == 0 {
		return p, false, err
	}
	win, ok := s.window2d(false)
	return conv.Params{
		In: in, OutC: w.typ.Dims.At(0), Window: win, Groups: o.group(), InLayout: tensor.NHWC, OutLayout: tensor.NHWC, Kernels: l.kernels(),
	}, ok, nil
}

// convolveBytes emits a convolution whose input and output lie channels last. With z its results are sums of bytes as they are, which another step ends.
func (l *lowering) convolveBytes(n *Node, p conv.Params, q quantisation, z *lessZero) error {
	x := l.rows(n.in[0], channelsLast)
	if w := &p.Window; z != nil && (w.PadTop|w.PadLeft|w.PadBottom|w.PadRight) != 0 {
		x = l.bordered(x, &p, z.zero)
	}
	p.InStride = pixelStride(x)
	if z != nil {
		sums := l.fresh(tensor.Type{DType: tensor.Int32, Dims: n.out[0].typ.Dims}, channelsLast)
		if err := l.emitQuantised(nil, p, q, x, sums); err != nil {
			return err
		}
		l.emitLessZero(n.out[0], sums, channelsLast, *z)
		return nil
	}
	y := l.out(n.out[0], channelsLast, true)
	p.OutStride = pixelStride(y)
	return l.emitQuantised(n.out[0], p, q, x, y)
}

// emitQuantised emits a convolution of bytes, of which v comes unless it is nil.
func (l *lowering) emitQuantised(v *Value, p conv.Params, q quantisation, x, y view) error {
	packed, _ := once(l.shared, quantisedKey{q.from.identity(), q.key}, func() (*conv.Packed, error) { return new(conv.Packed), nil })
	var plan *conv.Plan
	var err error
	if q.wide != nil {
		plan, err = conv.NewQuantised(p, q.Quantisation, q.wide, q.bias, packed)
	} else {
		plan, err = conv.NewQuantised(p, q.Quantisation, q.weights, q.bias, packed)
	}
	if err != nil {
		return err
	}
	l.m.convs = append(l.m.convs, plan)
	l.emit(&quantisedStep{plan: plan, dst: y.ref(), src: x.ref(), size: y.typ.DType.Size()}, v, y, []view{x}, nil)
	return nil
}

type quantisedKey struct {
	id  any
	how string
}

// quantisedStep is a convolution of bytes.
type quantisedStep struct {
	plan     *conv.Plan
	dst, src ref
	size     int // of an element of dst
}

func (t *quantisedStep) String() string { return t.plan.String() }
func (t *quantisedStep) run(s *Session) {
	t.plan.RunBytes(s.conv, s.bufs[t.dst.buf][t.dst.off:][:t.size*t.dst.n], s.bufs[t.src.buf][t.src.off:][:t.src.n])
}

// quantisation is what the inputs of an operator say that has those of QLinearConv.
type quantisation struct {
	conv.Quantisation
	weights []int8  // OIHW, less their zero points,
	wide    []int16 // or here, where some may leave a byte
	bias    []int32
	from    *Value // the weights, as bytes
	leaves  bool   // some do
	key     string // what the weights depend on beside the bytes
}

// quantisation is false where something is not known before anything runs, or where sums may not fit 32 bits. at says where the weights of an output
// channel lie.
func (l *lowering) quantisation(n *Node, oc, lo, hi int, at func(oc int) (first, step int)) (q quantisation, ok bool) {
	xs, ok1 := one(n, 1)
	xz, ok2 := one(n, 2)
	ws, ok3 := n.in[4].Const()
	ys, ok4 := one(n, 6)
	yz, ok5 := one(n, 7)
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || !isByte(n.out[0]) {
		return q, false
	}
	q.Quantisation = conv.Quantisation{Signed: n.in[0].typ.DType == tensor.Int8, Out: n.out[0].typ.DType, InZero: int(xz), OutZero: int(yz), Lo: lo, Hi: hi}
	for k := range oc {
		q.Scale = append(q.Scale, float32(xs)*float32(ws.Float(min(k, ws.Len()-1)))/float32(ys))
	}
	var bias *Value
	if len(n.in) > 8 {
		bias = n.in[8]
	}
	return q, q.take(n.in[3], n.in[5], bias, oc, at)
}

// sums is the quantisation of an operator whose results are the sums: inputs x, weights and, if they are given, their zero points. That of x may be known at run time
// only: z says then what ends the sums.
func (l *lowering) sums(n *Node, oc int, at func(oc int) (first, step int)) (q quantisation, z *lessZero, ok bool) {
	xz, ok := one(n, 2)
	if !ok && !runtimeScalar(n, 2) {
		return q, nil, false
	}
	var wz *Value
	if len(n.in) > 3 {
		wz = n.in[3]
	}
	q.Quantisation = conv.Quantisation{Signed: n.in[0].typ.DType == tensor.Int8, Out: tensor.Int32, InZero: int(xz)}
	if !q.take(n.in[1], wz, nil, oc, at) {
		return q, nil, false
	}
	if !ok {
		z = &lessZero{zero: n.in[2], weights: q.weightSums(oc)}
	}
	return q, z, true
}

// take takes weights, their zero points and a bias, which may be nil.
func (q *quantisation) take(weights, zero, bias *Value, oc int, at func(oc int) (first, step int)) bool {
	w, ok := weights.Const()
	if !ok || w.Len() == 0 {
		return false
	}
	wz := tensor.NewArray(tensor.T(w.DType()))
	if zero != nil {
		if wz, ok = zero.Const(); !ok {
			return false
		}
	}
	if bias != nil {
		b, known := bias.Const()
		if !known {
			return false
		}
		q.bias = tensor.Data[int32](b)
	}
	q.from, q.key = weights, string(wz.Bytes())
	each := w.Len() / oc
	if w.DType() == tensor.Int8 {
		q.weights = byChannel(tensor.Data[int8](w), each, oc, at)
		if slices.ContainsFunc(wz.Bytes(), func(b byte) bool { return b != 0 }) {
			q.wide, q.weights = lessZeros(q.weights, wz, oc), nil
		}
	} else {
		q.wide = lessZeros(byChannel(tensor.Data[uint8](w), each, oc, at), wz, oc)
	}
	q.leaves = slices.ContainsFunc(q.wide, func(v int16) bool { return int16(int8(v)) != v })
	far := float64(max(q.InZero, 255-q.InZero))
	if q.Signed {
		far = float64(max(q.InZero+128, 127-q.InZero))
	}
	for k := range oc {
		if q.Scale != nil && !(q.Scale[k] > 0) {
			return false
		}
		if q.fits(k, 256*float64(each)*far) {
			continue // whatever the weights are
		}
		magnitudes := 0
		for i := k * each; i < (k+1)*each; i++ {
			v := q.weight(i)
			magnitudes += int(max(v, -v))
		}
		if !q.fits(k, float64(magnitudes)*far) {
			return false
		}
	}
	return true
}

// fits reports whether products of output channel k that sum to as much, and the bias, stay below mostSum, and so with the scale.
func (q *quantisation) fits(k int, sum float64) bool {
	if q.bias != nil {
		sum += math.Abs(float64(q.bias[k]))
	}
	return sum < mostSum && (q.Scale == nil || sum*float64(q.Scale[k]) < mostSum)
}

// len is the number of weights.
func (q *quantisation) len() int { return max(len(q.weights), len(q.wide)) }

// weight is weight i, less its zero point.
func (q *quantisation) weight(i int) int16 {
	if q.wide != nil {
		return q.wide[i]
	}
	return int16(q.weights[i])
}

// byChannel returns the weights of one output channel after the other: where they lie, if they lie so.
func byChannel[T int8 | uint8](w []T, each, oc int, at func(oc int) (first, step int)) []T {
	_, step := at(0)
	if first, _ := at(oc - 1); step == 1 && first == (oc-1)*each {
		return w
	}
	const block = 64 // both sides of a block stay in the first cache
	y := make([]T, oc*each)
	for k0 := 0; k0 < oc; k0 += block {
		for i0 := 0; i0 < each; i0 += block {
			for k := k0; k < min(k0+block, oc); k++ {
				first, step := at(k)
				to := y[k*each:][:each]
				for i := i0; i < min(i0+block, each); i++ {
					to[i] = w[first+i*step]
				}
			}
		}
	}
	return y
}

// lessZeros takes the zero point of each output channel, or that of all, off its weights.
func lessZeros[T int8 | uint8](w []T, zeros tensor.Array, oc int) []int16 {
	y := make([]int16, len(w))
	each := len(w) / oc
	for k := range oc {
		zero := int16(zeros.Int(min(k, zeros.Len()-1)))
		from, to := w[k*each:][:each], y[k*each:][:each]
		for i, v := range from {
			to[i] = int16(v) - zero
		}
	}
	return y
}

// lowerFloat has the kernels for float32 sum, where these are exact: for windows that have no kernels for bytes.
func (o fusedQLinearConv) lowerFloat(l *lowering, n *Node, p conv.Params, q quantisation) (bool, error) {
	x := n.in[0]
	least, most := limits(x.typ.DType)
	zero := float64(q.InZero)
	far := max(zero-least, most-zero)
	each := q.len() / p.OutC
	floats := make([]float32, q.len())
	bias := make([]float32, p.OutC)
	for k := range p.OutC {
		sum := 0.0
		for i := k * each; i < (k+1)*each; i++ {
			floats[i] = float32(q.weight(i))
			sum += math.Abs(float64(floats[i])) * far
		}
		if q.bias != nil {
			bias[k] = float32(q.bias[k])
			sum += math.Abs(float64(bias[k]))
		}
		if sum >= exactSum {
			return false, nil
		}
	}
	wide := l.fresh(tensor.Type{DType: tensor.Float32, Dims: x.typ.Dims}, channelsLast)
	l.dequantize(x, nil, wide, scaling{x.typ.DType, 1, q.InZero})
	sums := l.fresh(tensor.Type{DType: tensor.Float32, Dims: n.out[0].typ.Dims}, channelsLast)
	plain, _ := l.shared.derived("less zero", n.in[3].identified(), q.key, func() (tensor.Array, error) {
		return tensor.Of(n.in[3].typ.Dims, floats), nil
	})
	plan, err := l.conv(p, plain, bias)
	if err != nil {
		return false, err
	}
	l.emit(&convStep{plan: plan, src: wide.ref(), dst: sums.ref(), res: ref{buf: -1}}, nil, sums, []view{wide}, nil)
	y := l.out(n.out[0], channelsLast, false)
	out := plan.Out()
	t := &requantStep{rounder: scaling{q.Out, 1, q.OutZero}.rounder(o.lo, o.hi), scale: q.Scale, pixels: out.N * out.H * out.W, dst: y.buf.id, src: sums.ref()}
	l.emit(t, n.out[0], y, []view{sums}, nil)
	return true, nil
}

func (o quantisedLinear) lower(l *lowering, n *Node) (bool, error) {
	k, oc, at := columnsOf(n.in[3], o.transB)
	if q, ok := l.quantisation(n, oc, o.lo, o.hi, at); ok && n.in[0].typ.Elems() > 0 {
		q.key += fmt.Sprint(" linear", o.transB)
		return true, l.multiplyBytes(n, k, oc, q, nil)
	}
	return false, nil
}

// columnsOf returns the rows and the columns of constant weights, and where the elements of a column lie.
func columnsOf(w *Value, transB bool) (k, n int, at func(column int) (first, step int)) {
	k, n = w.typ.Dims.At(0), w.typ.Dims.At(1)
	if transB {
		k, n = n, k
		return k, n, func(column int) (first, step int) { return column * k, 1 }
	}
	return k, n, func(column int) (first, step int) { return column, n }
}

// multiplyBytes emits a product of rows of k bytes: a convolution of pixels; z is that of convolveBytes.
func (l *lowering) multiplyBytes(n *Node, k, oc int, q quantisation, z *lessZero) error {
	x := n.in[0]
	p := conv.Params{
		In: tensor.Shape{N: 1, C: k, H: 1, W: x.typ.Elems() / k}, OutC: oc, Window: tensor.Window{KernelH: 1, KernelW: 1}, InLayout: tensor.NHWC, OutLayout: tensor.NHWC,
		Kernels: l.kernels(),
	}
	v := l.rows(x, rowMajor)
	if !v.is(rowMajor) {
		p.InStride = v.rowStride(rowMajor)
	}
	if z != nil {
		sums := l.fresh(tensor.Type{DType: tensor.Int32, Dims: n.out[0].typ.Dims}, rowMajor)
		if err := l.emitQuantised(nil, p, q, v, sums); err != nil {
			return err
		}
		l.emitLessZero(n.out[0], sums, rowMajor, *z)
		return nil
	}
	y := l.out(n.out[0], rowMajor, true)
	if !y.is(rowMajor) {
		p.OutStride = y.rowStride(rowMajor)
	}
	return l.emitQuantised(n.out[0], p, q, v, y)
}

// MatMulInteger runs on kernels where its second matrix and that one's zero points are constant, and the first one has one for all of it.
func (MatMulInteger) lower(l *lowering, n *Node) (bool, error) {
	if n.in[1].typ.Dims.Rank() != 2 || n.in[0].typ.Dims.Rank() < 2 || n.in[0].typ.Elems() == 0 {
		return false, nil
	}
	k, oc, at := columnsOf(n.in[1], false)
	q, z, ok := l.sums(n, oc, at)
	if !ok {
		return false, nil
	}
	q.key += " linear"
	return true, l.multiplyBytes(n, k, oc, q, z)
}

// QLinearMatMul runs on kernels where its second matrix is constant, and one for all of the first.
func (QLinearMatMul) lower(l *lowering, n *Node) (bool, error) {
	if n.in[3].typ.Dims.Rank() != 2 || n.in[0].typ.Dims.Rank() < 2 || n.in[2].typ.Elems() != 1 {
		return false, nil
	}
	lo, hi := limits(n.out[0].typ.DType)
	return quantisedLinear{lo: int(lo), hi: int(hi)}.lower(l, n)
}

// requantStep scales the channels of pixels and rounds them to bytes.
type requantStep struct {
	rounder
	scale  []float32
	pixels int
	dst    int
	src    ref
}

func (t *requantStep) String() string {
	return fmt.Sprintf("requantize %d pixels of %d", t.pixels, len(t.scale))
}
func (t *requantStep) run(s *Session) { s.fork(t) }
func (t *requantStep) perPart() int   { return max(1, chunk/len(t.scale)) }
func (t *requantStep) parts() int     { return (t.pixels + t.perPart() - 1) / t.perPart() }

func (t *requantStep) part(s *Session, _ *worker, i int) {
	c := len(t.scale)
	dst, src := s.bufs[t.dst], s.f32(t.src)
	for p := i * t.perPart(); p < min((i+1)*t.perPart(), t.pixels); p++ {
		x, y := src[p*c:][:c], dst[p*c:][:c]
		for k, m := range t.scale {
			y[k] = t.round(x[k] * m)
		}
	}
}
