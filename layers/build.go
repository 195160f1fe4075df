package layers

import (
	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// builder adds the operators of one layer to a graph. After an error it adds nothing.
type builder struct {
	g     *Graph
	name  string
	costs costs
	err   error
}

// op applies an operator, whose first output it returns.
func (b *builder) op(op graph.Op, in ...*graph.Value) *graph.Value {
	if b.err != nil {
		return nil
	}
	out, err := b.g.net.Add(b.name, op, in...)
	if err != nil {
		b.err = err
		return nil
	}
	return out[0]
}

// floats is a constant of the given dims, a copy of x.
func (b *builder) floats(x []float32, dims ...int) *graph.Value {
	if b.err != nil {
		return nil
	}
	return b.g.net.Const(b.name, tensor.Of(tensor.D(dims...), append([]float32(nil), x...)))
}

// ints is a constant: a shape, a list of axes.
func (b *builder) ints(x ...int) *graph.Value {
	v := make([]int64, len(x))
	for i, e := range x {
		v[i] = int64(e)
	}
	return b.g.net.Const(b.name, tensor.Vector(v))
}

// maps is x as [N, C, H, W]: features have H and W 1.
func (b *builder) maps(x *graph.Value) *graph.Value { return b.shaped(x, 4) }

// features is x without rows and columns of one element: [N, C].
func (b *builder) features(x *graph.Value) *graph.Value { return b.shaped(x, 2) }

func (b *builder) shaped(x *graph.Value, rank int) *graph.Value {
	d := x.Type().Dims
	if d.Rank() == rank || d.Rank() > 4 {
		return x
	}
	s := shapeOf(d)
	sizes := []int{s.N, s.C}
	if rank == 4 {
		sizes = append(sizes, s.H, s.W)
	}
	return b.op(graph.Reshape{AllowZero: true}, x, b.ints(sizes...))
}

// alike gives all values the axes of the one that has most.
func (b *builder) alike(in []*graph.Value) []*graph.Value {
	rank := 0
	for _, x := range in {
		rank = max(rank, x.Type().Dims.Rank())
	}
	out := make([]*graph.Value, len(in))
	for i, x := range in {
		if out[i] = x; x.Type().Dims.Rank() != rank && rank == 4 {
			out[i] = b.maps(x)
		}
	}
	return out
}

// perChannel is a constant with an element for each channel of x.
func (b *builder) perChannel(c []float32, x *graph.Value) *graph.Value {
	dims := []int{len(c)}
	for range x.Type().Dims.Rank() - 2 {
		dims = append(dims, 1)
	}
	return b.floats(c, dims...)
}

// window is a window in the operators' terms.
func window(w tensor.Window) graph.Window {
	w = w.Normal()
	return graph.Window{
		Kernel: tensor.D(w.KernelH, w.KernelW), Strides: tensor.D(w.StrideH, w.StrideW), Dilations: tensor.D(w.DilationH, w.DilationW),
		Pads: tensor.D(w.PadTop, w.PadLeft, w.PadBottom, w.PadRight), Ceil: w.CeilMode,
	}
}

// shapes are those of the inputs.
func shapes(in []*graph.Value) []tensor.Shape {
	var s []tensor.Shape
	for _, v := range in {
		s = append(s, shapeOf(v.Type().Dims))
	}
	return s
}

func (l Conv2D) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	s := shapes(in)
	out, err := l.infer(s)
	if err != nil {
		return nil, err
	}
	b.costs = l.cost(s, out)
	args := []*graph.Value{b.maps(in[0]), b.floats(l.Weights, l.OutC, s[0].C/l.groups(), l.Window.KernelH, l.Window.KernelW)}
	if l.Bias != nil {
		args = append(args, b.floats(l.Bias, l.OutC))
	}
	return b.op(graph.Conv{Window: window(l.Window), Group: l.groups()}, args...), nil
}

func (l MaxPool2D) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	if _, err := slidePool(l.Window, shapes(in)[0]); err != nil {
		return nil, err
	}
	return b.op(graph.MaxPool{Window: window(l.Window)}, b.maps(in[0])), nil
}

func (l AvgPool2D) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	if _, err := slidePool(l.Window, shapes(in)[0]); err != nil {
		return nil, err
	}
	return b.op(graph.AveragePool{Window: window(l.Window), CountIncludePad: l.CountIncludePad}, b.maps(in[0])), nil
}

func (l GlobalAvgPool2D) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	return b.op(graph.GlobalAveragePool{}, b.maps(in[0])), nil
}

func (l GlobalMaxPool2D) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	return b.op(graph.GlobalMaxPool{}, b.maps(in[0])), nil
}

func (l Linear) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	s := shapes(in)
	out, err := l.infer(s)
	if err != nil {
		return nil, err
	}
	b.costs = l.cost(s, out)
	args := []*graph.Value{b.features(in[0]), b.floats(l.Weights, l.Out, s[0].C)}
	if l.Bias != nil {
		args = append(args, b.floats(l.Bias, l.Out))
	}
	return b.op(graph.Gemm{Alpha: 1, Beta: 1, TransB: true}, args...), nil
}

func (l BatchNorm) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	s := shapes(in)
	if _, err := l.infer(s); err != nil {
		return nil, err
	}
	b.costs = l.cost(s, s[0])
	c := s[0].C
	fill := func(x []float32, v float32) *graph.Value {
		if x == nil {
			x = make([]float32, c)
			for i := range x {
				x[i] = v
			}
		}
		return b.floats(x, c)
	}
	eps := l.Eps
	if eps == 0 {
		eps = 1e-5
	}
	return b.op(graph.BatchNormalization{Epsilon: float32(eps)}, in[0], fill(l.Gamma, 1), fill(l.Beta, 0), fill(l.Mean, 0), fill(l.Var, 1)), nil
}

func (l Scale) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	s := shapes(in)
	if _, err := l.infer(s); err != nil {
		return nil, err
	}
	b.costs = l.cost(s, s[0])
	x := in[0]
	if l.Scale != nil {
		x = b.op(graph.Mul{}, x, b.perChannel(l.Scale, x))
	}
	if l.Shift != nil && b.err == nil {
		x = b.op(graph.Add{}, x, b.perChannel(l.Shift, x))
	}
	return x, nil
}

// add adds what a layer does.
func (b *builder) add(l Layer, in []*graph.Value) (*graph.Value, error) {
	f, ok := l.(function)
	if !ok {
		return l.(primitive).add(b, in)
	}
	if c, ok := l.(checked); ok {
		if err := c.check(); err != nil {
			return nil, err
		}
	}
	return b.act(f.function(), in[0])
}

// act applies an activation.
func (b *builder) act(f conv.Activation, x *graph.Value) (*graph.Value, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	switch f.Kind {
	case asm.Identity:
		return b.op(graph.Identity{}, x), nil
	case asm.ReLU:
		return b.op(graph.Relu{}, x), nil
	case asm.Clamp:
		return b.op(graph.Clip{}, x, b.floats([]float32{f.A}), b.floats([]float32{f.B})), nil
	case asm.LeakyReLU:
		return b.op(graph.LeakyRelu{Alpha: f.A}, x), nil
	case asm.Sigmoid:
		return b.op(graph.Sigmoid{}, x), nil
	case asm.Tanh:
		return b.op(graph.Tanh{}, x), nil
	case asm.SiLU:
		return b.op(graph.Swish{Alpha: 1}, x), nil
	case asm.HardSigmoid:
		return b.op(graph.HardSigmoid{Alpha: f.A, Beta: f.B}, x), nil
	case asm.HardSwish:
		return b.op(graph.HardSwish{}, x), nil
	case asm.ELU:
		return b.op(graph.Elu{Alpha: f.A}, x), nil
	case asm.GELU, asm.GELUTanh:
		return b.op(graph.Gelu{Tanh: f.Kind == asm.GELUTanh}, x), nil
	}
	return b.op(graph.Exp{}, x), nil
}

func (l Softmax) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	return b.op(graph.Softmax{Axis: 1}, in[0]), nil
}

func (l LocalResponseNorm) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	if _, err := l.infer(shapes(in)); err != nil {
		return nil, err
	}
	l = l.withDefaults()
	return b.op(graph.LRN{Size: l.Size, Alpha: float32(l.Alpha), Beta: float32(l.Beta), Bias: float32(l.K)}, in[0]), nil
}

func (l Flatten) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	if _, err := l.infer(shapes(in)); err != nil {
		return nil, err
	}
	x := in[0]
	if l.Order == tensor.NHWC {
		x = b.op(graph.Transpose{Perm: tensor.D(0, 2, 3, 1)}, b.maps(x))
	}
	if b.err != nil {
		return nil, b.err
	}
	return b.op(graph.Flatten{Axis: 1}, x), nil
}

func (l Dropout) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	return b.op(graph.Identity{}, in[0]), nil
}

func (l Identity) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	return b.op(graph.Identity{}, in[0]), nil
}

func (l Add) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	if _, err := l.infer(shapes(in)); err != nil {
		return nil, err
	}
	in = b.alike(in)
	sum := in[0]
	for _, x := range in[1:] {
		sum = b.op(graph.Add{}, sum, x)
	}
	return sum, nil
}

func (l Mul) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	if _, err := l.infer(shapes(in)); err != nil {
		return nil, err
	}
	return b.op(graph.Mul{}, b.alike(in)...), nil
}

func (l Concat) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	if _, err := l.infer(shapes(in)); err != nil {
		return nil, err
	}
	return b.op(graph.Concat{Axis: 1}, b.alike(in)...), nil
}
