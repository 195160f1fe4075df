// Package onnxnodes translates stored networks, lists of ONNX operators, to graphs of package layers. It knows
// the operators and forms that those networks use. Tests, benchmarks and examples use it.
package onnxnodes

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// Build returns a network's graph, whose outputs are the network's in their order. A layer is named
// after the output of its node. The error names the first node that cannot be expressed, and why.
func Build(m *cases.Model) (*layers.Graph, error) { return BuildTo(m, m.Outputs...) }

// BuildTo is Build with the outputs of the given names: any node's.
func BuildTo(m *cases.Model, outputs ...string) (*layers.Graph, error) {
	b := &builder{m: m, g: layers.NewGraph(), values: map[string]layers.Value{}}
	s := m.InShape
	if len(s) != 4 {
		return nil, fmt.Errorf("onnxnodes: %s: the input has shape %v, want 4 axes", m.Name, s)
	}
	b.values[m.Input] = b.g.Input(m.Input, tensor.Shape{N: s[0], C: s[1], H: s[2], W: s[3]})
	for i := range m.Nodes {
		n := &m.Nodes[i]
		if err := b.node(n); err != nil {
			return nil, fmt.Errorf("onnxnodes: %s: %s %s: %w", m.Name, n.Op, n.Outputs[0], err)
		}
		if err := b.g.Err(); err != nil {
			return nil, fmt.Errorf("onnxnodes: %s: %w", m.Name, err)
		}
	}
	for _, name := range outputs {
		v, ok := b.values[name]
		if !ok {
			return nil, fmt.Errorf("onnxnodes: %s: no output %q", m.Name, name)
		}
		b.g.Output(v)
	}
	return b.g, nil
}

type builder struct {
	m      *cases.Model
	g      *layers.Graph
	values map[string]layers.Value
}

var errOperator = fmt.Errorf("there is no such layer")

// node adds one operator.
func (b *builder) node(n *cases.Node) error {
	name := n.Outputs[0]
	x, isValue := b.values[n.Input(0)]
	if !isValue && len(n.Inputs) > 1 && (n.Op == "Add" || n.Op == "Mul") { // the constant comes first
		n = &cases.Node{Op: n.Op, Inputs: []string{n.Inputs[1], n.Inputs[0]}, Outputs: n.Outputs, Attrs: n.Attrs}
		x, isValue = b.values[n.Input(0)]
	}
	if !isValue {
		return fmt.Errorf("input %q is no value", n.Input(0))
	}
	l, err := b.layer(n, name, x.Shape())
	if err != nil {
		return err
	}
	in := []layers.Value{x}
	switch l.(type) {
	case layers.Add, layers.Mul, layers.Concat:
		for _, s := range n.Inputs[1:] {
			v, ok := b.values[s]
			if !ok {
				return fmt.Errorf("input %q is no value", s)
			}
			in = append(in, v)
		}
		if _, ok := l.(layers.Mul); ok && x.Shape().H*x.Shape().W < in[1].Shape().H*in[1].Shape().W {
			in[0], in[1] = in[1], in[0]
		}
	}
	b.values[name] = b.g.Apply(l, in...)
	return nil
}

func (b *builder) layer(n *cases.Node, name string, in tensor.Shape) (layers.Layer, error) {
	switch n.Op {
	case "Conv":
		w := b.m.Constants[n.Input(1)]
		if w == nil || len(w.Shape) != 4 {
			return nil, fmt.Errorf("the weights %q are no constant of 4 axes", n.Input(1))
		}
		win, err := Window(n, in.H, in.W, w.Shape[2], w.Shape[3])
		l := layers.Conv2D{Name: name, OutC: w.Shape[0], Window: win, Groups: n.Int("group", 1), Weights: w.Float32s()}
		if n.Input(2) != "" && err == nil {
			l.Bias, err = b.floats(n.Input(2))
		}
		return l, err
	case "MaxPool":
		win, err := Window(n, in.H, in.W, 0, 0)
		return layers.MaxPool2D{Name: name, Window: win}, err
	case "AveragePool":
		win, err := Window(n, in.H, in.W, 0, 0)
		return layers.AvgPool2D{Name: name, Window: win, CountIncludePad: n.Int("count_include_pad", 0) != 0}, err
	case "GlobalAveragePool":
		return layers.GlobalAvgPool2D{Name: name}, nil
	case "GlobalMaxPool":
		return layers.GlobalMaxPool2D{Name: name}, nil
	case "BatchNormalization":
		l := layers.BatchNorm{Name: name, Eps: n.Float("epsilon", 1e-5)}
		for i, p := range []*[]float32{&l.Gamma, &l.Beta, &l.Mean, &l.Var} {
			var err error
			if *p, err = b.floats(n.Input(1 + i)); err != nil {
				return nil, err
			}
		}
		return l, nil
	case "Sum":
		return layers.Add{Name: name}, nil
	case "Add", "Mul", "Sub", "Div":
		return b.arithmetic(n, name, in)
	case "Concat":
		if axis := n.Int("axis", 1); axis != 1 {
			return nil, fmt.Errorf("axis is %d, want 1", axis)
		}
		return layers.Concat{Name: name}, nil
	case "Gemm", "MatMul":
		return b.linear(n, name)
	case "Flatten":
		if axis := n.Int("axis", 1); axis != 1 {
			return nil, fmt.Errorf("axis is %d, want 1", axis)
		}
		return layers.Flatten{Name: name}, nil
	case "Reshape":
		c := b.m.Constants[n.Input(1)]
		if c == nil {
			return nil, fmt.Errorf("the shape %q is no constant", n.Input(1))
		}
		shape, all := c.Ints(), in.C*in.H*in.W
		if len(shape) != 2 || shape[0] > 1 && shape[0] != in.N || shape[1] > 0 && shape[1] != all || shape[0] < 0 && shape[1] < 0 {
			return nil, fmt.Errorf("the shape is %v, want a flattening of %v", shape, in)
		}
		return layers.Flatten{Name: name}, nil
	case "Softmax":
		axis := n.Int("axis", 1)
		if b.m.Opset >= 13 {
			axis = n.Int("axis", -1)
		}
		if in.H*in.W != 1 || axis > 1 {
			return nil, fmt.Errorf("axis is %d of an input %v, want the channels", axis, in)
		}
		return layers.Softmax{Name: name}, nil
	case "LRN":
		return layers.LocalResponseNorm{
			Name: name, Size: n.Int("size", 0), Alpha: n.Float("alpha", 1e-4), Beta: n.Float("beta", 0.75), K: n.Float("bias", 1),
		}, nil
	case "Dropout":
		return layers.Dropout{Name: name}, nil
	case "Identity":
		return layers.Identity{Name: name}, nil
	case "Clip":
		l := layers.Clamp{Name: name, Lo: float32(math.Inf(-1)), Hi: float32(math.Inf(1))}
		for i, p := range []*float32{&l.Lo, &l.Hi} {
			if attr := []string{"min", "max"}[i]; n.Has(attr) {
				*p = float32(n.Float(attr, 0))
			} else if s := n.Input(1 + i); s != "" {
				v, err := b.floats(s)
				if err != nil {
					return nil, err
				}
				*p = v[0]
			}
		}
		return l, nil
	case "Relu":
		return layers.ReLU{Name: name}, nil
	case "Sigmoid":
		return layers.Sigmoid{Name: name}, nil
	case "Tanh":
		return layers.Tanh{Name: name}, nil
	case "HardSwish":
		return layers.HardSwish{Name: name}, nil
	case "HardSigmoid":
		return layers.HardSigmoid{Name: name, Alpha: float32(n.Float("alpha", 0.2)), Beta: float32(n.Float("beta", 0.5))}, nil
	case "LeakyRelu":
		return layers.LeakyReLU{Name: name, Slope: float32(n.Float("alpha", 0.01))}, nil
	case "Elu":
		return layers.ELU{Name: name, Alpha: float32(n.Float("alpha", 1))}, nil
	}
	return nil, errOperator
}

func (b *builder) floats(name string) ([]float32, error) {
	c := b.m.Constants[name]
	if c == nil {
		return nil, fmt.Errorf("input %q is no constant", name)
	}
	return c.Float32s(), nil
}

// arithmetic is an operation on two values, or on a value and a constant for each channel or for all.
func (b *builder) arithmetic(n *cases.Node, name string, in tensor.Shape) (layers.Layer, error) {
	c := b.m.Constants[n.Input(1)]
	if c == nil {
		switch n.Op {
		case "Add":
			return layers.Add{Name: name}, nil
		case "Mul":
			return layers.Mul{Name: name}, nil
		}
		return nil, fmt.Errorf("input %q is no constant", n.Input(1))
	}
	// By broadcasting, the axes of the constant stand for the last ones of the value.
	perChannel := c.Len() == 1
	if c.Len() == in.C {
		for i, s := range c.Shape {
			axis := i + 4 - len(c.Shape)
			if in.H*in.W == 1 && len(c.Shape) <= 2 { // features
				axis = i + 2 - len(c.Shape)
			}
			perChannel = perChannel || axis == 1 && s == in.C
		}
	}
	if !perChannel {
		return nil, fmt.Errorf("a constant of shape %v on %v, want one number or one per channel", c.Shape, in)
	}
	k := make([]float32, in.C)
	v := c.Float64s()
	for i := range k {
		x := v[i%len(v)]
		switch n.Op {
		case "Sub":
			x = -x
		case "Div":
			x = 1 / x
		}
		k[i] = float32(x)
	}
	if n.Op == "Mul" || n.Op == "Div" {
		return layers.Scale{Name: name, Scale: k}, nil
	}
	return layers.Scale{Name: name, Shift: k}, nil
}

// linear is alpha x W + beta c with W [in][out], or [out][in] when transB is set.
func (b *builder) linear(n *cases.Node, name string) (layers.Layer, error) {
	w := b.m.Constants[n.Input(1)]
	if w == nil || len(w.Shape) != 2 || n.Int("transA", 0) != 0 {
		return nil, fmt.Errorf("the weights %q are no constant matrix, or transA is set", n.Input(1))
	}
	rows, cols := w.Shape[0], w.Shape[1]
	l := layers.Linear{Name: name, Out: rows, Weights: w.Float32s()}
	if n.Int("transB", 0) == 0 {
		l.Out = cols
		t := make([]float32, len(l.Weights))
		for i := range rows {
			for j := range cols {
				t[j*rows+i] = l.Weights[i*cols+j]
			}
		}
		l.Weights = t
	}
	if n.Input(2) != "" {
		bias, err := b.floats(n.Input(2))
		if err != nil {
			return nil, err
		}
		l.Bias = make([]float32, l.Out)
		for i := range l.Bias {
			l.Bias[i] = bias[i%len(bias)]
		}
	}
	if alpha, beta := n.Float("alpha", 1), n.Float("beta", 1); alpha != 1 || beta != 1 {
		return nil, fmt.Errorf("alpha is %v and beta %v, want 1", alpha, beta)
	}
	return l, nil
}

// Window reads the attributes of a convolution or pooling on h rows and w columns. The kernel's size is
// an attribute, or kernelH and kernelW.
func Window(n *cases.Node, h, w, kernelH, kernelW int) (tensor.Window, error) {
	k := n.Ints("kernel_shape", kernelH, kernelW)
	s := n.Ints("strides", 1, 1)
	d := n.Ints("dilations", 1, 1)
	p := n.Ints("pads", 0, 0, 0, 0)
	if len(k) != 2 || len(s) != 2 || len(d) != 2 || len(p) != 4 {
		return tensor.Window{}, fmt.Errorf("a window over %d axes, want 2", len(k))
	}
	win := tensor.Window{
		KernelH: k[0], KernelW: k[1], StrideH: s[0], StrideW: s[1], DilationH: d[0], DilationW: d[1],
		PadTop: p[0], PadLeft: p[1], PadBottom: p[2], PadRight: p[3], CeilMode: n.Int("ceil_mode", 0) != 0,
	}
	switch auto := n.String("auto_pad", "NOTSET"); auto {
	case "NOTSET", "":
	case "VALID":
		win.PadTop, win.PadLeft, win.PadBottom, win.PadRight = 0, 0, 0, 0
	case "SAME_UPPER", "SAME_LOWER":
		win.PadTop, win.PadBottom = same(h, k[0], s[0], d[0], auto == "SAME_LOWER")
		win.PadLeft, win.PadRight = same(w, k[1], s[1], d[1], auto == "SAME_LOWER")
	default:
		return win, fmt.Errorf("auto_pad is %q", auto)
	}
	return win, nil
}

// same is the padding that makes ceil(in/stride) outputs; the odd one goes after, or before.
func same(in, kernel, stride, dilation int, lower bool) (before, after int) {
	out := (in + stride - 1) / stride
	pad := max(0, (out-1)*stride+(kernel-1)*dilation+1-in)
	if lower {
		return pad - pad/2, pad / 2
	}
	return pad / 2, pad - pad/2
}
