package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/tensor"
)

// ConvTranspose is the convolution's gradient for its input: x [N, C, positions...], weights [C, OutC/Group, kernel...] and, if it is given, a
// bias [OutC]. Every element of x is spread over the kernel's reach in the output, Strides apart. The size along an axis is
// Strides (in - 1) + OutputPadding + (kernel - 1) Dilations + 1 less the pads, or OutputShape, for which pads are found.
type ConvTranspose struct {
	Window
	Group         int // 0 means 1
	OutputPadding tensor.Dims
	OutputShape   tensor.Dims
}

// slides returns the window of the convolution whose input is the output here, and the other way round.
func (o ConvTranspose) slides(x, w tensor.Dims) (s slides, err error) {
	if w.Rank() < 3 || w.Rank() > 5 || x.Rank() != w.Rank() {
		return s, fmt.Errorf("the input is %v and the weights are %v, want 3 to 5 axes, as many of each", x, w)
	}
	var kernel tensor.Dims
	for i := 2; i < w.Rank(); i++ {
		kernel = kernel.Append(w.At(i))
	}
	if o.Kernel.Rank() != 0 && o.Kernel != kernel {
		return s, fmt.Errorf("Kernel is %v, want %v as the weights have, or none", o.Kernel, kernel)
	}
	if s, err = o.check(kernel); err != nil {
		return s, err
	}
	for _, f := range []struct {
		name string
		d    tensor.Dims
	}{{"OutputPadding", o.OutputPadding}, {"OutputShape", o.OutputShape}} {
		if f.d.Rank() != 0 && f.d.Rank() != s.n {
			return s, fmt.Errorf("%s has %d elements, want %d or none", f.name, f.d.Rank(), s.n)
		}
	}
	for i := range s.n {
		a := &s.axis[i]
		in := x.At(i + 2)
		extra := attr(o.OutputPadding, i, 0)
		if in < 1 || in > maxWindow || extra < 0 || extra > maxWindow {
			return s, fmt.Errorf("axis %d of the input is %d and OutputPadding %d, want 1 and 0 to %d", i+2, in, extra, maxWindow)
		}
		full := a.stride*(in-1) + extra + (a.kernel-1)*a.dilation + 1
		out := full - a.before - a.after
		shape := attr(o.OutputShape, i, 0)
		if shape == 0 && (o.AutoPad == SameUpper || o.AutoPad == SameLower) {
			shape = in * a.stride
		}
		switch {
		case shape != 0:
			total := max(0, full-shape)
			a.before, a.after = total-total/2, total/2
			if o.AutoPad == SameUpper {
				a.before, a.after = total/2, total-total/2
			}
			out = shape
			if full < shape { // OutputShape beyond the reach: what is left stays empty at the end
				out = shape
			}
		case o.AutoPad == Valid:
			a.before, a.after, out = 0, 0, full
		}
		if out < 1 {
			return s, fmt.Errorf("axis %d of the output is %d, want at least 1: the pads are too large", i+2, out)
		}
		a.in, a.out = out, in // the roles are exchanged
	}
	return s, nil
}

func (o ConvTranspose) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 3); err != nil {
		return nil, err
	}
	if err := want(in, 0, floating); err != nil {
		return nil, err
	}
	if err := alike(in, 0, 1, 2); err != nil {
		return nil, err
	}
	x, w := in[0].Type.Dims, in[1].Type.Dims
	s, err := o.slides(x, w)
	if err != nil {
		return nil, err
	}
	g := max(o.Group, 1)
	switch b := given(in, 2); {
	case o.Group < 0:
		return nil, fmt.Errorf("Group is %d, want at least 0", o.Group)
	case w.At(0) != x.At(1) || x.At(1)%g != 0 || w.At(1) < 1 || g > max(x.At(1), 1):
		return nil, fmt.Errorf("the weights are %v for an input %v in %d groups, want [C, OutC/Group, kernel...] with C divisible by Group", w, x, g)
	case b.Given() && b.Type.Dims != tensor.D(w.At(1)*g):
		return nil, fmt.Errorf("the bias is %v, want [%d]", b.Type, w.At(1)*g)
	}
	t := tensor.Type{DType: in[0].Type.DType, Dims: tensor.D(x.At(0), w.At(1)*g)}
	for i := range s.n {
		t.Dims = t.Dims.Append(s.axis[i].in)
	}
	return []tensor.Type{t}, nil
}

func (o ConvTranspose) Eval(out, in []tensor.Array) error {
	x, w, bias, y := in[0], in[1], arg(in, 2), out[0]
	s, err := o.slides(x.Dims(), w.Dims())
	if err != nil {
		return err
	}
	pout, pin, ptaps := s.sizes()
	g := max(o.Group, 1)
	c, oc := x.Dims().At(1), y.Dims().At(1)
	cg, og := c/g, oc/g
	sums := make([]float64, pout)
	for n := range x.Dims().At(0) {
		for k := range oc {
			for i := range sums {
				sums[i] = 0
				if bias.Valid() {
					sums[i] = bias.Float(k)
				}
			}
			for i := k / og * cg; i < (k/og+1)*cg; i++ {
				for p := range pin {
					v := x.Float((n*c+i)*pin + p)
					s.taps(s.position(p), func(tap, at int) {
						sums[at] += v * w.Float((i*og+k%og)*ptaps+tap)
					})
				}
			}
			for i, v := range sums {
				y.SetFloat((n*oc+k)*pout+i, v)
			}
		}
	}
	return nil
}

func (o ConvTranspose) lower(l *lowering, n *Node) (bool, error) {
	return fusedConvTranspose{ConvTranspose: o}.lower(l, n)
}

// fusedConvTranspose is a transposed convolution with an activation.
type fusedConvTranspose struct {
	ConvTranspose
	act conv.Activation
}

// channels: with groups the weights have no axis of all output channels.
func (o ConvTranspose) channels(n *Node) (int, int, bool) { return 1, 1, max(o.Group, 1) == 1 }

func (o fusedConvTranspose) channels(n *Node) (int, int, bool) {
	return 1, 1, max(o.Group, 1) == 1 && o.act.Kind == asm.Identity
}

func (fusedConvTranspose) OpName() string { return "ConvTranspose" }

func (o fusedConvTranspose) Eval(out, in []tensor.Array) error {
	if err := o.ConvTranspose.Eval(out, in); err != nil {
		return err
	}
	return evalActivation(o.act, out)
}

// phase is the outputs r, r + stride, r + 2 stride, ... along an axis: they are a convolution at stride 1 with every so many taps of the
// kernel, backwards. A tap k reads x[q + (r + before - k dilation) / stride] for output q, where that is an integer.
type phase struct {
	taps          []int // of the kernel, in the order of what they read
	dilation      int
	before, after int // padding
	out           int // outputs of the convolution,
	skip, keep    int // and which of them are wanted
}

func phaseOf(a slide, r int) (p phase) {
	p.dilation = 1
	p.keep = (a.in - r + a.stride - 1) / a.stride
	first, last := 0, 0
	for k := a.kernel - 1; k >= 0; k-- {
		d := r + a.before - k*a.dilation
		if d%a.stride != 0 {
			continue
		}
		if d /= a.stride; len(p.taps) == 0 {
			first = d
		} else if len(p.taps) == 1 {
			p.dilation = d - first
		}
		last = d
		p.taps = append(p.taps, k)
	}
	// Where the input is longer than what is read, the convolution has more outputs.
	p.skip = max(first, 0)
	p.before, p.after = max(-first, 0), p.keep-1+last-(a.out-1)
	p.out = p.keep + p.skip + max(-p.after, 0)
	p.after = max(p.after, 0)
	return p
}

// lower computes each phase of both axes by a convolution, which writes to its place among the others where it can.
func (o fusedConvTranspose) lower(l *lowering, n *Node) (bool, error) {
	w, ok := n.in[1].Const()
	var bias []float32
	if len(n.in) > 2 && n.in[2] != nil {
		b, known := n.in[2].Const()
		if ok = ok && known && b.DType() == tensor.Float32; ok {
			bias = tensor.Data[float32](b)
		}
	}
	s, err := o.slides(n.in[0].typ.Dims, n.in[1].typ.Dims)
	if err != nil || !ok || s.n > 2 || !float32s(n.in...) || !float32s(n.out[0]) {
		return false, err
	}
	h := slide{in: 1, out: 1, kernel: 1, stride: 1, dilation: 1}
	v := s.axis[s.n-1]
	if s.n == 2 {
		h = s.axis[0]
	}
	var ph, pw []phase
	for _, f := range []struct {
		a  slide
		to *[]phase
	}{{h, &ph}, {v, &pw}} {
		for r := range min(f.a.stride, f.a.in) {
			p := phaseOf(f.a, r)
			if len(p.taps) == 0 {
				return false, nil
			}
			*f.to = append(*f.to, p)
		}
	}
	in, _ := shape4(n.in[0].typ.Dims)
	g := max(o.Group, 1)
	og, cg := w.Dims().At(1), in.C/g
	weights := tensor.Data[float32](w)
	x := l.rows(n.in[0], channelsLast)
	y := l.out(n.out[0], channelsLast, true)
	y4 := y.as4()
	for i, p := range ph {
		for j, q := range pw {
			params := conv.Params{
				In: in, OutC: og * g, Groups: g, InLayout: tensor.NHWC, OutLayout: tensor.NHWC, Kernels: l.kernels(), Accuracy: l.accuracy(), Activation: o.act, InStride: pixelStride(x),
				Window: tensor.Window{KernelH: len(p.taps), KernelW: len(q.taps), DilationH: p.dilation, DilationW: q.dilation,
					PadTop: p.before, PadBottom: p.after, PadLeft: q.before, PadRight: q.after},
			}
			if params.Window.Check() != nil {
				return false, nil
			}
			part, _ := l.shared.derived("taps", n.in[1].identified(), fmt.Sprint(g, p.taps, q.taps), func() (tensor.Array, error) {
				part := make([]float32, 0, og*g*cg*len(p.taps)*len(q.taps))
				for oc := range og * g {
					for ic := range cg {
						at := ((oc/og*cg+ic)*og + oc%og) * h.kernel * v.kernel
						for _, kh := range p.taps {
							for _, kw := range q.taps {
								part = append(part, weights[at+kh*v.kernel+kw])
							}
						}
					}
				}
				return tensor.Of(tensor.D(og*g, cg, len(p.taps), len(q.taps)), part), nil
			})
			dst := y4.slice(2, i, h.stride, p.keep).slice(3, j, v.stride, q.keep)
			z := dst
			inPlace := p.out == p.keep && q.out == q.keep
			if inPlace {
				params.OutStride, params.OutRowStride, inPlace = outStrides(dst)
				inPlace = inPlace && (g == 1 || params.OutRowStride == 0) // the kernels for groups know no rows with gaps
			}
			if !inPlace {
				params.OutStride, params.OutRowStride = 0, 0
				z = l.fresh(tensor.Type{DType: tensor.Float32, Dims: tensor.D(in.N, og*g, p.out, q.out)}, channelsLast)
			}
			plan, err := l.conv(params, part, bias)
			if err != nil {
				return false, err
			}
			l.emit(&convStep{plan: plan, src: x.ref(), dst: z.ref(), res: ref{buf: -1}}, nil, z, []view{x}, nil)
			if !inPlace {
				l.move(dst, z.slice(2, p.skip, 1, p.keep).slice(3, q.skip, 1, q.keep))
			}
		}
	}
	l.steps[len(l.steps)-1].shows(n.out[0], y)
	return true, nil
}

// outStrides are the distances of the pixels and of the rows of a view of four axes, channels last, as conv wants them: the latter 0 where rows
// follow each other. It is false where the rows of all images together are not equally far apart.
func outStrides(v view) (pixel, row int, ok bool) {
	d := v.dims()
	n, h, w := d.At(0), d.At(2), d.At(3)
	pixel, row = v.stride[3], v.stride[2]
	if w == 1 {
		pixel = d.At(1)
	}
	switch {
	case n == 1 && h == 1:
		return pixel, 0, true
	case h == 1:
		row = v.stride[0]
	case n > 1 && v.stride[0] != h*row:
		return 0, 0, false
	}
	if row == w*pixel {
		row = 0
	}
	return pixel, row, true
}

// as4 is a view of [N, C, W] as [N, C, 1, W], and a view of four axes as it is.
func (v view) as4() view {
	if v.dims().Rank() == 4 {
		return v
	}
	d := v.dims()
	v.typ.Dims = tensor.D(d.At(0), d.At(1), 1, d.At(2))
	v.stride[2], v.stride[3] = 0, v.stride[2]
	return v
}
