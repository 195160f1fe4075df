package onnx

import (
	"fmt"
	"slices"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// node is a node of a file while it becomes operators.
type node struct {
	b     *builder
	s     *scope
	p     *nodeProto
	in    []*graph.Value // nil: left out
	attrs map[string]*attrProto
	used  map[string]bool
	err   error // the first wrong attribute
}

// Node is a node of a file: as a list of them shows it, or for operators of one's own.
type Node struct{ n *node }

// Nodes lists the nodes of the file's graph as they stand there, without those of graphs inside nodes.
func (f *File) Nodes() (list []Node) {
	for _, p := range f.m.graph.nodes {
		list = append(list, Node{p.look()})
	}
	return list
}

// look is the node for who only wants to see its attributes.
func (n *nodeProto) look() *node { return &node{p: n, attrs: n.attrs, used: make(map[string]bool)} }

// Op is the name of the operator.
func (n Node) Op() string { return n.n.p.op }

// Name is the name of the node, which may be empty.
func (n Node) Name() string { return n.n.p.name }

// Inputs are the names of the values that it takes, "" for those that are left out.
func (n Node) Inputs() []string { return slices.Clone(n.n.p.inputs) }

// Outputs are the names of the values that it makes, "" for those that nobody wants.
func (n Node) Outputs() []string { return slices.Clone(n.n.p.outputs) }

// Int returns an attribute, or def where it is left out.
func (n Node) Int(name string, def int) (int, error) {
	v := n.n.int(name, def)
	return v, n.n.err
}

// Float returns an attribute, or def where it is left out.
func (n Node) Float(name string, def float32) (float32, error) {
	v := n.n.float(name, def)
	return v, n.n.err
}

// Ints returns an attribute, or def where it is left out.
func (n Node) Ints(name string, def ...int) ([]int, error) {
	v := n.n.ints(name, def...)
	return v, n.n.err
}

// String returns an attribute, or def where it is left out.
func (n Node) String(name, def string) (string, error) {
	v := n.n.string(name, def)
	return v, n.n.err
}

// opset is the version of the standard's operator set that the node follows.
func (n *node) opset() int64 { return n.s.opset }

// attr returns an attribute of the given kind, or nil.
func (n *node) attr(name string, kind int64) *attrProto {
	a := n.attrs[name]
	if a == nil {
		return nil
	}
	n.used[name] = true
	if a.kind != kind {
		if n.err == nil {
			n.err = fmt.Errorf("attribute %q is of kind %s, want %s", name, attrKind(a.kind), attrKind(kind))
		}
		return nil
	}
	return a
}

func attrKind(k int64) string {
	names := []string{"none", "float", "int", "string", "tensor", "graph", "floats", "ints", "strings"}
	if k >= 0 && int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprint(k)
}

func (n *node) has(name string) bool { return n.attrs[name] != nil }

func (n *node) int(name string, def int) int {
	if a := n.attr(name, attrInt); a != nil {
		return int(a.i)
	}
	return def
}

func (n *node) bool(name string, def bool) bool {
	d := 0
	if def {
		d = 1
	}
	return n.int(name, d) != 0
}

func (n *node) float(name string, def float32) float32 {
	if a := n.attr(name, attrFloat); a != nil {
		return a.f
	}
	return def
}

func (n *node) string(name, def string) string {
	if a := n.attr(name, attrString); a != nil {
		return string(a.s)
	}
	return def
}

func (n *node) ints(name string, def ...int) []int {
	if a := n.attr(name, attrInts); a != nil {
		out := make([]int, len(a.ints))
		for i, v := range a.ints {
			out[i] = int(v)
		}
		return out
	}
	return def
}

func (n *node) floats(name string) []float32 {
	if a := n.attr(name, attrFloats); a != nil {
		return a.floats
	}
	return nil
}

// dims is an attribute of a few integers as Dims.
func (n *node) dims(name string, def ...int) tensor.Dims {
	d, err := tensor.MakeDims(n.ints(name, def...))
	if err != nil && n.err == nil {
		n.err = fmt.Errorf("attribute %q: %w", name, err)
	}
	return d
}

// choice is the place of a string attribute in a list.
func (n *node) choice(name, def string, of ...string) int {
	s := n.string(name, def)
	for i, c := range of {
		if c == s {
			return i
		}
	}
	if n.err == nil {
		n.err = fmt.Errorf("attribute %q is %q, want one of %q", name, s, of)
	}
	return 0
}

// add applies an operator in the node's name, unless an attribute was wrong.
func (n *node) add(op graph.Op, in ...*graph.Value) ([]*graph.Value, error) {
	if n.err != nil {
		return nil, n.err
	}
	for i, v := range in {
		if _, ok := n.b.sequences[v]; ok {
			return nil, fmt.Errorf("input %d is a sequence, want a tensor", i)
		}
	}
	name := n.p.name
	if name == "" && len(n.p.outputs) > 0 {
		name = n.p.outputs[0]
	}
	return n.b.g.Add(name, op, in...)
}

// all applies an operator to all inputs of the node.
func (n *node) all(op graph.Op) ([]*graph.Value, error) { return n.add(op, n.in...) }

// input returns input i, or nil where it is left out.
func (n *node) input(i int) *graph.Value {
	if i < len(n.in) {
		return n.in[i]
	}
	return nil
}

// vector is a constant of integers, as operators take them that were attributes once.
func (n *node) vector(x ...int) *graph.Value {
	v := make([]int64, len(x))
	for i, e := range x {
		v[i] = int64(e)
	}
	return n.b.g.Const(n.p.name, tensor.Vector(v))
}

// number is a constant of one floating-point element, of the type of input 0.
func (n *node) number(x float32) *graph.Value {
	a := tensor.NewArray(tensor.T(n.in[0].Type().DType))
	a.SetFloat(0, float64(x))
	return n.b.g.Const(n.p.name, a)
}

// attrOrInput returns input i, or where it is left out the integers of an attribute as a constant.
func (n *node) attrOrInput(i int, name string) *graph.Value {
	if v := n.input(i); v != nil || !n.has(name) {
		return v
	}
	return n.vector(n.ints(name)...)
}
