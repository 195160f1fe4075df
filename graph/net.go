package graph

import (
	"fmt"
	"math"
	"slices"

	"github.com/simdnn/simdnn/tensor"
)

// net is a graph that passes rewrite: the live part of a Graph, with nodes and values of its own.
type net struct {
	nodes   []*Node // in running order; nil for those that were dropped
	inputs  []*Value
	outputs []output
	users   map[*Value][]*Node // one entry for each use; the network's outputs are not among them
	wanted  map[*Value]bool    // outputs of the network
	names   *Graph             // gives new values their names
	shared  *shared
}

// newNet copies what the outputs need. Nodes with constant outputs are left out.
func newNet(g *Graph, s *shared) *net {
	w := &net{users: make(map[*Value][]*Node), wanted: make(map[*Value]bool), names: New(), shared: s}
	of := make(map[*Value]*Value)
	copyOf := func(v *Value) *Value {
		if v == nil {
			return nil
		}
		c := of[v]
		if c == nil {
			c = w.value(v.name, v.typ)
			c.konst, c.origin = v.konst, v.origin
			of[v] = c
		}
		return c
	}
	for _, v := range g.inputs {
		w.inputs = append(w.inputs, copyOf(v))
	}
	for _, n := range g.nodes {
		if n.out[0].konst.Valid() {
			continue
		}
		c := &Node{name: n.name, op: n.op}
		for _, v := range n.in {
			c.in = append(c.in, copyOf(v))
		}
		for _, v := range n.out {
			o := copyOf(v)
			o.maker = c
			c.out = append(c.out, o)
		}
		w.nodes = append(w.nodes, c)
		w.use(c)
	}
	for _, o := range g.outputs {
		v := copyOf(o.v)
		w.outputs = append(w.outputs, output{o.name, v})
		w.wanted[v] = true
	}
	for i := len(w.nodes) - 1; i >= 0; i-- {
		if w.nodes[i] != nil {
			w.drop(w.nodes[i])
		}
	}
	w.compact()
	return w
}

func (w *net) value(name string, t tensor.Type) *Value {
	return &Value{name: w.names.unique(name), typ: t, g: w.names}
}

// constant returns a new constant.
func (w *net) constant(name string, a tensor.Array) *Value {
	v := w.value(name, a.Type())
	v.konst = a
	return v
}

// scaled returns constant weights with the pieces along an axis times factors. It returns false where numbers come near the ends of float32's range: sums that
// overflow or lose bits give other answers than scaling after the sum.
func (w *net) scaled(v *Value, axis int, factors []float64) (*Value, bool) {
	for _, f := range factors {
		if !(math.Abs(f) <= 0x1p96) || f != 0 && math.Abs(f) < 0x1p-96 {
			return nil, false
		}
	}
	c, _ := w.shared.derived(fmt.Sprint("scaled along ", axis), v.identified(), elements(factors), func() (tensor.Array, error) {
		return scaled(v.konst, axis, factors), nil
	})
	for i := range c.array.Len() {
		if !(math.Abs(c.array.Float(i)) <= 0x1p96) {
			return nil, false
		}
	}
	x := w.constant(v.name, c.array)
	x.origin = c.id
	return x, true
}

func (w *net) use(n *Node) {
	for _, v := range n.in {
		if v != nil {
			w.users[v] = append(w.users[v], n)
		}
	}
}

func (w *net) unuse(n *Node) {
	for _, v := range n.in {
		if v != nil {
			i := slices.Index(w.users[v], n)
			w.users[v] = slices.Delete(w.users[v], i, i+1)
		}
	}
}

// drop removes n, if nobody wants what it computes, and then those that computed for it alone.
func (w *net) drop(n *Node) {
	for _, v := range n.out {
		if len(w.users[v]) > 0 || w.wanted[v] {
			return
		}
	}
	i := slices.Index(w.nodes, n)
	if i < 0 {
		return
	}
	w.nodes[i] = nil
	w.unuse(n)
	for _, v := range n.in {
		if v != nil && v.maker != nil {
			w.drop(v.maker)
		}
	}
}

// compact takes out the places of dropped nodes.
func (w *net) compact() {
	w.nodes = slices.DeleteFunc(w.nodes, func(n *Node) bool { return n == nil })
}

// sole reports whether v has one user and is no output of the network.
func (w *net) sole(v *Value) bool { return len(w.users[v]) == 1 && !w.wanted[v] }

// become has n apply another operator to other inputs, which come before it. Its outputs stay. What nobody wants any more is dropped.
func (w *net) become(n *Node, op Op, in ...*Value) {
	old := n.in
	w.unuse(n)
	n.op, n.in = op, in
	w.use(n)
	for _, v := range old {
		if v != nil && v.maker != nil {
			w.drop(v.maker)
		}
	}
}

// replace has everybody who wants v, output 0 of n, take x instead, and drops n. The network's outputs keep their own values: it returns
// false, and does nothing, where v is one and x is an input, a constant or an output already.
func (w *net) replace(v, x *Value) bool {
	if w.wanted[v] {
		if x.maker == nil || w.wanted[x] {
			return false
		}
		for i := range w.outputs {
			if w.outputs[i].v == v {
				w.outputs[i].v = x
			}
		}
		delete(w.wanted, v)
		w.wanted[x] = true
	}
	w.substitute(v, x)
	if v.maker != nil {
		w.drop(v.maker)
	}
	return true
}

// substitute has all nodes that want v take x instead; outputs of the network stay.
func (w *net) substitute(v, x *Value) {
	for _, n := range w.users[v] {
		for i := range n.in {
			if n.in[i] == v {
				n.in[i] = x
				w.users[x] = append(w.users[x], n)
			}
		}
	}
	// A node that takes v twice is listed twice, and was counted at its first turn.
	delete(w.users, v)
}

// check reports what is wrong with the net: it is called after each pass in tests.
func (w *net) check() error {
	made := make(map[*Value]bool)
	for _, v := range w.inputs {
		made[v] = true
	}
	uses := make(map[*Value]int)
	for _, n := range w.nodes {
		for i, v := range n.in {
			if v == nil {
				continue
			}
			uses[v]++
			if !made[v] && !v.konst.Valid() {
				return fmt.Errorf("%v: input %d, %q, does not come before it", n, i, v.name)
			}
		}
		types, err := infer(n.op, args(n.in))
		if err != nil {
			return fmt.Errorf("%v: %w", n, err)
		}
		for i, v := range n.out {
			if i >= len(types) || types[i] != v.typ {
				return fmt.Errorf("%v: output %d is %v, and was %v", n, i, types, v.typ)
			}
			made[v] = true
		}
	}
	for _, o := range w.outputs {
		if !made[o.v] && !o.v.konst.Valid() {
			return fmt.Errorf("output %q is not made", o.name)
		}
	}
	for v, users := range w.users {
		if len(users) != uses[v] {
			return fmt.Errorf("%q is said to have %d users, and has %d", v.name, len(users), uses[v])
		}
	}
	return nil
}
