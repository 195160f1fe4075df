package layers

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/pool"
	"github.com/simdnn/simdnn/tensor"
)

// step is an operation that is ready to run: immutable, shared by all sessions. Its operands are
// roots, indices of Session.vals.
type step interface {
	run(s *Session)
	String() string
}

// parted is a step whose parts may run in any order and at once.
type parted interface {
	step
	parts() int
	part(s *Session, w *worker, i int)
}

// chunk is the number of elements of one part of an element-wise step: some microseconds.
const chunk = 1 << 14

func chunks(n int) int { return (n + chunk - 1) / chunk }

// cut is part i of x.
func cut(x []float32, i int) []float32 { return x[i*chunk : min((i+1)*chunk, len(x))] }

// rows divides rows of n elements into parts.
type rows struct{ count, n, perPart int }

func newRows(s tensor.Shape) rows {
	r := rows{count: s.N * s.H * s.W, n: s.C}
	r.perPart = max(1, chunk/r.n)
	return r
}

func (r rows) parts() int { return (r.count + r.perPart - 1) / r.perPart }

func (r rows) part(i int) (lo, hi int) { return i * r.perPart, min((i+1)*r.perPart, r.count) }

type convStep struct {
	plan          *conv.Plan
	dst, src, res int
}

func (t *convStep) String() string { return t.plan.String() }

func (t *convStep) run(s *Session) {
	var res []float32
	if t.res >= 0 {
		res = s.vals[t.res]
	}
	t.plan.Run(s.conv, s.vals[t.dst], s.vals[t.src], res)
}

type poolStep struct {
	plan     *pool.Plan
	dst, src int
}

func (t *poolStep) String() string { return t.plan.String() }
func (t *poolStep) run(s *Session) { t.plan.Run(s.pool, s.vals[t.dst], s.vals[t.src]) }

// linearStep is a product with bias and clamp, whose outputs an activation goes over while they are in the caches.
type linearStep struct {
	weights  *gemm.Packed
	epilogue gemm.Epilogue
	act      conv.Activation // those that are no clamp
	batch    int
	dst, src int
}

func (t *linearStep) String() string {
	s := fmt.Sprintf("linear n%d in %d out %d", t.batch, t.weights.K(), t.weights.N())
	if t.act.Kind != asm.Identity {
		s += fmt.Sprintf(", %v", t.act.Kind)
	}
	return s
}

func (t *linearStep) run(s *Session) {
	k, n := t.weights.K(), t.weights.N()
	s.gemm.MulPacked(gemm.NoTrans, t.batch, 1, s.vals[t.src], k, t.weights, 0, s.vals[t.dst], n, &t.epilogue)
	if t.act.Kind != asm.Identity {
		s.fork(t)
	}
}

func (t *linearStep) parts() int { return chunks(t.batch * t.weights.N()) }

func (t *linearStep) part(s *Session, w *worker, i int) {
	y := cut(s.vals[t.dst][:t.batch*t.weights.N()], i)
	w.Unary(s.m.kernels, t.act.Kind, t.act.A, t.act.B, y, y)
}

type unaryStep struct {
	f        conv.Activation
	n        int
	dst, src int
}

func (t *unaryStep) String() string { return fmt.Sprintf("%v of %d", t.f.Kind, t.n) }
func (t *unaryStep) run(s *Session) { s.fork(t) }
func (t *unaryStep) parts() int     { return chunks(t.n) }

func (t *unaryStep) part(s *Session, w *worker, i int) {
	w.Unary(s.m.kernels, t.f.Kind, t.f.A, t.f.B, cut(s.vals[t.dst], i), cut(s.vals[t.src], i))
}

// binaryStep is an addition or multiplication of equal shapes, with a clamp.
type binaryStep struct {
	op        asm.Binary
	lo, hi    float32
	n         int
	dst, x, y int
}

func (t *binaryStep) String() string { return fmt.Sprintf("%v of %d", t.op, t.n) }
func (t *binaryStep) run(s *Session) { s.fork(t) }
func (t *binaryStep) parts() int     { return chunks(t.n) }

func (t *binaryStep) part(s *Session, w *worker, i int) {
	w.Binary(s.m.kernels, t.op, t.lo, t.hi, cut(s.vals[t.dst], i), cut(s.vals[t.x], i), cut(s.vals[t.y], i))
}

// affineStep scales and shifts the channels, with a clamp.
type affineStep struct {
	scale, shift []float32
	lo, hi       float32
	rows         rows
	dst, src     int
}

func (t *affineStep) String() string {
	return fmt.Sprintf("scale and shift %d pixels of %d", t.rows.count, t.rows.n)
}
func (t *affineStep) run(s *Session) { s.fork(t) }
func (t *affineStep) parts() int     { return t.rows.parts() }

func (t *affineStep) part(s *Session, w *worker, i int) {
	lo, hi := t.rows.part(i)
	lo, hi = lo*t.rows.n, hi*t.rows.n
	w.Channels(s.m.kernels, s.vals[t.dst][lo:hi], s.vals[t.src][lo:hi], t.scale, t.shift, t.lo, t.hi)
}

// gateStep scales the channels by a second input that has one pixel an image, with a clamp.
type gateStep struct {
	lo, hi         float32
	rows           rows
	pixels         int // of an image
	dst, src, gate int
}

func (t *gateStep) String() string {
	return fmt.Sprintf("gate %d pixels of %d", t.rows.count, t.rows.n)
}
func (t *gateStep) run(s *Session) { s.fork(t) }
func (t *gateStep) parts() int     { return t.rows.parts() }

func (t *gateStep) part(s *Session, w *worker, i int) {
	c := t.rows.n
	for lo, hi := t.rows.part(i); lo < hi; {
		image := lo / t.pixels
		end := min(hi, (image+1)*t.pixels)
		w.Channels(s.m.kernels, s.vals[t.dst][lo*c:end*c], s.vals[t.src][lo*c:end*c], s.vals[t.gate][image*c:(image+1)*c], nil, t.lo, t.hi)
		lo = end
	}
}

type softmaxStep struct {
	rows     rows
	dst, src int
}

func (t *softmaxStep) String() string {
	return fmt.Sprintf("softmax of %d rows of %d", t.rows.count, t.rows.n)
}
func (t *softmaxStep) run(s *Session) { s.fork(t) }
func (t *softmaxStep) parts() int     { return t.rows.parts() }

func (t *softmaxStep) part(s *Session, w *worker, i int) {
	lo, hi := t.rows.part(i)
	lo, hi = lo*t.rows.n, hi*t.rows.n
	w.Softmax(s.m.kernels, s.vals[t.dst][lo:hi], s.vals[t.src][lo:hi], t.rows.n, 1)
}

// normStep is local response normalisation.
type normStep struct {
	l        LocalResponseNorm
	rows     rows
	dst, src int
}

func (t *normStep) String() string {
	return fmt.Sprintf("lrn over %d of %d channels of %d pixels", t.l.Size, t.rows.n, t.rows.count)
}
func (t *normStep) run(s *Session) { s.fork(t) }
func (t *normStep) parts() int     { return t.rows.parts() }

func (t *normStep) part(s *Session, _ *worker, i int) {
	c := t.rows.n
	for lo, hi := t.rows.part(i); lo < hi; lo++ {
		t.l.pixel(s.vals[t.dst][lo*c:(lo+1)*c], s.vals[t.src][lo*c:(lo+1)*c])
	}
}

// pixel normalises the channels of one pixel. The sums of squares are recomputed for every channel: a
// running sum would lose small terms next to large ones.
func (l *LocalResponseNorm) pixel(y, x []float32) {
	before, after := (l.Size-1)/2, l.Size/2
	for c := range x {
		var sum float64
		for _, v := range x[max(0, c-before):min(len(x), c+after+1)] {
			sum += float64(v) * float64(v)
		}
		d := l.K + l.Alpha/float64(l.Size)*sum
		var p float64
		if l.Beta == 0.75 { // everybody's choice
			r := math.Sqrt(d)
			p = r * math.Sqrt(r)
		} else {
			p = math.Pow(d, l.Beta)
		}
		y[c] = float32(float64(x[c]) / p)
	}
}

// concatStep copies those inputs of a concatenation that were not written in their place.
type concatStep struct {
	rows  rows
	dst   int
	src   []int
	c, at []int // channels of each, and the first of them in dst
}

func (t *concatStep) String() string {
	return fmt.Sprintf("concat %d pixels of %v", t.rows.count, t.c)
}
func (t *concatStep) run(s *Session) { s.fork(t) }
func (t *concatStep) parts() int     { return t.rows.parts() }

func (t *concatStep) part(s *Session, _ *worker, i int) {
	lo, hi := t.rows.part(i)
	dst := s.vals[t.dst]
	for j, c := range t.c {
		src := s.vals[t.src[j]]
		for p := lo; p < hi; p++ {
			o := p*t.rows.n + t.at[j]
			copy(dst[o:o+c], src[p*c:(p+1)*c])
		}
	}
}

// layoutStep changes the layout of a map.
type layoutStep struct {
	to       tensor.Layout
	shape    tensor.Shape
	perImage int // parts
	dst, src int
}

func newLayoutStep(to tensor.Layout, s tensor.Shape, dst, src int) *layoutStep {
	return &layoutStep{to: to, shape: s, perImage: min(chunks(s.C*s.H*s.W), s.H*s.W), dst: dst, src: src}
}

func (t *layoutStep) String() string { return fmt.Sprintf("%v to %v", t.shape, t.to) }
func (t *layoutStep) run(s *Session) { s.fork(t) }
func (t *layoutStep) parts() int     { return t.shape.N * t.perImage }

func (t *layoutStep) part(s *Session, w *worker, i int) {
	pixels := t.shape.H * t.shape.W
	n := t.shape.C * pixels
	image := i / t.perImage
	dst, src := s.vals[t.dst][image*n:(image+1)*n], s.vals[t.src][image*n:(image+1)*n]
	lo, hi := par.Split(pixels, t.perImage, i%t.perImage)
	c := t.shape.C
	if t.to == tensor.NHWC {
		w.turn.Do(s.m.kernels, dst[lo*c:], c, src[lo:], pixels, c, hi-lo)
	} else {
		w.turn.Do(s.m.kernels, dst[lo:], pixels, src[lo*c:], c, hi-lo, c)
	}
}

type copyStep struct {
	n        int
	dst, src int
}

func (t *copyStep) String() string { return fmt.Sprintf("copy of %d", t.n) }
func (t *copyStep) run(s *Session) { copy(s.vals[t.dst], s.vals[t.src]) }
