package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/simdnn/simdnn/internal/cases"
)

// ONNX models of one operation and of whole networks, written as protocol buffers by hand. Field numbers are those of
// onnx.proto3; messages are built from the inside out.

type message []byte

func (m *message) bytes(field protowire.Number, b []byte) {
	*m = protowire.AppendBytes(protowire.AppendTag(*m, field, protowire.BytesType), b)
}

func (m *message) string(field protowire.Number, s string) { m.bytes(field, []byte(s)) }

func (m *message) int(field protowire.Number, v int) {
	*m = protowire.AppendVarint(protowire.AppendTag(*m, field, protowire.VarintType), uint64(v))
}

type onnxAttr struct {
	name string
	i    int
	ints []int
	s    string
}

func (a onnxAttr) message() (m message) {
	const typeInt, typeString, typeInts = 2, 3, 7
	m.string(1, a.name)
	switch {
	case a.ints != nil:
		for _, v := range a.ints {
			m.int(8, v)
		}
		m.int(20, typeInts)
	case a.s != "":
		m.string(4, a.s)
		m.int(20, typeString)
	default:
		m.int(3, a.i)
		m.int(20, typeInt)
	}
	return m
}

type onnxNode struct {
	op, domain string
	inputs     []string
	output     string
	attrs      []onnxAttr
}

func (n onnxNode) message() (m message) {
	for _, in := range n.inputs {
		m.string(1, in)
	}
	m.string(2, n.output)
	m.string(3, n.output)
	m.string(4, n.op)
	for _, a := range n.attrs {
		m.bytes(5, a.message())
	}
	if n.domain != "" {
		m.string(7, n.domain)
	}
	return m
}

const onnxFloat = 1 // TensorProto.FLOAT

type onnxTensor struct {
	name string
	dims []int
	data []float32
}

func (t onnxTensor) message() (m message) {
	for _, d := range t.dims {
		m.int(1, d)
	}
	m.int(2, onnxFloat)
	m.string(8, t.name)
	raw := make([]byte, 4*len(t.data))
	for i, v := range t.data {
		binary.LittleEndian.PutUint32(raw[4*i:], math.Float32bits(v))
	}
	m.bytes(9, raw)
	return m
}

// valueInfo describes an input or output of the graph.
func valueInfo(name string, dims []int) (m message) {
	var shape message
	for _, d := range dims {
		var dim message
		dim.int(1, d)
		shape.bytes(1, dim)
	}
	var tensor, typ message
	tensor.int(1, onnxFloat)
	tensor.bytes(2, shape)
	typ.bytes(1, tensor)
	m.string(1, name)
	m.bytes(2, typ)
	return m
}

// onnxModel writes a model with input x and output y.
func onnxModel(nodes []onnxNode, weights []onnxTensor, in, out []int, domain string) []byte {
	var g, m message
	for _, n := range nodes {
		g.bytes(1, n.message())
	}
	g.string(2, "case")
	for _, t := range weights {
		g.bytes(5, t.message())
	}
	g.bytes(11, valueInfo("x", in))
	g.bytes(12, valueInfo("y", out))
	m.int(1, 8) // IR version
	m.bytes(7, g)
	opset := func(domain string, version int) {
		var o message
		o.string(1, domain)
		o.int(2, version)
		m.bytes(8, o)
	}
	opset("", 13)
	if domain != "" {
		opset(domain, 1)
	}
	return m
}

// ortConv is the model of a convolution with bias and ReLU on NCHW tensors.
func ortConv(c *Case, w, bias []float32) []byte {
	return onnxModel([]onnxNode{
		{op: "Conv", inputs: []string{"x", "w", "b"}, output: "c", attrs: append(convAttrs(c), onnxAttr{name: "group", i: c.Groups})},
		{op: "Relu", inputs: []string{"c"}, output: "y"},
	}, []onnxTensor{
		{"w", []int{c.OutC, c.C / c.Groups, c.KH, c.KW}, w},
		{"b", []int{c.OutC}, bias},
	}, []int{c.N, c.C, c.H, c.W}, []int{c.N, c.OutC, c.outH, c.outW}, "")
}

func convAttrs(c *Case) []onnxAttr {
	return []onnxAttr{
		{name: "kernel_shape", ints: []int{c.KH, c.KW}},
		{name: "strides", ints: []int{c.Stride, c.Stride}},
		{name: "pads", ints: []int{c.Pad, c.Pad, c.Pad, c.Pad}},
		{name: "dilations", ints: []int{1, 1}},
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
	return onnxModel([]onnxNode{{
		op: "Conv", domain: nchwcDomain, inputs: []string{"x", "w", "b"}, output: "y",
		attrs: append(convAttrs(c), onnxAttr{name: "group", i: p.groups}, onnxAttr{name: "activation", s: "Relu"}),
	}}, []onnxTensor{
		{"w", []int{p.outC, p.weightC, c.KH, c.KW}, p.weights(c, w)},
		{"b", []int{p.outC}, b},
	}, []int{c.N, p.inC, c.H, c.W}, []int{c.N, p.outC, c.outH, c.outW}, nchwcDomain)
}

// onnxNetwork writes a whole network, whose attributes are integers and lists of them.
func onnxNetwork(m *cases.Model, in, out []int) ([]byte, error) {
	rename := func(name string) string {
		switch name {
		case m.Input:
			return "x"
		case m.Outputs[0]:
			return "y"
		}
		return "n." + name
	}
	var nodes []onnxNode
	for i := range m.Nodes {
		n := &m.Nodes[i]
		q := onnxNode{op: n.Op, domain: n.Domain, output: rename(n.Outputs[0])}
		for _, name := range n.Inputs {
			q.inputs = append(q.inputs, rename(name))
		}
		for _, name := range slices.Sorted(maps.Keys(n.Attrs)) {
			a := onnxAttr{name: name}
			if json.Unmarshal(n.Attrs[name], &a.i) != nil {
				if err := json.Unmarshal(n.Attrs[name], &a.ints); err != nil {
					return nil, fmt.Errorf("%s: %s: attribute %s: %w", m.Name, n.Op, name, err)
				}
			}
			q.attrs = append(q.attrs, a)
		}
		nodes = append(nodes, q)
	}
	var weights []onnxTensor
	for _, name := range slices.Sorted(maps.Keys(m.Constants)) {
		t := m.Constants[name]
		weights = append(weights, onnxTensor{rename(name), t.Shape, t.Float32s()})
	}
	return onnxModel(nodes, weights, in, out, ""), nil
}

// ortPool is the model of a pooling: of NCHW tensors, or with domain nchwcDomain of tensors with so many
// channels in onnxruntime's own layout.
func ortPool(c *Case, domain string, channels int) []byte {
	node := onnxNode{op: "MaxPool", domain: domain, inputs: []string{"x"}, output: "y"}
	if c.Pool == "avg" {
		node.op = "AveragePool"
	}
	if c.Pool == "avg" && c.global() {
		node.op = "GlobalAveragePool"
	} else {
		node.attrs = []onnxAttr{
			{name: "kernel_shape", ints: []int{c.KH, c.KW}},
			{name: "strides", ints: []int{c.Stride, c.Stride}},
			{name: "pads", ints: []int{c.Pad, c.Pad, c.Pad, c.Pad}},
			{name: "ceil_mode", i: map[bool]int{true: 1}[c.Ceil]},
		}
	}
	return onnxModel([]onnxNode{node}, nil, []int{c.N, channels, c.H, c.W}, []int{c.N, channels, c.outH, c.outW}, domain)
}

// ortGemm multiplies by a constant right operand, which onnxruntime packs.
func ortGemm(c *Case, a, b matrix) []byte {
	node := onnxNode{op: "MatMul", inputs: []string{"x", "w"}, output: "y"}
	if c.TransA || c.TransB {
		bit := map[bool]int{true: 1}
		node.op, node.attrs = "Gemm", []onnxAttr{{name: "transA", i: bit[c.TransA]}, {name: "transB", i: bit[c.TransB]}}
	}
	return onnxModel([]onnxNode{node}, []onnxTensor{{"w", []int{b.rows, b.cols}, b.data}},
		[]int{a.rows, a.cols}, []int{c.GemmM, c.GemmN}, "")
}
