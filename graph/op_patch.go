package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// Col2Im adds up blocks where they overlap: x [N, C*block, L] becomes [N, C, image...], where column l of x is the block at the l-th position of a window over
// the image (the gradient of cutting blocks out). Inputs are x, the sizes of the image and of the block.
type Col2Im struct{ Window }

func (o Col2Im) slides(in []Arg) (s slides, image, block tensor.Dims, err error) {
	if err = arity(in, 3, 3); err != nil {
		return
	}
	is, err := constInts(in, 1, "the image")
	if err != nil {
		return
	}
	bs, err := constInts(in, 2, "the block")
	if err != nil {
		return
	}
	if image, err = tensor.MakeDims(append([]int{1, 1}, is...)); err != nil {
		return
	}
	if block, err = tensor.MakeDims(bs); err != nil {
		return
	}
	if s, _, err = o.over(block, image); err == nil {
		if _, ok := tensor.MulOK(block.Slice()...); !ok {
			err = fmt.Errorf("the block is %v, which overflows the address space", block)
		}
	}
	return
}

func (o Col2Im) Infer(in []Arg) ([]tensor.Type, error) {
	s, image, _, err := o.slides(in)
	if err != nil {
		return nil, err
	}
	x := in[0].Type
	_, columns, taps := s.sizes()
	if !x.DType.IsFloat() || x.Dims.Rank() != 3 || x.Dims.At(1)%taps != 0 || x.Dims.At(2) != columns {
		return nil, fmt.Errorf("the input is %v, want floating-point numbers [N, C*%d, %d]", x, taps, columns)
	}
	image = image.Set(0, x.Dims.At(0)).Set(1, x.Dims.At(1)/taps)
	return []tensor.Type{{DType: x.DType, Dims: image}}, nil
}

func (o Col2Im) Eval(out, in []tensor.Array) error {
	s, _, _, err := o.slides(arraysAsArgs(in))
	if err != nil {
		return err
	}
	x, y := in[0], out[0]
	size, columns, taps := s.sizes()
	sums := make([]float64, y.Len())
	for plane := range y.Len() / size {
		for l := range columns {
			s.taps(s.position(l), func(tap, at int) { sums[plane*size+at] += x.Float((plane*taps+tap)*columns + l) })
		}
	}
	for i, v := range sums {
		y.SetFloat(i, v)
	}
	return nil
}

// DeformConv is a convolution whose taps are moved by offsets that depend on the position, and weighted by a mask: inputs are x [N, C, H, W], the weights
// [OutC, C/Group, kh, kw], the offsets [N, OffsetGroup*kh*kw*2, oh, ow], rows first, a bias [OutC] and a mask [N, OffsetGroup*kh*kw, oh, ow], which both may be left
// out (Zhu et al., arXiv:1811.11168). Between elements x is interpolated, and 0 outside.
type DeformConv struct {
	Window
	Group, OffsetGroup int
}

func (o DeformConv) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 3, 5); err != nil {
		return nil, err
	}
	t, err := Conv{o.Window, o.Group}.Infer([]Arg{in[0], in[1], given(in, 3)})
	if err != nil {
		return nil, err
	}
	d, og := in[0].Type.Dims, max(o.OffsetGroup, 1)
	if d.Rank() != 4 || d.At(1)%og != 0 {
		return nil, fmt.Errorf("the input is %v with OffsetGroup %d, want 4 axes and channels divisible by it", d, og)
	}
	taps := in[1].Type.Dims.Span(2, 4)
	at := func(k int) tensor.Dims { return tensor.D(d.At(0), og*taps*k, t[0].Dims.At(2), t[0].Dims.At(3)) }
	if in[2].Type.Dims != at(2) || in[2].Type.DType != in[0].Type.DType {
		return nil, fmt.Errorf("the offsets are %v, want %v %v", in[2].Type, in[0].Type.DType, at(2))
	}
	if m := given(in, 4); m.Given() && m.Type.Dims != at(1) {
		return nil, fmt.Errorf("the mask is %v, want %v", m.Type, at(1))
	}
	return t, nil
}

func (o DeformConv) Eval(out, in []tensor.Array) error {
	x, w, offset, bias, mask, y := in[0], in[1], in[2], arg(in, 3), arg(in, 4), out[0]
	s, _, err := Conv{o.Window, o.Group}.slides(x.Dims(), w.Dims())
	if err != nil {
		return err
	}
	size, pout, taps := s.sizes()
	c, oc, g, og := x.Dims().At(1), y.Dims().At(1), max(o.Group, 1), max(o.OffsetGroup, 1)
	h, v := s.axis[0], s.axis[1]
	for n := range x.Dims().At(0) {
		for k := range oc {
			for p := range pout {
				pos := s.position(p)
				sum := 0.0
				if bias.Valid() {
					sum = bias.Float(k)
				}
				for i := range c / g {
					ic := k/(oc/g)*(c/g) + i
					for tap := range taps {
						q := (n*og+ic/(c/og))*taps + tap
						dy, dx := offset.Float(2*q*pout+p), offset.Float((2*q+1)*pout+p)
						row := float64(pos[0]*h.stride-h.before+tap/v.kernel*h.dilation) + dy
						col := float64(pos[1]*v.stride-v.before+tap%v.kernel*v.dilation) + dx
						e := between(x, (n*c+ic)*size, h.in, v.in, row, col)
						if mask.Valid() {
							e *= mask.Float(q*pout + p)
						}
						sum += e * w.Float((k*(c/g)+i)*taps+tap)
					}
				}
				y.SetFloat((n*oc+k)*pout+p, sum)
			}
		}
	}
	return nil
}

// between interpolates linearly in a plane of h x w elements, which is 0 outside.
func between(x tensor.Array, plane, h, w int, row, col float64) float64 {
	if !(row > -1 && row < float64(h) && col > -1 && col < float64(w)) {
		return 0
	}
	r, c := math.Floor(row), math.Floor(col)
	sum := 0.0
	for i := range 2 {
		for j := range 2 {
			a, b := int(r)+i, int(c)+j
			if a >= 0 && a < h && b >= 0 && b < w {
				sum += x.Float(plane+a*w+b) * (1 - math.Abs(row-float64(a))) * (1 - math.Abs(col-float64(b)))
			}
		}
	}
	return sum
}
