package onnx

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// chain applies operators one after the other and keeps the first error.
type chain struct {
	n   *node
	err error
}

func (c *chain) add(op graph.Op, in ...*graph.Value) *graph.Value {
	if c.err != nil {
		return nil
	}
	y, err := c.n.add(op, in...)
	if err != nil {
		c.err = err
		return nil
	}
	return y[0]
}

func (c *chain) reshape(x *graph.Value, dims ...int) *graph.Value {
	if c.err != nil {
		return nil
	}
	return c.add(graph.Reshape{AllowZero: true}, x, c.n.vector(dims...))
}

func (c *chain) slice(x *graph.Value, axis, from, to, step int) *graph.Value {
	if c.err != nil {
		return nil
	}
	return c.add(graph.Slice{}, x, c.n.vector(from), c.n.vector(to), c.n.vector(axis), c.n.vector(step))
}

// swapped is [N, A, B, D] as [N, B, A, D].
var swapped = graph.Transpose{Perm: tensor.D(0, 2, 1, 3)}

// heads brings an input of Attention to [N, heads, length, size].
func (c *chain) heads(x *graph.Value, name string) *graph.Value {
	if c.err != nil || x == nil {
		return nil
	}
	d := x.Type().Dims
	if d.Rank() == 4 {
		return x
	}
	h := c.n.int(name, 0)
	if d.Rank() != 3 || h < 1 || d.At(2)%h != 0 {
		c.err = fmt.Errorf("attribute %q is %d for an input %v, want a divisor of the last of 3 axes", name, h, x.Type())
		return nil
	}
	return c.add(swapped, c.reshape(x, d.At(0), d.At(1), h, d.At(2)/h))
}

// repeated repeats each head of x as often as it takes to have h of them.
func (c *chain) repeated(x *graph.Value, h int) *graph.Value {
	if c.err != nil {
		return nil
	}
	d := x.Type().Dims
	if d.At(1) == h {
		return x
	}
	if d.At(1) == 0 || h%d.At(1) != 0 {
		c.err = fmt.Errorf("%d heads of the keys or values, want a divisor of the queries' %d", d.At(1), h)
		return nil
	}
	x = c.reshape(x, d.At(0), d.At(1), 1, d.At(2), d.At(3))
	if c.err == nil {
		x = c.add(graph.Expand{}, x, c.n.vector(d.At(0), d.At(1), h/d.At(1), d.At(2), d.At(3)))
	}
	return c.reshape(x, d.At(0), h, d.At(2), d.At(3))
}

// attention is the standard's Attention, in products of matrices and a softmax.
func attention(n *node) ([]*graph.Value, error) {
	if len(n.in) < 3 || n.in[0] == nil || n.in[1] == nil || n.in[2] == nil {
		return nil, fmt.Errorf("%d inputs, want queries, keys and values", len(n.in))
	}
	if n.input(6) != nil {
		return nil, fmt.Errorf("input 6, \"nonpad_kv_seqlen\", is not supported")
	}
	c := &chain{n: n}
	q, k, v := c.heads(n.in[0], "q_num_heads"), c.heads(n.in[1], "kv_num_heads"), c.heads(n.in[2], "kv_num_heads")
	causal := n.bool("is_causal", false)
	if past := n.input(4); past != nil {
		if causal && past.Type().Elems() > 0 {
			return nil, fmt.Errorf("attribute \"is_causal\" with earlier keys is not supported: give a mask")
		}
		k, v = c.add(graph.Concat{Axis: 2}, past, k), c.add(graph.Concat{Axis: 2}, n.input(5), v)
	}
	if c.err != nil {
		return nil, c.err
	}
	out := []*graph.Value{nil, k, v, nil}
	qd, kd := q.Type().Dims, k.Type().Dims
	if qd.Rank() != 4 || kd.Rank() != 4 || v.Type().Dims.Rank() != 4 {
		return nil, fmt.Errorf("queries, keys and values are %v, %v and %v, want 3 or 4 axes each", q.Type(), k.Type(), v.Type())
	}
	scale := n.float("scale", float32(1/math.Sqrt(float64(qd.At(3)))))
	k = c.repeated(k, qd.At(1))
	v = c.repeated(v, qd.At(1))
	s := c.add(graph.MatMul{}, c.add(graph.Mul{}, q, n.number(scale)), c.add(graph.Transpose{Perm: tensor.D(0, 1, 3, 2)}, k))
	stages := []*graph.Value{s}
	if mask := n.input(3); mask != nil {
		if mask.Type().DType == tensor.Bool {
			mask = c.add(graph.Where{}, mask, n.number(0), n.number(float32(math.Inf(-1))))
		}
		s = c.add(graph.Add{}, s, mask)
	}
	if causal && c.err == nil {
		rows, cols := qd.At(2), kd.At(2)
		m := tensor.NewArray(tensor.T(q.Type().DType, rows, cols))
		for i := range m.Len() {
			if i%cols > i/cols {
				m.SetFloat(i, math.Inf(-1))
			}
		}
		s = c.add(graph.Add{}, s, n.b.g.Const(n.p.name, m))
	}
	stages = append(stages, s)
	if limit := n.float("softcap", 0); limit != 0 {
		s = c.add(graph.Mul{}, c.add(graph.Tanh{}, c.add(graph.Mul{}, s, n.number(1/limit))), n.number(limit))
	}
	stages = append(stages, s)
	s = c.add(graph.Softmax{Axis: -1}, s)
	stages = append(stages, s)
	y := c.add(graph.MatMul{}, s, v)
	if n.in[0].Type().Dims.Rank() == 3 && c.err == nil {
		d := y.Type().Dims
		y = c.reshape(c.add(swapped, y), d.At(0), d.At(2), d.At(1)*d.At(3))
	}
	mode := n.int("qk_matmul_output_mode", 0)
	if mode < 0 || mode >= len(stages) {
		return nil, fmt.Errorf("attribute \"qk_matmul_output_mode\" is %d, want 0 to 3", mode)
	}
	out[0], out[3] = y, stages[mode]
	return out, c.err
}

// rotary is the standard's RotaryEmbedding (Su et al., arXiv:2104.09864): pairs of elements are turned by angles whose cosines and sines are given.
func rotary(n *node) ([]*graph.Value, error) {
	if len(n.in) < 3 || n.in[0] == nil || n.in[1] == nil || n.in[2] == nil {
		return nil, fmt.Errorf("%d inputs, want x, cosines and sines", len(n.in))
	}
	c := &chain{n: n}
	x := n.in[0]
	d := x.Type().Dims
	switch h := n.int("num_heads", 0); {
	case d.Rank() == 4:
		x = c.add(swapped, x)
	case d.Rank() == 3 && h > 0 && d.At(2)%h == 0:
		x = c.reshape(x, d.At(0), d.At(1), h, d.At(2)/h)
	default:
		return nil, fmt.Errorf("attribute \"num_heads\" is %d for an input %v, want 4 axes, or 3 and a divisor of the last", h, x.Type())
	}
	if c.err != nil {
		return nil, c.err
	}
	xd := x.Type().Dims
	size := xd.At(3)
	r := n.int("rotary_embedding_dim", 0)
	if r == 0 {
		r = size
	}
	if r < 2 || r > size || r%2 != 0 {
		return nil, fmt.Errorf("attribute \"rotary_embedding_dim\" is %d, want an even number up to %d", r, size)
	}
	var angle [2]*graph.Value // cosines and sines [N, length, 1, r/2]
	for i := range angle {
		a := n.in[1+i]
		if id := n.input(3); id != nil {
			a = c.add(graph.Gather{Axis: 0}, a, id)
		}
		if c.err == nil && (a.Type().Dims.Rank() != 3 || a.Type().Dims.At(2) < r/2) {
			return nil, fmt.Errorf("input %d is %v, want [N, length, %d]", 1+i, a.Type(), r/2)
		}
		a = c.slice(a, 2, 0, r/2, 1)
		if c.err == nil {
			angle[i] = c.add(graph.Unsqueeze{}, a, n.vector(2))
		}
	}
	turned := c.slice(x, 3, 0, r, 1)
	var a, b *graph.Value
	pairs := n.bool("interleaved", false)
	if pairs {
		a, b = c.slice(turned, 3, 0, r, 2), c.slice(turned, 3, 1, r, 2)
	} else {
		a, b = c.slice(turned, 3, 0, r/2, 1), c.slice(turned, 3, r/2, r, 1)
	}
	p := c.add(graph.Sub{}, c.add(graph.Mul{}, angle[0], a), c.add(graph.Mul{}, angle[1], b))
	q := c.add(graph.Add{}, c.add(graph.Mul{}, angle[1], a), c.add(graph.Mul{}, angle[0], b))
	var y *graph.Value
	if pairs {
		p, q = c.reshape(p, xd.At(0), xd.At(1), xd.At(2), r/2, 1), c.reshape(q, xd.At(0), xd.At(1), xd.At(2), r/2, 1)
		y = c.reshape(c.add(graph.Concat{Axis: 4}, p, q), xd.At(0), xd.At(1), xd.At(2), r)
	} else {
		y = c.add(graph.Concat{Axis: 3}, p, q)
	}
	if r < size {
		y = c.add(graph.Concat{Axis: 3}, y, c.slice(x, 3, r, size, 1))
	}
	if d.Rank() == 4 {
		y = c.add(swapped, y)
	} else {
		y = c.reshape(y, d.Slice()...)
	}
	return []*graph.Value{y}, c.err
}

var attentionOps = map[string]importer{"Attention": attention, "RotaryEmbedding": rotary}
