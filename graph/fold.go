package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/tensor"
)

// maxFold is the size from which on a constant that would have to be computed is an error, unless the network is as large itself: it is a mistake, or
// an attack.
const maxFold = 1 << 30

// freeFold is the size up to which constants are always computed: that of shapes and axes, without which a network cannot be built, however much was
// computed before. It is no more than what a node takes by itself.
const freeFold = 1 << 10

// typeOnly is an operator that needs the types of its inputs alone: Shape, Size.
type typeOnly interface{ typeOnly() }

// unfoldable is an operator that is left alone though its inputs are constants: what it means is found by a later pass.
type unfoldable interface{ unfoldable() }

// fold computes the outputs of a node whose inputs are constants. What would take more memory than the budget allows stays a node that runs.
func (g *Graph) fold(n *Node) error {
	if _, ok := n.op.(unfoldable); ok {
		return nil
	}
	_, byType := n.op.(typeOnly)
	in := make([]tensor.Array, len(n.in))
	for i, v := range n.in {
		if v == nil {
			continue
		}
		if !v.konst.Valid() && !byType {
			return nil
		}
		in[i] = v.konst
		if byType {
			in[i] = tensor.ArrayOfType(v.typ)
		}
	}
	size := 0
	for _, v := range n.out {
		size = grow(size, v.typ.Bytes())
	}
	if size > maxFold && size > 16*g.left() {
		return fmt.Errorf("a constant of %d bytes is computed from constants, want at most %d", size, max(maxFold, 16*g.left()))
	}
	if size > g.left() && size > freeFold {
		return nil
	}
	out := make([]tensor.Array, len(n.out))
	for i, v := range n.out {
		out[i] = tensor.NewArray(v.typ)
	}
	if err := evaluate(n.op, out, in); err != nil {
		return err
	}
	g.budget -= size
	for i, v := range n.out {
		v.konst = out[i]
	}
	return nil
}
