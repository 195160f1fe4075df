package onnx

import (
	"fmt"
	"slices"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// Sequences of tensors are there while a file is read, and gone after that: exporters write them for lists whose lengths are known. A value stands for a
// sequence, which the builder knows by it.

// maxSequence bounds the elements of a sequence.
const maxSequence = 1 << 12

// sequence makes a value that stands for a list.
func (n *node) sequence(list []*graph.Value) ([]*graph.Value, error) {
	if len(list) > maxSequence {
		return nil, fmt.Errorf("a sequence has %d elements, of which up to %d are supported", len(list), maxSequence)
	}
	v := n.b.g.Const(n.p.name, tensor.NewArray(tensor.T(tensor.Bool, 0)))
	n.b.sequences[v] = list
	return []*graph.Value{v}, nil
}

// list is the sequence of input 0.
func (n *node) list() ([]*graph.Value, error) {
	l, ok := n.b.sequences[n.input(0)]
	if !ok {
		return nil, fmt.Errorf("input 0 is no sequence whose elements are known")
	}
	return l, nil
}

// position is input i, a place in a sequence of which up to most are right, or def where it is left out.
func (n *node) position(i, most, def int) (int, error) {
	v := n.input(i)
	if v == nil {
		return def, nil
	}
	a, ok := v.Const()
	if !ok || a.Len() != 1 || !a.DType().IsInt() {
		return 0, fmt.Errorf("input %d, a place in a sequence, is %v, want a constant integer", i, v.Type())
	}
	k := a.Int(0)
	if k < 0 {
		k += int64(def)
	}
	if k < 0 || k > int64(most) {
		return 0, fmt.Errorf("input %d is place %d of a sequence of %d", i, a.Int(0), def)
	}
	return int(k), nil
}

// identity hands on a tensor or a sequence.
func identity(n *node) ([]*graph.Value, error) {
	if _, ok := n.b.sequences[n.input(0)]; ok {
		return n.in[:1], nil
	}
	return n.all(graph.Identity{})
}

// splitToSequence cuts a tensor into pieces: of sizes that a vector lists, of one size, or of one element, whose axis may go.
func splitToSequence(n *node) ([]*graph.Value, error) {
	x := n.input(0)
	if x == nil {
		return nil, fmt.Errorf("input 0 is left out")
	}
	axis, err := tensor.Axis(n.int("axis", 0), x.Type().Dims.Rank())
	if err != nil {
		return nil, fmt.Errorf("attribute \"axis\": %w", err)
	}
	size := x.Type().Dims.At(axis)
	var sizes []int
	each, drop := 1, !n.bool("keepdims", true)
	if v := n.input(1); v != nil {
		a, ok := v.Const()
		if !ok || !a.DType().IsInt() || a.Dims().Rank() > 1 {
			return nil, fmt.Errorf("input 1, the sizes, is %v, want constant integers", v.Type())
		}
		drop = false
		if a.Dims().Rank() == 1 {
			each = 0
			for i := range a.Len() {
				sizes = append(sizes, int(a.Int(i)))
			}
		} else if each = int(a.Int(0)); each < 1 {
			return nil, fmt.Errorf("input 1, the size, is %d, want at least 1", each)
		}
	}
	if each > 0 && size/each >= maxSequence || len(sizes) > maxSequence {
		return nil, fmt.Errorf("axis %d of length %d becomes a sequence of more than %d elements, which is not supported", axis, size, maxSequence)
	}
	for at := 0; each > 0 && at < size; at += each {
		sizes = append(sizes, min(each, size-at))
	}
	if len(sizes) == 0 {
		return n.sequence(nil)
	}
	parts, err := n.add(graph.Split{Axis: axis, Outputs: len(sizes)}, x, n.vector(sizes...))
	if err != nil {
		return nil, err
	}
	if !drop {
		return n.sequence(parts)
	}
	var list []*graph.Value
	for _, p := range parts {
		v, err := n.add(graph.Squeeze{}, p, n.vector(axis))
		if err != nil {
			return nil, err
		}
		list = append(list, v[0])
	}
	return n.sequence(list)
}

var sequenceOps = map[string]importer{
	"SequenceEmpty": func(n *node) ([]*graph.Value, error) { return n.sequence(nil) },
	"SequenceConstruct": func(n *node) ([]*graph.Value, error) {
		if slices.Contains(n.in, nil) {
			return nil, fmt.Errorf("an input is left out")
		}
		return n.sequence(n.in)
	},
	"SequenceInsert": func(n *node) ([]*graph.Value, error) {
		l, err := n.list()
		if err != nil {
			return nil, err
		}
		at, err := n.position(2, len(l), len(l))
		if err != nil {
			return nil, err
		}
		if n.input(1) == nil {
			return nil, fmt.Errorf("input 1 is left out")
		}
		return n.sequence(slices.Insert(slices.Clone(l), at, n.in[1]))
	},
	"SequenceErase": func(n *node) ([]*graph.Value, error) {
		l, err := n.list()
		if err != nil {
			return nil, err
		}
		at, err := n.position(1, len(l)-1, len(l))
		if n.input(1) == nil {
			at = len(l) - 1
		}
		if err != nil || at < 0 {
			return nil, fmt.Errorf("nothing is erased from a sequence of %d: %w", len(l), err)
		}
		return n.sequence(slices.Delete(slices.Clone(l), at, at+1))
	},
	"SequenceAt": func(n *node) ([]*graph.Value, error) {
		l, err := n.list()
		if err != nil {
			return nil, err
		}
		if n.input(1) == nil {
			return nil, fmt.Errorf("input 1 is left out")
		}
		at, err := n.position(1, len(l)-1, len(l))
		if err != nil {
			return nil, err
		}
		return []*graph.Value{l[at]}, nil
	},
	"SequenceLength": func(n *node) ([]*graph.Value, error) {
		l, err := n.list()
		if err != nil {
			return nil, err
		}
		return []*graph.Value{n.b.g.Const(n.p.name, tensor.Scalar(int64(len(l))))}, nil
	},
	"SplitToSequence": splitToSequence,
	"ConcatFromSequence": func(n *node) ([]*graph.Value, error) {
		l, err := n.list()
		if err != nil {
			return nil, err
		}
		if n.bool("new_axis", false) {
			if len(l) == 0 {
				return nil, fmt.Errorf("the sequence is empty")
			}
			v, err := n.stack(l, n.int("axis", 0), false)
			return []*graph.Value{v}, err
		}
		return n.add(graph.Concat{Axis: n.int("axis", 0)}, l...)
	},
}
