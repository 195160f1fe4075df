// Package onnxfile writes ONNX files: of stored cases and networks, which are lists of operators in the standard's terms, and
// of whatever else tests and benchmarks give to a reader of such files. The library reads them (package onnx), and writes none but
// quantised ones of those that it has read.
package onnxfile

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// Model is what a file says. Opsets are the versions of the operator sets by domain, "" for the standard's.
type Model struct {
	Name            string
	Opsets          map[string]int
	Inputs, Outputs []Port
	Nodes           []Node
	Constants       []Tensor
}

// Port is an input or an output; an output may leave out its type.
type Port struct {
	Name  string
	DType string // "" leaves out the type
	Shape []int
}

// Node is an operator applied to named values, "" for an input that is left out.
type Node struct {
	Op, Domain      string
	Inputs, Outputs []string
	Attrs           []Attr
}

// Attr is an attribute: an int, float32, string, []int, []float32 or []string.
type Attr struct {
	Name  string
	Value any
}

// Tensor is a constant: its elements are bytes, little-endian.
type Tensor struct {
	Name, DType string
	Shape       []int
	Data        []byte
}

// Floats is a constant of float32.
func Floats(name string, shape []int, x []float32) Tensor {
	b := make([]byte, 0, 4*len(x))
	for _, v := range x {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return Tensor{name, "float32", shape, b}
}

// Rename gives every value another name.
func (m *Model) Rename(name func(string) string) {
	all := func(names []string) {
		for i, s := range names {
			if s != "" {
				names[i] = name(s)
			}
		}
	}
	for i := range m.Nodes {
		all(m.Nodes[i].Inputs)
		all(m.Nodes[i].Outputs)
	}
	for _, ports := range [][]Port{m.Inputs, m.Outputs} {
		for i := range ports {
			ports[i].Name = name(ports[i].Name)
		}
	}
	for i := range m.Constants {
		m.Constants[i].Name = name(m.Constants[i].Name)
	}
}

// Field numbers and codes below are those of onnx.proto3.

// dtypes are the codes of TensorProto.DataType.
var dtypes = map[string]int{
	"float32": 1, "uint8": 2, "int8": 3, "uint16": 4, "int16": 5, "int32": 6, "int64": 7, "bool": 9,
	"float16": 10, "float64": 11, "uint32": 12, "uint64": 13, "bfloat16": 16,
}

// message is an encoded protocol buffer; messages are built from the inside out.
type message []byte

func (m *message) bytes(field protowire.Number, b []byte) {
	*m = protowire.AppendBytes(protowire.AppendTag(*m, field, protowire.BytesType), b)
}

func (m *message) string(field protowire.Number, s string) { m.bytes(field, []byte(s)) }

func (m *message) int(field protowire.Number, v int) {
	*m = protowire.AppendVarint(protowire.AppendTag(*m, field, protowire.VarintType), uint64(int64(v)))
}

func (m *message) float(field protowire.Number, v float32) {
	*m = protowire.AppendFixed32(protowire.AppendTag(*m, field, protowire.Fixed32Type), math.Float32bits(v))
}

// Bytes is the file. It panics where an attribute or an element has a type that files do not have.
func (m *Model) Bytes() []byte {
	var g, file message
	for _, n := range m.Nodes {
		g.bytes(1, n.message())
	}
	g.string(2, m.Name)
	for _, t := range m.Constants {
		g.bytes(5, t.message())
	}
	for _, p := range m.Inputs {
		g.bytes(11, p.message())
	}
	for _, p := range m.Outputs {
		g.bytes(12, p.message())
	}
	file.int(1, 8) // IR version
	file.bytes(7, g)
	for _, domain := range slices.Sorted(maps.Keys(m.Opsets)) {
		var o message
		o.string(1, domain)
		o.int(2, m.Opsets[domain])
		file.bytes(8, o)
	}
	return file
}

func (n Node) message() (m message) {
	for _, in := range n.Inputs {
		m.string(1, in)
	}
	for _, out := range n.Outputs {
		m.string(2, out)
	}
	if len(n.Outputs) > 0 {
		m.string(3, n.Outputs[0]) // its name
	}
	m.string(4, n.Op)
	for _, a := range n.Attrs {
		m.bytes(5, a.message())
	}
	if n.Domain != "" {
		m.string(7, n.Domain)
	}
	return m
}

func (a Attr) message() (m message) {
	const typeFloat, typeInt, typeString, typeFloats, typeInts, typeStrings = 1, 2, 3, 6, 7, 8
	kind := 0
	m.string(1, a.Name)
	switch v := a.Value.(type) {
	case float32:
		kind = typeFloat
		m.float(2, v)
	case int:
		kind = typeInt
		m.int(3, v)
	case string:
		kind = typeString
		m.string(4, v)
	case []float32:
		kind = typeFloats
		for _, x := range v {
			m.float(7, x)
		}
	case []int:
		kind = typeInts
		for _, x := range v {
			m.int(8, x)
		}
	case []string:
		kind = typeStrings
		for _, x := range v {
			m.string(9, x)
		}
	default:
		panic(fmt.Sprintf("onnxfile: attribute %q is a %T", a.Name, a.Value))
	}
	m.int(20, kind)
	return m
}

func (t Tensor) message() (m message) {
	for _, d := range t.Shape {
		m.int(1, d)
	}
	m.int(2, code(t.DType))
	m.string(8, t.Name)
	m.bytes(9, t.Data)
	return m
}

func (p Port) message() (m message) {
	m.string(1, p.Name)
	if p.DType == "" {
		return m
	}
	var shape, tensor, typ message
	for _, d := range p.Shape {
		var dim message
		dim.int(1, d)
		shape.bytes(1, dim)
	}
	tensor.int(1, code(p.DType))
	tensor.bytes(2, shape)
	typ.bytes(1, tensor)
	m.bytes(2, typ)
	return m
}

func code(dtype string) int {
	c, ok := dtypes[dtype]
	if !ok {
		panic(fmt.Sprintf("onnxfile: no elements of type %q", dtype))
	}
	return c
}
