package layers

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// Reshape gives the same elements, in row-major order, other axes. What lies in them after it is no longer channels, rows and columns, unless the
// new axes say so.
type Reshape struct {
	Name string
	Dims []int // the batch included; 0 keeps the input's size at this place, and one -1 is what remains
}

// Transpose puts the axes into another order: axis i of the output is axis Perm[i] of the input.
type Transpose struct {
	Name string
	Perm []int // each axis once
}

// Slice keeps the elements from Start on up to End, which is not included, of one axis.
type Slice struct {
	Name       string
	Axis       int // negative ones count from behind
	Start, End int // negative ones count from behind, and an End of 0 means all that follow
	Step       int // 0 means 1
}

// Custom applies an operator of package graph, or a user's own, to its inputs, as many as it takes. The first of its outputs is the layer's.
type Custom struct {
	Name string
	Op   graph.Op
}

func (l Reshape) label() (kind, name string)   { return "reshape", l.Name }
func (l Transpose) label() (kind, name string) { return "transpose", l.Name }
func (l Slice) label() (kind, name string)     { return "slice", l.Name }
func (l Custom) label() (kind, name string)    { return "custom", l.Name }

func (l Custom) arity() (least, most int) { return 1, math.MaxInt }

func (l Reshape) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	if len(l.Dims) > tensor.MaxRank {
		return nil, fmt.Errorf("Dims has %d sizes, want at most %d", len(l.Dims), tensor.MaxRank)
	}
	return b.op(graph.Reshape{}, in[0], b.ints(l.Dims...)), nil
}

func (l Transpose) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	d := in[0].Type().Dims
	seen := make([]bool, d.Rank())
	for _, a := range l.Perm {
		if a < 0 || a >= len(seen) || seen[a] {
			return nil, fmt.Errorf("Perm is %v, want each of the axes of %v once", l.Perm, d)
		}
		seen[a] = true
	}
	if len(l.Perm) != len(seen) {
		return nil, fmt.Errorf("Perm is %v, want each of the axes of %v once", l.Perm, d)
	}
	return b.op(graph.Transpose{Perm: tensor.D(l.Perm...)}, in[0]), nil
}

func (l Slice) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	d := in[0].Type().Dims
	axis, err := tensor.Axis(l.Axis, d.Rank())
	if err != nil {
		return nil, fmt.Errorf("Axis is %d, want one of the axes of %v", l.Axis, d)
	}
	if l.Step < 0 {
		return nil, fmt.Errorf("Step is %d, want at least 0", l.Step)
	}
	end := l.End
	if end == 0 {
		end = d.At(axis)
	}
	y := b.op(graph.Slice{}, in[0], b.ints(l.Start), b.ints(end), b.ints(axis), b.ints(max(l.Step, 1)))
	if b.err == nil && y.Type().Elems() == 0 {
		return nil, fmt.Errorf("Start is %d and End %d, want some of the %d elements of axis %d between", l.Start, l.End, d.At(axis), axis)
	}
	return y, nil
}

func (l Custom) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	if l.Op == nil {
		return nil, fmt.Errorf("Op is nil, want an operator")
	}
	return b.op(l.Op, in...), nil
}
