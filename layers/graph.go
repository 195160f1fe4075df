package layers

import (
	"fmt"
	"reflect"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// Graph is a network under construction: layers applied to values, in any directed acyclic way. An
// error does not stop the building: Compile returns the first. The zero value is an empty graph. A Graph is for one goroutine.
type Graph struct {
	net   graph.Graph
	rows  []row
	err   error
	kinds map[string]int    // nodes without a name, by kind
	names map[string]string // kinds of the nodes that have them
	depth int               // blocks within blocks that are being built
	outs  int
}

// Value is what a layer of a graph gives: a batch of maps or of features.
type Value struct {
	g *Graph
	v *graph.Value // nil after an error
}

// NewGraph returns an empty graph.
func NewGraph() *Graph { return new(Graph) }

// Input adds an input of the network: maps [N, C, H, W]. Features without rows and columns have H and W 1.
func (g *Graph) Input(name string, s tensor.Shape) Value {
	if err := s.Check(); err != nil {
		return g.fail(fmt.Errorf("layers: input %q: %w", name, err))
	}
	return g.InputOf(name, tensor.T(tensor.Float32, s.N, s.C, s.H, s.W))
}

// InputOf adds an input of the network of any type: [N, C, W] for layers of one dimension, for instance.
func (g *Graph) InputOf(name string, t tensor.Type) Value {
	if g.err != nil {
		return Value{g, nil}
	}
	if name != "" && g.names[name] != "" {
		return g.fail(fmt.Errorf("layers: input %q: the name is that of another %s, want one that is free", name, g.names[name]))
	}
	name = g.named("input", name)
	v, err := g.net.Input(name, t)
	if err != nil {
		return g.fail(fmt.Errorf("layers: %w", err))
	}
	return g.push("input", name, costs{}, v)
}

// Apply adds a layer, or a block of layers, to the graph and returns what it gives. Add, Mul and Concat
// take several inputs, everything else one. Names are unique in a graph.
func (g *Graph) Apply(l Layer, in ...Value) Value {
	if g.err != nil {
		return Value{g, nil}
	}
	if err := checkType(l); err != nil {
		return g.fail(err)
	}
	kind, name := l.label()
	if _, ok := l.(block); !ok && name != "" && g.names[name] != "" {
		return g.fail(fmt.Errorf("layers: %s %q: the name is that of another %s, want one that is free", kind, name, g.names[name]))
	}
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
	if l, ok := l.(block); ok {
		if g.depth == deepest {
			return g.fail(fmt.Errorf("layers: %s %q: %d blocks lie within each other, want fewer: does one contain itself?", kind, name, deepest))
		}
		g.depth++
		defer func() { g.depth-- }()
		return l.build(g, in[0])
	}
	name = g.named(kind, name)
	b := &builder{g: g, name: name}
	var vals []*graph.Value
	for _, v := range in {
		vals = append(vals, v.v)
	}
	v, err := b.add(l, vals)
	if err == nil {
		err = b.err
	}
	if err != nil {
		return g.fail(fmt.Errorf("layers: %s %q: %w", kind, name, err))
	}
	return g.push(kind, name, b.costs, v)
}

// deepest is how many blocks may lie within each other.
const deepest = 1000

// checkType returns an error unless l is one of the types of this package, or a pointer to one. What embeds a layer has its methods, and
// is none.
func checkType(l Layer) error {
	t := reflect.TypeOf(l)
	if t == nil {
		return fmt.Errorf("layers: a layer is nil, want one of the types of package layers")
	}
	if t.Kind() == reflect.Pointer {
		if reflect.ValueOf(l).IsNil() {
			return fmt.Errorf("layers: a layer is a nil %v, want a value of it", t)
		}
		t = t.Elem()
	}
	if t.PkgPath() != reflect.TypeFor[Graph]().PkgPath() {
		return fmt.Errorf("layers: a layer is a %v, want one of the types of package layers", t)
	}
	return nil
}

// Output makes v an output of the network: the first call the first output, and so on. The layout of an
// output that is no single pixel is that of Options.
func (g *Graph) Output(v Value) {
	switch {
	case g.err != nil:
	case v.g != g:
		g.err = fmt.Errorf("layers: output %d belongs to another graph", g.outs)
	default:
		g.err = g.net.Output(fmt.Sprintf("output%d", g.outs), v.v)
		g.outs++
	}
}

// Shape returns the shape of a value: zero after an error, or where it has more than four axes. What has fewer has sizes of 1: features [N, C] have H and W
// 1, and [N, C, W] has H 1.
func (v Value) Shape() tensor.Shape {
	if v.v == nil {
		return tensor.Shape{}
	}
	return shapeOf(v.v.Type().Dims)
}

// Type returns the type of a value: zero after an error.
func (v Value) Type() tensor.Type {
	if v.v == nil {
		return tensor.Type{}
	}
	return v.v.Type()
}

func shapeOf(d tensor.Dims) tensor.Shape {
	switch d.Rank() {
	case 1:
		return tensor.Shape{N: d.At(0), C: 1, H: 1, W: 1}
	case 2:
		return tensor.Shape{N: d.At(0), C: d.At(1), H: 1, W: 1}
	case 3:
		return tensor.Shape{N: d.At(0), C: d.At(1), H: 1, W: d.At(2)}
	case 4:
		return tensor.Shape{N: d.At(0), C: d.At(1), H: d.At(2), W: d.At(3)}
	}
	return tensor.Shape{}
}

// Err returns the first error so far.
func (g *Graph) Err() error { return g.err }

// Net returns the operators that the layers have become, or the first error. It must not be changed.
func (g *Graph) Net() (*graph.Graph, error) { return &g.net, g.err }

func (g *Graph) fail(err error) Value {
	if g.err == nil {
		g.err = err
	}
	return Value{g, nil}
}

func (g *Graph) push(kind, name string, c costs, v *graph.Value) Value {
	if g.names == nil {
		g.names = make(map[string]string)
	}
	g.names[name] = kind
	g.rows = append(g.rows, row{kind, name, v.Type().Dims, c})
	return Value{g, v}
}

// named gives a nameless node its kind and a number, from 1.
func (g *Graph) named(kind, name string) string {
	if name != "" {
		return name
	}
	if g.kinds == nil {
		g.kinds = make(map[string]int)
	}
	for {
		g.kinds[kind]++
		if name = fmt.Sprintf("%s%d", kind, g.kinds[kind]); g.names[name] == "" {
			return name
		}
	}
}

// Compile makes a model of layers on one input.
func Compile(l Layer, in tensor.Shape, o Options) (*Model, error) {
	g := NewGraph()
	g.Output(g.Apply(l, g.Input("input", in)))
	return g.Compile(o)
}
