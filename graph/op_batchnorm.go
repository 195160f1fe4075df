package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// BatchNormalization normalises the channels of x [N, C, ...] with fixed statistics: inputs x, scale, bias, mean, variance,
// all [C] but for x. y = scale (x - mean) / sqrt(variance + Epsilon) + bias (Ioffe and Szegedy, arXiv:1502.03167).
type BatchNormalization struct{ Epsilon float32 }

func (o BatchNormalization) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 5, 5); err != nil {
		return nil, err
	}
	if err := want(in, 0, floating); err != nil {
		return nil, err
	}
	x := in[0].Type
	if x.Dims.Rank() < 1 {
		return nil, fmt.Errorf("the input is %v, want at least 1 axis", x)
	}
	c := x.Dims.At(min(1, x.Dims.Rank()-1))
	if x.Dims.Rank() == 1 {
		c = 1
	}
	for i, a := range in[1:] {
		if a.Type.Dims != tensor.D(c) || !a.Type.DType.IsFloat() {
			return nil, fmt.Errorf("input %d is %v, want [%d]", i+1, a.Type, c)
		}
	}
	return []tensor.Type{x}, nil
}

func (o BatchNormalization) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	d := x.Dims()
	c, inner := 1, 1
	if d.Rank() > 1 {
		c, inner = d.At(1), d.Span(2, d.Rank())
	}
	for i := range y.Len() {
		k := i / inner % c
		y.SetFloat(i, in[1].Float(k)*(x.Float(i)-in[3].Float(k))/math.Sqrt(in[4].Float(k)+float64(o.Epsilon))+in[2].Float(k))
	}
	return nil
}

// affine returns the scale and shift of the channels, if the statistics are constants.
func (o BatchNormalization) affine(n *Node) (scale, shift []float64, ok bool) {
	var p [4]tensor.Array
	for i := range p {
		if p[i], ok = n.in[i+1].Const(); !ok {
			return nil, nil, false
		}
	}
	scale, shift = make([]float64, p[0].Len()), make([]float64, p[0].Len())
	for i := range scale {
		scale[i] = p[0].Float(i) / math.Sqrt(p[3].Float(i)+float64(o.Epsilon))
		shift[i] = p[1].Float(i) - p[2].Float(i)*scale[i]
		if !(math.Abs(scale[i]) <= math.MaxFloat32 && math.Abs(shift[i]) <= math.MaxFloat32) {
			return nil, nil, false // infinity less infinity is not what x less the mean is
		}
	}
	return scale, shift, true
}

func (o BatchNormalization) lower(l *lowering, n *Node) (bool, error) {
	scale, shift, ok := o.affine(n)
	if !ok || !float32s(n.in...) || n.in[0].typ.Dims.Rank() < 2 {
		return false, nil
	}
	x := l.at(n.in[0])
	d := x.dims()
	t := &affineStep{scale: rounded(scale), shift: rounded(shift), plane: 1}
	ord := channelsLast
	if x.is(rowMajor) && !x.is(channelsLast) {
		ord, t.plane = rowMajor, d.Span(2, d.Rank())
	}
	x = l.in(n.in[0], ord)
	y := l.out(n.out[0], ord, false)
	t.dst, t.src = y.ref(), x.ref()
	l.emit(t, n.out[0], y, []view{x}, []view{x})
	return true, nil
}

func rounded(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}

// affineStep scales and shifts the channels: of pixels, or of planes of more than one element.
type affineStep struct {
	scale, shift []float32
	plane        int
	dst, src     ref
}

func (t *affineStep) String() string {
	return fmt.Sprintf("scale and shift %d channels of %d", len(t.scale), t.src.n/len(t.scale))
}
func (t *affineStep) run(s *Session) { s.fork(t) }

// unit is the number of elements that are scaled at once: a pixel, or a plane of each channel.
func (t *affineStep) unit() int { return len(t.scale) * t.plane }

func (t *affineStep) perPart() int { return max(1, chunk/t.unit()) }
func (t *affineStep) parts() int {
	units := t.src.n / t.unit()
	return (units + t.perPart() - 1) / t.perPart()
}

func (t *affineStep) part(s *Session, w *worker, i int) {
	dst, src := s.f32(t.dst), s.f32(t.src)
	lo := i * t.perPart() * t.unit()
	hi := min(lo+t.perPart()*t.unit(), len(src))
	inf := float32(math.Inf(1))
	if t.plane == 1 {
		w.Channels(s.m.kernels, dst[lo:hi], src[lo:hi], t.scale, t.shift, -inf, inf)
	} else {
		w.Planes(s.m.kernels, dst[lo:hi], src[lo:hi], t.scale, t.shift, t.plane, -inf, inf)
	}
}
