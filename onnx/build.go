package onnx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// Graph builds the network for the sizes that the options give. Errors name the node, its operator, the tensor and the operator set.
func (f *File) Graph(o Options) (*graph.Graph, error) {
	b, err := f.built(o)
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	return b.g, nil
}

// built builds the network, and keeps what names stand for.
func (f *File) built(o Options) (*builder, error) {
	b := &builder{f: f, o: o, g: graph.New(), tables: tables(), unrolled: new(int), sequences: make(map[*graph.Value][]*graph.Value)}
	if err := b.build(f.m.graph); err != nil {
		return nil, fmt.Errorf("%w (operator set %d)", err, f.Opset())
	}
	return b, nil
}

// builder adds the nodes of a file to a graph.
type builder struct {
	f     *File
	o     Options
	g     *graph.Graph
	calls int // functions that are being inlined

	unrolled *int // nodes that loops became so far
	// sequences are the lists for which values stand.
	sequences map[*graph.Value][]*graph.Value
	top       *scope // of the file's graph

	tables []map[string]importer
}

// scope is what names stand for: those of a graph inside a node hide those outside.
type scope struct {
	outer  *scope
	values map[string]*graph.Value
	makers map[string]string // who made a value
	opset  int64
	attrs  map[string]*attrProto // of the call of a function
	// constants is set where the network ends to which this scope and those inside belong: of what lies outside only constants are found, which
	// it takes over.
	constants *graph.Graph
}

func (s *scope) find(name string) *graph.Value {
	for ; s != nil; s = s.outer {
		if v, ok := s.values[name]; ok {
			return v
		}
		if s.constants != nil {
			v := s.outer.find(name)
			if v == nil {
				return nil
			}
			a, ok := v.Const()
			if !ok {
				return nil
			}
			v = s.constants.Const(name, a)
			s.values[name] = v
			return v
		}
	}
	return nil
}

func (s *scope) set(name, maker string, v *graph.Value) error {
	if name == "" {
		return nil
	}
	if old, ok := s.makers[name]; ok {
		return fmt.Errorf("%s and %s both make %q", old, maker, name)
	}
	s.values[name], s.makers[name] = v, maker
	return nil
}

func newScope(outer *scope, opset int64) *scope {
	return &scope{outer: outer, values: make(map[string]*graph.Value), makers: make(map[string]string), opset: opset}
}

func (b *builder) build(g *graphProto) error {
	s := newScope(nil, b.f.opsets[""])
	b.top = s
	if g.sparse {
		return fmt.Errorf("graph %q has sparse initializers, which are not supported", g.name)
	}
	initial := make(map[string]*tensorProto)
	for _, t := range g.initializers {
		if initial[t.name] != nil {
			return fmt.Errorf("two initializers are called %q", t.name)
		}
		initial[t.name] = t
	}
	known := make(map[string]bool)
	for _, i := range g.inputs {
		if initial[i.name] != nil { // before version 4 of the format initial values are listed as inputs
			continue
		}
		known[i.name] = true
		if a, ok := b.o.Values[i.name]; ok {
			v, err := b.fixed(i, a)
			if err != nil {
				return fmt.Errorf("input %q: Options.Values has %v: %w", i.name, a.Type(), err)
			}
			if err := s.set(i.name, "the input", v); err != nil {
				return err
			}
			continue
		}
		t, err := b.inputType(i)
		if err != nil {
			return fmt.Errorf("input %q: %w", i.name, err)
		}
		v, err := b.g.Input(i.name, t)
		if err != nil {
			return err
		}
		if err := s.set(i.name, "the input", v); err != nil {
			return err
		}
	}
	for name := range b.o.Shapes {
		if !known[name] {
			return fmt.Errorf("Options.Shapes has %q, which is no input", name)
		}
	}
	for name := range b.o.Values {
		if !known[name] {
			return fmt.Errorf("Options.Values has %q, which is no input", name)
		}
	}
	if err := b.initializers(s, g); err != nil {
		return err
	}
	nodes, outputs := g.nodes, b.o.Outputs
	if outputs == nil {
		for _, o := range g.outputs {
			outputs = append(outputs, o.name)
		}
	} else {
		nodes = needed(nodes, outputs)
	}
	if err := b.nodes(s, nodes); err != nil {
		return err
	}
	for _, name := range outputs {
		v := s.find(name)
		if v == nil {
			return fmt.Errorf("output %q is made by no node", name)
		}
		if _, ok := b.sequences[v]; ok {
			return fmt.Errorf("output %q is a sequence, want a tensor", name)
		}
		if err := b.g.Output(name, v); err != nil {
			return err
		}
	}
	return nil
}

// needed are the nodes that make some values, in their order.
func needed(nodes []*nodeProto, values []string) []*nodeProto {
	makers := make(map[string]*nodeProto)
	for _, n := range nodes {
		for _, o := range n.outputs {
			makers[o] = n
		}
	}
	need := make(map[*nodeProto]bool)
	for names := slices.Clone(values); len(names) > 0; {
		name := names[len(names)-1]
		names = names[:len(names)-1]
		if n := makers[name]; n != nil && name != "" && !need[n] {
			need[n] = true
			names = append(names, n.wants()...)
		}
	}
	return slices.DeleteFunc(slices.Clone(nodes), func(n *nodeProto) bool { return !need[n] })
}

func (b *builder) initializers(s *scope, g *graphProto) error {
	for _, t := range g.initializers {
		if t.dtype == 8 { // named by the node that wants it
			s.values[t.name] = nil
			continue
		}
		a, err := b.f.array(t)
		if err != nil {
			return err
		}
		if err := s.set(t.name, "an initializer", b.g.Const(t.name, a)); err != nil {
			return err
		}
	}
	return nil
}

// fixed is an input that has a value: a constant, whose type is one that the file allows.
func (b *builder) fixed(i *valueInfo, a tensor.Array) (*graph.Value, error) {
	given := a.Dims().Slice()
	c := &builder{o: Options{Shapes: map[string][]int{i.name: given}}}
	want, err := c.inputType(i)
	if err != nil {
		return nil, err
	}
	if a.Type() != want {
		return nil, fmt.Errorf("want %v", want)
	}
	return b.g.Const(i.name, a.Clone()), nil
}

// inputType is the type of an input with its open sizes filled in.
func (b *builder) inputType(i *valueInfo) (t tensor.Type, err error) {
	if i.kind != "tensor" {
		return t, fmt.Errorf("it is a %s, want a tensor", strings.TrimSuffix(i.kind, "_type"))
	}
	if t.DType, err = dtype(i.dtype); err != nil {
		return t, err
	}
	given, ok := b.o.Shapes[i.name]
	if !i.given && !ok {
		return t, fmt.Errorf("the file does not say how many axes it has: give them in Options.Shapes")
	}
	if ok && i.given && len(given) != len(i.shape) {
		return t, fmt.Errorf("Options.Shapes has %d sizes, want %d", len(given), len(i.shape))
	}
	var sizes []int
	for k, d := range i.shape {
		n := int(d.value)
		if !d.known || d.value <= 0 { // exporters write 0 and -1 for what is open
			n = 1
			if v, ok := b.o.Dims[d.param]; ok && d.param != "" {
				n = v
			}
			if ok {
				n = given[k]
			}
		} else if ok && given[k] != n {
			return t, fmt.Errorf("Options.Shapes has %d for axis %d, want %d as the file has", given[k], k, n)
		}
		sizes = append(sizes, n)
	}
	if !i.given {
		sizes = given
	}
	if t.Dims, err = tensor.MakeDims(sizes); err != nil {
		return t, err
	}
	return t, t.Check()
}

// nodes adds nodes, which the format wants in running order; where they are not, they are sorted.
func (b *builder) nodes(s *scope, nodes []*nodeProto) error {
	order, err := sorted(s, nodes)
	if err != nil {
		return err
	}
	for _, n := range order {
		if err := b.node(s, n); err != nil {
			return fmt.Errorf("node %s: %w", n.called(), err)
		}
	}
	return nil
}

// called is the node's name, or what it makes, and its operator.
func (n *nodeProto) called() string {
	name := n.name
	if name == "" && len(n.outputs) > 0 {
		name = n.outputs[0]
	}
	return fmt.Sprintf("%q (%s)", name, n.kind())
}

// wants lists the values that a node takes, those that graphs inside it take from outside included.
func (n *nodeProto) wants() []string {
	names := slices.Clone(n.inputs)
	for _, a := range n.attrs {
		if a.g == nil {
			continue
		}
		inside := make(map[string]bool)
		for _, t := range a.g.initializers {
			inside[t.name] = true
		}
		for _, i := range a.g.inputs {
			inside[i.name] = true
		}
		for _, m := range a.g.nodes {
			for _, o := range m.outputs {
				inside[o] = true
			}
		}
		for _, m := range a.g.nodes {
			for _, w := range m.wants() {
				if !inside[w] {
					names = append(names, w)
				}
			}
		}
		for _, o := range a.g.outputs {
			if !inside[o.name] {
				names = append(names, o.name)
			}
		}
	}
	return names
}

// sorted brings nodes into running order: it is theirs as far as possible.
func sorted(s *scope, nodes []*nodeProto) ([]*nodeProto, error) {
	makers := make(map[string]*nodeProto)
	for _, n := range nodes {
		for _, o := range n.outputs {
			if o == "" {
				continue
			}
			if m := makers[o]; m != nil {
				return nil, fmt.Errorf("nodes %s and %s both make %q", m.called(), n.called(), o)
			}
			makers[o] = n
		}
	}
	var order []*nodeProto
	state := make(map[*nodeProto]int) // 1: waiting, 2: done
	type frame struct {
		n     *nodeProto
		wants []string
	}
	for _, root := range nodes {
		if state[root] == 2 {
			continue
		}
		state[root] = 1
		stack := []frame{{root, root.wants()}}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if len(top.wants) == 0 {
				state[top.n] = 2
				order = append(order, top.n)
				stack = stack[:len(stack)-1]
				continue
			}
			m := makers[top.wants[0]]
			top.wants = top.wants[1:]
			switch {
			case m == nil || state[m] == 2:
			case state[m] == 1:
				var names []string
				for i := len(stack) - 1; i >= 0; i-- {
					names = append(names, stack[i].n.called())
					if stack[i].n == m {
						break
					}
				}
				slices.Reverse(names)
				return nil, fmt.Errorf("nodes %s need each other: a cycle", strings.Join(names, ", "))
			default:
				state[m] = 1
				stack = append(stack, frame{m, m.wants()})
			}
		}
	}
	return order, nil
}

// node adds what one node does.
func (b *builder) node(s *scope, p *nodeProto) error {
	n := &node{b: b, s: s, p: p, attrs: p.attrs, used: make(map[string]bool)}
	if s.attrs != nil {
		n.attrs = make(map[string]*attrProto)
		for name, a := range p.attrs {
			if a.ref != "" {
				if a = s.attrs[a.ref]; a == nil {
					continue
				}
			}
			n.attrs[name] = a
		}
	}
	for i, name := range p.inputs {
		var v *graph.Value
		if name != "" {
			if v = s.find(name); v == nil {
				for t := s; t != nil; t = t.outer {
					if _, ok := t.values[name]; ok {
						return fmt.Errorf("input %d, %q, is a tensor of strings, which are not supported", i, name)
					}
				}
				return fmt.Errorf("input %d, %q, is made by nothing", i, name)
			}
		}
		n.in = append(n.in, v)
	}
	out, err := b.apply(n)
	if err != nil {
		for i, v := range n.in {
			if v != nil && i < 8 {
				err = fmt.Errorf("%w; input %d is %q, %v", err, i, p.inputs[i], v.Type())
			}
		}
		return err
	}
	for i, name := range p.outputs {
		if name == "" {
			continue
		}
		if i >= len(out) || out[i] == nil {
			return fmt.Errorf("output %d, %q, is not supported", i, name)
		}
		if err := s.set(name, "node "+p.called(), out[i]); err != nil {
			return err
		}
	}
	return nil
}

// apply finds the operator: the caller's own, the file's functions, those of this package.
func (b *builder) apply(n *node) ([]*graph.Value, error) {
	kind, d := n.p.kind(), domain(n.p.domain)
	if own, ok := b.o.Ops[kind]; ok {
		op, err := own(Node{n})
		if err != nil {
			return nil, err
		}
		return n.add(op, n.in...)
	}
	if d != "" {
		if _, ok := b.f.opsets[d]; !ok {
			return nil, fmt.Errorf("the domain %q is not among the operator sets of the file", d)
		}
	}
	for _, f := range b.f.m.functions {
		if f.name == n.p.op && domain(f.domain) == d {
			return b.inline(n, f)
		}
	}
	for _, t := range b.tables {
		if add, ok := t[kind]; ok {
			return add(n)
		}
	}
	return nil, b.unknown(n.p)
}

// unknown says why there is no importer for a node; nil where there is one.
func (b *builder) unknown(p *nodeProto) error {
	kind := p.kind()
	for _, f := range b.f.m.functions {
		if f.name == p.op && domain(f.domain) == domain(p.domain) {
			return nil
		}
	}
	for _, t := range b.tables {
		if t[kind] != nil {
			return nil
		}
	}
	if why, ok := refused[kind]; ok {
		return fmt.Errorf("the operator is not supported: %s", why)
	}
	return fmt.Errorf("there is no operator %s in domain %q", p.op, p.domain)
}

// inline adds the nodes of a function of the file.
func (b *builder) inline(n *node, f *functionProto) ([]*graph.Value, error) {
	if b.calls++; b.calls > maxNesting {
		return nil, fmt.Errorf("functions call each other more than %d deep", maxNesting)
	}
	defer func() { b.calls-- }()
	s := newScope(nil, n.s.opset)
	for _, o := range f.opsets {
		if domain(o.domain) == "" {
			s.opset = o.version
		}
	}
	s.attrs = make(map[string]*attrProto)
	for name, a := range f.defaults {
		s.attrs[name] = a
	}
	for name, a := range n.attrs {
		s.attrs[name] = a
	}
	for i, name := range f.inputs {
		if i < len(n.in) && n.in[i] != nil {
			if err := s.set(name, "an input", n.in[i]); err != nil {
				return nil, err
			}
		}
	}
	if err := b.nodes(s, f.nodes); err != nil {
		return nil, fmt.Errorf("function %s: %w", f.name, err)
	}
	var out []*graph.Value
	for _, name := range f.outputs {
		out = append(out, s.find(name))
	}
	return out, nil
}
