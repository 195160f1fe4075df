package onnx

import (
	"fmt"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/simdnn/simdnn/tensor"
)

// Writing of files. What a change leaves as it is keeps its bytes, fields that this package does not know included.

// message is a message that grows field by field.
type message []byte

func (m message) bytes(num protowire.Number, b []byte) message {
	return protowire.AppendBytes(protowire.AppendTag(m, num, protowire.BytesType), b)
}

func (m message) text(num protowire.Number, s string) message { return m.bytes(num, []byte(s)) }

func (m message) number(num protowire.Number, v int64) message {
	return protowire.AppendVarint(protowire.AppendTag(m, num, protowire.VarintType), uint64(v))
}

// without copies a message that has been read before, but for the fields with these numbers.
func without(b []byte, nums ...protowire.Number) (m message) {
	for len(b) > 0 {
		num, _, n := protowire.ConsumeField(b)
		if n < 0 {
			return m
		}
		if !slices.Contains(nums, num) {
			m = append(m, b[:n]...)
		}
		b = b[n:]
	}
	return m
}

// encode writes a node with the inputs and outputs that it has now.
func (n *nodeProto) encode() message {
	m := without(n.raw, 1, 2)
	for _, name := range n.inputs {
		m = m.text(1, name)
	}
	for _, name := range n.outputs {
		m = m.text(2, name)
	}
	return m
}

// newNode is a node that no file has yet.
func newNode(name, kind, domain string, inputs []string, output string, attrs ...message) *nodeProto {
	m := message(nil).text(3, name).text(4, kind)
	if domain != "" {
		m = m.text(7, domain)
	}
	for _, a := range attrs {
		m = m.bytes(5, a)
	}
	return &nodeProto{inputs: inputs, outputs: []string{output}, name: name, op: kind, domain: domain, raw: m}
}

// dropAttrs takes attributes away.
func (n *nodeProto) dropAttrs(names ...string) {
	m := without(n.raw, 5)
	for b := n.raw; len(b) > 0; {
		num, _, size := protowire.ConsumeField(b)
		if num == 5 {
			_, _, tag := protowire.ConsumeTag(b)
			body, _ := protowire.ConsumeBytes(b[tag:])
			a, err := parseAttr(field{typ: protowire.BytesType, bytes: body})
			if err != nil || !slices.Contains(names, a.name) {
				m = append(m, b[:size]...)
			}
		}
		b = b[size:]
	}
	n.raw = m
}

func intAttr(name string, v int) message {
	return message(nil).text(1, name).number(3, int64(v)).number(20, attrInt)
}

func textAttr(name, s string) message {
	return message(nil).text(1, name).text(4, s).number(20, attrString)
}

// tensorMessage is an initializer.
func tensorMessage(name string, a tensor.Array) (m message, err error) {
	for _, d := range a.Dims().Slice() {
		m = m.number(1, int64(d))
	}
	for code, d := range dtypes {
		if d == a.DType() {
			return m.number(2, code).text(8, name).bytes(9, a.Bytes()), nil
		}
	}
	return nil, fmt.Errorf("tensor %q: there is no %v in files", name, a.DType())
}

// edit is a file that is being changed: its graph's nodes in running order, and new initializers.
type edit struct {
	f       *File
	nodes   []*nodeProto
	initial map[string]tensor.Array
	order   []string // of the new initializers
	opsets  map[string]int64
}

// add gives the file an initializer.
func (e *edit) add(name string, a tensor.Array) {
	if _, ok := e.initial[name]; !ok {
		e.order = append(e.order, name)
	}
	e.initial[name] = a
}

// leastVersion is a version of the format that has initializers that are no inputs, and so constants, and operator set 13.
const leastVersion = 7

// encode writes the file. Nodes and initializers that nothing wants are left away.
func (e *edit) encode() ([]byte, error) {
	f, g := e.f, e.f.m.graph
	used := make(map[string]bool)
	for _, o := range g.outputs {
		used[o.name] = true
	}
	var live []*nodeProto
	for _, n := range slices.Backward(e.nodes) {
		if slices.ContainsFunc(n.outputs, func(o string) bool { return used[o] }) {
			live = append(live, n)
			for _, name := range n.wants() {
				used[name] = true
			}
		}
	}
	slices.Reverse(live)
	out := without(g.raw, 1, 5, 11, 13)
	known := make(map[string]bool)
	for _, n := range live {
		out = out.bytes(1, n.encode())
		for _, o := range n.outputs {
			known[o] = true
		}
	}
	for _, t := range g.initializers {
		if !used[t.name] {
			continue
		}
		m := message(t.message)
		if t.isExtern { // the file may lie in another folder than that of its elements
			a, err := f.array(t)
			if err != nil {
				return nil, err
			}
			if m, err = tensorMessage(t.name, a); err != nil {
				return nil, err
			}
		}
		out = out.bytes(5, m)
	}
	for _, name := range e.order {
		if !used[name] {
			continue
		}
		m, err := tensorMessage(name, e.initial[name])
		if err != nil {
			return nil, err
		}
		out = out.bytes(5, m)
	}
	for _, i := range g.inputs {
		if !f.initialised(i.name) {
			out = out.bytes(11, i.raw)
		}
	}
	out = append(out, e.valueInfos(known)...)
	m := without(f.m.raw, 1, 7, 8).number(1, max(f.m.irVersion, leastVersion)).bytes(7, out)
	for _, o := range f.m.opsets {
		m = m.bytes(8, message(nil).text(1, o.domain).number(2, e.opsets[domain(o.domain)]))
	}
	for d, v := range e.opsets {
		if _, ok := f.opsets[d]; !ok {
			m = m.bytes(8, message(nil).text(1, d).number(2, v))
		}
	}
	if len(m) > math.MaxInt32 {
		return nil, fmt.Errorf("the file would have %d bytes, want at most %d", len(m), math.MaxInt32)
	}
	return m, nil
}

// valueInfos are the fields that say the types of values inside, as far as there still are such values.
func (e *edit) valueInfos(known map[string]bool) (m message) {
	for b := e.f.m.graph.raw; len(b) > 0; {
		num, _, size := protowire.ConsumeField(b)
		if num == 13 {
			_, _, tag := protowire.ConsumeTag(b)
			body, _ := protowire.ConsumeBytes(b[tag:])
			if v, err := parseValueInfo(field{typ: protowire.BytesType, bytes: body}); err == nil && known[v.name] {
				m = append(m, b[:size]...)
			}
		}
		b = b[size:]
	}
	return m
}

// firstPerChannel is the operator set from which on DequantizeLinear has an axis.
const firstPerChannel = 13

// An argument was an attribute before some operator set, and is an input of the same node since.
type argument struct {
	attr  string
	input int
	since int64
}

// raised are operators that mean the same in operator set 13 as from a set on, and what of them is said in another way since. Softmax and its like meant all axes from one
// on before.
var raised = map[string]struct {
	from int64
	args []argument
}{
	"Clip": {7, []argument{{"min", 1, 11}, {"max", 2, 11}}}, "Squeeze": {7, []argument{{"axes", 1, 13}}}, "Unsqueeze": {7, []argument{{"axes", 1, 13}}},
	"ReduceSum": {7, []argument{{"axes", 1, 13}}}, "Split": {7, []argument{{"split", 1, 13}}}, "Pad": {7, []argument{{"pads", 1, 11}, {"value", 2, 11}}},
	"Slice": {7, []argument{{"starts", 1, 10}, {"ends", 2, 10}, {"axes", 3, 10}}}, "Upsample": {7, []argument{{"scales", 1, 9}}}, "Resize": {from: 11}, "TopK": {from: 11}, "ScatterND": {from: 11}, "GatherND": {from: 11},
	"Conv": {}, "ConvTranspose": {}, "MaxPool": {}, "AveragePool": {}, "GlobalAveragePool": {}, "GlobalMaxPool": {}, "BatchNormalization": {}, "InstanceNormalization": {},
	"LRN": {}, "Gemm": {}, "MatMul": {}, "Add": {}, "Sub": {}, "Mul": {}, "Div": {}, "Pow": {}, "Max": {}, "Min": {}, "Sum": {}, "Relu": {}, "LeakyRelu": {}, "PRelu": {}, "Elu": {},
	"Selu": {}, "Sigmoid": {}, "HardSigmoid": {}, "Tanh": {}, "Softplus": {}, "Softsign": {}, "Softmax": {}, "LogSoftmax": {}, "Exp": {}, "Log": {}, "Sqrt": {}, "Abs": {}, "Neg": {},
	"Erf": {}, "Floor": {}, "Ceil": {}, "Reciprocal": {}, "Concat": {}, "Reshape": {}, "Flatten": {}, "Transpose": {}, "Identity": {}, "Shape": {}, "Gather": {}, "Expand": {}, "Tile": {},
	"Constant": {}, "ConstantOfShape": {}, "Cast": {}, "Where": {}, "Equal": {}, "ReduceMean": {}, "ReduceMax": {}, "ReduceMin": {}, "SpaceToDepth": {}, "DepthToSpace": {},
	"GRU": {}, "LSTM": {}, "RNN": {},
}

// raise has the file follow operator set 13 instead of an older one: rank returns the number of axes of a value. Where it says of a node that it cannot, it has changed nothing.
func (e *edit) raise(rank func(name string) (int, bool), unique func(string) string) error {
	from := e.opsets[""]
	if from >= firstPerChannel {
		return nil
	}
	if from < 7 {
		return fmt.Errorf("operator set %d is older than 7, the oldest that can be written in another", from)
	}
	if len(e.f.m.functions) > 0 {
		return fmt.Errorf("the file has functions of its own for operator set %d", from)
	}
	for _, n := range e.nodes {
		if domain(n.domain) != "" {
			continue
		}
		r, ok := raised[n.op]
		if ok = ok && from >= r.from && n.attrs["spatial"] == nil; ok && (n.op == "Softmax" || n.op == "LogSoftmax") {
			axes, known := rank(n.inputs[0])
			at, err := tensor.Axis(n.look().int("axis", 1), axes)
			ok = known && err == nil && at == axes-1
		}
		if !ok {
			return fmt.Errorf("node %s of operator set %d may mean something else in set %d", n.called(), from, firstPerChannel)
		}
	}
	for _, n := range e.nodes {
		if domain(n.domain) != "" {
			continue
		}
		for _, arg := range raised[n.op].args {
			a := n.attrs[arg.attr]
			if a == nil || from >= arg.since {
				continue
			}
			v := tensor.Vector(slices.Clone(a.ints))
			switch a.kind {
			case attrFloat:
				v = tensor.Scalar(a.f)
			case attrFloats:
				v = tensor.Vector(slices.Clone(a.floats))
			}
			name := unique(n.outputs[0] + "_" + arg.attr)
			e.add(name, v)
			for len(n.inputs) <= arg.input {
				n.inputs = append(n.inputs, "")
			}
			n.inputs[arg.input] = name
			n.dropAttrs(arg.attr)
		}
		switch n.op {
		case "Softmax", "LogSoftmax":
			n.dropAttrs("axis")
			n.raw = message(n.raw).bytes(5, intAttr("axis", -1))
		case "Upsample":
			n.op = "Resize"
			n.inputs = []string{n.inputs[0], "", n.inputs[1]}
			n.raw = without(n.raw, 4).text(4, n.op).bytes(5, textAttr("coordinate_transformation_mode", "asymmetric")).bytes(5, textAttr("nearest_mode", "floor"))
		}
	}
	e.opsets[""] = firstPerChannel
	return nil
}
