package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/tensor"
)

// BitCast takes the bits of its input for elements of another numeric type, which has as many. It moves and converts nothing.
type BitCast struct{ To tensor.DType }

func (o BitCast) Infer(in []Arg) ([]tensor.Type, error) {
	t, err := inferUnary(in, numeric)
	if err != nil {
		return nil, err
	}
	if !numeric.has(o.To) || o.To.Size() != t[0].DType.Size() {
		return nil, fmt.Errorf("To is %v, want a numeric type of %d bytes, as %v has", o.To, t[0].DType.Size(), t[0].DType)
	}
	t[0].DType = o.To
	return t, nil
}

func (o BitCast) Eval(out, in []tensor.Array) error { return evalCopy(out, in) }

func (o BitCast) lower(l *lowering, n *Node) (bool, error) {
	x := l.at(n.in[0])
	x.typ.DType = o.To
	l.alias(n.out[0], x)
	return true, nil
}
