package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/tensor"
)

// evaluate has an operator compute its outputs. Where all are empty there is nothing to do, though other axes may be as long as numbers go: a loop over
// them would not end.
func evaluate(op Op, out, in []tensor.Array) error {
	for _, y := range out {
		if y.Len() > 0 {
			return op.Eval(out, in)
		}
	}
	return nil
}

// Eval runs the network plainly: node after node by Eval, no kernel and nothing fused. It allocates what it needs. It is what a
// Model is compared with.
func (g *Graph) Eval(in ...tensor.Array) ([]tensor.Array, error) { return g.EvalEach(nil, in...) }

// EvalEach is Eval that calls each after every node with its name and its first output, which may be kept and must not be changed. An error of each ends it.
func (g *Graph) EvalEach(each func(node string, x tensor.Array) error, in ...tensor.Array) ([]tensor.Array, error) {
	if len(in) != len(g.inputs) {
		return nil, fmt.Errorf("graph: Eval has %d inputs, want %d", len(in), len(g.inputs))
	}
	vals := make(map[*Value]tensor.Array)
	for i, v := range g.inputs {
		if in[i].Type() != v.typ {
			return nil, fmt.Errorf("graph: input %q is %v, want %v", v.name, in[i].Type(), v.typ)
		}
		vals[v] = in[i]
	}
	get := func(v *Value) tensor.Array {
		switch {
		case v == nil:
			return tensor.Array{}
		case v.konst.Valid():
			return v.konst
		}
		return vals[v]
	}
	for _, n := range g.nodes {
		if n.out[0].konst.Valid() {
			continue
		}
		ins, outs := make([]tensor.Array, len(n.in)), make([]tensor.Array, len(n.out))
		for i, v := range n.in {
			ins[i] = get(v)
		}
		for i, v := range n.out {
			outs[i] = tensor.NewArray(v.typ)
			vals[v] = outs[i]
		}
		if err := evaluate(n.op, outs, ins); err != nil {
			return nil, fmt.Errorf("graph: %v: %w", n, err)
		}
		if each == nil {
			continue
		}
		if err := each(n.name, outs[0]); err != nil {
			return nil, err
		}
	}
	var out []tensor.Array
	for _, o := range g.outputs {
		out = append(out, get(o.v))
	}
	return out, nil
}
