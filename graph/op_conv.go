package graph

import (
	"fmt"
	"slices"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/tensor"
)

// Conv is a convolution of x [N, C, positions...] with weights [OutC, C/Group, kernel...] and, if it is given, a bias [OutC]:
// one to three axes of positions. Window.Kernel may be left out; if it is not it must be that of the weights.
type Conv struct {
	Window
	Group int // 0 means 1
}

func (o Conv) group() int { return max(o.Group, 1) }

func (o Conv) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 3); err != nil {
		return nil, err
	}
	if err := want(in, 0, floating); err != nil {
		return nil, err
	}
	if err := alike(in, 0, 1, 2); err != nil {
		return nil, err
	}
	out, err := o.dims(in[0].Type.Dims, in[1].Type.Dims, given(in, 2))
	return []tensor.Type{{DType: in[0].Type.DType, Dims: out}}, err
}

func (o Conv) dims(x, w tensor.Dims, bias Arg) (out tensor.Dims, err error) {
	s, pos, err := o.slides(x, w)
	if err != nil {
		return out, err
	}
	g := o.group()
	switch {
	case o.Group < 0:
		return out, fmt.Errorf("Group is %d, want at least 0", o.Group)
	case w.At(0) < 1 || w.At(0)%g != 0 || w.At(1)*g != x.At(1):
		return out, fmt.Errorf("the weights are %v for an input %v in %d groups, want [OutC, C/Group, kernel...] with OutC divisible by Group", w, x, g)
	case bias.Given() && bias.Type.Dims != tensor.D(w.At(0)):
		return out, fmt.Errorf("the bias is %v, want [%d]", bias.Type, w.At(0))
	}
	out = tensor.D(x.At(0), w.At(0))
	for i := range s.n {
		out = out.Append(pos.At(i))
	}
	return out, nil
}

func (o Conv) slides(x, w tensor.Dims) (s slides, pos tensor.Dims, err error) {
	if w.Rank() < 3 || w.Rank() > 5 {
		return s, pos, fmt.Errorf("the weights are %v, want 3 to 5 axes", w)
	}
	var kernel tensor.Dims
	for i := 2; i < w.Rank(); i++ {
		kernel = kernel.Append(w.At(i))
	}
	if o.Kernel.Rank() != 0 && o.Kernel != kernel {
		return s, pos, fmt.Errorf("Kernel is %v, want %v as the weights have, or none", o.Kernel, kernel)
	}
	if o.Ceil {
		return s, pos, fmt.Errorf("Ceil is true, want false: it is for pooling")
	}
	return o.over(kernel, x)
}

func (o Conv) Eval(out, in []tensor.Array) error {
	x, w, bias, y := in[0], in[1], arg(in, 2), out[0]
	s, _, err := o.slides(x.Dims(), w.Dims())
	if err != nil {
		return err
	}
	pin, pout, ptaps := s.sizes()
	c, oc := x.Dims().At(1), w.Dims().At(0)
	cg, og := c/o.group(), oc/o.group()
	for n := range x.Dims().At(0) {
		for k := range oc {
			for p := range pout {
				sum := 0.0
				if bias.Valid() {
					sum = bias.Float(k)
				}
				s.taps(s.position(p), func(tap, at int) {
					for i := range cg {
						sum += x.Float((n*c+k/og*cg+i)*pin+at) * w.Float((k*cg+i)*ptaps+tap)
					}
				})
				y.SetFloat((n*oc+k)*pout+p, sum)
			}
		}
	}
	return nil
}

func (o Conv) lower(l *lowering, n *Node) (bool, error) {
	return fusedConv{Conv: o}.lower(l, n)
}

// fusedConv is a convolution to which a fourth input may be added, and an activation.
type fusedConv struct {
	Conv
	act      conv.Activation
	residual bool // the fourth input is added
	// In bfloat16 it rounds its input, which may be of that type, and the weights; out says that its output, and the residual, are of that type too.
	bf16, bf16Out bool
}

func (fusedConv) OpName() string { return "Conv" }

func (o fusedConv) Infer(in []Arg) ([]tensor.Type, error) {
	plain := slices.Clone(in[:min(3, len(in))])
	if o.bf16 && len(in) > 0 && in[0].Type.DType == tensor.BFloat16 {
		plain[0].Type.DType = tensor.Float32
	}
	t, err := o.Conv.Infer(plain)
	if err == nil && o.bf16Out {
		t[0].DType = tensor.BFloat16
	}
	if err == nil && o.residual && (len(in) != 4 || in[3].Type != t[0]) {
		err = fmt.Errorf("the residual is not %v", t[0])
	}
	return t, err
}

func (o fusedConv) Eval(out, in []tensor.Array) error {
	if o.bf16 {
		return o.evalBF16(out, in)
	}
	if err := o.Conv.Eval(out, in[:min(3, len(in))]); err != nil {
		return err
	}
	if o.residual {
		if err := (Add{}).Eval(out, []tensor.Array{out[0], in[3]}); err != nil {
			return err
		}
	}
	return evalActivation(o.act, out)
}

func (o fusedConv) lower(l *lowering, n *Node) (bool, error) {
	w, hasWeights := n.in[1].Const()
	var bias tensor.Array
	if len(n.in) > 2 && n.in[2] != nil {
		var ok bool
		if bias, ok = n.in[2].Const(); !ok {
			return false, nil
		}
	}
	in, ok := shape4(n.in[0].typ.Dims)
	s, _, err := o.slides(n.in[0].typ.Dims, n.in[1].typ.Dims)
	if err != nil || !hasWeights || !ok || !o.bf16 && !(float32s(n.in...) && float32s(n.out[0])) {
		return false, err
	}
	win, ok := s.window2d(false)
	if !ok {
		return false, nil
	}
	p := conv.Params{
		In: in, OutC: w.Dims().At(0), Window: win, Groups: o.group(), InLayout: tensor.NHWC, OutLayout: tensor.NHWC, Kernels: l.kernels(), Accuracy: l.accuracy(),
		Activation: o.act, Residual: o.residual,
	}
	if o.bf16 {
		p.Precision, p.Force, p.InBF16, p.OutBF16 = conv.BF16, l.o.Force, n.in[0].typ.DType == tensor.BFloat16, o.bf16Out
	}
	x := l.at(n.in[0])
	switch {
	case x.isRows(channelsLast) && (!p.InBF16 || even(x)):
		p.InStride = pixelStride(x)
	case !p.InBF16 && x.is(rowMajor) && len(l.w.users[n.in[0]]) == 1: // others want it channels last too, most likely
		p.InLayout = tensor.NCHW
	default:
		x = l.in(n.in[0], channelsLast)
	}
	reads, over := []view{x}, []view(nil)
	t := &convStep{src: x.ref(), res: ref{buf: -1}}
	if o.residual {
		r := l.rows(n.in[3], channelsLast)
		if o.bf16Out && !even(r) {
			r = l.in(n.in[3], channelsLast)
		}
		p.ResidualStride = pixelStride(r)
		t.res = r.ref()
		reads = append(reads, r)
		if r.buf != x.buf {
			over = append(over, r)
		}
	}
	y := l.out(n.out[0], channelsLast, !o.bf16Out)
	p.OutStride = pixelStride(y)
	t.dst = y.ref()
	var b []float32
	if bias.Valid() {
		b = tensor.Data[float32](bias)
	}
	if t.plan, err = l.conv(p, n.in[1].identified(), b); err != nil {
		return false, err
	}
	l.emit(t, n.out[0], y, reads, over)
	return true, nil
}

// pixelStride is the distance of the pixels of a view whose rows lie channels last, as conv and pool want it: 0 where there are no gaps.
func pixelStride(v view) int {
	if v.is(channelsLast) {
		return 0
	}
	return v.rowStride(channelsLast)
}

// even reports whether pairs of the channels of pixels are whole words.
func even(v view) bool { return v.off%2 == 0 && pixelStride(v)%2 == 0 }

// bytes is the memory of a tensor of bfloat16 or float32.
func (r ref) bytes(s *Session, half bool) []byte {
	size := tensor.Float32.Size()
	if half {
		size = tensor.BFloat16.Size()
	}
	return s.bufs[r.buf][r.off:][:size*r.n]
}

type convStep struct {
	plan          *conv.Plan
	dst, src, res ref
}

func (t *convStep) String() string { return t.plan.String() }

func (t *convStep) run(s *Session) {
	if p := t.plan.Params(); p.Precision == conv.BF16 {
		var res []byte
		if t.res.buf >= 0 {
			res = t.res.bytes(s, p.OutBF16)
		}
		t.plan.RunBF16(s.conv, t.dst.bytes(s, p.OutBF16), t.src.bytes(s, p.InBF16), res)
		return
	}
	var res []float32
	if t.res.buf >= 0 {
		res = s.f32(t.res)
	}
	t.plan.Run(s.conv, s.f32(t.dst), s.f32(t.src), res)
}

// evalActivation applies an activation in place, plainly.
func evalActivation(f conv.Activation, x []tensor.Array) error {
	a, b := f.A, f.B
	var op Op
	switch f.Kind {
	case asm.Identity:
		return nil
	case asm.ReLU:
		op = Relu{}
	case asm.Clamp:
		return Clip{}.Eval(x, []tensor.Array{x[0], tensor.Scalar(a), tensor.Scalar(b)})
	case asm.LeakyReLU:
		op = LeakyRelu{a}
	case asm.Sigmoid:
		op = Sigmoid{}
	case asm.Tanh:
		op = Tanh{}
	case asm.SiLU:
		op = Swish{1}
	case asm.HardSigmoid:
		op = HardSigmoid{a, b}
	case asm.HardSwish:
		op = HardSwish{}
	case asm.ELU:
		op = Elu{a}
	case asm.GELU:
		op = Gelu{}
	case asm.GELUTanh:
		op = Gelu{true}
	case asm.Exp:
		op = Exp{}
	default:
		return fmt.Errorf("activation %v has no operator", f.Kind)
	}
	return op.Eval(x, x)
}
