package layers

import (
	"fmt"

	"github.com/simdnn/simdnn/tensor"
)

// Graph is a network under construction: layers applied to values, in any directed acyclic way. An
// error does not stop the building: Compile returns the first. A Graph is for one goroutine.
type Graph struct {
	nodes   []*node
	inputs  []int
	outputs []int
	err     error
	kinds   map[string]int // nodes without a name, by kind
}

// Value is what a layer of a graph gives: a batch of maps or of features.
type Value struct {
	g  *Graph
	id int // of the node; -1 after an error
}

// node is a layer applied to values, or an input of the network. It has one output.
type node struct {
	kind, name string
	layer      primitive // nil for an input
	in         []int     // nodes
	shape      tensor.Shape
	costs      costs
}

func (n *node) String() string { return fmt.Sprintf("%s %q", n.kind, n.name) }

// NewGraph returns an empty graph.
func NewGraph() *Graph { return &Graph{kinds: make(map[string]int)} }

// Input adds an input of the network. Features without rows and columns have H and W 1.
func (g *Graph) Input(name string, s tensor.Shape) Value {
	if err := s.Check(); err != nil {
		return g.fail(fmt.Errorf("layers: input %q: %w", name, err))
	}
	g.inputs = append(g.inputs, len(g.nodes))
	return g.push(&node{kind: "input", name: g.named("input", name), shape: s})
}

// Apply adds a layer, or a block of layers, to the graph and returns what it gives. Add, Mul and Concat
// take several inputs, everything else one.
func (g *Graph) Apply(l Layer, in ...Value) Value {
	if g.err != nil {
		return Value{g, -1}
	}
	if l == nil {
		return g.fail(fmt.Errorf("layers: a layer is nil"))
	}
	kind, name := l.label()
	for i, v := range in {
		if v.g != g {
			return g.fail(fmt.Errorf("layers: %s %q: input %d belongs to another graph", kind, g.named(kind, name), i))
		}
	}
	least, most := 1, 1
	if j, ok := l.(joining); ok {
		least, most = j.arity()
	}
	if len(in) < least || len(in) > most {
		want := fmt.Sprintf("%d", least)
		if most > least {
			want = fmt.Sprintf("at least %d", least)
		}
		return g.fail(fmt.Errorf("layers: %s %q has %d inputs, want %s", kind, g.named(kind, name), len(in), want))
	}
	switch l := l.(type) {
	case block:
		return l.build(g, in[0])
	case function:
		return g.add(activation{kind, name, l.function()}, in)
	default:
		return g.add(l.(primitive), in)
	}
}

// Output makes v an output of the network: the first call the first output, and so on. The layout of an
// output that is no single pixel is that of Options.
func (g *Graph) Output(v Value) {
	switch {
	case g.err != nil:
	case v.g != g:
		g.err = fmt.Errorf("layers: output %d belongs to another graph", len(g.outputs))
	default:
		g.outputs = append(g.outputs, v.id)
	}
}

// Shape returns the shape of a value: zero after an error.
func (v Value) Shape() tensor.Shape {
	if v.g == nil || v.id < 0 {
		return tensor.Shape{}
	}
	return v.g.nodes[v.id].shape
}

// Err returns the first error so far.
func (g *Graph) Err() error { return g.err }

func (g *Graph) fail(err error) Value {
	if g.err == nil {
		g.err = err
	}
	return Value{g, -1}
}

// add appends a node, if its layer likes its inputs.
func (g *Graph) add(l primitive, in []Value) Value {
	kind, name := l.label()
	n := &node{kind: kind, name: g.named(kind, name), layer: l}
	var shapes []tensor.Shape
	for _, v := range in {
		n.in = append(n.in, v.id)
		shapes = append(shapes, v.Shape())
	}
	var err error
	if n.shape, err = l.infer(shapes); err != nil {
		return g.fail(fmt.Errorf("layers: %v: %w", n, err))
	}
	if c, ok := l.(costly); ok {
		n.costs = c.cost(shapes, n.shape)
	}
	return g.push(n)
}

func (g *Graph) push(n *node) Value {
	g.nodes = append(g.nodes, n)
	return Value{g, len(g.nodes) - 1}
}

// named gives a nameless node its kind and a number, from 1.
func (g *Graph) named(kind, name string) string {
	if name != "" {
		return name
	}
	g.kinds[kind]++
	return fmt.Sprintf("%s%d", kind, g.kinds[kind])
}

// Compile makes a model of layers on one input.
func Compile(l Layer, in tensor.Shape, o Options) (*Model, error) {
	g := NewGraph()
	g.Output(g.Apply(l, g.Input("input", in)))
	return g.Compile(o)
}
