package graph

import (
	"math"
	"slices"

	"github.com/simdnn/simdnn/tensor"
)

// Patterns of nodes that canon and fuse look for. A pattern matches a value: what makes it, and what makes that. Inner nodes must be wanted by
// the pattern alone; operands that commute match either way.

// match is an attempt: what the names of a pattern stand for.
type match struct {
	w     *net
	names []string
	vals  []*Value
	nodes []*Node // of the pattern
}

// pattern reports whether v is what it describes. It may leave names behind when it fails: who tries something else takes them back.
type pattern func(m *match, v *Value) bool

func (m *match) val(name string) *Value {
	if i := slices.Index(m.names, name); i >= 0 {
		return m.vals[i]
	}
	return nil
}

// any matches any value, the same wherever the name occurs.
func anyValue(name string) pattern {
	return func(m *match, v *Value) bool {
		if old := m.val(name); old != nil {
			return old == v
		}
		m.names, m.vals = append(m.names, name), append(m.vals, v)
		return true
	}
}

// named matches what p does, under a name.
func named(name string, p pattern) pattern {
	bind := anyValue(name)
	return func(m *match, v *Value) bool { return p(m, v) && bind(m, v) }
}

// alone reports whether the pattern alone wants what its inner nodes compute.
func (m *match) alone() bool {
	for _, n := range m.nodes[1:] {
		for _, v := range n.out {
			if m.w.wanted[v] {
				return false
			}
			for _, u := range m.w.users[v] {
				if !slices.Contains(m.nodes, u) {
					return false
				}
			}
		}
	}
	return true
}

// constant matches any constant.
func constant(_ *match, v *Value) bool { return v.konst.Valid() }

// konst matches a constant.
func konst(name string) pattern {
	any := anyValue(name)
	return func(m *match, v *Value) bool { return v.konst.Valid() && any(m, v) }
}

// number matches a constant all of whose elements are c, to the precision of float32 as text has it.
func number(c float64) pattern {
	return func(m *match, v *Value) bool {
		x, ok := scalarOf(v)
		return ok && math.Abs(x-c) <= 2e-6*math.Abs(c)
	}
}

// scalarOf returns the one element of a constant of floating-point type.
func scalarOf(v *Value) (float64, bool) {
	if !v.konst.Valid() || v.konst.Len() != 1 || !v.typ.DType.IsFloat() {
		return 0, false
	}
	return v.konst.Float(0), true
}

// is matches the first output of a node whose operator is an O.
func is[O Op](in ...pattern) pattern { return isWhere(func(O) bool { return true }, in...) }

// isWhere matches the first output of a node whose operator is an O that ok likes.
func isWhere[O Op](ok func(O) bool, in ...pattern) pattern {
	return func(m *match, v *Value) bool {
		n := v.maker
		if n == nil || n.out[0] != v || len(n.in) != len(in) {
			return false
		}
		op, is := n.op.(O)
		if !is || !ok(op) {
			return false
		}
		names, nodes := len(m.names), len(m.nodes)
		m.nodes = append(m.nodes, n)
		try := func(order ...int) bool {
			for i, p := range in {
				if x := n.in[order[i]]; x == nil || !p(m, x) {
					m.names, m.vals, m.nodes = m.names[:names], m.vals[:names], m.nodes[:nodes+1]
					return false
				}
			}
			return true
		}
		straight := []int{0, 1, 2, 3, 4, 5}[:len(in)]
		if try(straight...) || len(in) == 2 && commutes(n.op) && try(1, 0) {
			return true
		}
		m.nodes = m.nodes[:nodes]
		return false
	}
}

// either matches what one of the patterns matches.
func either(ps ...pattern) pattern {
	return func(m *match, v *Value) bool {
		names, nodes := len(m.names), len(m.nodes)
		for _, p := range ps {
			if p(m, v) {
				return true
			}
			m.names, m.vals, m.nodes = m.names[:names], m.vals[:names], m.nodes[:nodes]
		}
		return false
	}
}

func commutes(op Op) bool {
	switch op.(type) {
	case Add, Mul, Max, Min:
		return true
	}
	return false
}

// to is a rule: what the pattern matches becomes the operator that f returns, applied to values of the pattern. A nil operator
// means that f does not want it. The output must have the type that it had.
func to(name string, p pattern, f func(m *match) (Op, []*Value)) rule {
	return rule{name, func(w *net, n *Node) bool {
		m := &match{w: w}
		if !p(m, n.out[0]) || !m.alone() {
			return false
		}
		op, in := f(m)
		if op == nil {
			return false
		}
		t, err := infer(op, args(in))
		if err != nil || t[0] != n.out[0].typ || len(n.out) != 1 {
			return false
		}
		w.become(n, op, in...)
		return true
	}}
}

// unaryOf makes the pattern's value x go through op.
func unaryOf(op Op) func(m *match) (Op, []*Value) {
	return func(m *match) (Op, []*Value) { return op, []*Value{m.val("x")} }
}

// along reports whether the constant v varies along one axis of dims alone when it is broadcast to them, and returns its elements
// for that axis.
func along(v *Value, dims tensor.Dims, axis int) ([]float64, bool) {
	d := v.typ.Dims
	if !v.konst.Valid() || !v.typ.DType.IsFloat() || d.Rank() > dims.Rank() {
		return nil, false
	}
	skip := dims.Rank() - d.Rank()
	for i := range d.Rank() {
		if d.At(i) != 1 && (skip+i != axis || d.At(i) != dims.At(axis)) {
			return nil, false
		}
	}
	x := make([]float64, dims.At(axis))
	for i := range x {
		x[i] = v.konst.Float(min(i, v.konst.Len()-1))
	}
	return x, true
}
