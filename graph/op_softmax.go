package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// Softmax is exp(x - m) over the sum of exp(x - m) along Axis, with m the largest element there.
type Softmax struct{ Axis int }

// LogSoftmax is the logarithm of Softmax, computed so that it neither overflows nor loses small probabilities.
type LogSoftmax struct{ Axis int }

// Hardmax is 1 for the first of the largest elements along Axis, and 0 for the others.
type Hardmax struct{ Axis int }

func (o Softmax) Infer(in []Arg) ([]tensor.Type, error)    { return inferAxis(in, o.Axis) }
func (o LogSoftmax) Infer(in []Arg) ([]tensor.Type, error) { return inferAxis(in, o.Axis) }
func (o Hardmax) Infer(in []Arg) ([]tensor.Type, error)    { return inferAxis(in, o.Axis) }

func inferAxis(in []Arg, axis int) ([]tensor.Type, error) {
	t, err := inferUnary(in, floating)
	if err == nil {
		_, err = tensor.Axis(axis, t[0].Dims.Rank())
	}
	return t, err
}

// evalLines applies f to every line along an axis.
func evalLines(out, in []tensor.Array, axis int, f func(y []float64)) error {
	x, y := in[0], out[0]
	axis, err := tensor.Axis(axis, x.Dims().Rank())
	if err != nil {
		return err
	}
	line := make([]float64, x.Dims().At(axis))
	alongAxis(x.Dims(), axis, func(_, first, step int) {
		for k := range line {
			line[k] = x.Float(first + k*step)
		}
		f(line)
		for k, v := range line {
			y.SetFloat(first+k*step, v)
		}
	})
	return nil
}

func largest(x []float64) float64 {
	top := math.Inf(-1)
	for _, v := range x {
		top = max(top, v)
	}
	return top
}

func (o Softmax) Eval(out, in []tensor.Array) error {
	return evalLines(out, in, o.Axis, func(y []float64) {
		top, sum := largest(y), 0.0
		for i, v := range y {
			y[i] = math.Exp(v - top)
			sum += y[i]
		}
		for i := range y {
			y[i] /= sum
		}
	})
}

func (o LogSoftmax) Eval(out, in []tensor.Array) error {
	return evalLines(out, in, o.Axis, func(y []float64) {
		top, sum := largest(y), 0.0
		for _, v := range y {
			sum += math.Exp(v - top)
		}
		sum = math.Log(sum)
		for i := range y {
			y[i] = y[i] - top - sum
		}
	})
}

func (o Hardmax) Eval(out, in []tensor.Array) error {
	return evalLines(out, in, o.Axis, func(y []float64) {
		best := 0
		for i, v := range y {
			if v > y[best] {
				best = i
			}
		}
		clear(y)
		if len(y) > 0 {
			y[best] = 1
		}
	})
}

func (o Softmax) lower(l *lowering, n *Node) (bool, error)    { return l.softmax(n, o.Axis, false) }
func (o LogSoftmax) lower(l *lowering, n *Node) (bool, error) { return l.softmax(n, o.Axis, true) }

// softmax lowers either, in the order in which the input lies: along its innermost axis line by line, along others many lines at once.
func (l *lowering) softmax(n *Node, axis int, log bool) (bool, error) {
	if !float32s(n.in[0]) {
		return false, nil
	}
	axis, err := tensor.Axis(axis, n.in[0].typ.Dims.Rank())
	if err != nil {
		return false, err
	}
	x := l.at(n.in[0])
	if !x.isDense() {
		x = l.in(n.in[0], rowMajor)
	}
	d := x.dims()
	y := view{buf: l.buffer(x.typ.Bytes()), typ: x.typ, stride: x.like(d)}
	l.views[n.out[0]] = y
	t := &softmaxStep{log: log, n: d.At(axis), dst: y.ref(), src: x.ref(), stride: 1}
	if d.At(axis) > 1 {
		t.stride = x.stride[axis]
	}
	l.emit(t, n.out[0], y, []view{x}, []view{x})
	return true, nil
}

// softmaxStep does blocks of n*stride elements: stride lines of n that lie side by side.
type softmaxStep struct {
	log       bool
	n, stride int
	dst, src  ref
}

func (t *softmaxStep) String() string {
	name := "softmax"
	if t.log {
		name = "log softmax"
	}
	return fmt.Sprintf("%s of %d lines of %d", name, t.src.n/t.n, t.n)
}
func (t *softmaxStep) run(s *Session) { s.fork(t) }
func (t *softmaxStep) perPart() int   { return max(1, chunk/(t.n*t.stride)) }
func (t *softmaxStep) parts() int {
	blocks := t.src.n / (t.n * t.stride)
	return (blocks + t.perPart() - 1) / t.perPart()
}

func (t *softmaxStep) part(s *Session, w *worker, i int) {
	dst, src := s.f32(t.dst), s.f32(t.src)
	size := t.n * t.stride * t.perPart()
	lo, hi := i*size, min((i+1)*size, len(src))
	if t.log {
		w.LogSoftmax(s.m.kernels, dst[lo:hi], src[lo:hi], t.n, t.stride)
	} else {
		w.Softmax(s.m.kernels, dst[lo:hi], src[lo:hi], t.n, t.stride)
	}
}
