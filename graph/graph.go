// Package graph describes networks as typed operators applied to values, and compiles them to run on the kernels of this
// library. Operators have the names and the meaning of the newest ONNX operator set.
//
// An operator is a Go type that says what comes out (Infer) and computes it plainly (Eval). Those of this package also know
// the kernels that they run on; any other type with the two methods is an operator too, and runs as it is.
//
// A Graph is built by adding nodes in the order in which they run, Input and Const first; sizes are known all the time. What
// can be computed from constants and sizes alone is computed while the graph is built. Compile turns a graph into a Model,
// which any number of goroutines may run, each with a Session of its own.
package graph

import (
	"fmt"
	"reflect"

	"github.com/simdnn/simdnn/tensor"
)

// Value is what a node computes, an input of the network or a constant.
type Value struct {
	name   string
	typ    tensor.Type
	konst  tensor.Array // not valid: known at run time only
	origin any          // of a constant that a pass has derived: *shared finds it by that
	maker  *Node        // nil for an input and a constant that was given
	g      *Graph
}

// Name is the name of a value: never empty, and the only one of its kind in the graph.
func (v *Value) Name() string { return v.name }

// Type is the type of a value.
func (v *Value) Type() tensor.Type { return v.typ }

// Const returns the elements of a value that is known before anything runs. They must not be changed.
func (v *Value) Const() (a tensor.Array, ok bool) { return v.konst, v.konst.Valid() }

// Node is an operator applied to values. An input that is left out is nil.
type Node struct {
	name    string
	op      Op
	in, out []*Value
}

// String names the node and its operator.
func (n *Node) String() string { return fmt.Sprintf("%s %q", OpName(n.op), n.name) }

// Arg is what an operator knows of an input while it infers: its type and, where it is known already, its value. For an
// input that is left out both are zero.
type Arg struct {
	Type  tensor.Type
	Const tensor.Array
}

// Given says that the input is not left out.
func (a Arg) Given() bool { return a.Type.DType != 0 }

// Op is an operator. It is a comparable type (no slices or maps), so that two nodes do the same if their operators are equal.
type Op interface {
	// Infer returns the types of the outputs for the given inputs, or an error that says what is wrong with the operator's
	// attributes or with the inputs, and what is allowed. It must not allocate memory by what it finds in an input.
	Infer(in []Arg) ([]tensor.Type, error)
	// Eval computes the outputs from the inputs, which have the types that Infer saw. The outputs are memory of the right types
	// that holds nothing of use. An input that is left out is the zero Array. Any number of goroutines may call Eval at once.
	Eval(out, in []tensor.Array) error
}

// OpName is the name of an operator: what its method OpName says, if it has one, or the name of its type.
func OpName(op Op) string {
	if n, ok := op.(interface{ OpName() string }); ok {
		return n.OpName()
	}
	t := reflect.TypeOf(op)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}

// Graph is a network under construction. The zero value is empty. It is for one goroutine; Compile leaves it as it is.
type Graph struct {
	nodes   []*Node // in running order
	inputs  []*Value
	outputs []output
	names   map[string]bool // of values
	numbers map[string]int  // the last number that was given to a name which was taken
	counts  map[string]int  // nodes without a name, by operator
	budget  int             // bytes that folding may still allocate, less foldBase
}

type output struct {
	name string
	v    *Value
}

// New returns an empty graph.
func New() *Graph {
	return new(Graph)
}

// Folding allocates at most this much, and what the inputs and constants take: a small file must not become gigabytes.
const foldBase = 16 << 20

// left is what folding may still allocate.
func (g *Graph) left() int { return grow(g.budget, foldBase) }

// unique is a name that no value has yet: the given one, or that with a number. Numbers go on where the last search for the same name ended.
func (g *Graph) unique(name string) string {
	if g.names == nil {
		g.names, g.numbers = make(map[string]bool), make(map[string]int)
	}
	free := name
	for i := max(g.numbers[name], 1) + 1; g.names[free]; i++ {
		free = fmt.Sprintf("%s_%d", name, i)
		g.numbers[name] = i
	}
	g.names[free] = true
	return free
}

func (g *Graph) value(name string, t tensor.Type) *Value {
	return &Value{name: g.unique(name), typ: t, g: g}
}

// Input adds an input of the network.
func (g *Graph) Input(name string, t tensor.Type) (*Value, error) {
	if err := t.Check(); err != nil {
		return nil, fmt.Errorf("graph: input %q: %w", name, err)
	}
	if name == "" {
		name = fmt.Sprintf("input%d", len(g.inputs))
	}
	if g.names[name] {
		return nil, fmt.Errorf("graph: input %q: the name is taken", name)
	}
	v := g.value(name, t)
	g.inputs = append(g.inputs, v)
	g.budget = grow(g.budget, t.Bytes())
	return v, nil
}

func grow(budget, n int) int {
	if sum := budget + n; sum > budget {
		return sum
	}
	return budget
}

// Const adds a constant. The array is kept, and must not be changed any more.
func (g *Graph) Const(name string, a tensor.Array) *Value {
	if name == "" {
		name = "const"
	}
	v := g.value(name, a.Type())
	v.konst = a
	g.budget = grow(g.budget, a.Type().Bytes())
	return v
}

// Add applies an operator and returns its outputs. A nil input is one that is left out; nil at the end may be left away. An
// error names the node. Without a name the node is called by its operator and a number.
func (g *Graph) Add(name string, op Op, in ...*Value) ([]*Value, error) {
	return g.add(name, op, in, nil)
}

// add applies an operator; known holds the outputs if they were computed before, from the same constants.
func (g *Graph) add(name string, op Op, in, known []*Value) ([]*Value, error) {
	if op == nil {
		return nil, fmt.Errorf("graph: node %q: the operator is nil", name)
	}
	if t := reflect.TypeOf(op); !t.Comparable() {
		return nil, fmt.Errorf("graph: node %q: the operator's type %v is not comparable", name, t)
	} else if t.Kind() == reflect.Pointer && reflect.ValueOf(op).IsNil() {
		return nil, fmt.Errorf("graph: node %q: the operator is a nil %v", name, t)
	}
	if name == "" {
		kind := OpName(op)
		if g.counts == nil {
			g.counts = make(map[string]int)
		}
		g.counts[kind]++
		name = fmt.Sprintf("%s%d", kind, g.counts[kind])
	}
	n := &Node{name: name, op: op, in: append([]*Value(nil), in...)}
	for len(n.in) > 0 && n.in[len(n.in)-1] == nil {
		n.in = n.in[:len(n.in)-1]
	}
	for i, v := range n.in {
		if v != nil && v.g != g {
			return nil, fmt.Errorf("graph: %v: input %d belongs to another graph", n, i)
		}
	}
	types, err := infer(op, args(n.in))
	if err != nil {
		return nil, fmt.Errorf("graph: %v: %w", n, err)
	}
	for i, t := range types {
		out := name
		if i > 0 {
			out = fmt.Sprintf("%s.%d", name, i)
		}
		v := g.value(out, t)
		v.maker = n
		n.out = append(n.out, v)
	}
	g.nodes = append(g.nodes, n)
	if known != nil && len(known) == len(n.out) {
		for i, v := range n.out {
			v.konst = known[i].konst
		}
		return n.out, nil
	}
	if err := g.fold(n); err != nil {
		return nil, fmt.Errorf("graph: %v: %w", n, err)
	}
	return n.out, nil
}

func args(in []*Value) []Arg {
	a := make([]Arg, len(in))
	for i, v := range in {
		if v != nil {
			a[i] = Arg{v.typ, v.konst}
		}
	}
	return a
}

// infer asks an operator and checks its answer.
func infer(op Op, in []Arg) ([]tensor.Type, error) {
	types, err := op.Infer(in)
	if err != nil {
		return nil, err
	}
	if len(types) == 0 {
		return nil, fmt.Errorf("Infer returned no output")
	}
	for i, t := range types {
		if err := t.Check(); err != nil {
			return nil, fmt.Errorf("output %d: %w", i, err)
		}
	}
	return types, nil
}

// Output makes v an output of the network: the first call the first output, and so on. One value may be several outputs.
// Without a name it has the value's.
func (g *Graph) Output(name string, v *Value) error {
	if name == "" && v != nil {
		name = v.name
	}
	if v == nil || v.g != g {
		return fmt.Errorf("graph: output %q is nil or belongs to another graph", name)
	}
	for _, o := range g.outputs {
		if o.name == name {
			return fmt.Errorf("graph: output %q: the name is taken", name)
		}
	}
	g.outputs = append(g.outputs, output{name, v})
	return nil
}

// Port is an input or an output of a network.
type Port struct {
	Name string
	Type tensor.Type
}

// Inputs lists the inputs in their order.
func (g *Graph) Inputs() []Port {
	var p []Port
	for _, v := range g.inputs {
		p = append(p, Port{v.name, v.typ})
	}
	return p
}

// Outputs lists the outputs in their order.
func (g *Graph) Outputs() []Port {
	var p []Port
	for _, o := range g.outputs {
		p = append(p, Port{o.name, o.v.typ})
	}
	return p
}

// With returns the same network for other types of the inputs, another batch or another size of pictures. Constants are
// shared. The names of nodes stay.
func (g *Graph) With(inputs ...tensor.Type) (*Graph, error) {
	if len(inputs) != len(g.inputs) {
		return nil, fmt.Errorf("graph: With has %d types, want %d, one for each input", len(inputs), len(g.inputs))
	}
	c := New()
	c.budget = g.budget
	of := make(map[*Value]*Value)
	for i, v := range g.inputs {
		w, err := c.Input(v.name, inputs[i])
		if err != nil {
			return nil, err
		}
		of[v] = w
	}
	get := func(v *Value) *Value {
		w := of[v]
		if w == nil && v != nil { // a constant that was given
			w = c.Const(v.name, v.konst)
			of[v] = w
		}
		return w
	}
	for _, n := range g.nodes {
		in := make([]*Value, len(n.in))
		for i, v := range n.in {
			in[i] = get(v)
		}
		var known []*Value
		if sameConstants(in, n.in) && n.out[0].konst.Valid() {
			known = n.out
		}
		out, err := c.add(n.name, n.op, in, known)
		if err != nil {
			return nil, err
		}
		if len(out) != len(n.out) {
			return nil, fmt.Errorf("graph: %v: %d outputs with these inputs, %d before", n, len(out), len(n.out))
		}
		for i, v := range n.out {
			of[v] = out[i]
		}
	}
	for _, o := range g.outputs {
		if err := c.Output(o.name, get(o.v)); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// sameConstants reports whether all of a are constants in the same memory as those of b.
func sameConstants(a, b []*Value) bool {
	for i, v := range a {
		if v != nil && (!v.konst.Valid() || v.konst != b[i].konst) {
			return false
		}
	}
	return true
}
