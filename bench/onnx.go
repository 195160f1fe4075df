package main

import (
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/onnxfile"
)

// ONNX models of one operation and of whole networks, with input x and output y.

// onnxModel writes a model of one node and perhaps more after it.
func onnxModel(nodes []onnxfile.Node, weights []onnxfile.Tensor, in, out []int, domain string) []byte {
	m := onnxfile.Model{
		Name: "case", Opsets: map[string]int{"": 13}, Nodes: nodes, Constants: weights,
		Inputs: []onnxfile.Port{{Name: "x", DType: "float32", Shape: in}}, Outputs: []onnxfile.Port{{Name: "y", DType: "float32", Shape: out}},
	}
	if domain != "" {
		m.Opsets[domain] = 1
	}
	return m.Bytes()
}

// ortConv is the model of a convolution with bias and ReLU on NCHW tensors.
func ortConv(c *Case, w, bias []float32) []byte {
	return onnxModel([]onnxfile.Node{
		{Op: "Conv", Inputs: []string{"x", "w", "b"}, Outputs: []string{"c"}, Attrs: append(convAttrs(c), onnxfile.Attr{Name: "group", Value: c.Groups})},
		{Op: "Relu", Inputs: []string{"c"}, Outputs: []string{"y"}},
	}, []onnxfile.Tensor{
		onnxfile.Floats("w", []int{c.OutC, c.C / c.Groups, c.KH, c.KW}, w),
		onnxfile.Floats("b", []int{c.OutC}, bias),
	}, []int{c.N, c.C, c.H, c.W}, []int{c.N, c.OutC, c.outH, c.outW}, "")
}

func convAttrs(c *Case) []onnxfile.Attr {
	return []onnxfile.Attr{
		{Name: "kernel_shape", Value: []int{c.KH, c.KW}},
		{Name: "strides", Value: []int{c.Stride, c.Stride}},
		{Name: "pads", Value: []int{c.Pad, c.Pad, c.Pad, c.Pad}},
		{Name: "dilations", Value: []int{1, 1}},
	}
}

const nchwcDomain = "com.microsoft.nchwc"

// nchwcPlan says how a convolution looks in onnxruntime's own layout, where channels come in
// blocks: tensors [N][C/block][H][W][block], and weights [O/block][I/block][H][W][I block][O block],
// or without the blocks of I for depthwise layers and for inputs of fewer channels than a block,
// which stay NCHW.
type nchwcPlan struct {
	block         int
	inC, outC     int // channels with padding
	weightC       int // channels of a filter
	groups        int
	inputIsPlain  bool
	filterBlocksI bool
}

func planNCHWc(c *Case, block int) (p nchwcPlan, ok bool) {
	pad := func(n int) int { return (n + block - 1) / block * block }
	p = nchwcPlan{block: block, inC: pad(c.C), outC: pad(c.OutC), groups: 1}
	switch {
	case c.Groups > 1:
		if c.Groups != c.C || c.OutC != c.C {
			return p, false
		}
		p.groups, p.weightC = p.outC, 1
	case c.C < block:
		p.inC, p.weightC, p.inputIsPlain = c.C, c.C, true
	default:
		p.weightC, p.filterBlocksI = p.inC, true
	}
	return p, true
}

// weights brings OIHW weights into the plan's layout; what is padding is 0.
func (p *nchwcPlan) weights(c *Case, w []float32) []float32 {
	out := make([]float32, p.outC*p.weightC*c.KH*c.KW)
	taps, icg := c.KH*c.KW, c.C/c.Groups
	for o := range c.OutC {
		for i := range icg {
			for t := range taps {
				var at int
				if p.filterBlocksI {
					at = (((o/p.block*(p.weightC/p.block)+i/p.block)*taps+t)*p.block+i%p.block)*p.block + o%p.block
				} else {
					at = ((o/p.block*p.weightC+i)*taps+t)*p.block + o%p.block
				}
				out[at] = w[(o*icg+i)*taps+t]
			}
		}
	}
	return out
}

// block brings an NCHW tensor into blocks of channels.
func blockChannels(x []float32, n, c, pixels, block int) []float32 {
	cb := (c + block - 1) / block
	out := make([]float32, n*cb*block*pixels)
	for b := range n {
		for ch := range c {
			for p := range pixels {
				out[((b*cb+ch/block)*pixels+p)*block+ch%block] = x[(b*c+ch)*pixels+p]
			}
		}
	}
	return out
}

// unblockChannels is the way back.
func unblockChannels(x []float32, n, c, pixels, block int) []float32 {
	cb := (c + block - 1) / block
	out := make([]float32, n*c*pixels)
	for b := range n {
		for ch := range c {
			for p := range pixels {
				out[(b*c+ch)*pixels+p] = x[((b*cb+ch/block)*pixels+p)*block+ch%block]
			}
		}
	}
	return out
}

// ortConvNCHWc is the same convolution as one node in onnxruntime's own layout.
func ortConvNCHWc(c *Case, p nchwcPlan, w, bias []float32) []byte {
	b := make([]float32, p.outC)
	copy(b, bias)
	return onnxModel([]onnxfile.Node{{
		Op: "Conv", Domain: nchwcDomain, Inputs: []string{"x", "w", "b"}, Outputs: []string{"y"},
		Attrs: append(convAttrs(c), onnxfile.Attr{Name: "group", Value: p.groups}, onnxfile.Attr{Name: "activation", Value: "Relu"}),
	}}, []onnxfile.Tensor{
		onnxfile.Floats("w", []int{p.outC, p.weightC, c.KH, c.KW}, p.weights(c, w)),
		onnxfile.Floats("b", []int{p.outC}, b),
	}, []int{c.N, p.inC, c.H, c.W}, []int{c.N, p.outC, c.outH, c.outW}, nchwcDomain)
}

// onnxNetwork writes a whole network.
func onnxNetwork(m *cases.Model, in, out []int) ([]byte, error) {
	f, err := onnxfile.OfModel(m)
	if err != nil {
		return nil, err
	}
	f.Rename(func(name string) string {
		switch name {
		case m.Input:
			return "x"
		case m.Outputs[0]:
			return "y"
		}
		return "n." + name
	})
	f.Inputs[0].Shape = in
	f.Outputs = []onnxfile.Port{{Name: "y", DType: "float32", Shape: out}}
	return f.Bytes(), nil
}

// ortPool is the model of a pooling: of NCHW tensors, or with domain nchwcDomain of tensors with so many
// channels in onnxruntime's own layout.
func ortPool(c *Case, domain string, channels int) []byte {
	node := onnxfile.Node{Op: "MaxPool", Domain: domain, Inputs: []string{"x"}, Outputs: []string{"y"}}
	if c.Pool == "avg" {
		node.Op = "AveragePool"
	}
	if c.Pool == "avg" && c.global() {
		node.Op = "GlobalAveragePool"
	} else {
		node.Attrs = []onnxfile.Attr{
			{Name: "kernel_shape", Value: []int{c.KH, c.KW}},
			{Name: "strides", Value: []int{c.Stride, c.Stride}},
			{Name: "pads", Value: []int{c.Pad, c.Pad, c.Pad, c.Pad}},
			{Name: "ceil_mode", Value: map[bool]int{true: 1}[c.Ceil]},
		}
	}
	return onnxModel([]onnxfile.Node{node}, nil, []int{c.N, channels, c.H, c.W}, []int{c.N, channels, c.outH, c.outW}, domain)
}

// ortGemm multiplies by a constant right operand, which onnxruntime packs.
func ortGemm(c *Case, a, b matrix) []byte {
	node := onnxfile.Node{Op: "MatMul", Inputs: []string{"x", "w"}, Outputs: []string{"y"}}
	if c.TransA || c.TransB {
		bit := map[bool]int{true: 1}
		node.Op, node.Attrs = "Gemm", []onnxfile.Attr{{Name: "transA", Value: bit[c.TransA]}, {Name: "transB", Value: bit[c.TransB]}}
	}
	return onnxModel([]onnxfile.Node{node}, []onnxfile.Tensor{onnxfile.Floats("w", []int{b.rows, b.cols}, b.data)},
		[]int{a.rows, a.cols}, []int{c.GemmM, c.GemmN}, "")
}
